"""Opening a case for a command: the engine, the case as read, and errors placed at the case's lines.

What several commands share: arguments of the same name mean the same everywhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

import typer

from api.law.content import load_engine
from engine.answer.model import Answer
from engine.assess import Engine, Weighed
from engine.content.documents import MAX_BYTES, Document, Path_, read_bytes, read_path
from engine.errors import InputProblems, Problem
from engine.facts.casefile import Case
from engine.facts.reading import READINGS, Reading
from engine.facts.values import BadValue, hint, parse_date

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="Case file, YAML or JSON; - reads standard input.")]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="Assess as of this date instead of the case's own.")]
As = Annotated[
    str, typer.Option("--reading", metavar="neutral|person|state", help="Whose word counts where facts are disputed.")
]
All = Annotated[bool, typer.Option("--all", help="Leave nothing out.")]


@dataclass(frozen=True)
class Desk:
    """One case on the desk."""

    engine: Engine
    document: Document
    case: Case
    on: date | None
    reading: Reading

    @cached_property
    def weighed(self) -> Weighed:
        """The case, evaluated."""
        with placed(self.document):
            return self.engine.weigh(self.case, self.on, self.reading)

    def assess(self, case: Case | None = None) -> Answer:
        """The answer on the case, or on another made from it."""
        with placed(self.document):
            return self.engine.assess(case or self.case, self.on, self.reading)


def open_case(path: Path, on: str, reading: str, engine: Engine | None = None) -> Desk:
    """Read a case file and what was asked about it.

    Raises:
        InputProblems: the file, the date or the reading cannot be accepted.
    """
    day, chosen = as_day(on) if on else None, as_reading(reading)
    engine = engine or load_engine()
    document = _document(path)
    return Desk(engine, document, engine.read(document), day, chosen)


def _document(path: Path) -> Document:
    return read_bytes(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input") if str(path) == "-" else read_path(path)


def as_day(text: str) -> date:
    """A date given as an option."""
    try:
        return parse_date(text)
    except BadValue as error:
        raise InputProblems([Problem(str(error), "--on")]) from None


def as_reading(text: str) -> Reading:
    """A reading given as an option."""
    for reading in READINGS:
        if text == reading:
            return reading
    raise InputProblems([Problem(f"'{text}' is not a reading", "--reading", fix=hint(text, READINGS))])


@contextmanager
def placed(document: Document) -> Iterator[None]:
    """Problems that know only their JSON pointer get the file and line of the document."""
    try:
        yield
    except InputProblems as error:
        raise InputProblems([_placed(problem, document) for problem in error.problems]) from None


def _placed(problem: Problem, document: Document) -> Problem:
    if problem.source:
        return problem
    return replace(problem, source=document.source, line=document.line(steps_of(problem.pointer)))


def steps_of(pointer: str) -> Path_:
    """The path that an RFC 6901 pointer names; numbers are taken as positions in a list."""
    words = [word.replace("~1", "/").replace("~0", "~") for word in pointer.split("/")[1:]]
    return tuple(int(word) if word.isdigit() else word for word in words)
