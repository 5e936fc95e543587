"""Precedents compared with a case, issue by issue: which govern it *a fortiori*.

A precedent for a side governs when every factor that its tribunal relied on is in the case, at least
as strong, and every factor of the case that speaks for the other side was in the precedent too, at
least as strong. Levels become *marks*: one for each level that a case reaches, and one for each that it
does not exceed; so strength is a matter of subsets, and all precedents are compared at once in bit sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from engine.content.evidence import OPPONENT, SITUATION, Precedent, Prevalence, Ruling, Side
from engine.inference.atoms import Setting
from engine.inference.evidence import named_reasons
from engine.inference.marks import Holding, Marks
from engine.inference.situations import Selection

#: The bit of a number of one case that says that it holds on the record.
ON_RECORD = 0b0100
_MOST_KEPT, _MOST_LISTED = 4_000, 64


class Row(NamedTuple):
    """One ruling as it is compared: marks by their bits, coined facts by their names."""

    precedent: Precedent
    ruling: Ruling
    has: int
    needs: int
    coined: frozenset[tuple[str, Side]]
    relied: frozenset[str]
    unmatched: tuple[str, ...]

    @property
    def side(self) -> Side:
        """The side for which it was decided."""
        return self.ruling.outcome

    @property
    def governs(self) -> bool:
        """Whether it can govern any case at all."""
        relied = self.needs or self.relied
        return bool(relied) and not (self.precedent.formal or self.ruling.example_only or self.unmatched)

    def until(self) -> date | None:
        """The last day on which it governs."""
        days = [day for day in (self.precedent.until, self.ruling.until) if day is not None]
        return min(days, default=None)

    def counts_on(self, day: date, selection: Selection) -> bool:
        """Whether it is consulted in a case assessed on a day."""
        if self.precedent.id in selection.without:
            return False
        earlier = selection.any_date or self.precedent.decided_on.last < day
        until = self.until()
        return earlier and (until is None or day <= until)


@dataclass
class IssueBase:
    """All rulings on one issue, as bit sets over the rulings: which need a mark, and to which a mark would be new."""

    marks: Marks
    rows: tuple[Row, ...]
    needs: list[int] = field(init=False)
    new: list[int] = field(init=False)
    sides: dict[Side, int] = field(init=False)
    _kept: dict[object, dict[Side, bool]] = field(default_factory=dict)
    _listed: dict[object, Sequence[Row]] = field(default_factory=dict)
    _days: dict[object, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        size = len(self.marks.marks)
        self.needs, self.new = [0] * size, [0] * size
        self.sides = {"person": 0, "state": 0}
        for place, row in enumerate(self.rows):
            bit = 1 << place
            self.sides[row.side] |= bit
            against = self.marks.counting[OPPONENT[row.side]] & ~row.has
            for mark in range(size):
                if row.needs >> mark & 1:
                    self.needs[mark] |= bit
                if against >> mark & 1:
                    self.new[mark] |= bit

    def governing(self, has: int, day: date, selection: Selection) -> list[Row]:
        """The rulings that govern a case with these marks, before one prevails over another."""
        return [self.rows[place] for place in bits_of(self._alive(has, day, selection))]

    def _alive(self, has: int, day: date, selection: Selection) -> int:
        dead = 0
        for mark, (needs, new) in enumerate(zip(self.needs, self.new, strict=True)):
            dead |= new if has >> mark & 1 else needs
        return self._consulted(day, selection) & ~dead

    def prevailing(self, has: int, day: date, selection: Selection) -> list[Row]:
        """The rulings that govern when one has prevailed over another, where that is declared."""
        return prevailing(self.governing(has, day, selection), self.marks.issue.prevails)

    def judge(self, numbers: tuple[int, ...], day: date, selection: Selection) -> dict[Side, bool]:
        """For which sides a ruling governs one case, after one has prevailed over another where that is declared.

        ``numbers`` are those of the conditions (see ``onecase``); a condition holds that holds on the record.
        """
        key = (numbers, day, selection)
        if key not in self._kept:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            has = self.marks.of([bool(number & ON_RECORD) for number in numbers])
            sides = self._sides(self._alive(has, day, selection))
            self._kept[key] = {side: side in sides for side in OPPONENT}
        return self._kept[key]

    def _sides(self, alive: int) -> set[Side]:
        """The sides of rulings; where both have some and one rank prevails, those of the highest rank."""
        sides = {side for side, lanes in self.sides.items() if alive & lanes}
        rule = self.marks.issue.prevails
        if rule is None or len(sides) < 2:
            return sides
        rows = [self.rows[place] for place in bits_of(alive)]
        highest = max(rank(row, rule) for row in rows)
        return {row.side for row in rows if rank(row, rule) == highest}

    def consulted(self, day: date, selection: Selection, side: Side) -> Sequence[Row]:
        """The rulings for a side that were made before a day, those included that can only be examples."""
        key = (day, selection, side)
        if key not in self._listed:
            if len(self._listed) > _MOST_LISTED:
                self._listed.clear()
            self._listed[key] = [row for row in self.rows if row.side == side and row.counts_on(day, selection)]
        return self._listed[key]

    @cached_property
    def as_sets(self) -> list[tuple[Row, frozenset[int], frozenset[int]]]:
        """Each ruling that can govern, with the marks that it needs and that it has, as plain sets."""
        return [(row, frozenset(bits_of(row.needs)), frozenset(bits_of(row.has))) for row in self.rows if row.governs]

    def _consulted(self, day: date, selection: Selection) -> int:
        """The rulings that can govern anything on a day, compared with coined facts of the case."""
        key = (day, selection)
        if key not in self._days:
            if len(self._days) > _MOST_KEPT:
                self._days.clear()
            self._days[key] = sum(
                1 << place
                for place, row in enumerate(self.rows)
                if row.governs and row.counts_on(day, selection) and not coined_apart(row, selection)
            )
        return self._days[key]

    def in_lanes(self, planes: Sequence[int], full: int, day: date, selection: Selection) -> dict[Side, int]:
        """For each side the lanes in which a ruling governs; ``planes`` are the lanes in which conditions hold."""
        marks = self.marks.in_lanes(planes)
        alive = self._consulted(day, selection)
        changing = []
        for mark, plane in enumerate(marks):
            if plane == 0:
                alive &= ~self.needs[mark]
            elif plane == full:
                alive &= ~self.new[mark]
            else:
                changing.append((mark, plane))
        found: dict[Side, int] = {"person": 0, "state": 0}
        decided = 0
        for rows in self.by_rank(alive):
            level: dict[Side, int] = {"person": 0, "state": 0}
            for place, row in rows:
                level[row.side] |= self._lanes(place, changing, full)
            for side, lanes in level.items():
                found[side] |= lanes & ~decided
            decided |= level["person"] | level["state"]
        return found

    def _lanes(self, place: int, changing: Sequence[tuple[int, int]], full: int) -> int:
        """The lanes in which the ruling at a place governs, if it can at all."""
        lanes = full
        for mark, plane in changing:
            if self.needs[mark] >> place & 1:
                lanes &= plane
            elif self.new[mark] >> place & 1:
                lanes &= ~plane
        return lanes

    @cached_property
    def uncoined(self) -> int:
        """The rulings that can govern and rely on no coined fact."""
        return sum(1 << place for place, row in enumerate(self.rows) if row.governs and not row.relied)

    def by_rank(self, alive: int) -> list[list[tuple[int, Row]]]:
        """Rulings that are alive by their rank, those that prevail first; all together where none prevails."""
        rows = [(place, self.rows[place]) for place in bits_of(alive)]
        rule = self.marks.issue.prevails
        if rule is None:
            return [rows]
        ranks: dict[tuple[int, date], list[tuple[int, Row]]] = {}
        for place, row in rows:
            ranks.setdefault(rank(row, rule), []).append((place, row))
        return [ranks[key] for key in sorted(ranks, reverse=True)]


def governing_one_by_one(base: IssueBase, holding: Holding, setting: Setting) -> list[Row]:
    """The rulings that govern a case, each compared for itself by the definition, and those that prevail."""
    marks, has = base.marks.marks, set(bits_of(base.marks.of(holding)))
    opposed = {side: {bit for bit in has if marks[bit].counts and marks[bit].side != side} for side in OPPONENT}
    day, selection = setting.assessed_on, setting.selection
    governing = [
        row
        for row, needed, own in base.as_sets
        if needed <= has and opposed[row.side] <= own and row.counts_on(day, selection)
    ]
    return prevailing([row for row in governing if not coined_apart(row, selection)], base.marks.issue.prevails)


def bits_of(mask: int) -> list[int]:
    """The positions of the bits that are set, in order."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def coined_apart(row: Row, selection: Selection) -> tuple[str, ...]:
    """Coined facts that the ruling relied on and the case lacks, or that the case has for the other side and the ruling had not."""
    names = {name for name, _ in selection.coined}
    lacking = [name for name in sorted(row.relied) if name not in names]
    against = [name for name, side in sorted(selection.coined) if side != row.side and (name, side) not in row.coined]
    return (*lacking, *against)


