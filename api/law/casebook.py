"""Cases in files: one case as it is assessed, or a list of a lawyer's cases under ``cases:``.

A listed case carries beside its facts the day (``on``), the reading and what is expected of it; the
engine sees its facts, lists and readings of law only. Listed cases may share facts through YAML
anchors, which a single case may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from engine.assess import Engine, Weighed
from engine.content.documents import ALIASES, Document, read_path
from engine.errors import InputProblems, Problem
from engine.facts.reading import Reading

#: What a listed case says about itself and not about its facts.
ABOUT_THE_CASE = ("name", "trap", "decided", "on", "reading", "expect", "note", "source")
_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class BookedCase:
    """One case of a file: its name, when and how it is read, and its file without that."""

    name: str
    on: date | None
    reading: Reading
    document: Document

    def weigh(self, engine: Engine, reading: Reading | None = None) -> Weighed:
        """The case evaluated in the compiled engine, under its own reading unless another is given.

        Raises:
            InputProblems: the case cannot be read against the engine's pack, or has no date.
        """
        return engine.weigh(engine.read(self.document), self.on, reading or self.reading)


def law_cases_folder(content: Path) -> Path:
    """Where the lawyers' cases of a content folder are.

    Raises:
        InputProblems: the folder has none.
    """
    folder = content / "tests" / "cases"
    if not folder.is_dir():
        raise InputProblems([Problem("no lawyers' cases are here", str(content), fix="Name the case files")])
    return folder


def booked_cases(places: Iterable[Path]) -> list[BookedCase]:
    """The cases of all files, in order; folders are searched for YAML and JSON files.

    Raises:
        InputProblems: a file cannot be read or a list of cases is not one, or nothing is found.
    """
    found = [case for place in places for path in _files(place) for case in _of_file(path, place)]
    if not found:
        raise InputProblems([Problem("no cases are found here", ", ".join(str(place) for place in places))])
    return found


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    return sorted(path for path in place.rglob("*") if path.suffix in _SUFFIXES and path.is_file())


def _of_file(path: Path, place: Path) -> Iterator[BookedCase]:
    document = _document(path)
    shown = path.relative_to(place).as_posix() if place.is_dir() else path.name
    data = document.data
    if not (isinstance(data, dict) and "cases" in data):
        yield BookedCase(shown, None, "neutral", document)
        return
    if not isinstance(data["cases"], list):
        raise InputProblems([document.problem(("cases",), "'cases' needs a list of cases")])
    for index, raw in enumerate(data["cases"]):
        yield _listed(raw, document, index, shown)


def _document(path: Path) -> Document:
    try:
        return read_path(path)
    except InputProblems as error:
        if any(problem.message != ALIASES for problem in error.problems):
            raise
        data = yaml.safe_load(path.read_text("utf-8-sig"))
    if not (isinstance(data, dict) and isinstance(data.get("cases"), list)):
        raise InputProblems([Problem(ALIASES, str(path), fix="Write the value out again")])
    listed = [_on_is_a_word(raw) for raw in data["cases"]]
    return Document({**data, "cases": listed}, str(path))


def _on_is_a_word(raw: Any) -> Any:
    """YAML alone reads the key ``on`` as yes."""
    return {"on" if key is True else key: value for key, value in raw.items()} if isinstance(raw, dict) else raw


def _listed(raw: Any, document: Document, index: int, shown: str) -> BookedCase:
    if not isinstance(raw, dict) or not isinstance(raw.get("on"), date) or not isinstance(raw.get("name"), str):
        raise InputProblems([document.problem(("cases", index), "a listed case needs 'name' and the day 'on'")])
    facts = {key: value for key, value in raw.items() if key not in ABOUT_THE_CASE}
    lines = {path[2:]: line for path, line in document.lines.items() if path[:2] == ("cases", index)}
    case = Document(facts, document.source, lines)
    return BookedCase(f"{shown}: {raw['name']}", raw["on"], raw.get("reading", "neutral"), case)
