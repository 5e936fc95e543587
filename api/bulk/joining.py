"""The last step of a batch: its parts become one file of results and one of rejects."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.bulk.arrow import batches_in
from api.bulk.offices import REJECTS, RESULTS, rejects_in, results_in, write
from api.bulk.parts import parquet
from api.bulk.results import Results
from api.bulk.work import Count, Order, place_of, whole
from engine.assess import Engine
from engine.errors import InternalError

#: What results may be written as, by the ending of the name.
OUT_FORMATS = {
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
    ".csv": "csv",
    ".xlsx": "xlsx",
}
#: Spreadsheets, whose rejects are one too.
_OFFICE = ("csv", "xlsx")


@dataclass(frozen=True)
class Totals:
    """What came of the whole input, and how many parts had been done before."""

    rows: int
    results: int
    rejects: int
    resumed: int
    #: What was found about the input and is worth telling
    notices: tuple[str, ...] = ()
    rejects_in: Path = Path()


def join(engine: Engine, order: Order, out: Path, headers: list[str], counts: list[Count]) -> Totals:
    """The parts in order become OUT and its rejects, which are counted before anything takes its name."""
    form = OUT_FORMATS[out.suffix.lower()]
    totals = Totals(
        sum(count.rows for count in counts),
        sum(count.results for count in counts),
        sum(count.rejects for count in counts),
        resumed=0,
        rejects_in=out.with_name(f"{out.name}.rejects.{form if form in _OFFICE else 'ndjson'}"),
    )
    refused_in = [place_of(order, count.part, "rejects") for count in counts]
    results = [place_of(order, count.part, "results") for count in counts]
    with whole(totals.rejects_in) as lines:
        if form in _OFFICE:
            write(lines, REJECTS, rejects_in(refused_in, headers), as_workbook=form == "xlsx")
            refused = sum(path.read_bytes().count(b"\n") for path in refused_in)
        else:
            refused = _append(lines, refused_in)
        with whole(out) as file:
            if form in _OFFICE:
                written = write(file, RESULTS, results_in(results), as_workbook=form == "xlsx")
            elif order.parquet_out:
                written = _append_parquet(file, results, Results(engine, statuses=order.statuses))
            else:
                written = _append(file, results)
            if (written, refused) != (totals.results, totals.rejects) or totals.rows != written + refused:
                raise InternalError(
                    f"{totals.rows} rows gave {written} results and {refused} rejects; nothing was written"
                )
    shutil.rmtree(order.folder)
    return totals


def _append(target: Any, paths: Iterable[Path]) -> int:
    lines = 0
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 22):
                lines += block.count(b"\n")
                target.write(block)
    return lines


def _append_parquet(target: Any, paths: Iterable[Path], results: Results) -> int:
    """A row group for each part that has results."""
    rows = 0
    how = {"compression": "zstd", "compression_level": 1, "write_statistics": ["row", "case"]}
    with parquet().ParquetWriter(target, results.schema, **how) as writer:
        for path in paths:
            part = batches_in(path)
            rows += part.num_rows
            if part.num_rows:
                writer.write_table(part, row_group_size=part.num_rows)
    return rows
