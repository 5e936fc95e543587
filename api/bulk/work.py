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

from api.bulk.arrow import NOTHING, batches_into, cells_of, texts_of
from api.bulk.columns import Faults, FlatTables
from api.bulk.parts import Format, Part, headers_of, opened, words_of
from api.bulk.records import SHORT, RecordReader
from api.bulk.rejects import Reject, of_clashes
from api.bulk.results import Done, Results
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
from engine.bulk.table import Table
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
        """Rows one by one; those whose lists are about as long share a table."""
        builders: dict[int, TableBuilder] = {}
        found: dict[TableBuilder, tuple[list[int], list[str]]] = {}

        def builder(longest: int) -> TableBuilder:
            key = SHORT if longest <= SHORT else 1 << (longest - 1).bit_length()
            if key not in builders:
                builders[key] = TableBuilder(self.pack, self.bulk.codec)
                found[builders[key]] = [], []
            return builders[key]

        rejects = []
        for number, line in rows:
            read = self.records.read(line, number, builder)
            if isinstance(read, Reject):
                rejects.append(read)
            else:
                numbers, references = found[read[1]]
                numbers.append(number)
                references.append(read[0])
        self.records.forget()
        yield None, rejects, len(rejects)
        for longest in sorted(builders, reverse=True):
            numbers, references = found[builders[longest]]
            if numbers:
                yield self._weighed(builders[longest].table(), np.array(numbers), references, {})

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
    """The results of a part: lines, or batches of Arrow that become a row group."""

    def __init__(self, path: Path, results: Results, *, as_parquet: bool) -> None:
        super().__init__(path)
        self.results, self.as_parquet = results, as_parquet
        self.batches: Any = None

    def __enter__(self) -> _Output:
        super().__enter__()
        if self.as_parquet:
            self.batches = batches_into(self.file, self.results.schema)
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        if self.batches is not None:
            self.batches.close()
        super().__exit__(kind, *rest)

    def write(self, done: Done) -> int:
        """Write results; how many."""
        if self.batches is None:
            self.file.write("".join(self.results.lines(done)).encode())
        elif len(done.kept):
            self.batches.write_batch(self.results.batch(done))
        return len(done.kept)
