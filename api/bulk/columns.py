"""Tables from flat columns: disputes resolved, lists measured, bad cells collected row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from api.bulk.rejects import NO_DATE
from api.cases.flat_columns import (
    ABSENT,
    BAD,
    Cells,
    Column,
    where,
)
from engine.bulk.planes import Array, Flags, lanes_for
from engine.bulk.table import Codec, Table
from engine.content.models import Pack
from engine.facts.columns import HERE, Place
from engine.facts.formernames import highest_left
from engine.facts.reading import Reading
from engine.reasoning.outcome import COUNTS

Faults = dict[int, list[tuple[str, str]]]


class FlatTables:
    """Makes tables from decoded columns, for one reading and, if given, one day for all."""

    def __init__(self, pack: Pack, codec: Codec, reading: Reading, on: date | None) -> None:
        self.pack, self.codec, self.reading, self.on = pack, codec, reading, on

    def table(self, rows: int, found: Sequence[tuple[Column, Cells]]) -> tuple[Table, Faults]:
        """The table of some rows, and what is wrong in which."""
        faults: Faults = {}
        for column, cells in found:
            for row, reason in cells.reasons.items():
                faults.setdefault(row, []).append((column.header, reason))
        table = Table(rows, np.ones(lanes_for(rows), dtype=np.int32))
        self._days(table, found, faults)
        self._facts(table, found, faults)
        self._lists(table, found, faults)
        for name, variant in self.pack.variants.items():
            chosen = np.full(table.lanes, list(variant.values).index(variant.default), dtype=np.int16)
            for column, cells in found:
                if column.role == "variant" and column.name == name:
                    chosen[:rows] = np.where(cells.codes >= 0, cells.codes, chosen[:rows])
            table.variants[name] = chosen
        return table, faults

    def _days(self, table: Table, found: Sequence[tuple[Column, Cells]], faults: Faults) -> None:
        given = np.zeros(table.rows, dtype=bool)
        for column, cells in found:
            if column.role == "assessed_on":
                given = cells.codes > 0
                table.assessed_on[: table.rows] = np.maximum(cells.codes, 1)
        if self.on is not None:
            table.own_days = table.assessed_on.copy()
            table.assessed_on[:] = self.on.toordinal()
            return
        for row in where(~given):
            if row not in faults:
                faults[row] = [NO_DATE]

    def _facts(self, table: Table, found: Sequence[tuple[Column, Cells]], faults: Faults) -> None:
        sides: dict[tuple[Place, str], dict[str, Cells]] = {}
        for column, cells in found:
            if column.role == "fact":
                given = sides.setdefault((column.place, column.name), {})
                held = given.get(column.side)
                given[column.side] = cells if held is None else self._together(column, held, cells)
        for (place, fact), given in sides.items():
            plain, said = given.get(""), {side: cells for side, cells in given.items() if side}
            if plain is not None and plain.bits is not None and not said and not self._follows(place, fact):
                table.flags.setdefault(place, {})[fact] = plain.bits
                continue
            values = self.codec.empty(fact, 0) if plain is None else plain.codes
            if plain is not None and plain.ruled_out is not None:
                values = self._left(fact, values, plain.ruled_out)
            values = self._padded(fact, values, table.lanes)
            if plain is not None:
                self._date(table, place, fact, values)
            if said:
                disputed = _any([cells.states != ABSENT for cells in said.values()], table.rows)
                self._both(plain, disputed, fact, faults)
                values = self._said(fact, values, said.get(self.reading))
                if self.reading == "neutral" and len(said) == 2:
                    values = self._agreed(fact, values, said["person"], said["state"])
            table.columns.setdefault(place, {})[fact] = values

    def _together(self, column: Column, held: Cells, cells: Cells) -> Cells:
        """What stands under the present and a former name of a fact: see ``engine.facts.formernames``."""
        kind, first, second = self.codec.kinds[column.name], held, cells
        if column.former is None:
            first, second = cells, held
        known, also = (self.codec.known(column.name, one.codes) for one in (first, second))
        highest = kind == "flag" or self.pack.vocabulary.facts[column.name].ordered
        both = np.maximum(first.codes, second.codes) if highest else first.codes
        both = first.codes | second.codes if kind == "mask" else both
        codes = np.where(known & also, both, np.where(also, second.codes, first.codes))
        masks = [one.ruled_out for one in (held, cells) if one.ruled_out is not None]
        states = np.where(first.states == ABSENT, second.states, first.states)
        ruled_out = np.bitwise_or.reduce(masks) if masks else None
        return Cells(codes, states, {**second.reasons, **first.reasons}, ruled_out=ruled_out)

    def _left(self, fact: str, codes: Array, ruled_out: Array) -> Array:
        """The codes, where nothing is known with the highest level that former names leave."""
        spec, unknown, filled = self.pack.vocabulary.facts[fact], ~self.codec.known(fact, codes), codes.copy()
        for mask in np.unique(ruled_out[unknown]).tolist():
            levels = frozenset(word for word, number in self.codec.words[fact].items() if mask >> number & 1)
            if left := highest_left(spec, levels):
                filled[unknown & (ruled_out == mask)] = self.codec.code(fact, left)
        return filled

    def _follows(self, place: Place, fact: str) -> bool:
        """Whether the fact is looked at before any rule speaks: of a dated item, or following from one."""
        facts, parts = self.pack.vocabulary.facts, self.pack.vocabulary.parts
        return bool(facts[fact].from_latest or (place != HERE and parts[place[0]].dated_by))

    def _padded(self, fact: str, values: Array, lanes: int) -> Array:
        if len(values) == lanes:
            return values
        column = self.codec.empty(fact, lanes)
        column[: len(values)] = values
        return column

    def _said(self, fact: str, values: Array, chosen: Cells | None) -> Array:
        """The values with those of the side whose reading this is."""
        if chosen is None:
            return values
        values = values.copy()
        known = self.codec.known(fact, chosen.codes)
        values[: len(known)][known] = chosen.codes[known]
        return values

    def _agreed(self, fact: str, values: Array, person: Cells, state: Cells) -> Array:
        """The values with what both sides say alike, which is not in dispute."""
        values, both = values.copy(), self.codec.known(fact, person.codes) & (person.codes == state.codes)
        values[: len(both)][both] = person.codes[both]
        return values

    def _date(self, table: Table, place: Place, fact: str, values: Array) -> None:
        if place != HERE and self.pack.vocabulary.parts[place[0]].dated_by == fact:
            table.dated[place] = values

    def _both(self, plain: Cells | None, disputed: Flags, fact: str, faults: Faults) -> None:
        for row in where(disputed & (plain.states != ABSENT)) if plain is not None else ():
            faults.setdefault(row, []).append((fact, "a disputed fact has what each side says and no value of its own"))

    def _lists(self, table: Table, found: Sequence[tuple[Column, Cells]], faults: Faults) -> None:
        for part in self.pack.vocabulary.parts.values():
            said, last = np.full(table.rows, -1, dtype=np.int16), np.full(table.rows, -1, dtype=np.int16)
            there: dict[int, list[Flags]] = {}
            for column, cells in found:
                if column.role == "size" and column.name == part.id:
                    said = cells.codes
                elif column.role == "fact" and column.place[0] == part.id:
                    here = (cells.states != ABSENT) & (cells.states != BAD)
                    there.setdefault(column.place[1], []).append(here)
            for index, flags in sorted(there.items()):
                last[_any(flags, table.rows)] = index
            size = np.where(said >= 0, said, np.where(last >= 0, last + 1, -1))
            self._check(table, part.id, said, last, faults)
            lanes = np.full(table.lanes, -1, dtype=np.int16)
            lanes[: table.rows] = size
            table.listed[part.id] = lanes >= 0
            table.present[part.id] = [lanes > index for index in range(max(0, int(size.max(initial=0))))]

    def _check(self, table: Table, part: str, said: Array, last: Array, faults: Faults) -> None:
        """What the single-case reader asks of a list."""
        spec = self.pack.vocabulary.parts[part]
        for row in where((said >= 0) & (last >= said)):
            faults.setdefault(row, []).append((f"{part}.size", "there are more items than the size says"))
        for row in where(said == 0) if spec.needs_items else ():
            faults.setdefault(row, []).append((f"{part}.size", f"the list of {part} is empty"))
        if not spec.dated_by or spec.unproved != "open" or spec.id == COUNTS:
            return
        size = np.maximum(said, last + 1)
        for index in range(int(size.max(initial=0))):
            dated = table.dated.get((part, index), np.zeros(table.lanes, dtype=np.int32))[: table.rows]
            for row in where((size > index) & (dated == 0)):
                faults.setdefault(row, []).append(
                    (f"{part}[{index}]", f"needs '{spec.dated_by}', known and undisputed")
                )


def _any(flags: Sequence[Flags], rows: int) -> Flags:
    total = np.zeros(rows, dtype=bool)
    for each in flags:
        total |= each
    return total
