"""Parsed law content, kept between runs so that a start need not parse YAML again.

Each document is kept with the SHA-256 of the very bytes it was parsed from and used only for those
bytes; the file as a whole carries its own SHA-256. It holds plain JSON, no code. Whatever is
damaged, stale, of another version or another user's is read again from the content itself.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from api.law.kept import keep, kept_place, read_kept
from engine import ENGINE_VERSION
from engine.content.documents import Document, read_bytes, read_path

#: Lines are kept for paths of this many steps; content that was accepted needs no finer place.
_LINE_STEPS = 2
_FORM = f"dedere documents 1 {ENGINE_VERSION} {sys.version_info.major}.{sys.version_info.minor}\n".encode()
_DATE = "\x00date"


@dataclass
class DocumentCache:
    """The kept documents of one content folder, by file."""

    place: Path
    known: dict[str, Any] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def of(cls, folder: Path) -> DocumentCache:
        """The cache for a content folder; empty when there is none that can be trusted."""
        name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        place = kept_place(f"documents-{name}")
        return cls(place, _read(place))

    def read(self, path: Path) -> Document:
        """The document of a file: the kept one if it was made from the same bytes.

        Raises:
            InputProblems: the file cannot be read or is not well formed.
        """
        try:
            raw = path.read_bytes()
        except OSError:
            return read_path(path)
        key, digest = str(path), hashlib.sha256(raw).hexdigest()
        kept = self.known.get(key)
        if isinstance(kept, list) and len(kept) == 3 and kept[0] == digest:
            self.used[key] = kept
            return Document(kept[1], key, {tuple(steps): line for steps, line in kept[2]})
        document = read_bytes(raw, key)
        self._note(key, digest, document)
        return document

    def _note(self, key: str, digest: str, document: Document) -> None:
        self.changed = True
        lines = [[list(steps), line] for steps, line in document.lines.items() if len(steps) <= _LINE_STEPS]
        try:
            self.used[key] = [digest, _plain(document.data), lines]
        except TypeError:
            self.used.pop(key, None)  # a value that JSON cannot hold: this file is parsed every time

    def keep(self) -> None:
        """Write what was used, if anything is new; a cache that cannot be written is done without."""
        if not self.changed and len(self.used) == len(self.known):
            return
        text = json.dumps(self.used, separators=(",", ":"), ensure_ascii=False, default=_plain)
        keep(self.place, _FORM, text.encode("utf-8", "surrogatepass"))


def _read(place: Path) -> dict[str, Any]:
    """What is kept at a place, or nothing unless it can be trusted and understood."""
    body = read_kept(place, _FORM)
    try:
        found = json.loads(body, object_hook=_revived) if body else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _plain(value: Any) -> Any:
    if isinstance(value, dict) and _DATE not in value:
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if type(value) is date:
        return {_DATE: value.isoformat()}
    if value is None or type(value) in (str, bool, int, float):
        return value
    raise TypeError(type(value).__name__)


def _revived(found: dict[str, Any]) -> Any:
    return date.fromisoformat(found[_DATE]) if _DATE in found else found
