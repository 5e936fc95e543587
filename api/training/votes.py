"""Questions to the class: what is the outcome, or which ground is concluded next.

The right answer comes from the lesson. The places of the options say nothing, because they are sorted by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.training.lesson import Lesson, Step
from engine.reasoning.outcome import Outcome

Kind = Literal["outcome", "ground"]
MOST_OPTIONS = 4


class Option(BaseModel):
    """One possible answer: an outcome, or a criterion with its title in English."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    text: str


class Question(BaseModel):
    """A question that was put at a step. ``right`` is the index of the right option."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    number: int
    kind: Kind
    step: int
    options: tuple[Option, ...]
    right: int
    open: bool = True
    revealed: bool = False


def about_outcome(lesson: Lesson, number: int, step: int) -> Question:
    """What is the outcome?"""
    options = tuple(Option(id=one.value, text=one.value) for one in Outcome)
    return Question(
        number=number, kind="outcome", step=step, options=options, right=list(Outcome).index(lesson.outcome)
    )


def about_next(lesson: Lesson, walked: Sequence[Step], number: int, step: int) -> Question | None:
    """Which ground is next? None at the end, or when nothing else could be chosen."""
    right = next_ground(walked, step)
    if right is None:
        return None
    later = [one for one in walked[step:] if one.criterion != right.criterion]
    others: dict[str, str] = {one.criterion: one.title for one in later if one.effect is not None}
    done = {one.criterion for one in walked[:step]} | {right.criterion}
    others |= {one.id: one.title for one in lesson.grounds if one.id not in done}
    chosen = list(others.items())[: MOST_OPTIONS - 1]
    options = sorted([(right.criterion, right.title), *chosen], key=lambda one: one[1])
    index = [name for name, _ in options].index(right.criterion)
    said = tuple(Option(id=name, text=title) for name, title in options)
    return Question(number=number, kind="ground", step=step, options=said, right=index) if chosen else None


def next_ground(walked: Sequence[Step], step: int) -> Step | None:
    """The first step after ``step`` that concludes a ground; any step if none does."""
    later = walked[step:]
    return next((one for one in later if one.effect is not None), later[0] if later else None)


def tally(question: Question, choices: Iterable[int]) -> list[int]:
    """How many chose each option."""
    counted = Counter(choices)
    return [counted[index] for index in range(len(question.options))]
