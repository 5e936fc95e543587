"""One part: rows in, results and rejects out, each to a file of its own that appears only when whole."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np

from api.bulk.arrow import NOTHING, cells_of, texts_of
from api.bulk.columns import Faults, FlatTables
from api.bulk.pages import RowGroup
from api.bulk.parts import Format, Part, headers_of, opened, words_of
from api.bulk.records import SHORT, RecordReader
from api.bulk.regular import RegularReader
from api.bulk.rejects import Reject, of_clashes
from api.bulk.results import Done, Results
from api.bulk.structs import StructTables
from api.cases.csvrows import swallowed
from api.cases.flat_columns import (
    Cells,
    Column,
    Decoder,
    columns_of,
)
from engine.assess import Engine
from engine.bulk.encode import TableBuilder
from engine.bulk.planes import Array
from engine.bulk.table import Table, joined
from engine.bulk.weigh import BulkEngine
from engine.facts.reading import Reading

#: Rows weighed at once.
CHUNK = 32_768
WIDE = 131_072


@dataclass(frozen=True)
class Order:
    """What is to be done with the whole input."""

    source: Path
    form: Format
    parquet_out: bool
    folder: Path
    on: date | None
    reading: Reading
    statuses: bool
    #: Names and patterns of columns that are passed over
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """What came of one part."""

    part: int
    rows: int
    results: int
    rejects: int


class Worker:
    """Does parts of one order, one after the other."""

    def __init__(self, engine: Engine, order: Order) -> None:
        self.order = order
        self.bulk = BulkEngine(engine, statuses=order.statuses)
        self.results = Results(engine, statuses=order.statuses)
        self.records = RecordReader(engine, self.bulk.codec, order.reading, order.on)
        self.regular = RegularReader(engine.pack, self.bulk.codec)
        self.structs = StructTables(self.records)
        self.flat = FlatTables(engine.pack, self.bulk.codec, order.reading, order.on)
        self.decoder = Decoder(engine.pack, self.bulk.codec)
        self.pack = engine.pack

    def do(self, part: Part) -> Count:
        """Weigh a part and write its files; the count is written last and makes it done."""
        rows = kept = refused = 0
        target, rejected = place_of(self.order, part.number, "results"), place_of(self.order, part.number, "rejects")
        with _Output(target, self.results, as_parquet=self.order.parquet_out) as output, whole(rejected) as lines:
            for done, rejects, size in self._chunks(part):
                rows += size
                kept += output.write(done) if done is not None else 0
                refused += len(rejects)
                lines.write("".join(reject.line() for reject in rejects).encode())
        count = Count(part.number, rows, kept, refused)
        with whole(place_of(self.order, part.number, "count")) as file:
            file.write(json.dumps([rows, kept, refused]).encode())
        return count

    def _chunks(self, part: Part) -> Iterator[tuple[Done | None, list[Reject], int]]:
        if self.order.form in ("ndjson", "json"):
            rows = self._lines(part) if self.order.form == "ndjson" else self._elements(part)
            for start in range(0, len(rows), CHUNK):
                yield from self._records(rows[start : start + CHUNK])
        elif self.order.form == "csv":
            yield from self._csv(part)
        else:
            yield from self._parquet(part)

    @cached_property
    def _columns(self) -> list[Column]:
        """The columns of a flat file, the same for all its parts."""
        return columns_of(headers_of(self.order.source, self.order.form), self.pack, self.order.ignore)

    @cached_property
    def _words(self) -> list[str]:
        return words_of(self.order.source)

    def _bytes(self, part: Part) -> bytes:
        with self.order.source.open("rb") as file:
            file.seek(part.start)
            return file.read(part.length)

    def _lines(self, part: Part) -> list[tuple[int, bytes]]:
        lines = self._bytes(part).split(b"\n")
        if part.first == 1:
            lines[0] = lines[0].strip().removeprefix(b"\xef\xbb\xbf")
        return [(number, raw) for number, line in enumerate(lines, part.first) if (raw := line.strip())]

    def _elements(self, part: Part) -> list[tuple[int, bytes]]:
        return [
            (number, text.encode("utf-8", "surrogatepass")) for number, text in enumerate(part.elements, part.first)
        ]

    def _records(self, rows: Sequence[tuple[int, bytes]]) -> Iterator[tuple[Done | None, list[Reject], int]]:
        """Rows of one form are read together, the others one by one; all whose lists are short share a table."""
        numbers, lines = [number for number, _ in rows], [raw for _, raw in rows]
        pieces, references = list[tuple[Table, Array, Array]](), [""] * len(rows)
        left = np.ones(len(rows), dtype=bool)
        for found, at in self.regular.read(lines):
            table, doubt = self.structs.table(found)
            taken = np.flatnonzero(~doubt)
            left[at[taken]] = False
            pieces.append((table, taken, at[taken]))
            named = found["case"].fill_null("").to_pylist()
            for row in taken.tolist():
                references[at[row]] = named[row]
        rejects, single = self._single(np.flatnonzero(left).tolist(), numbers, lines, references)
        yield None, rejects, len(rejects)
        for longest, (made, places) in single.items():
            if longest > SHORT and places:
                here = np.array(places)
                yield self._weighed(made.table(), np.array(numbers)[here], [references[at] for at in places], {})
            elif places:
                pieces.append((made.table(), np.arange(len(places)), np.array(places)))
        if pieces:
            yield self._together(pieces, np.array(numbers), references)

    def _single(
        self, left: list[int], numbers: list[int], lines: list[bytes], references: list[str]
    ) -> tuple[list[Reject], dict[int, tuple[TableBuilder, list[int]]]]:
        """Rows one by one, into builders for lists about as long; their references are noted."""
        tables: dict[int, tuple[TableBuilder, list[int]]] = {}

        def builder(longest: int) -> TableBuilder:
            key = SHORT if longest <= SHORT else 1 << (longest - 1).bit_length()
            if key not in tables:
                tables[key] = (TableBuilder(self.pack, self.bulk.codec), [])
            return tables[key][0]

        rejects = []
        for at in left:
            read = self.records.read(lines[at], numbers[at], builder)
            if isinstance(read, Reject):
                rejects.append(read)
            else:
                references[at] = read[0]
                next(places for made, places in tables.values() if made is read[1]).append(at)
        self.records.forget()
        return rejects, tables

    def _together(
        self, pieces: list[tuple[Table, Array, Array]], numbers: Array, references: list[str]
    ) -> tuple[Done | None, list[Reject], int]:
        """Rows read in several ways, in their order."""
        order = np.sort(np.concatenate([at for _, _, at in pieces]))
        placed = [(table, taken, np.searchsorted(order, at)) for table, taken, at in pieces]
        table = joined(placed, len(order), self.bulk.codec)
        return self._weighed(table, numbers[order], [references[at] for at in order.tolist()], {})

    def _csv(self, part: Part) -> Iterator[tuple[Done | None, list[Reject], int]]:
        columns = self._columns
        text = self._bytes(part).decode("utf-8", "replace")
        rows = (row for row in enumerate(csv.reader(io.StringIO(text, newline="")), part.first) if any(row[1]))
        empty = [""] * len(columns)
        while chunk := list(islice(rows, CHUNK)):
            quoted = '"' in text
            ragged = [at for at, (_, row) in enumerate(chunk) if len(row) != len(columns)]
            faults: Faults = {at: [("", "the row has not as many cells as there are columns")] for at in ragged}
            faults |= {at: [_SWALLOWS] for at, (_, row) in enumerate(chunk) if quoted and _swallows(row)}
            by_column = list(zip(*(empty if at in faults else row for at, (_, row) in enumerate(chunk)), strict=True))
            pairs = zip(columns, by_column, strict=True)
            found = [(each, self._texts(each, cells)) for column, cells in pairs for each in column.all]
            named = next((at for at, column in enumerate(columns) if column.role == "case"), len(columns))
            references = [row[named] if named < len(row) else "" for _, row in chunk]
            yield self._flat(np.array([number for number, _ in chunk]), found, references, faults)

    def _texts(self, column: Column, cells: Sequence[str]) -> Cells:
        if column.role in ("case", "ignored"):
            return NOTHING
        numbers: dict[str, int] = {}
        which = np.array([numbers.setdefault(cell, len(numbers)) for cell in cells])
        return self.decoder.decode(column, list(numbers), which)

    def _parquet(self, part: Part) -> Iterator[tuple[Done | None, list[Reject], int]]:
        first, columns = part.first, self._columns
        with opened(self.order.source, self._words) as file:
            for batch in file.iter_batches(batch_size=WIDE, row_groups=[part.start], use_threads=False):
                found = [
                    (each, cells_of(self.decoder, each, batch.column(at)))
                    for at, column in enumerate(columns)
                    for each in column.all
                ]
                named = [batch.column(at) for at, column in enumerate(columns) if column.role == "case"]
                references = texts_of(named[0]) if named else [""] * batch.num_rows
                yield self._flat(np.arange(first, first + batch.num_rows), found, references, {})
                first += batch.num_rows

    def _flat(
        self, numbers: Array, found: Sequence[tuple[Column, Cells]], references: Any, broken: Faults
    ) -> tuple[Done | None, list[Reject], int]:
        told = [(column, cells) for column, cells in found if column.role not in ("case", "ignored")]
        table, faults = self.flat.table(len(numbers), told)
        return self._weighed(table, numbers, references, {**faults, **broken})

    def _weighed(
        self, table: Table, numbers: Array, references: Any, faults: Faults
    ) -> tuple[Done | None, list[Reject], int]:
        weighing = self.bulk.weigh(table)
        rejects = [
            Reject(int(numbers[row]), tuple(reasons), str(references[row])) for row, reasons in sorted(faults.items())
        ]
        contradict = [row for row in np.flatnonzero(weighing.refused).tolist() if row not in faults]
        rejects += [of_clashes(int(numbers[row]), weighing.reasons(row), str(references[row])) for row in contradict]
        keep = ~weighing.refused
        keep[list(faults)] = False
        done = Done(weighing, numbers, references, table.assessed_on, np.flatnonzero(keep))
        return done, rejects, table.rows


#: Why a row is refused whose quoted cell holds other rows.
_SWALLOWS = ("", "a quote is opened here and closed some rows later; those rows were not read. Close it in its cell")


def _swallows(row: Sequence[str]) -> bool:
    return any("\n" in cell and swallowed(cell, ",", len(row)) for cell in row)


def place_of(order: Order, number: int, what: str) -> Path:
    """Where a file of a part stands."""
    return order.folder / f"{number:08d}.{what}"


class whole:
    """A file that takes its name only when it is complete."""

    def __init__(self, path: Path) -> None:
        self.path, self.unfinished = path, path.with_name(f"{path.name}.{token_hex(8)}.unfinished")

    def __enter__(self) -> Any:
        self.file = self.unfinished.open("wb")
        return self.file

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.file.flush()
            os.fsync(self.file.fileno())
        self.file.close()
        if kind is None:
            self.unfinished.replace(self.path)


class _Output(whole):
    """The results of a part: lines, or the pages of a row group."""

    def __init__(self, path: Path, results: Results, *, as_parquet: bool) -> None:
        super().__init__(path)
        self.results, self.group = results, RowGroup(results.fields) if as_parquet else None

    def __enter__(self) -> _Output:
        super().__enter__()
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        if self.group is not None and kind is None:
            self.group.write(self.file)
        super().__exit__(kind, *rest)

    def write(self, done: Done) -> int:
        """Write results; how many."""
        if self.group is None:
            self.file.write("".join(self.results.lines(done)).encode())
        elif len(done.kept):
            self.group.add(len(done.kept), self.results.columns(done))
        return len(done.kept)
