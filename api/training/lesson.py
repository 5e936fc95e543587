"""A lesson: one assessment as steps, each with the facts used, the rule, and the conclusion.

It holds the answer's own words in English and the names behind them, so that a page can say it in the reader's
language. Nothing in it says who the case is about.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from engine.answer.model import Status
from engine.content.models import Effect
from engine.reasoning.outcome import LEVEL_OF, Outcome

PremiseKind = Literal["fact", "criterion", "law"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Premise(_Part):
    """What a firing was concluded from: a fact with its value, a criterion concluded before, or the law's own state.

    ``name`` is the id of the fact, criterion or instrument. ``step`` is the number of the step that concluded the
    criterion, 0 if that step is not shown.
    """

    kind: PremiseKind
    name: str
    text: str
    holds: bool
    item: str = ""
    value: Any = None
    shown: str = ""
    source: str = ""
    standing: str = ""
    step: int = 0


class RuleLine(_Part):
    """One line of a rule's condition, as deep as it is nested; ``criterion`` when it names another rule."""

    depth: int
    text: str
    criterion: str = ""


class Support(_Part):
    """A decision or comment behind a rule."""

    name: str
    pinpoint: str
    holding: str
    review: str


class Step(_Part):
    """One firing. ``key`` steps are on the way to a deciding ground."""

    number: int
    firing: int
    phase: Literal["known", "burden"]
    criterion: str
    place: str
    title: str
    status: Status
    sentence: str
    effect: Effect | None
    citations: tuple[str, ...]
    premises: tuple[Premise, ...]
    rule: tuple[RuleLine, ...]
    standard: str
    burden: str
    supports: tuple[Support, ...]
    review: str
    note: str
    key: bool = False

    @property
    def about(self) -> tuple[str, str]:
        """What it concludes about: a criterion, and the item if there is one."""
        return self.criterion, self.place

    @property
    def concludes(self) -> tuple[str, str, Status]:
        """What it concludes."""
        return self.criterion, self.place, self.status

    @property
    def decides(self) -> bool:
        """Whether it is a ground that can decide the outcome."""
        return self.effect is not None and self.effect in LEVEL_OF


class Ground(_Part):
    """A ground that can decide the outcome, as it stands in the end."""

    id: str
    title: str
    effect: Effect
    status: Status
    citations: tuple[str, ...]
    missing: tuple[str, ...]


class FactLine(_Part):
    """A fact as the case has it. ``item`` is the listed thing it is about."""

    name: str
    part: str
    item: str
    item_id: str
    text: str
    value: Any
    shown: str
    standing: str


class Lesson(_Part):
    """A case as steps. ``steps`` holds every firing worth showing, in the order in which they fired."""

    states: tuple[str, str]
    assessed_on: date
    reading: str
    outcome: Outcome
    sentence: str
    settled: bool
    steps: tuple[Step, ...]
    grounds: tuple[Ground, ...]
    facts: tuple[FactLine, ...]
    receipt: str
    hidden: int

    def walked(self, *, whole: bool) -> tuple[Step, ...]:
        """The steps that are walked through: the main line, or all, numbered from 1."""
        found = [step for step in self.steps if whole or step.key]
        numbers = {step.about: number for number, step in enumerate(found, 1)}
        return tuple(_numbered(step, numbers) for step in found)


def _numbered(step: Step, numbers: dict[tuple[str, str], int]) -> Step:
    premises = tuple(
        one.model_copy(update={"step": numbers.get((one.name, step.place), numbers.get((one.name, ""), 0))})
        if one.kind == "criterion"
        else one
        for one in step.premises
    )
    return step.model_copy(update={"number": numbers[step.about], "premises": premises})
