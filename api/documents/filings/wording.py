"""The wording of papers: phrases, statements of facts and filings, read from the folder ``filings/``.

Every text stands in the languages of its paper, in the file itself. Faults are told with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from api.documents.filings.strict import StrictModel, problem_of
from engine.content.documents import read_path
from engine.errors import ContentProblems, Problem

#: Who reads a paper: it decides what must be left out.
Reader = Literal["court", "body", "requesting_state", "client", "counsel"]
#: What a section can hold beside its own paragraphs; ``inserts`` writes each.
Insert = Literal[
    "facts",
    "chronology",
    "procedure",
    "grounds",
    "assurances",
    "assurance_test",
    "evidence",
    "annexes",
    "deadlines",
]
PHRASES, STATEMENTS = "brief.yaml", "statements.yaml"
Written = TypeVar("Written", bound=BaseModel)


class Text(StrictModel):
    """One text in the languages in which it is written."""

    en: str
    uk: str = ""
    ru: str = ""

    def within(self, language: str) -> str:
        """The text in a language; empty where it is not written in it."""
        said: str = getattr(self, language, "")
        return said


class When(StrictModel):
    """A condition on the case; all that is named must hold."""

    bound: str = ""
    fact: dict[str, Any] = Field(default_factory=dict)
    met: tuple[str, ...] = ()
    live: tuple[str, ...] = ()
    part: str = ""
    on_record: str = Field(default="", alias="record")
    otherwise: bool = Field(default=False, alias="not")


class Paragraph(Text):
    """A paragraph, told only when its condition holds; ``list`` begins it with a bullet."""

    when: When | None = None
    bullet: bool = Field(default=False, alias="list")


class Part(StrictModel):
    """A section of a filing: its own paragraphs, then what is drawn from the case."""

    title: Text
    when: When | None = None
    text: tuple[Paragraph, ...] = ()
    insert: Insert | None = None
    of: tuple[str, ...] = ()
    most: int = 0
    signature: bool = False


class Rule(Text):
    """What the body asks of the paper, for counsel and never printed in it; ``check`` marks what is not sure."""

    check: bool = False
    when: When | None = None


class Filing(StrictModel):
    """One paper for one addressee."""

    filing: str
    order: int
    title: Text
    to: Text
    reader: Reader
    languages: tuple[Literal["en", "uk", "ru"], ...] = Field(min_length=1)
    protection: bool
    most_pages: int = Field(ge=1)
    checked_on: date
    offered: When | None = None
    rules: tuple[Rule, ...] = Field(min_length=1)
    stops: tuple[Rule, ...] = ()
    first_line: Text | None = None
    head: tuple[str, ...] = ()
    sections: tuple[Part, ...] = Field(min_length=1)


class Statement(StrictModel):
    """A fact as a sentence of a narrative, by the value that is entered; what has no sentence here is not told."""

    group: str
    values: dict[str, Text] = Field(min_length=1)


class Statements(StrictModel):
    """All statements, with the groups in their order."""

    groups: dict[str, Text]
    statements: dict[str, Statement]


class Phrases(StrictModel):
    """The fixed words of the brief, the names of gaps, and the reliefs by the effect of a ground."""

    phrases: dict[str, Text]
    gaps: dict[str, Text]
    reliefs: dict[str, Text]
    alternatives: dict[str, Text]
    assurance_points: tuple[str, ...]


class Wording(StrictModel):
    """All that the folder holds."""

    phrases: Phrases
    statements: Statements
    filings: dict[str, Filing]


def read_wording(folder: Path) -> Wording:
    """The wording in a folder.

    Raises:
        ContentProblems: every fault of its files.
    """
    problems: list[Problem] = []
    phrases = _read(Phrases, folder / PHRASES, problems)
    statements = _read(Statements, folder / STATEMENTS, problems)
    found: dict[str, Filing] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name in (PHRASES, STATEMENTS):
            continue
        one = _read(Filing, path, problems)
        if one and one.filing != path.stem:
            problems.append(Problem(f"the filing is '{one.filing}' but the file is '{path.name}'", str(path), line=1))
        elif one:
            found[one.filing] = one
    if problems or phrases is None or statements is None:
        raise ContentProblems(problems)
    filings = dict(sorted(found.items(), key=lambda item: item[1].order))
    return Wording(phrases=phrases, statements=statements, filings=filings)


@lru_cache(8)
def wording_in(folder: Path) -> Wording:
    """The wording in a folder, read once in the life of the process."""
    return read_wording(folder)


def _read(model: type[Written], path: Path, problems: list[Problem]) -> Written | None:
    document = read_path(path)
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        problems += [problem_of(fault, model, document, "here") for fault in error.errors()]
        return None


def texts_of(filing: Filing) -> Iterator[Text]:
    """Every text of a filing that is printed in the paper."""
    yield filing.title
    yield filing.to
    yield from [filing.first_line] if filing.first_line else []
    for part in filing.sections:
        yield part.title
        yield from part.text
