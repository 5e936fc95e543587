"""A whole batch: the book of what is done, worker processes, resuming, and joining the parts.

Beside OUT stands a folder OUT.parts with an order (digest of the input, digest of the law, options) and
the files of every finished part. A run that finds such a folder for the same order does only what is
missing; for any other order it refuses. The folder goes when OUT is complete and has been counted.
"""

from __future__ import annotations

import gc
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from threading import active_count
from typing import Any
from warnings import catch_warnings, simplefilter

from api.bulk import cluster
from api.bulk.joining import OUT_FORMATS, Totals, join
from api.bulk.offices import xlsxwriter
from api.bulk.parts import PART_BYTES, Part, format_of, headers_of, parquet, parts_of
from api.bulk.spreadsheets import Spreadsheet, copy, head_of, opened
from api.bulk.work import Count, Order, Worker, whole
from api.cases.flat_columns import columns_of
from api.law.content import load_engine
from api.workers.parent import end_with_parent
from engine import ENGINE_VERSION
from engine.assess import Engine
from engine.errors import InputProblems, InternalError, Problem
from engine.facts.reading import Reading

#: The copy of a spreadsheet that is read in parts, in the folder of parts.
_COPY = "input.csv"
#: Called after each part with what came of it and the bytes or rows it covered.
Tell = Callable[[Count, Part], None]


@dataclass(frozen=True)
class Options:
    """How a batch is to be run: by processes of this machine, or by the workers of a Dask scheduler."""

    on: date | None = None
    reading: Reading = "neutral"
    statuses: bool = True
    processes: int = 1
    part_bytes: int = PART_BYTES
    scheduler: str = ""
    #: Of a text file: what its characters are, "" to be told by its bytes
    charset: str = ""
    #: Names and patterns of columns that are passed over
    ignore: tuple[str, ...] = ()


def run(source: Path, out: Path, options: Options, tell: Tell = lambda _count, _part: None) -> Totals:
    """Assess every row of ``source`` into ``out``.

    Raises:
        InputProblems: the files cannot be used, or an unfinished run was for something else.
        InternalError: rows were lost or doubled; OUT is not written.
    """
    form, wanted = format_of(source), OUT_FORMATS.get(out.suffix.lower())
    if wanted is None:
        fix = f"Use one of: {', '.join(OUT_FORMATS)}"
        raise InputProblems([Problem("results are NDJSON, Parquet, CSV or XLSX", str(out), fix=fix)])
    if not source.is_file():
        raise InputProblems([Problem("no such file", str(source))])
    if "parquet" in (wanted, form):
        parquet()
    if wanted == "xlsx":
        xlsxwriter()
    engine = load_engine()
    sheet = opened(source, options.charset) if form == "csv" else None
    copied = sheet is not None and not sheet.plain
    headers = head_of(sheet) if sheet is not None and copied else headers_of(source, form)
    columns_of(headers, engine.pack, options.ignore)
    folder = out.absolute().with_name(out.name + ".parts")
    how = options.on, options.reading, options.statuses, options.ignore
    order = Order(source.absolute(), form, wanted == "parquet", folder, *how)
    parts: list[int] = []
    with cluster.connected(options.scheduler) as client:
        done = _open(order, engine, options)
        resumed = len(done)
        if sheet is not None and copied:
            order = _copied(order, sheet)
        todo = _noting(parts_of(order.source, form, options.part_bytes), parts, done)
        if client is not None:
            counted = cluster.counts(client, order, cluster.Law(engine.pack.digest), todo)
        else:
            counted = _counts(engine, order, todo, options.processes)
        for count, part in counted:
            done[count.part] = count
            tell(count, part)
    totals = join(engine, order, out, headers, [done[number] for number in parts])
    notices = sheet.notices if sheet is not None else ()
    return replace(totals, resumed=resumed, notices=notices)


