"""A memo as tagged PDF (PDF/UA-1), set by typst.

The tree reaches the template as data through ``sys.inputs``, so nothing in it is ever read as typst; only typst's own
fonts are used, and no day but the one of assessment is written.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from api.documents.language.catalogues import speech_in
from api.documents.language.marking import marked
from api.documents.memo.tree import (
    Block,
    Bullets,
    Memo,
    Para,
    Section,
    Table,
)

_FONT = "Libertinus Serif"
_BY_NUMBER = marked("[U+0000]: a character that no font of this paper shows, by its Unicode number.")
_NO_GLYPH = "could not be displayed"
#: Up to here every font has what is written.
_PLAIN = "\u017f"
TEMPLATE = Path(__file__).with_name("memo.typ")
#: What names the tool in the document information and in the XMP metadata.
_TOOL = re.compile(rb"(/Creator ?\(|<xmp:CreatorTool>|/Producer ?\(|<pdf:Producer>)([^)<]*)")


def render(memo: Memo) -> bytes:
    """The memo as PDF; the same memo always gives the same bytes."""
    import typst  # noqa: PLC0415 - only who wants a PDF pays for it

    plain = _plain(memo)
    try:
        made = _set(plain, memo)
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise
        made = _set(_with_codes(plain, memo), memo)
    return _TOOL.sub(lambda found: found[1] + b" " * len(found[2]), made)


def _set(plain: dict[str, Any], memo: Memo) -> bytes:
    import typst  # noqa: PLC0415

    made: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"memo": _json(plain)},
        pdf_standards=["ua-1"],
        timestamp=_stamp(memo),
    )
    return made


def _with_codes(plain: dict[str, Any], memo: Memo) -> dict[str, Any]:
    """The tree with the code of every character that no font here has: a name is told by it, and no memo fails."""
    text = _json(plain)
    missing = [char for char in sorted(set(text)) if char > _PLAIN and not _has_glyph(char)]
    if missing:
        runs = re.compile(f"[{re.escape(''.join(missing))}]+")
        text = runs.sub(lambda found: f"[{' '.join(f'U+{ord(char):04X}' for char in found[0])}]", text)
    told: dict[str, Any] = json.loads(text)
    told["footer"] = f"{told['footer']} {speech_in(memo.lang).say(_BY_NUMBER)}"
    return told


@lru_cache(4096)
def _has_glyph(char: str) -> bool:
    import typst  # noqa: PLC0415

    page = f'#set document(title: "x")\n#set text(font: "{_FONT}")\n= x\n#"\\u{{{ord(char):x}}}"'
    try:
        typst.compile(page.encode(), format="pdf", ignore_system_fonts=True, pdf_standards=["ua-1"])
    except typst.TypstError:
        return False
    return True


def _stamp(memo: Memo) -> int:
    day = memo.dated
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) if day else 0


def _json(plain: dict[str, Any]) -> str:
    """As text; runs, items and columns by their fields, without the deep copy that ``asdict`` makes of a long memo."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, default=vars)


def _plain(memo: Memo) -> dict[str, Any]:
    """The tree as far down as blocks, with ``kind`` to tell those apart."""
    return {
        "title": memo.title,
        "lang": memo.lang,
        "large": memo.large,
        "footer": memo.footer,
        "dated": [memo.dated.year, memo.dated.month, memo.dated.day] if memo.dated else [],
        "about": memo.about,
        "sections": [_section(one) for one in memo.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "number": section.number,
        "blocks": [_block(one) for one in section.blocks],
        "sections": [_section(one) for one in section.sections],
    }


def _block(block: Block) -> dict[str, Any]:
    kind = (
        "para"
        if isinstance(block, Para)
        else "bullets"
        if isinstance(block, Bullets)
        else "table"
        if isinstance(block, Table)
        else "signature"
    )
    return {"kind": kind, **vars(block)}
