"""Change impact: what another version of the law content does to the answers on the same cases.

Each case is weighed under both packs, in every reading that its findings can tell apart. Two answers
*differ* when their outcome or their first ground differs: the first ground is the one that the answer
lists first, met before open and the weightier before the lighter. Grounds further down whose status
differs are named beside. A case that one of the packs cannot read differs too, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from engine.answer.grounds import Grounds
from engine.answer.model import Status
from engine.assess import Engine
from engine.content.digest import address_of
from engine.content.documents import Document
from engine.errors import InputProblems, Problem, present
from engine.facts.reading import READINGS, Reading

UNREADABLE = "unreadable"


@dataclass(frozen=True)
class NamedCase:
    """A case to compare: its name and file, and the day and reading it is meant for."""

    name: str
    document: Document
    on: date | None = None
    reading: Reading = "neutral"


@dataclass(frozen=True)
class Standing:
    """What one pack says of a case: the outcome, the first ground with its status, or why it says nothing."""

    outcome: str
    first: str = ""
    status: str = ""
    problem: str = ""
    grounds: Mapping[str, Status] = field(default_factory=dict, repr=False)

    @property
    def decisive(self) -> tuple[str, str, str]:
        """What must be the same for two answers not to differ."""
        return self.outcome, self.first, self.status


@dataclass(frozen=True)
class Difference:
    """One case in one reading on which the packs differ. ``grounds`` says from which status to which."""

    case: str
    reading: Reading
    before: Standing
    after: Standing
    grounds: dict[str, tuple[str, str]]

    @property
    def decisive(self) -> bool:
        """Whether outcome or first ground differ, and not only grounds further down."""
        return self.before.decisive != self.after.decisive


@dataclass(frozen=True)
class Impact:
    """The comparison of two packs over some cases; ``compared`` counts cases in a reading."""

    before: str
    after: str
    cases: int
    compared: int
    differences: tuple[Difference, ...]

    @property
    def changes(self) -> tuple[Difference, ...]:
        """Where the outcome or the first ground differs."""
        return tuple(one for one in self.differences if one.decisive)

    def summary(self) -> str:
        """The figures in one line."""
        outcomes = sum(one.before.outcome != one.after.outcome for one in self.changes)
        further = len(self.differences) - len(self.changes)
        return (
            f"{self.cases} case{'s' * (self.cases != 1)}, {self.compared} with their readings: {outcomes} change outcome, "
            f"{len(self.changes) - outcomes} change the first ground only, {further} change only further down."
        )

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "before": self.before,
            "after": self.after,
            "cases": self.cases,
            "compared": self.compared,
            "differences": [_plain(one) for one in self.differences],
            "summary": self.summary(),
        }


def _plain(one: Difference) -> dict[str, Any]:
    data = asdict(one) | {"decisive": one.decisive}
    for side in ("before", "after"):
        del data[side]["grounds"]
    return data


def impact(before: Engine, after: Engine, cases: Iterable[NamedCase]) -> Impact:
    """Compare two packs over cases.

    Raises:
        InputProblems: a case that neither pack can read.
    """
    listed = list(cases)
    pairs = [pair for case in listed for pair in _compared(before, after, case)]
    differences = tuple(one for one in pairs if one.decisive or one.grounds)
    return Impact(address_of(before.pack), address_of(after.pack), len(listed), len(pairs), differences)


def _compared(before: Engine, after: Engine, case: NamedCase) -> Iterator[Difference]:
    for reading in _readings((before, after), case):
        old, new = (standing_under(engine, case, reading) for engine in (before, after))
        if old.outcome == new.outcome == UNREADABLE:
            raise InputProblems([Problem(f"{case.name}: {new.problem}")])
        yield Difference(case.name, reading, old, new, _moved(old, new))


def _readings(engines: Iterable[Engine], case: NamedCase) -> tuple[Reading, ...]:
    """All readings of a case with disputed findings, else its own.

    Raises:
        InputProblems: no engine can read the case.
    """
    problems = None
    for engine in engines:
        try:
            return READINGS if engine.read(case.document).disputed else (case.reading,)
        except InputProblems as error:
            problems = error
    raise present(problems, "an engine to read under")


def standing_under(engine: Engine, case: NamedCase, reading: Reading) -> Standing:
    """What an engine's pack says of a case in a reading, by the compiled engine."""
    try:
        weighed = engine.weigh(engine.read(case.document), case.on, reading)
    except InputProblems as error:
        return Standing(UNREADABLE, problem=error.problems[0].message)
    grounds = Grounds(engine, weighed).statuses()
    first, status = next(((name, held) for name, held in grounds if held in ("met", "open")), ("", ""))
    return Standing(weighed.outcome.value, first, status, grounds=dict(grounds))


def _moved(before: Standing, after: Standing) -> dict[str, tuple[str, str]]:
    """Grounds whose status differs; one that a pack does not have is ``absent`` there."""
    if UNREADABLE in (before.outcome, after.outcome):
        return {}
    names = sorted({*before.grounds, *after.grounds})
    pairs = {name: (before.grounds.get(name, "absent"), after.grounds.get(name, "absent")) for name in names}
    settled = ("absent", "not_met", "not_applicable")
    return {
        name: (old, new) for name, (old, new) in pairs.items() if old != new and not (old in settled and new in settled)
    }
