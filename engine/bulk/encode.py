"""From cases to tables: cells are collected one by one and written into their columns at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from engine.bulk.planes import lanes_for
from engine.bulk.table import Codec, Table
from engine.content.models import Pack
from engine.facts.casefile import Case, Finding
from engine.facts.columns import HERE, Place
from engine.facts.reading import Reading, value_in
from engine.facts.values import Value

#: Rows and numbers of the cells of one column.
Cells = tuple[list[int], list[int]]


class TableBuilder:
    """Collects the cells of one table, row after row: cells belong to the row that is closed next.

    Cells of facts are kept in two long lists, the number of the column and the code of the value, and
    sorted out once at the end.
    """

    def __init__(self, pack: Pack, codec: Codec) -> None:
        self.pack, self.codec = pack, codec
        self.days: list[int] = []
        self.own_days: list[int] = []
        self.ends: list[int] = []
        self.columns: dict[tuple[Place, str], int] = {}
        self.filled: list[int] = []
        self.codes: list[int | float] = []
        self.dates: dict[Place, Cells] = {}
        self.lists: dict[str, Cells] = {part: ([], []) for part in pack.vocabulary.parts}
        self.choices: dict[str, Cells] = {}
        self.readings = {
            name: {value: number for number, value in enumerate(variant.values)}
            for name, variant in pack.variants.items()
        }

    def column(self, place: Place, fact: str) -> int:
        """The number of a column."""
        return self.columns.setdefault((place, fact), len(self.columns))

    def put(self, place: Place, fact: str, value: Value) -> None:
        """A fact has a value."""
        self.filled.append(self.column(place, fact))
        self.codes.append(self.codec.code(fact, value))

    def list_of(self, part: str, size: int) -> None:
        """The list of a part is known, and so long."""
        self._note(self.lists[part], size)

    def dated(self, place: Place, day: int) -> None:
        """The undisputed date that orders an item."""
        self._note(self.dates.setdefault(place, ([], [])), day)

    def choose(self, variant: str, value: str) -> None:
        """The case says which reading of a question of law it uses."""
        self._note(self.choices.setdefault(variant, ([], [])), self.readings[variant][value])

    def _note(self, cells: Cells, number: int) -> None:
        cells[0].append(len(self.days))
        cells[1].append(number)

    def close(self, assessed_on: date, own_day: date | None = None) -> None:
        """The row is complete; ``own_day`` is the date that the case itself gives."""
        self.days.append(assessed_on.toordinal())
        self.own_days.append(own_day.toordinal() if own_day else 0)
        self.ends.append(len(self.filled))

    def drop(self) -> None:
        """The facts put since the last complete row are forgotten."""
        end = self.ends[-1] if self.ends else 0
        del self.filled[end:], self.codes[end:]

    def table(self) -> Table:
        """The table of all complete rows."""
        rows = len(self.days)
        lanes = lanes_for(rows)
        table = Table(rows, np.ones(lanes, dtype=np.int32))
        table.assessed_on[:rows] = self.days
        if self.own_days != self.days:
            table.own_days = np.zeros(lanes, dtype=np.int32)
            table.own_days[:rows] = self.own_days
        self._fill(table)
        for place, cells in self.dates.items():
            table.dated[place] = np.zeros(lanes, dtype=np.int32)
            table.dated[place][cells[0]] = cells[1]
        for part, (at, sizes) in self.lists.items():
            listed = np.full(lanes, -1)
            listed[at] = sizes
            table.listed[part] = listed >= 0
            table.present[part] = [listed > index for index in range(max(sizes, default=0))]
        for name, variant in self.pack.variants.items():
            table.variants[name] = np.full(lanes, self.readings[name][variant.default], dtype=np.int16)
            if name in self.choices:
                table.variants[name][self.choices[name][0]] = self.choices[name][1]
        return table

    def _fill(self, table: Table) -> None:
        """Every cell into its column."""
        filled = np.array(self.filled, dtype=np.int32)
        rows = np.repeat(np.arange(table.rows), np.diff(self.ends, prepend=0))
        codes = np.array(self.codes, dtype=np.float64)  # exact: masks are of at most 52 words
        order = np.argsort(filled, kind="stable")
        ends = np.searchsorted(filled[order], np.arange(len(self.columns) + 1)).tolist()
        for (place, fact), number in self.columns.items():
            cells = order[ends[number] : ends[number + 1]]
            if not len(cells):
                continue
            column = self.codec.empty(fact, table.lanes)
            column[rows[cells]] = codes[cells].astype(column.dtype)
            table.columns.setdefault(place, {})[fact] = column


def add_case(builder: TableBuilder, case: Case, reading: Reading, assessed_on: date) -> None:
    """A case as a new row under a reading."""
    _findings(builder, HERE, case.findings, reading)
    for part, items in case.items.items():
        builder.list_of(part, len(items))
        dated_by = builder.pack.vocabulary.parts[part].dated_by
        for index, item in enumerate(items):
            _findings(builder, (part, index), item.findings, reading)
            dated = item.findings.get(dated_by)
            if dated is not None and isinstance(dated.value, date):
                builder.dated((part, index), dated.value.toordinal())
    for variant, value in case.variants.items():
        builder.choose(variant, value)
    builder.close(assessed_on, case.assessed_on)


def _findings(builder: TableBuilder, place: Place, findings: Mapping[str, Finding], reading: Reading) -> None:
    for name, finding in findings.items():
        value = value_in(finding, reading)
        if value is not None:
            builder.put(place, name, value)


def table_of(
    cases: Iterable[Case], pack: Pack, codec: Codec, days: Sequence[date], reading: Reading = "neutral"
) -> Table:
    """A table of cases, each assessed on its own day."""
    builder = TableBuilder(pack, codec)
    for case, day in zip(cases, days, strict=True):
        add_case(builder, case, reading, day)
    return builder.table()