def prevailing(rows: list[Row], rule: Prevalence | None) -> list[Row]:
    """What is left of governing rulings in conflict when the rule of the issue has been applied; without a rule, all."""
    if rule is None or len({row.side for row in rows}) < 2:
        return rows
    ranks = {side: max(rank(row, rule) for row in rows if row.side == side) for side in OPPONENT}
    if ranks["person"] == ranks["state"]:
        return rows
    winner: Side = "person" if ranks["person"] > ranks["state"] else "state"
    return [row for row in rows if row.side == winner]


def rank(row: Row, rule: Prevalence) -> tuple[int, date]:
    """How high a ruling stands when one must prevail: by its formation, then by its day."""
    known = row.precedent.formation in rule.formations
    height = len(rule.formations) - rule.formations.index(row.precedent.formation) if known else 0
    return height, row.precedent.decided_on.last if rule.later else date.min


def row_of(marks: Marks, precedent: Precedent, ruling: Ruling, holding: Holding, pictured: frozenset[str]) -> Row:
    """A ruling as it is compared; ``pictured`` are the facts about the general situation.

    A reason that names a factor of the winning side is needed at its strength; one that no factor covers
    is needed as it is. One that speaks for nobody, or only for the other side, stays unmatched.
    """
    has, side = marks.of(holding), ruling.outcome
    coined = {fact.name: fact.points for fact in precedent.more_facts}
    needs, relied, unmatched = 0, set[str](), list[str]()
    for name, value in named_reasons(ruling.because):
        if name in coined:
            relied.add(name)
            continue
        facts = pictured if name == SITUATION else frozenset({name})
        matched, found = marks.relied(facts, value, side, has)
        needs |= found
        if not matched:
            unmatched.append(name if value is None else f"{name}: {value}")
    return Row(precedent, ruling, has, needs, frozenset(coined.items()), frozenset(relied), tuple(unmatched))
