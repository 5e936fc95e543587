"""Marks: what a case has of the factors of an issue, so that strength is a matter of subsets.

A factor for one side has one mark. A factor with levels has one for each level that a case reaches, for
the person, and one for each that it does not exceed, for the State.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, TypeVar

from engine.content.conditions import Atom, walk
from engine.content.evidence import OPPONENT, Issue, Side
from engine.inference.evidence import FactorEntry, IssueEntry

#: Of each condition of an issue's factors, whether it holds.
Holding = Sequence[bool]
#: Lanes as the bits of an integer, or of an array.
Lanes = TypeVar("Lanes", int, Any)


class Mark(NamedTuple):
    """Something of a factor that a case has or lacks: that it holds, or that a level is reached or not exceeded.

    ``level`` is the position of that level; a mark that ``counts`` can distinguish a precedent for the other side.
    """

    factor: str
    side: Side
    level: int | None
    counts: bool


class Marks:
    """The marks of one issue, and which of them conditions that hold make."""

    def __init__(self, issue: Issue, entry: IssueEntry) -> None:
        self.issue, self.entry = issue, entry
        self.marks: list[Mark] = []
        self.bits: dict[tuple[str, Side, int | None], int] = {}
        for factor in issue.factors.values():
            if factor.favours:
                self._add(Mark(factor.name, factor.favours, None, counts=True))
            levels = list(factor.levels)
            neutral = [levels.index(level) for level in factor.neutral]
            for level in range(1, len(levels)):
                self._add(Mark(factor.name, "person", level, counts=level > max(neutral, default=0)))
            for level in range(len(levels) - 1):
                self._add(Mark(factor.name, "state", level, counts=level < min(neutral, default=len(levels))))
        self.reasons = {}
        for (fact, value), child in entry.reasons.items():
            self.reasons[child] = len(self.marks)
            self._add(Mark(f"{fact}: {value}", "person", None, counts=False))
        self.counting: dict[Side, int] = {
            side: sum(1 << bit for bit, mark in enumerate(self.marks) if mark.counts and mark.side == side)
            for side in OPPONENT
        }

    def _add(self, mark: Mark) -> None:
        self.bits[(mark.factor, mark.side, mark.level)] = len(self.marks)
        self.marks.append(mark)

    def of(self, holding: Holding) -> int:
        """The marks of a case, by which conditions hold in it."""
        found = 0
        for factor in self.entry.factors:
            found |= self._of_factor(factor, holding)
        for child, bit in self.reasons.items():
            if holding[child]:
                found |= 1 << bit
        return found

    def _of_factor(self, factor: FactorEntry, holding: Holding) -> int:
        spec = self.issue.factors[factor.name]
        if spec.favours:
            return 1 << self.bits[(factor.name, spec.favours, None)] if holding[factor.start] else 0
        level = max((at for at in range(factor.stop - factor.start) if holding[factor.start + at]), default=None)
        return 0 if level is None else self.at_level(factor.name, level)

    def in_lanes(self, planes: Sequence[Lanes]) -> list[Lanes]:
        """The lanes that have each mark, of those in which each condition holds."""
        found: list[Any] = [0] * len(self.marks)
        for factor in self.entry.factors:
            spec, own = self.issue.factors[factor.name], planes[factor.start : factor.stop]
            if spec.favours:
                found[self.bits[(factor.name, spec.favours, None)]] = own[0]
                continue
            for level in range(len(own)):
                below = reduce(or_, own[: level + 1])
                above = reduce(or_, own[level + 1 :], 0)
                if level:
                    found[self.bits[(factor.name, "person", level)]] = above | own[level]
                if level < len(own) - 1:
                    found[self.bits[(factor.name, "state", level)]] = below & ~above
        for child, bit in self.reasons.items():
            found[bit] = planes[child]
        return found

    def marks_in(self, has: int) -> list[Mark]:
        """The marks of a bit set."""
        return [mark for bit, mark in enumerate(self.marks) if has >> bit & 1]

    def conditions_of(self, needs: int, holding: Holding) -> list[int]:
        """The conditions that hold and make the marks of a bit set."""
        found = [child for child, bit in self.reasons.items() if needs >> bit & 1]
        names = {mark.factor for mark in self.marks_in(needs)}
        for factor in self.entry.factors:
            if factor.name in names:
                found += [child for child in range(factor.start, factor.stop) if holding[child]]
        return found

    def at_level(self, factor: str, level: int) -> int:
        """The marks of a factor that is at a level: those up to it for the person, those from it on for the State."""
        return sum(
            1 << bit
            for bit, mark in enumerate(self.marks)
            if mark.factor == factor
            and mark.level is not None
            and (mark.level <= level if mark.side == "person" else mark.level >= level)
        )

    def relied(self, facts: frozenset[str], value: Any, side: Side, has: int) -> tuple[bool, int]:
        """Whether reliance on facts (with a value, if one is named) is understood, and the marks that it needs."""
        matched, needs = False, 0
        for factor in self.entry.factors:
            if facts.isdisjoint(factor.facts) or not self._speaks_of(factor, facts, value):
                continue
            own = self._own(factor.name, has)
            if self.issue.factors[factor.name].levels:
                matched |= bool(own)
            else:
                matched |= any(self.marks[bit].side == side for bit in own)
            needs |= self.needed(factor, side, has)
        for (fact, each), child in self.entry.reasons.items():
            if fact in facts and value in (None, each) and has >> self.reasons[child] & 1:
                matched, needs = True, needs | 1 << self.reasons[child]
        return matched, needs

    def _own(self, factor: str, has: int) -> list[int]:
        return [bit for bit, mark in enumerate(self.marks) if mark.factor == factor and has >> bit & 1]

    def _speaks_of(self, factor: FactorEntry, facts: frozenset[str], value: Any) -> bool:
        """Whether a factor tests facts for a value; without a value any test will do."""
        spec = self.issue.factors[factor.name]
        return value is None or any(
            isinstance(part, Atom) and not facts.isdisjoint(part.facts) and (part.kind == "yes" or value in part.args)
            for condition in spec.conditions.values()
            for part in walk(condition)
        )

    def needed(self, factor: FactorEntry, side: Side, has: int) -> int:
        """The marks by which a side relies on a factor: it holds, or its level is the strongest there is for the side."""
        own = [bit for bit in self._own(factor.name, has) if self.marks[bit].side == side]
        if not own or self.marks[own[0]].level is None:
            return sum(1 << bit for bit in own)
        levels = [(self.marks[bit].level or 0, bit) for bit in own]
        return 1 << (max(levels) if side == "person" else min(levels))[1]
