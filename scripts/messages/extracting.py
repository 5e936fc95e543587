"""Messages taken from code, page templates and law content, as catalogues without translations.

In Python a message is the first text of ``say(...)``, ``marked(...)`` or ``count(one, many, n)``; in
page templates ``_(...)`` and ``ngettext(...)`` count as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file

from api.documents.language.law_texts import law_texts
from engine.content.loader import load_pack

_ONE, _FORMS = frozenset({"say", "marked"}), frozenset({"count"})
_TEMPLATE_WORDS = {"say": None, "_": None, "count": (1, 2), "ngettext": (1, 2)}
_TEMPLATES = "api/web/pages/templates"
#: A message, or one for a single thing and one for several.
Text = str | tuple[str, str]


def page_messages(root: Path) -> Catalog:
    """Every message of interface and memo, with the files that say it."""
    catalog = Catalog(domain="pages", project="dedere")
    for path in sorted((root / "api").rglob("*.py")):
        _add(catalog, root, path, _in_code(path.read_text("utf-8")))
    for path in sorted((root / _TEMPLATES).rglob("*.html")):
        found = extract_from_file("jinja2.ext:babel_extract", path, keywords=_TEMPLATE_WORDS)
        _add(catalog, root, path, (text for _line, text, _comments, _context in found))
    return catalog


def _add(catalog: Catalog, root: Path, path: Path, texts: Iterator[Text]) -> None:
    for text in texts:
        catalog.add(text, locations=[(path.relative_to(root).as_posix(), None)])


def _in_code(source: str) -> Iterator[Text]:
    """The messages of a module. Babel's own reader stops at ``data.count(b" ")``, which is none."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if name in _ONE and texts[:1] == [getattr(arg, "value", None) for arg in node.args[:1]]:
                yield from texts[:1]
            elif name in _FORMS and len(texts) == 2 and len(node.args) == 3:
                yield texts[0], texts[1]


def law_messages(root: Path) -> Catalog:
    """Every text of the law content that a reader is shown, under its place."""
    catalog = Catalog(domain="law", project="dedere")
    for entry in law_texts(load_pack(root / "rules", root / "instruments")):
        catalog.add(entry.english, context=entry.context)
    return catalog
