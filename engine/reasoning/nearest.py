"""Precedents beside a case: what is shared, what the case lacks, and what distinguishes it.

These are the moves of an argument from cases: to cite a precedent, to distinguish it, and to say what
would have to be proved for it to govern.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from heapq import nsmallest

from engine.content.evidence import OPPONENT, Side
from engine.inference.atoms import Setting
from engine.inference.marks import Mark
from engine.inference.precedents import IssueBase, Row, coined_apart
from engine.inference.situations import Selection

#: So many candidates are compared in full, after all were compared by the number of their marks.
_COMPARED = 60


@dataclass(frozen=True)
class Comparison:
    """A ruling beside a case, in marks of factors and names of coined facts."""

    row: Row
    governs: bool
    shared: tuple[Mark, ...]
    lacking: tuple[Mark, ...]
    distinguishing: tuple[Mark, ...]
    coined: tuple[str, ...]

    @property
    def distance(self) -> int:
        """By how many factors the case falls short of being governed."""
        short = {mark.factor for mark in self.lacking} | {mark.factor for mark in self.distinguishing}
        return len(short) + len(self.coined) + len(self.row.unmatched)


def compare_with(base: IssueBase, row: Row, has: int, selection: Selection) -> Comparison:
    """A ruling beside a case with these marks."""
    marks = base.marks
    against = marks.counting[OPPONENT[row.side]] & has & ~row.has
    coined = coined_apart(row, selection)
    lacking = row.needs & ~has
    shared = has & row.has & (marks.counting[row.side] | row.needs)
    governs = row.governs and not (lacking or against or coined)
    return Comparison(
        row,
        governs,
        _strongest(marks.marks_in(shared)),
        _strongest(marks.marks_in(lacking)),
        _strongest(marks.marks_in(against)),
        coined,
    )


def nearest(base: IssueBase, has: int, side: Side, setting: Setting, *, most: int) -> list[Comparison]:
    """The rulings for a side that come nearest to governing, those first that are short of the fewest factors."""
    against = base.marks.counting[OPPONENT[side]] & has
    selection = setting.selection
    rows = base.consulted(setting.assessed_on, selection, side)
    short = ((row.needs & ~has).bit_count() + (against & ~row.has).bit_count() for row in rows)
    roughly = nsmallest(_COMPARED, zip(short, range(len(rows)), strict=True))
    compared = (compare_with(base, rows[place], has, selection) for _, place in roughly)
    ranked = sorted((one for one in compared if not one.governs), key=_turn)
    return ranked[:most]


def among(base: IssueBase, has: int, side: Side, setting: Setting, states: Collection[str]) -> list[Comparison]:
    """The rulings for a side that concern one of some States, those first that are short of the fewest factors."""
    selection = setting.selection
    rows = base.consulted(setting.assessed_on, selection, side)
    compared = (
        compare_with(base, row, has, selection)
        for row in rows
        if not row.precedent.formal and {row.precedent.requesting_state, row.precedent.origin_state} & set(states)
    )
    return sorted(compared, key=_turn)


def _turn(one: Comparison) -> tuple[int, bool, int, int]:
    """One factor short first; those that could govern before examples; then the more alike, then the later."""
    return one.distance, not one.row.governs, -len(one.shared), -one.row.precedent.decided_on.last.toordinal()


def governing(base: IssueBase, has: int, setting: Setting) -> list[Comparison]:
    """The rulings that govern, the most alike first; those that give way to others are left out."""
    rows = base.prevailing(has, setting.assessed_on, setting.selection)
    compared = [compare_with(base, row, has, setting.selection) for row in rows]
    return sorted(compared, key=_turn)


def _strongest(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Of the marks of one factor for a side the strongest: a level reached or not exceeded says all weaker ones."""
    found: dict[tuple[str, Side], Mark] = {}
    for mark in marks:
        key = (mark.factor, mark.side)
        other = found.get(key)
        if (
            other is None
            or mark.level is None
            or other.level is None
            or (mark.level > other.level) == (mark.side == "person")
        ):
            found[key] = mark
    return tuple(found.values())
