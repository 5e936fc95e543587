"""Tables from rows that were read as Arrow structs, and the rows that only the single-case reader may judge.

Every value goes through the codes of ``RecordReader``, so that it means what it means in a single row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from api.bulk.arrow import flags_of, known_in
from api.bulk.records import SHORT, Codes, LongWay, RecordReader
from engine.bulk.planes import Array, Flags
from engine.bulk.table import UNKNOWN_SET, Table
from engine.facts.columns import HERE, Place
from engine.facts.values import LARGEST
from engine.facts.vocabulary import Fact, Part

_BAD = object()
Fields = Iterable[tuple[str, Any]]


class StructTables:
    """Makes tables by the codes of one reader."""

    def __init__(self, reader: RecordReader) -> None:
        self.reader, self.pack, self.codec = reader, reader.engine.pack, reader.codec

    def table(self, rows: Any) -> tuple[Table, Flags]:
        """The table of some rows, and which of them are in doubt."""
        doubt = np.zeros(rows.num_rows, dtype=bool)
        table = Table.of(rows.num_rows)
        self._day(table, _whole(rows["assessed_on"]), doubt)
        self._facts(table, HERE, _fields(_whole(rows["facts"])), np.arange(rows.num_rows), doubt)
        self._variants(table, _fields(_whole(rows["variants"])), doubt)
        for part in self.pack.vocabulary.parts.values():
            self._part(table, part, _whole(rows[part.id]), doubt)
        return table, doubt

    def _day(self, table: Table, values: Any, doubt: Flags) -> None:
        codes, bad = _by_word(values, self._date, 0)
        doubt |= bad
        days = codes.astype(np.int32)
        if self.reader.on is not None:
            table.own_days = np.zeros(table.lanes, dtype=np.int32)
            table.own_days[: table.rows] = days
            days[:] = self.reader.on.toordinal()
        doubt |= days == 0
        table.assessed_on[: table.rows] = np.maximum(days, 1)

    def _date(self, raw: str) -> int:
        return self.reader.day_of(raw).toordinal()

    def _variants(self, table: Table, fields: Fields, doubt: Flags) -> None:
        given = dict(fields)
        for name, variant in self.pack.variants.items():
            values = list(variant.values)
            codes, bad = _by_word(given[name], values.index, values.index(variant.default))
            doubt |= bad
            table.variants[name] = np.zeros(table.lanes, dtype=np.int16)
            table.variants[name][: table.rows] = codes

    def _facts(self, table: Table, place: Place, fields: Fields, at: Array, doubt: Flags) -> None:
        """Columns of the facts of a place; ``at`` are the rows that have it."""
        for name, values in fields:
            if values.null_count == len(values):
                continue
            codes, bad = self._codes(self.reader.codes[place[0]][name], values)
            doubt[at[bad]] = True
            column = self.codec.empty(name, table.lanes)
            column[at] = codes
            table.columns.setdefault(place, {})[name] = column

    def _codes(self, codes: Codes, values: Any) -> tuple[Array, Flags]:
        """The codes of an Arrow array, and which of its values are in doubt."""
        import pyarrow as pa  # noqa: PLC0415 - an optional extra

        _, unknown = self.codec.form(codes.fact.id)
        if pa.types.is_boolean(values.type):
            return flags_of(values).codes, np.zeros(len(values), dtype=bool)
        if pa.types.is_floating(values.type):
            return _numbers(codes.fact, values)
        if pa.types.is_list(values.type):
            kind = self.codec.kinds[codes.fact.id]
            return _masks(self.codec.words[codes.fact.id], values) if kind == "mask" else _by_list(values, codes)
        return _by_word(values, codes.__getitem__, unknown)

    def _part(self, table: Table, part: Part, lists: Any, doubt: Flags) -> None:
        listed = known_in(lists)
        starts = lists.offsets.to_numpy()
        sizes = np.where(listed, np.diff(starts), 0)
        doubt |= (sizes > SHORT) | (listed & (sizes == 0) & part.needs_items)
        table.listed[part.id] = _lanes(listed, table.lanes)
        items = dict(_fields(lists.flatten()))
        row = np.repeat(np.arange(table.rows), sizes)
        index = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        self._names(part, items.pop("id"), row, index, doubt)
        del items["title"]
        longest = min(SHORT, int(sizes.max(initial=0)))
        table.present[part.id] = [_lanes(sizes > number, table.lanes) for number in range(longest)]
        for number in range(longest):
            here = np.flatnonzero(index == number)
            fields = ((name, values.take(here)) for name, values in items.items())
            self._facts(table, (part.id, number), fields, row[here], doubt)
            if part.dated_by:
                self._dated(table, part, number, row[here], doubt)

    def _dated(self, table: Table, part: Part, number: int, at: Array, doubt: Flags) -> None:
        dated = table.columns.get((part.id, number), {}).get(part.dated_by)
        if dated is not None:
            table.dated[(part.id, number)] = dated
        if part.unproved == "open":
            doubt[at] |= (dated[at] if dated is not None else np.zeros(len(at))) == 0

    def _names(self, part: Part, names: Any, row: Array, index: Array, doubt: Flags) -> None:
        """Two items of one name put their row in doubt; an item without one is called by its number."""
        if names.null_count == len(names):
            return
        numbers: dict[str, int] = {}
        called = [name or f"{part.item}-{at + 1}" for name, at in zip(names.to_pylist(), index.tolist(), strict=True)]
        keys = row * len(called) + np.array([numbers.setdefault(name, len(numbers)) for name in called])
        distinct, times = np.unique(keys, return_counts=True)
        doubt[distinct[times > 1] // len(called)] = True


def _whole(column: Any) -> Any:
    """A column of a table as one array."""
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _fields(structs: Any) -> list[tuple[str, Any]]:
    """The fields of structs; null where the struct is."""
    return list(zip((field.name for field in structs.type), structs.flatten(), strict=True))


def _lanes(flags: Flags, lanes: int) -> Flags:
    return np.pad(flags, (0, lanes - len(flags)))


def _by_word(values: Any, read: Any, unknown: Any) -> tuple[Array, Flags]:
    """Codes by the distinct words; one that cannot be read is in doubt."""
    words = values.dictionary_encode()
    found = [_read(read, word) for word in words.dictionary.to_pylist()]
    which = words.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
    codes = np.array([unknown if code is None or code is _BAD else code for code in found] + [unknown])
    return codes[which], np.array([code is _BAD for code in found] + [False])[which]


def _by_list(values: Any, codes: Codes) -> tuple[Array, Flags]:
    """Codes by the distinct lists."""
    cells = [None if cell is None else tuple(cell) for cell in values.to_pylist()]
    known: dict[Any, Any] = {cell: _read(codes.__getitem__, cell) for cell in set(cells) if cell is not None}
    found = [known.get(cell) for cell in cells]
    bad = np.array([code is _BAD for code in found])
    return np.array([-1 if code is None or code is _BAD else code for code in found]), bad


def _read(read: Any, raw: Any) -> Any:
    try:
        return read(raw)
    except (LongWay, ValueError):
        return _BAD


def _masks(words: dict[str, int], values: Any) -> tuple[Array, Flags]:
    """Sets as bits; a word that is none of the fact's puts its set in doubt."""
    known, sizes = known_in(values), np.diff(values.offsets.to_numpy())
    sizes = np.where(known, sizes, 0)
    held = values.flatten().dictionary_encode()
    bits = [np.uint64(1 << words[word]) if word in words else np.uint64(0) for word in held.dictionary.to_pylist()]
    each = np.array([*bits, 0], dtype=np.uint64)[held.indices.to_numpy()]
    at = np.repeat(np.arange(len(values)), sizes)
    masks = np.zeros(len(values), dtype=np.uint64)
    np.bitwise_or.at(masks, at, each)
    bad = np.zeros(len(values), dtype=bool)
    bad[at[each == 0]] = True
    masks[~known] = np.uint64(UNKNOWN_SET)
    return masks, bad


def _numbers(fact: Fact, values: Any) -> tuple[Array, Flags]:
    numbers = values.to_numpy(zero_copy_only=False)
    low = -LARGEST if fact.minimum is None else max(fact.minimum, -LARGEST)
    high = LARGEST if fact.maximum is None else min(fact.maximum, LARGEST)
    return numbers, known_in(values) & ~((numbers >= low) & (numbers <= high))
