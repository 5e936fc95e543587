"""A catalogue brought up to date with its sources, keeping what is translated.

Law content that has changed in English keeps its old translation as a fuzzy one, with the English it
was made from: translators see it, readers see English until somebody has looked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from .extracting import law_messages, page_messages

TRANSLATED = ("uk", "ru")
DOMAINS: dict[str, Callable[[Path], Catalog]] = {"pages": page_messages, "law": law_messages}
_ABOUT = {
    "pages": "Interface and memo messages of Dedere.",
    "law": "Law content of Dedere.\nThese translations have not been reviewed by a lawyer.",
}
#: A catalogue has no date of its own: the same sources and translations give the same bytes.
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
#: Header lines that would say nothing, or change with the version of a library.
_IDLE = re.compile(rb'(?m)^"(Report-Msgid-Bugs-To|Last-Translator|Language-Team|Generated-By): .*"\n')


@dataclass(frozen=True)
class PoFile:
    """One catalogue of one language."""

    root: Path
    language: str
    domain: str

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.root / "api" / "documents" / "language" / "po" / self.language / f"{self.domain}.po"

    @property
    def name(self) -> str:
        """The file as people call it."""
        return self.path.relative_to(self.root).as_posix()

    def read(self) -> Catalog:
        """What is translated so far; nothing when there is no file.

        Raises:
            babel.messages.pofile.PoFileError: the file is not well formed.
        """
        if not self.path.exists():
            return Catalog(locale=self.language)
        with self.path.open("rb") as file:
            return read_po(file, locale=self.language, domain=self.domain, abort_invalid=True)

    def holds(self, catalog: Catalog) -> bool:
        """Whether the file says just this."""
        return self.path.exists() and self.path.read_bytes() == po_bytes(catalog)

    def write(self, catalog: Catalog) -> None:
        """Write the catalogue, unless the file holds it already."""
        if not self.holds(catalog):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(po_bytes(catalog))

    def progress(self, catalog: Catalog) -> str:
        """How many messages are translated."""
        messages = [message for message in catalog if message.id]
        done = sum(1 for message in messages if translated(message))
        return f"{done} of {len(messages)} translated, {len(messages) - done} to do"


def translated(message: Message) -> bool:
    """Whether a message has a translation, in every plural form, that somebody stands by."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(forms) and all(forms) and not message.fuzzy


def brought_up_to_date(file: PoFile, template: Catalog) -> Catalog:
    """The catalogue for the messages of ``template``, with the translations that there are."""
    before = file.read()
    catalog = Catalog(locale=file.language, domain=file.domain, project="dedere", fuzzy=False)
    catalog.header_comment = f"# {_ABOUT[file.domain]}".replace("\n", "\n# ")
    catalog.creation_date = catalog.revision_date = _NO_DATE
    changed = {message.context: message for message in before if message.context and translated(message)}
    for message in template:
        if message.id:
            catalog[message.id] = _kept(message, before, changed)
    return catalog


def _kept(message: Message, before: Catalog, changed: dict[str | None, Message]) -> Message:
    made = message.clone()
    found = before.get(message.id, message.context)
    earlier = changed.get(message.context)
    if found is not None:
        made.string, made.flags, made.previous_id = found.string, made.flags | found.flags, found.previous_id
        made.user_comments = found.user_comments
    elif earlier is not None:
        made.string, made.previous_id = earlier.string, [str(earlier.id)]
        made.flags.add("fuzzy")
    if made.pluralizable and not isinstance(made.string, list | tuple):
        made.string = ("",) * 3
    return made


def po_bytes(catalog: Catalog) -> bytes:
    """The bytes of the PO file: the same for the same messages."""
    made = BytesIO()
    write_po(made, catalog, width=0, include_lineno=False, include_previous=True, ignore_obsolete=True)
    return _IDLE.sub(b"", made.getvalue())
