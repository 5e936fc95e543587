"""An exercise on a case: the outcome, how the grounds stand, and in which order the key criteria are concluded.

Everything that counts as right comes from the lesson. The order is marked by what rests on what: a criterion must
come after those that it was concluded from, and nothing else about the order is right or wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from api.training.lesson import Ground, Lesson, Step
from api.training.mainline import behind
from engine.reasoning.outcome import LEVEL_OF, Outcome

MOST_OPEN, MOST_FAILED, MOST_KEYS = 3, 4, 6
STATUSES = ("met", "not_met", "open")
Verdict = Literal["right", "missed", "wrong"]


@dataclass(frozen=True)
class Mark:
    """One thing marked: what was given and what is right. ``about`` names it."""

    about: tuple[str, ...]
    given: str
    right: str

    @property
    def verdict(self) -> Verdict:
        """Right, wrong, or missed where nothing was given."""
        return "missed" if not self.given else "right" if self.given == self.right else "wrong"


@dataclass(frozen=True)
class Attempt:
    """What a student gave. ``order`` has the place of each key criterion by its number in ``keys``, from 1."""

    outcome: str
    grounds: Mapping[str, str]
    order: Mapping[int, int]


@dataclass(frozen=True)
class Marked:
    """An attempt as marked."""

    outcome: Mark
    grounds: tuple[Mark, ...]
    order: tuple[Mark, ...]

    @property
    def all(self) -> tuple[Mark, ...]:
        """Every mark."""
        return self.outcome, *self.grounds, *self.order

    def count(self, verdict: Verdict) -> int:
        """How many marks are this."""
        return sum(mark.verdict == verdict for mark in self.all)


@dataclass(frozen=True)
class Exercise:
    """What is asked about a lesson."""

    lesson: Lesson

    @cached_property
    def grounds(self) -> tuple[Ground, ...]:
        """Grounds to be judged: all that are met, some that are open or have failed; by title."""
        keys = {step.criterion for step in self.lesson.steps if step.key}
        found = [one for one in self.lesson.grounds if one.status == "met"]
        found += [one for one in self.lesson.grounds if one.status == "open"][:MOST_OPEN]
        failed = [one for one in self.lesson.grounds if one.status == "not_met"]
        found += sorted(failed, key=lambda one: one.id not in keys)[:MOST_FAILED]
        return tuple(sorted(found, key=lambda one: (one.title, one.id)))

    @cached_property
    def keys(self) -> tuple[Step, ...]:
        """The key criteria: the weightiest ground that is met and what it rests on; by title."""
        return tuple(sorted(self._path[-MOST_KEYS:], key=lambda one: (one.title, one.place)))

    @cached_property
    def _path(self) -> list[Step]:
        known = {step.about: step for step in self.lesson.steps}
        met = [step for step in self.lesson.steps if step.decides and step.status == "met"]
        if not met:
            return [step for step in self.lesson.steps if step.key]
        found: dict[tuple[str, str], Step] = {}
        waiting = [max(met, key=lambda step: (LEVEL_OF[step.effect], len(behind(step, known))))]  # type: ignore[index]
        while waiting:
            step = waiting.pop()
            if step.about not in found:
                found[step.about] = step
                waiting += behind(step, known)
        return sorted(found.values(), key=lambda step: step.number)

    @cached_property
    def rests(self) -> tuple[tuple[int, int], ...]:
        """Pairs of indexes of ``keys``: the second was concluded from the first."""
        index = {step.about: number for number, step in enumerate(self.keys)}
        known = {step.about: step for step in self.keys}
        pairs = [(index[one.about], number) for number, step in enumerate(self.keys) for one in behind(step, known)]
        return tuple(sorted(set(pairs)))

    def mark(self, attempt: Attempt) -> Marked:
        """Mark an attempt."""
        outcome = attempt.outcome if attempt.outcome in tuple(Outcome) else ""
        grounds = [
            Mark((one.id, one.title), _one_of(attempt.grounds.get(one.id, ""), STATUSES), one.status)
            for one in self.grounds
        ]
        order = [self._ordered(before, after, attempt.order) for before, after in self.rests]
        return Marked(Mark((), outcome, self.lesson.outcome.value), tuple(grounds), tuple(order))

    def _ordered(self, before: int, after: int, order: Mapping[int, int]) -> Mark:
        about = tuple(part for step in (self.keys[before], self.keys[after]) for part in (step.criterion, step.title))
        places = order.get(before), order.get(after)
        if places[0] is None or places[1] is None:
            return Mark(about, "", "before")
        return Mark(about, "before" if places[0] < places[1] else "after", "before")


def _one_of(given: str, allowed: Sequence[str]) -> str:
    return given if given in allowed else ""
