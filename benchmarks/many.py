"""The tables of many cases at once: the rules alone, ready columns, and files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import batch
from benchmarks.cases import DAY
from benchmarks.field import ARRAYS, Field
from benchmarks.onecase import Figure
from benchmarks.peers import ours
from benchmarks.peers.peer import Peer
from benchmarks.tables import Table, many, ratio
from benchmarks.timing import per_case, seconds_of
from engine.bulk import table as tables
from engine.bulk.encode import table_of
from engine.bulk.planes import Array
from engine.bulk.weigh import OUTCOMES, BulkEngine


def rules_alone(field: Field, singles: list[Figure]) -> tuple[Table, list[Figure]]:
    """Criteria evaluated a second, strict and on the record counted as two."""
    figures = [*_planes(field)]
    for make in ARRAYS:
        peer = field.checked(make)
        if peer:
            figures.append(Figure(peer.name, per_case(peer, field.cases.tiled, field.plan), field.held(peer)))
    figures += [
        each
        for each in singles
        if "facts" not in each.name and "reckoned" not in each.equal and "as taught" not in each.name
    ]
    rows = [
        (
            each.name,
            each.equal,
            many(1 / each.seconds),
            many(2 * field.base.criteria / each.seconds),
            ratio(each.seconds, figures[0].seconds),
        )
        for each in figures
    ]
    about = "From ready atoms to criteria; strict and on the record are counted as two evaluations."
    columns = ("engine", "equal on cases", "cases/s", "criteria/s", "times ours")
    return Table("The rules alone", about, columns, rows), figures


def _planes(field: Field) -> list[Figure]:
    """Ours on every core, a process each, and on one."""
    cores = os.cpu_count() or 1
    peer = field.checked(ours.planes)
    if peer is None:
        raise SystemExit("our bit planes give other values: no figure means anything")
    _Work.peer, _Work.given = peer, peer.ready(field.cases.tiled(peer.chunk))
    again = max(1, int(field.plan.seconds / 4 / seconds_of(lambda: _work(1), 1)))
    figures = []
    for used in dict.fromkeys((cores, 1)):
        with ProcessPoolExecutor(used, get_context("fork")) as pool:
            seconds = seconds_of(partial(_together, pool, used, again), field.plan.runs)
        name = f"{peer.name}, {'1 core' if used == 1 else f'{used} cores'}"
        figures.append(Figure(name, seconds / used / again / peer.chunk, field.held(peer)))
    return figures


class _Work:
    """What the processes find when they begin, as copies of this one."""

    peer: Peer
    given: Any


def _work(times: int) -> None:
    for _ in range(times):
        _Work.peer.run(_Work.given)


def _together(pool: ProcessPoolExecutor, used: int, times: int) -> None:
    """Every process does the same work; done when all are."""
    list(pool.map(_work, [times] * used))


def columns(field: Field) -> tuple[Table, float]:
    """Cases a second from columns in memory to statuses and outcomes, on one core."""
    seconds = seconds_of(whole_tables(field, ours.CHUNK), field.plan.runs) / ours.CHUNK
    rows = [("ours, bulk, one core", str(len(field.cases.read)), many(1 / seconds))]
    about = "From columns of facts in memory to every status and the outcome: atoms, burdens, rules, verdict."
    return Table("From ready columns", about, ("engine", "equal on cases", "cases/s"), rows), seconds


def whole_tables(field: Field, number: int) -> Callable[[], object]:
    """Weighs so many cases from columns, after its outcomes were compared with those of single cases."""
    bulk, day = BulkEngine(field.engine), date.fromisoformat(DAY)
    few = table_of(field.cases.read, field.engine.pack, bulk.codec, [day] * len(field.cases.read))
    said = [OUTCOMES[code] for code in bulk.weigh(few).outcome]
    if said != [each.outcome for each in field.cases.weighed]:
        raise SystemExit("bulk gives other outcomes: no figure means anything")
    pick = np.random.default_rng(4).integers(0, few.rows, min(number, ours.CHUNK))
    table = picked(few, pick, bulk.codec)
    times = -(-number // len(pick))
    return lambda: [bulk.weigh(table).outcome for _ in range(times)]


def picked(few: tables.Table, pick: Array, codec: tables.Codec) -> tables.Table:
    """A table of rows of another, any of them more than once."""

    def taken(column: Array) -> Array:
        return np.concatenate((column[pick], np.zeros(whole.lanes - len(pick), dtype=column.dtype)))

    whole = tables.Table.of(len(pick))
    whole.assessed_on[: len(pick)] = few.assessed_on[pick]
    for place, facts in few.columns.items():
        for name, column in facts.items():
            whole.columns.setdefault(place, {})[name] = codec.empty(name, whole.lanes)
            whole.columns[place][name][: len(pick)] = column[pick]
    whole.dated = {place: taken(days) for place, days in few.dated.items()}
    whole.listed = {part: taken(listed) for part, listed in few.listed.items()}
    whole.present = {part: [taken(flags) for flags in present] for part, present in few.present.items()}
    whole.variants = {name: taken(chosen) for name, chosen in few.variants.items()}
    return whole


def files(field: Field) -> tuple[Table, dict[str, tuple[float, float]]]:
    """``dedere batch``: rows a second from a file to a written file, and the memory of all its processes."""
    rows, found = list[tuple[str, ...]](), dict[str, tuple[float, float]]()
    cases = batch.pool(field.engine, field.plan.pool)
    with tempfile.TemporaryDirectory() as folder:
        columns_, lines = Path(folder) / "in.parquet", Path(folder) / "in.ndjson"
        batch.write_parquet(columns_, field.engine, cases, field.plan.rows)
        batch.write_ndjson(lines, cases, field.plan.rows // 10)
        for source, size in ((columns_, field.plan.rows), (lines, field.plan.rows // 10)):
            for what, options in (("every status", ()), ("outcomes", ("--no-statuses",))):
                clock, used, most = batch.run(source, Path(folder) / "out.parquet", *options)
                name = f"{source.suffix[1:]}, {what}"
                found[name] = size / clock, most
                rows.append((name, many(size), many(size / clock), f"{used:.1f}", many(most)))
    about = (
        "`dedere batch` from a file to a written Parquet file, once each, with the start of its processes in it: small "
        "numbers of rows are mostly that."
    )
    return Table("From files", about, ("in and out", "rows", "rows/s", "processor s", "most MB"), rows), found
