"""How long things take: medians of several runs, each over as many cases as a budget of time allows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.peers.peer import Peer
from engine.bulk.planes import Array


@dataclass(frozen=True)
class Plan:
    """How much is done: cases drawn and checked, seconds for one figure, runs of which the median is taken.

    ``patience`` is how long one figure may take at all, ``limit`` how long an engine may be silent before it
    counts as hanging (both in seconds). ``rows``, drawn from a ``pool`` of cases, are read from Parquet, a tenth of
    them from NDJSON; ``most`` cases and so many ``copies`` of the rule base show how cost grows.
    """

    checked: int
    seconds: float
    runs: int
    patience: float
    limit: float
    rows: int
    pool: int
    most: int
    copies: tuple[int, ...]


FULL = Plan(
    checked=100,
    seconds=1.5,
    runs=7,
    patience=10.0,
    limit=6.0,
    rows=3_000_000,
    pool=2_000,
    most=1_000_000,
    copies=(1, 4, 16),
)
QUICK = Plan(checked=8, seconds=0.1, runs=3, patience=1.5, limit=3.0, rows=5_000, pool=50, most=10_000, copies=(1, 4))


def seconds_of(what: Callable[[], object], runs: int) -> float:
    """Median seconds of a call, after one that does not count."""
    what()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        what()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def per_case(peer: Peer, cases: Callable[[int], Array], plan: Plan, share: int = 1) -> float:
    """Median seconds a case; ``share`` divides the cases of a chunk."""
    number = max(1, peer.chunk // share)
    if not peer.chunk:
        one = peer.ready(cases(1))
        first = seconds_of(lambda: peer.run(one), 1)
        number = max(1, min(200, int(plan.seconds / plan.runs / first)))
    given = peer.ready(cases(number))
    return seconds_of(lambda: peer.run(given), plan.runs) / number
