"""Parsed law content, kept between runs so that a start need not parse YAML again.

Each document is kept with the SHA-256 of the very bytes it was parsed from and used only for those
bytes; the file as a whole carries its own SHA-256, or a keyed one where the service keeps it. It holds plain
JSON, no code. Whatever is damaged, stale, of another version or another user's is read again from the
content itself. What is used has its own digest, which goes into every receipt: law changed here cannot
answer under the receipt of the law in the files.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from api.law.kept import keep, kept_place, read_kept
from engine import ENGINE_VERSION
from engine.content.digest import data_in, data_text
from engine.content.documents import Document, read_bytes, read_path

#: Lines are kept for paths of this many steps; content that was accepted needs no finer place.
_LINE_STEPS = 2
_FORM = f"dedere documents 2 {ENGINE_VERSION} {sys.version_info.major}.{sys.version_info.minor}\n".encode()


class CachedDocument(NamedTuple):
    """A document as it is kept: the digest of its file's bytes, its lines, and its data as JSON."""

    digest: str
    lines: list[tuple[list[str | int], int]]
    data: bytes

    def document(self, source: str) -> Document:
        """The document.

        Raises:
            ValueError: this is none.
        """
        lines = {tuple(steps): line for steps, line in self.lines}
        return Document(data_in(self.data), source, lines, hashlib.sha256(self.data).hexdigest())


@dataclass
class DocumentCache:
    """The kept documents of one content folder, by file."""

    place: Path
    known: dict[str, CachedDocument] = field(default_factory=dict)
    used: dict[str, CachedDocument] = field(default_factory=dict)
    changed: bool = False
    key: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, folder: Path, key: bytes = b"") -> DocumentCache:
        """The cache for a content folder; empty when there is none that can be trusted."""
        place = kept_place("documents", folder, key)
        return cls(place, _read(place, key), key=key)

    def read(self, path: Path) -> Document:
        """The document of a file: the kept one if it was made from the same bytes.

        Raises:
            InputProblems: the file cannot be read or is not well formed.
        """
        try:
            raw = path.read_bytes()
        except OSError:
            return read_path(path)
        name, digest = str(path), hashlib.sha256(raw).hexdigest()
        kept = self.known.get(name)
        if kept is not None and kept.digest == digest:
            try:
                document = kept.document(name)
            except (ValueError, TypeError, RecursionError):  # not as this program writes it
                pass
            else:
                self.used[name] = kept
                return document
        document = read_bytes(raw, name)
        self._note(name, digest, document)
        return document

    def _note(self, name: str, digest: str, document: Document) -> None:
        self.changed = True
        lines = [(list(steps), line) for steps, line in document.lines.items() if len(steps) <= _LINE_STEPS]
        try:
            self.used[name] = CachedDocument(digest, lines, data_text(document.data).encode("utf-8", "surrogatepass"))
        except TypeError:
            self.used.pop(name, None)  # a value that JSON cannot hold: this file is parsed every time

    def keep(self) -> None:
        """Write what was used, if anything is new; a cache that cannot be written is done without."""
        if self.changed or len(self.used) != len(self.known):
            rows = [row for name, one in self.used.items() for row in (_about(name, one), one.data)]
            keep(self.place, _FORM, b"\n".join(rows), self.key)


def forget(folder: Path) -> None:
    """Remove what is kept of a content folder without a key."""
    for name in ("documents", "program"):
        kept_place(name, folder).unlink(missing_ok=True)


def _about(name: str, kept: CachedDocument) -> bytes:
    return json.dumps([name, kept.digest, kept.lines], separators=(",", ":")).encode()


def _read(place: Path, key: bytes = b"") -> dict[str, CachedDocument]:
    """What is kept at a place, or nothing unless it can be trusted and understood."""
    body = read_kept(place, _FORM, key)
    rows = body.split(b"\n") if body else []
    try:
        return {
            name: CachedDocument(digest, lines, data)
            for (name, digest, lines), data in zip(map(json.loads, rows[::2]), rows[1::2], strict=True)
        }
    except (ValueError, TypeError, RecursionError):
        return {}
