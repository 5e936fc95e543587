"""Precedents in columns: in which cases of a table one governs, on the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from engine.bulk.planes import Words, both, on_the_record, packed
from engine.bulk.table import Table
from engine.content.evidence import Side
from engine.facts.columns import Place
from engine.inference.precedents import IssueBase, Row
from engine.inference.situations import EARLIER


class GovernedColumns:
    """Compares the precedents of one pack with the cases of one table."""

    def __init__(self, bases: Mapping[str, IssueBase], table: Table) -> None:
        self.bases, self.table = bases, table
        self.record = on_the_record(table.lanes)
        self._found: dict[tuple[str, Place], dict[Side, Words]] = {}
        self._consulted: dict[tuple[date, date | None], Words] = {}

    def __call__(self, issue: str, side: Side, place: Place, conditions: Sequence[Words], into: Words) -> None:
        """Write where precedents of an issue govern for a side; both sides are found at once."""
        if (issue, place) not in self._found:
            self._found[(issue, place)] = self._compared(self.bases[issue], conditions)
        into[:] = self._found[(issue, place)][side]

    def _compared(self, base: IssueBase, conditions: Sequence[Words]) -> dict[Side, Words]:
        none = np.zeros_like(self.record)
        found: dict[Side, Words] = {"person": none, "state": none}
        marks = [none | plane for plane in base.marks.in_lanes(conditions)]
        nowhere = sum(1 << mark for mark, plane in enumerate(marks) if not (plane & self.record).any())
        decided = none
        for rows in base.by_rank(base.uncoined):
            level: dict[Side, Words] = {"person": none, "state": none}
            for place, row in rows:
                if not row.needs & nowhere:
                    level[row.side] = level[row.side] | self._lanes(base, place, row, marks)
            for side, lanes in level.items():
                found[side] = found[side] | (lanes & ~decided)
            decided = decided | level["person"] | level["state"]
        return found

    def _lanes(self, base: IssueBase, place: int, row: Row, marks: Sequence[Words]) -> Words:
        lanes = self.consulted(row)
        for mark, plane in enumerate(marks):
            if base.needs[mark] >> place & 1:
                lanes = lanes & plane
            elif base.new[mark] >> place & 1:
                lanes = lanes & ~plane
        return lanes

    def consulted(self, row: Row) -> Words:
        """The cases, on the record, that are assessed while a ruling counts."""
        key = (row.precedent.decided_on.last, row.until())
        if key not in self._consulted:
            days = {int(day) for day in np.unique(self.table.assessed_on)}
            counting = [day for day in days if row.counts_on(date.fromordinal(day), EARLIER)]
            flags = np.isin(self.table.assessed_on, counting)
            self._consulted[key] = both(packed(flags)) & self.record
        return self._consulted[key]
