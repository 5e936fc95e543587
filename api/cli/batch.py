"""``dedere batch``: every case of a file, assessed into another."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from api.bulk.joining import Totals
from api.bulk.parts import PART_BYTES, Part, format_of
from api.bulk.run import Options, run
from api.bulk.work import Count
from api.cli.desk import As, On, as_day, as_reading
from engine.errors import InputProblems, Problem


def command(
    source: Annotated[
        Path,
        typer.Argument(metavar="IN", help="Cases: .ndjson, .json (an array), .csv, .tsv, .xlsx, .ods or .parquet."),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Results: .ndjson, .parquet, .csv or .xlsx.")],
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
    charset: Annotated[
        str, typer.Option("--charset", metavar="NAME", help="What the characters of a text file are: windows-1251.")
    ] = "",
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="COLUMN", help="Pass over a column: its name, or a pattern as 'Note*'."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over OUT if it exists.")] = False,
) -> None:
    """Assess every case of IN into OUT, by the compiled engine.

    Rows that cannot be assessed go to OUT.rejects.ndjson with row number and reasons, to a
    spreadsheet where OUT is one. After an interruption the same command goes on where it stopped.
    """
    if out.exists() and not force:
        raise InputProblems([Problem("the file exists", str(out), fix="Use --force to write over it")])
    options = Options(
        as_day(on) if on else None,
        as_reading(reading),
        statuses,
        processes,
        part_bytes,
        scheduler,
        charset,
        tuple(ignore or ()),
    )
    format_of(source)
    known = source.exists() and source.suffix.lower() in (".ndjson", ".jsonl", ".csv")
    total = source.stat().st_size if known else None
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
    _say(totals)


def _say(totals: Totals) -> None:
    again = f" ({totals.resumed} parts had been done before)" if totals.resumed else ""
    said = f"{totals.rows:,} rows: {totals.results:,} results, {totals.rejects:,} rejects{again}\n"
    notices = "".join(f"{notice}\n" for notice in totals.notices)
    sys.stderr.write(notices + said + (f"See {totals.rejects_in}\n" if totals.rejects else ""))