def _copied(order: Order, sheet: Spreadsheet) -> Order:
    """The order for a copy of the spreadsheet as plain CSV, made unless an earlier run made it."""
    path = order.folder / _COPY
    if not path.exists():
        try:
            with whole(path) as file:
                text = io.TextIOWrapper(file, encoding="utf-8", newline="")
                copy(sheet, text)
                text.detach()
        except InputProblems:  # to be put right in the file: nothing was done with it
            shutil.rmtree(order.folder)
            raise
    return replace(order, source=path)


def _noting(parts: Iterable[Part], seen: list[int], done: dict[int, Count]) -> Iterator[Part]:
    """The parts still to do; every part is noted."""
    for part in parts:
        seen.append(part.number)
        if part.number not in done:
            yield part


def _open(order: Order, engine: Engine, options: Options) -> dict[int, Count]:
    """The folder of parts, begun or found again; what is done in it."""
    book = order.folder / "order.json"
    wanted = {
        "input": _digest(order.source),
        "law": engine.pack.digest,
        "engine": ENGINE_VERSION,
        "on": str(order.on or ""),
        "reading": order.reading,
        "statuses": order.statuses,
        "parquet": order.parquet_out,
        "part_bytes": options.part_bytes,
        "charset": options.charset,
        "ignore": list(options.ignore),
    }
    if book.exists():
        if json.loads(book.read_text(encoding="utf-8")) != wanted:
            fix = "Remove that folder to begin anew, or run again with what it was begun with"
            raise InputProblems(
                [Problem("an unfinished batch is here, of another input, law or options", str(order.folder), fix=fix)]
            )
    else:
        order.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with whole(book) as file:
            file.write(json.dumps(wanted).encode())
    done = {}
    for path in order.folder.glob("*.count"):
        rows, results, rejects = json.loads(path.read_text(encoding="ascii"))
        done[int(path.stem)] = Count(int(path.stem), rows, results, rejects)
    return done


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _counts(engine: Engine, order: Order, parts: Iterator[Part], processes: int) -> Iterator[tuple[Count, Part]]:
    if processes == 1:
        worker = Worker(engine, order)
        for part in parts:
            yield worker.do(part), part
        return
    with ProcessPoolExecutor(processes, _context(engine), _begin, (order, engine.pack.digest)) as pool:
        try:
            _start(pool)
            yield from _pooled(pool, parts, processes)
        except BrokenProcessPool:
            raise InternalError("a worker process ended; run the same command again to go on") from None
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _context(engine: Engine) -> Any:
    """Copies of this process, which has the engine ready; new ones where threads of ours could hold a lock meanwhile."""
    if active_count() > 1 or "fork" not in get_all_start_methods():
        return get_context("spawn")
    _mine["engine"] = engine
    return get_context("fork")


def _start(pool: ProcessPoolExecutor) -> None:
    """Begin the worker processes. Python warns of threads that libraries keep, who are ready for being copied."""
    with catch_warnings():
        simplefilter("ignore", DeprecationWarning)
        pool.submit(int)


def _pooled(pool: ProcessPoolExecutor, parts: Iterator[Part], processes: int) -> Iterator[tuple[Count, Part]]:
    """Never more parts in hand than keep the processes busy: the input is not held in memory."""
    running: dict[Future[Count], Part] = {}
    for part in parts:
        running[pool.submit(_do, part)] = part
        if len(running) > processes:
            yield from _finished(running)
    while running:
        yield from _finished(running)


def _finished(running: dict[Future[Count], Part]) -> Iterator[tuple[Count, Part]]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        yield future.result(), running.pop(future)


_mine: dict[str, Any] = {}


def _begin(order: Order, digest: str) -> None:
    """In a worker process: the engine, once."""
    end_with_parent()
    engine = _mine.get("engine") or load_engine()
    if engine.pack.digest != digest:
        raise InternalError("the law content changed while the batch was running")
    _mine["worker"] = Worker(engine, order)
    gc.freeze()  # the engine stays; and cells make no circles worth looking for while a part is read
    gc.disable()


def _do(part: Part) -> Count:
    count: Count = _mine["worker"].do(part)
    gc.collect()
    gc.freeze()  # what is left is kept for the next part, and need not be looked at again
    return count
