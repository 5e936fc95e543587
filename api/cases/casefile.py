"""A case file that an interview writes: comments stay, every save is whole, nothing of others is lost.

A save writes a new file beside the old one and puts it in its place, so that at every moment the file
is either the old or the new one. What is about to be saved is read back first; a file that someone
else has changed meanwhile is left alone.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from engine.content.documents import Document, read_bytes
from engine.errors import InputProblems, Problem
from engine.facts.vocabulary import CASE

HEAD = "# Written by: dedere ask. Edit it freely; what is left out is not known.\n"
_WORD = re.compile(r"[a-z][a-z0-9_-]*")
#: Words that YAML would take for something else.
_TAKEN = {"on", "off", "y", "n", "true", "false", "null", "yes", "no"}


class CaseFile:
    """One case file, open for writing."""

    def __init__(self, path: Path, text: str, *, exists: bool) -> None:
        self.path = path.resolve()
        self.source = str(path)
        self.text = text
        self.on_disk = text if exists else None
        self.is_json = path.suffix.lower() == ".json"

    @classmethod
    def open(cls, path: Path) -> CaseFile:
        """The file as it stands, or a new one that is not yet on disk.

        Raises:
            InputProblems: it cannot be read.
        """
        try:
            return cls(path, path.read_bytes().decode("utf-8-sig"), exists=True)
        except FileNotFoundError:
            return cls(path, "{}\n" if path.suffix.lower() == ".json" else HEAD, exists=False)
        except UnicodeDecodeError:
            raise InputProblems([Problem("not UTF-8 text", str(path), fix="Save the file as UTF-8")]) from None
        except OSError as error:
            raise InputProblems([Problem(f"cannot read the file: {_reason(error)}", str(path))]) from None

    @property
    def is_new(self) -> bool:
        """Whether nothing has been saved yet."""
        return self.on_disk is None

    def document(self, text: str | None = None) -> Document:
        """The file as the engine reads it, or another text of it.

        Raises:
            InputProblems: it is not well formed.
        """
        return read_bytes((self.text if text is None else text).encode(), self.source, is_json=self.is_json)

    def with_entries(self, entries: dict[str, Any]) -> str:
        """The text with keys of the whole case set."""
        data, form = self._load()
        data.update({key: written(value) for key, value in entries.items()})
        return self._dump(data, form)

    def with_finding(self, part: str, item: int, fact: str, value: Any) -> str:
        """The text with a fact set: of the case, or of one item of a list by its position."""
        data, form = self._load()
        home = _mapping(data, "facts") if part == CASE else data[part][item]
        home[fact] = _finding(value)
        return self._dump(data, form)

    def with_items(self, part: str, items: list[dict[str, Any]]) -> str:
        """The text with items added to a list, which begins empty if it was not there."""
        data, form = self._load()
        if not data.get(part):
            data[part] = CommentedSeq()
        data[part].extend(CommentedMap({key: _entry(key, value) for key, value in item.items()}) for item in items)
        return self._dump(data, form)

    def save(self, text: str) -> None:
        """Put a new text in the file's place.

        Raises:
            InputProblems: someone else has changed the file, or it cannot be written.
        """
        if self.on_disk is not None and _now(self.path) != self.on_disk:
            fix = "Your last answer is not saved; run the command again to go on from the file as it is"
            raise InputProblems([Problem("the file was changed by someone else meanwhile", self.source, fix=fix)])
        try:
            _replace(self.path, text)
        except OSError as error:
            raise InputProblems([Problem(f"cannot write the file: {_reason(error)}", self.source)]) from None
        self.text = self.on_disk = text

    def _load(self) -> tuple[Any, YAML | None]:
        if self.is_json:
            return json.loads(self.text), None
        form = YAML(typ="rt")
        form.preserve_quotes = True
        form.width = 4096
        form.indent(mapping=2, sequence=_offset(self.text) + 2, offset=_offset(self.text))
        data = form.load(self.text)
        if data is None:
            data = CommentedMap()
            data.yaml_set_start_comment(self.text.replace("# ", "").rstrip("\n"))
        return data, form

    def _dump(self, data: Any, form: YAML | None) -> str:
        if form is None:
            return json.dumps(data, indent=2, ensure_ascii=False, default=date.isoformat) + "\n"
        out = StringIO()
        form.dump(data, out)
        return out.getvalue()


def _offset(text: str) -> int:
    """How far the file sets the dashes of its lists in: two, unless it does not."""
    flush = re.search(r"^[a-z_]+:[^\n]*\n(#[^\n]*\n|\s*\n)*- ", text, re.MULTILINE)
    return 0 if flush else 2


def _mapping(data: Any, key: str) -> Any:
    if not data.get(key):
        data[key] = CommentedMap()
    return data[key]


def written(value: Any) -> Any:
    """A value as it is written: findings on one line, words quoted where YAML would misread them."""
    if isinstance(value, dict):
        found = CommentedMap({key: written(one) for key, one in value.items()})
        found.fa.set_flow_style()
        return found
    if isinstance(value, list):
        listed = CommentedSeq(written(one) for one in value)
        listed.fa.set_flow_style()
        return listed
    if isinstance(value, str):
        return value if _is_word(value) else DoubleQuotedScalarString(value)
    return value


def _entry(key: str, value: Any) -> Any:
    """A member of an item: its name and title are words, all else are findings."""
    return written(value) if key in ("id", "title") else _finding(value)


def _finding(value: Any) -> Any:
    """A finding, in which yes and no stand as they are said."""
    if isinstance(value, dict):
        sides = ("value", "person", "state")
        found = CommentedMap({key: (_finding if key in sides else written)(one) for key, one in value.items()})
        found.fa.set_flow_style()
        return found
    return value if value in ("yes", "no") else written(value)


def _is_word(text: str) -> bool:
    return (bool(_WORD.fullmatch(text)) and text not in _TAKEN) or bool(re.fullmatch("[A-Z]{3}", text))


def _now(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _replace(path: Path, text: str) -> None:
    """Write beside, force to disk, rename; the mode of an older file is kept, a new one is private."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            if path.exists():
                os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _reason(error: OSError) -> str:
    return (error.strerror or "unreadable").lower()
