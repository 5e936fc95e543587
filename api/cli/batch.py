"""``dedere batch``: every case of a file, assessed into another."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from api.bulk.parts import PART_BYTES, Part, format_of
from api.bulk.run import Options, Totals, run
from api.bulk.work import Count
from api.cli.desk import As, On, as_day, as_reading
from engine.errors import InputProblems, Problem


def command(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Cases: .ndjson, .json (an array), .csv or .parquet.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Results: .ndjson or .parquet.")],
    *,
    on: On = "",
    reading: As = "neutral",
    statuses: Annotated[
        bool, typer.Option("--statuses/--no-statuses", help="Write the status of every ground.")
    ] = True,
    processes: Annotated[int, typer.Option("--processes", min=1, help="Worker processes.")] = os.cpu_count() or 1,
    scheduler: Annotated[
        str, typer.Option("--scheduler", metavar="ADDRESS", help="Use the workers of this Dask scheduler instead.")
    ] = "",
    part_bytes: Annotated[
        int, typer.Option("--part-bytes", min=1_000, max=200_000_000, help="How much of a text file is one part.")
    ] = PART_BYTES,
    force: Annotated[bool, typer.Option("--force", help="Write over OUT if it exists.")] = False,
) -> None:
    """Assess every case of IN into OUT, by the compiled engine.

    Rows that cannot be assessed go to OUT.rejects.ndjson with row number and reasons. After an
    interruption the same command goes on where it stopped.
    """
    if out.exists() and not force:
        raise InputProblems([Problem("the file exists", str(out), fix="Use --force to write over it")])
    options = Options(as_day(on) if on else None, as_reading(reading), statuses, processes, part_bytes, scheduler)
    form = format_of(source)
    total = source.stat().st_size if form in ("ndjson", "csv") and source.exists() else None
    bar = Progress(
        TextColumn("{task.fields[rows]:>12,} rows"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        auto_refresh=False,  # no thread: the worker processes are copies of this one
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task, rows = bar.add_task("", total=total, rows=0), 0

        def tell(count: Count, part: Part) -> None:
            nonlocal rows
            rows += count.rows
            bar.update(task, completed=part.start + part.length if total else None, rows=rows, refresh=True)

        totals = run(source, out, options, tell)
    _say(totals, out)


def _say(totals: Totals, out: Path) -> None:
    again = f" ({totals.resumed} parts had been done before)" if totals.resumed else ""
    said = f"{totals.rows:,} rows: {totals.results:,} results, {totals.rejects:,} rejects{again}\n"
    sys.stderr.write(said + (f"See {out}.rejects.ndjson\n" if totals.rejects else ""))
