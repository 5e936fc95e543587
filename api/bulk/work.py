"""One part: rows in, results and rejects out, each to a file of its own that appears only when whole."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from api.bulk.arrow import cells_of
from api.bulk.columns import Faults, FlatTables
from api.bulk.flat import Cells, Column, Decoder, columns_of
from api.bulk.parts import Format, Part, headers_of, opened, parquet, words_of
from api.bulk.records import SHORT, RecordReader
from api.bulk.rejects import Reject, of_clashes
from api.bulk.results import Done, Results
from engine.assess import Engine
from engine.bulk.encode import TableBuilder
from engine.bulk.planes import Array
from engine.bulk.table import Table
from engine.bulk.weigh import BulkEngine
from engine.facts.reading import Reading

#: Rows weighed at once.
CHUNK = 16_384
WIDE = 65_536


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
        self.bulk = BulkEngine(engine)
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
            rows = self._lines(part) if self.order.form == "ndjson" else iter(self._elements(part))
            while chunk := list(islice(rows, CHUNK)):
                yield from self._records(chunk)
        elif self.order.form == "csv":
            yield from self._csv(part)
        else:
            yield from self._parquet(part)

    def _bytes(self, part: Part) -> bytes:
        with self.order.source.open("rb") as file:
            file.seek(part.start)
            return file.read(part.length)

    def _lines(self, part: Part) -> Iterator[tuple[int, bytes]]:
        for number, line in enumerate(self._bytes(part).split(b"\n"), part.first):
            raw = line.strip().removeprefix(b"\xef\xbb\xbf" if number == 1 else b"")
            if raw:
                yield number, raw

    def _elements(self, part: Part) -> list[tuple[int, bytes]]:
        return [
            (number, text.encode("utf-8", "surrogatepass")) for number, text in enumerate(part.elements, part.first)
        ]

    def _records(self, rows: Sequence[tuple[int, bytes]]) -> Iterator[tuple[Done | None, list[Reject], int]]:
        """Rows whose lists are about as long share a table."""
        tables: dict[int, tuple[TableBuilder, list[int], list[str]]] = {}

        def builder(longest: int) -> TableBuilder:
            key = SHORT if longest <= SHORT else 1 << (longest - 1).bit_length()
            if key not in tables:
                tables[key] = (TableBuilder(self.pack, self.bulk.codec), [], [])
            return tables[key][0]

        rejects = []
        for number, raw in rows:
            read = self.records.read(raw, number, builder)
            if isinstance(read, Reject):
                rejects.append(read)
            else:
                _, numbers, references = next(entry for entry in tables.values() if entry[0] is read[1])
                numbers.append(number)
                references.append(read[0])
        self.records.forget()
        yield None, rejects, len(rejects)
        for made, numbers, references in tables.values():
            if numbers:
                yield self._weighed(made.table(), np.array(numbers), references, {})

    def _csv(self, part: Part) -> Iterator[tuple[Done | None, list[Reject], int]]:
        columns = columns_of(headers_of(self.order.source, "csv"), self.pack)
        text = self._bytes(part).decode("utf-8", "replace")
        rows = (row for row in enumerate(csv.reader(io.StringIO(text, newline="")), part.first) if row[1])
        empty = [""] * len(columns)
        while chunk := list(islice(rows, CHUNK)):
            ragged = [at for at, (_, row) in enumerate(chunk) if len(row) != len(columns)]
            faults: Faults = {at: [("", "the row has not as many cells as there are columns")] for at in ragged}
            by_column = list(zip(*(empty if at in faults else row for at, (_, row) in enumerate(chunk)), strict=True))
            found = [(column, self._texts(column, cells)) for column, cells in zip(columns, by_column, strict=True)]
            named = [cells for column, cells in zip(columns, by_column, strict=True) if column.role == "case"]
            references = named[0] if named else [""] * len(chunk)
            yield self._flat(np.array([number for number, _ in chunk]), found, references, faults)

    def _texts(self, column: Column, cells: Sequence[str]) -> Cells:
        if column.role in ("case", "ignored"):
            return Cells(np.zeros(0), np.zeros(0, dtype=np.uint8), {})
        numbers: dict[str, int] = {}
        which = np.array([numbers.setdefault(cell, len(numbers)) for cell in cells])
        return self.decoder.decode(column, list(numbers), which)

    def _parquet(self, part: Part) -> Iterator[tuple[Done | None, list[Reject], int]]:
        first = part.first
        columns = columns_of(headers_of(self.order.source, "parquet"), self.pack)
        with opened(self.order.source, words_of(self.order.source)) as file:
            for batch in file.iter_batches(batch_size=WIDE, row_groups=[part.start], use_threads=False):
                found = [
                    (column, cells_of(self.decoder, column, batch.column(at))) for at, column in enumerate(columns)
                ]
                named = [batch.column(at).to_pylist() for at, column in enumerate(columns) if column.role == "case"]
                references = (
                    ["" if name is None else str(name) for name in named[0]] if named else [""] * batch.num_rows
                )
                yield self._flat(np.arange(first, first + batch.num_rows), found, references, {})
                first += batch.num_rows

    def _flat(
        self, numbers: Array, found: Sequence[tuple[Column, Cells]], references: Sequence[str], broken: Faults
    ) -> tuple[Done | None, list[Reject], int]:
        told = [(column, cells) for column, cells in found if column.role not in ("case", "ignored")]
        table, faults = self.flat.table(len(numbers), told)
        return self._weighed(table, numbers, references, {**faults, **broken})

    def _weighed(
        self, table: Table, numbers: Array, references: Sequence[str], faults: Faults
    ) -> tuple[Done | None, list[Reject], int]:
        weighing = self.bulk.weigh(table)
        rejects = [Reject(int(numbers[row]), tuple(reasons)) for row, reasons in sorted(faults.items())]
        contradict = [row for row in np.flatnonzero(weighing.refused).tolist() if row not in faults]
        rejects += [of_clashes(int(numbers[row]), weighing.reasons(row)) for row in contradict]
        keep = ~weighing.refused
        keep[list(faults)] = False
        done = Done(weighing, numbers, references, table.assessed_on, np.flatnonzero(keep))
        return done, rejects, table.rows


def place_of(order: Order, number: int, what: str) -> Path:
    """Where a file of a part stands."""
    return order.folder / f"{number:08d}.{what}"


class whole:
    """A file that takes its name only when it is complete."""

    def __init__(self, path: Path) -> None:
        self.path, self.unfinished = path, path.with_name(f"{path.name}.{os.getpid()}.unfinished")

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
    """The results of a part: lines, or a Parquet file."""

    def __init__(self, path: Path, results: Results, *, as_parquet: bool) -> None:
        super().__init__(path)
        self.results, self.as_parquet = results, as_parquet
        self.writer: Any = None

    def __enter__(self) -> _Output:
        super().__enter__()
        if self.as_parquet:
            self.writer = parquet().ParquetWriter(self.file, self.results.schema, compression="zstd")
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        if self.writer is not None and kind is None:
            self.writer.close()
        super().__exit__(kind, *rest)

    def write(self, done: Done) -> int:
        """Write results; how many."""
        if self.writer is not None:
            self.writer.write_table(self.results.arrow(done))
        else:
            self.file.write("".join(self.results.lines(done)).encode())
        return len(done.kept)
