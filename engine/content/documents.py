"""YAML and JSON documents that remember their lines.

Every value can be traced to the line it came from, so that an error can say where. Duplicate
keys, aliases, over-deep nesting and over-long files are refused instead of being guessed at, and a
number is one only as everyone writes it: YAML's 012 (ten) and 1:30 (ninety) stay text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from engine.errors import InputProblems, Problem

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
Path_ = tuple[str | int, ...]
ALIASES = "aliases are not accepted"
#: The library composes recursively in C and crashes the process at some ten thousand levels. A text
#: with fewer marks that open a level than this cannot get there.
_SAFE_MARKS = 2_000
_MARKS = ("[", "{", "- ", "-\t", "? ", "?\t")
NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?|[-+]?\.[0-9]+")
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """A parsed document: plain data, and the line (from 1) of each path into it."""

    data: Any
    source: str
    lines: dict[Path_, int] = field(default_factory=dict)
    #: That of the data, as ``engine.content.digest`` makes it, where whoever gave the document knows it.
    digest: str = ""

    def line(self, path: Iterable[str | int]) -> int:
        """Line of ``path``, or of its nearest ancestor that has one; 0 when none has."""
        steps = tuple(path)
        while steps not in self.lines and steps:
            steps = steps[:-1]
        return self.lines.get(steps, 0)

    def problem(self, path: Iterable[str | int], message: str, fix: str = "", echoes: tuple[str, ...] = ()) -> Problem:
        """A problem located at ``path`` of this document."""
        steps = tuple(path)
        return Problem(message, self.source, self.line(steps), pointer_of(steps), fix, echoes)


def pointer_of(path: Iterable[str | int]) -> str:
    """The RFC 6901 JSON pointer of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def read_path(path: Path) -> Document:
    """Read a YAML or JSON file.

    Raises:
        InputProblems: the file is missing, unreadable, too large or not well formed.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise InputProblems([Problem(f"cannot read the file: {reason.lower()}", str(path))]) from None
    return read_bytes(raw, str(path), is_json=path.suffix.lower() == ".json")


def read_bytes(raw: bytes, source: str, *, is_json: bool = False) -> Document:
    """Parse bytes as UTF-8 YAML, or strict JSON when ``is_json``.

    Raises:
        InputProblems: with the line of the first fault, or of every duplicate key.
    """
    if len(raw) > MAX_BYTES:
        raise InputProblems([Problem(f"the file is larger than {MAX_BYTES // 1_000_000} MB", source)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fix = "Save the file as UTF-8"
        raise InputProblems([Problem(f"not UTF-8 text at byte {error.start}", source, fix=fix)]) from None
    if is_json:
        _check_json(text, source)
        text = _PAIR.sub(_joined, text)
    return _compose(text, source, is_json=is_json)


def bracket_depth(raw: bytes) -> int:
    """How deep the brackets outside strings go; an unclosed string hides nothing that could be parsed."""
    deepest = level = 0
    for bracket in _STRINGS.sub(b"", raw).translate(None, _NO_BRACKETS):
        level += 1 if bracket in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


def _joined(found: re.Match[str]) -> str:
    """JSON writes a character beyond U+FFFF as an escaped pair, which YAML does not know."""
    pair = chr(int(found[2], 16)) + chr(int(found[3], 16))
    return found[1] + pair.encode("utf-16", "surrogatepass").decode("utf-16")


def _check_json(text: str, source: str) -> None:
    def refuse(constant: str) -> None:
        raise InputProblems([Problem(f"{constant} is not a JSON number", source)])

    try:
        json.loads(text, parse_constant=refuse, parse_int=str)
    except json.JSONDecodeError as error:
        # Whether the library gives up on the nesting or on what follows differs from Python to Python.
        if bracket_depth(text.encode()) <= MAX_DEPTH + 1:
            raise InputProblems([Problem(f"not valid JSON: {error.msg}", source, error.lineno)]) from None
        raise InputProblems([Problem("nested too deeply", source)]) from None
    except RecursionError:
        raise InputProblems([Problem("nested too deeply", source)]) from None


#: Characters that show nothing, as a paste from another program brings them in.
_INERT = re.compile("[\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")


def _compose(text: str, source: str, *, is_json: bool) -> Document:
    form = "JSON" if is_json else "YAML"
    if is_json:  # YAML wants as escapes what JSON may hold as it is
        text = _INERT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    try:
        if sum(text.count(mark) for mark in _MARKS) > _SAFE_MARKS and _too_deep(text):
            raise InputProblems([Problem("nested too deeply", source)])
        loader = _LOADER(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise InputProblems([Problem(f"not valid {form}: {error.problem or error}", source, line)]) from None
    except yaml.YAMLError:
        found = _INERT.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 0
        raise InputProblems([Problem(f"not valid {form}: a character that is not allowed", source, line)]) from None
    walk = _Walk(loader, source, is_json=is_json)
    data = walk.value(node, ()) if node is not None else None
    if walk.problems:
        raise InputProblems(walk.problems)
    return Document(data, source, walk.lines)


def _too_deep(text: str) -> bool:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH + 1:
            return True
    return False


class _Walk:
    """Turns composed nodes into plain data, noting lines and refusing what is ambiguous."""

    def __init__(self, loader: Any, source: str, *, is_json: bool) -> None:
        self.loader = loader
        self.source = source
        self.is_json = is_json
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def value(self, node: Any, path: Path_) -> Any:
        if id(node) in self.seen:  # the node knows the line of its anchor, not of this alias
            line, fix = self.lines.get(path) or self.lines[path[:-1]], "Write the value out again"
            self.problems.append(Problem(ALIASES, self.source, line, pointer_of(path), fix))
            return None
        self.lines.setdefault(path, node.start_mark.line + 1)
        if len(path) > MAX_DEPTH:
            return self.refuse(node, path, "nested too deeply")
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        return self.mapping(node, path)

    def mapping(self, node: Any, path: Path_) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, child in node.value:
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse(key_node, path, "a key must be a plain word")
            elif key in data:
                first = self.lines[(*path, key)]
                self.refuse(
                    key_node, (*path, key), f"'{key}' is given twice (first on line {first})", "Keep one of them"
                )
            else:
                self.lines[(*path, key)] = key_node.start_mark.line + 1
                data[key] = self.value(child, (*path, key))
        return data

    def scalar(self, node: Any, path: Path_) -> Any:
        try:
            value = json.loads(node.value) if self.is_json and not node.style else self.loader.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError):
            return str(node.value)  # looks like a date or number but is none: whoever expects one says so
        if type(value) in (int, float) and not NUMBER.fullmatch(node.value):
            return str(node.value)
        if isinstance(value, str) and any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
            return self.refuse(node, path, "the text has half of a character pair (a lone surrogate)")
        return value

    def refuse(self, node: Any, path: Path_, message: str, fix: str = "") -> None:
        self.problems.append(Problem(message, self.source, node.start_mark.line + 1, pointer_of(path), fix))
