"""How cost grows: with the number of cases, with the number of criteria, and with the depth of their chains.

A figure that would take longer than the plan's patience, judged by the one before it, is left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.base import Base, chains, times
from benchmarks.cases import random_atoms
from benchmarks.field import ARRAYS, SINGLE, Field, Make, same
from benchmarks.many import whole_tables
from benchmarks.onecase import Figure
from benchmarks.peers import clingo, openfisca, ours, prolog, python, zen
from benchmarks.peers.peer import Peer
from benchmarks.tables import Table, micro, ratio
from benchmarks.timing import per_case, seconds_of
from engine.bulk.planes import Array

DEPTHS = (1, 8, 64)
CRITERIA = 512
#: Chunks of others are so many times smaller than elsewhere, or the largest rule base would not fit into memory.
SHARE = 4
#: So many cases are drawn; larger chunks repeat them.
DRAWN = 4_096
#: A million cases may take so many times longer than another figure.
PATIENCE = 3
GROWN: tuple[Make, ...] = (
    ours.single,
    ours.planes,
    ours.chained,
    python.generated,
    python.loop,
    python.arrays,
    openfisca.chunked,
    clingo.solved,
    zen.plain,
    prolog.plain,
)
#: Run however long they take.
OURS = (ours.single, ours.planes)
NOT_RUN = "–"
#: Seconds a case by what grew.
Grown = dict[str, list[float | None]]


def of_cases(field: Field, figures: list[Figure]) -> tuple[Table, Grown]:
    """One case, a thousand, a million; ``figures`` say what each engine takes for a case."""
    numbers = list(dict.fromkeys([1, min(1_000, field.plan.most), field.plan.most]))
    in_bulk = [seconds_of(whole_tables(field, number), min(3, field.plan.runs)) / number for number in numbers[1:]]
    found: Grown = {"ours: one case alone, many in bulk": [figures[0].seconds, *in_bulk]}
    known = {figure.name: figure.seconds for figure in figures}
    for make in (*SINGLE, *ARRAYS):
        peer = field.made(make, field.base)
        if peer and peer.name in known:
            longest = PATIENCE * field.plan.patience / known[peer.name]
            found[peer.name] = [_repeated(field, peer, number) if number <= longest else None for number in numbers]
            peer.close()
    about = (
        "µs a case. Ours goes from facts to every status and the verdict, a million of them as 16 tables; the others "
        f"begin with ready atoms. {NOT_RUN} stands where the cases would take more than "
        f"{PATIENCE * field.plan.patience:.0f} s."
    )
    return _table("Growing numbers of cases", about, [f"{number:,}" for number in numbers], found), found


def _repeated(field: Field, peer: Peer, number: int) -> float:
    """Seconds a case for so many, given in pieces."""
    piece = min(number, peer.chunk or 1_000)
    given = peer.ready(field.cases.tiled(piece))
    peer.run(given)
    start = time.perf_counter()
    for _ in range(-(-number // piece)):
        peer.run(given)
    return (time.perf_counter() - start) / (-(-number // piece) * piece)


def of_criteria(field: Field) -> tuple[Table, Grown]:
    """The real base once, four and sixteen times, each copy with names and atoms of its own."""
    bases = [(copies, partial(_copied, field, copies)) for copies in field.plan.copies]
    found = _grown(field, bases)
    about = (
        f"µs a case on the real base and on copies of it with names and atoms of their own; {NOT_RUN} where an engine "
        "would take too long. Cases are drawn at random. Our chunks are those of a batch, so that at every size the "
        "planes come from memory and not from a cache that only the smallest fits into; those of others are a quarter "
        "of the ones above. Each engine is compared with the plain loop first."
    )
    headings = [f"x{copies}" for copies in field.plan.copies]
    return _table("Growing numbers of criteria", about, headings, found), found


def _copied(field: Field, copies: int) -> Base:
    return Base.of(times(field.engine.program, copies))


def of_depth(field: Field) -> tuple[Table, Grown]:
    """As many criteria in chains of growing depth."""
    found = _grown(field, [(1, partial(_chained, depth)) for depth in DEPTHS])
    about = f"µs a case for {CRITERIA} criteria in chains: each joins the criterion before it with an atom of its own."
    return _table("Growing depth", about, [f"depth {depth}" for depth in DEPTHS], found), found


def _chained(depth: int) -> Base:
    return Base.of(chains(depth, CRITERIA))


def _grown(field: Field, bases: list[tuple[int, Callable[[], Base]]]) -> Grown:
    found: Grown = {}
    lasted: dict[Make, tuple[float, int]] = {}
    for times_larger, make_base in bases:
        base = make_base()
        few = random_atoms(base, 2)
        loop = python.loop(base)
        right = loop.values(loop.run(loop.ready(few)))
        for make in GROWN:
            before, at = lasted.get(make, (0.0, times_larger))
            if make not in OURS and before * times_larger / at > field.plan.patience:
                continue
            start = time.perf_counter()
            peer = _peer(field, make, base, few, right)
            if peer:
                share = 1 if make is ours.planes else SHARE
                seconds = per_case(peer, partial(_repeated_atoms, base), field.plan, share)
                found.setdefault(peer.name, []).append(seconds)
                peer.close()
            lasted[make] = (time.perf_counter() - start, times_larger)
    return {name: [*figures, *[None] * (len(bases) - len(figures))] for name, figures in found.items()}


def _repeated_atoms(base: Base, number: int) -> Array:
    drawn = random_atoms(base, min(number, DRAWN))
    return drawn if number <= DRAWN else np.resize(drawn, (number, *drawn.shape[1:]))


def _peer(field: Field, make: Make, base: Base, few: Array, right: Array) -> Peer | None:
    """A peer that gives the right values on a base."""
    peer = field.made(make, base)
    if peer is None or same(peer, few, right):
        return peer
    field.note(f"{peer.name} gives other values on {base.criteria} criteria, so it is not timed there")
    peer.close()
    return None


def _table(heading: str, about: str, columns: list[str], found: Grown) -> Table:
    rows = []
    for name, figures in found.items():
        cells = [NOT_RUN if seconds is None else micro(seconds) for seconds in figures]
        known = [seconds for seconds in figures if seconds is not None]
        rows.append((name, *cells, ratio(known[-1], known[0]) if len(known) > 1 else NOT_RUN))
    return Table(heading, about, ("engine", *columns, "last/first"), rows)
