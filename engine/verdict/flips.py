"""Flip sets: the smallest sets of open or disputed facts that would change the outcome.

Sets are tried in order of size, all of one size at once in as many lanes; a set is minimal when no
smaller set inside it already changes the outcome. The search says when a bound cut it off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import comb

import numpy as np

from engine.facts.columns import Columns
from engine.verdict.outcome import LEVELS, Outcome
from engine.verdict.variations import Assigned, Candidate, Chosen, bits_of, lanes_for

#: Gives the lanes of each outcome, and the lanes whose assignments contradict each other.
Weigh = Callable[[Columns], tuple[dict[Outcome, int], int]]
MAX_SIZE = 2
MAX_LANES = 30_000
#: Beyond so many raw combinations even listing them is not worth it.
MOST_RAW = 2_000_000
Owner = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class FlipSet:
    """A minimal set of assignments and the outcome it leads to."""

    assigned: tuple[Assigned, ...]
    to: Outcome


def flip_sets(
    columns: Columns,
    options: Sequence[Candidate],
    now: Outcome,
    weigh: Weigh,
    *,
    max_size: int = MAX_SIZE,
    max_lanes: int = MAX_LANES,
) -> tuple[list[FlipSet], bool]:
    """All minimal flip sets of at most ``max_size`` facts, and whether no other can exist.

    A fact whose values were not all tried leaves that unsaid.
    """
    literals = [(option.place, option.fact, value) for option in options for value in option.values]
    owner = np.repeat(np.arange(len(options)), [len(option.values) for option in options])
    found: list[FlipSet] = []
    settled: list[tuple[int, ...]] = []
    for size in range(1, len(options) + 1):
        if size > max_size or comb(len(literals), size) > MOST_RAW:
            return found, False
        chosen = _without(_combinations(owner, size), settled)
        if len(chosen) > max_lanes:
            return found, False
        if not len(chosen):
            break
        changed = _changed(columns, literals, chosen, now, weigh)
        found += [FlipSet(tuple(literals[index] for index in row), outcome) for row, outcome in changed]
        settled += [row for row, _ in changed]
    return found, all(option.whole for option in options)


def _combinations(owner: Owner, size: int) -> Chosen:
    """Every choice of ``size`` literals of different facts, one a row."""
    total = comb(len(owner), size)
    flat = np.fromiter(chain.from_iterable(combinations(range(len(owner)), size)), dtype=np.int64, count=total * size)
    rows = flat.reshape(total, size)
    facts = owner[rows]
    apart = np.ones(total, dtype=bool)
    for left, right in combinations(range(size), 2):
        apart &= facts[:, left] != facts[:, right]
    return rows[apart]


def _without(chosen: Chosen, settled: Sequence[tuple[int, ...]]) -> Chosen:
    """The rows that hold no set which already changes the outcome."""
    for row in settled:
        if not len(chosen):
            break
        held = np.ones(len(chosen), dtype=bool)
        for index in row:
            held &= (chosen == index).any(axis=1)
        chosen = chosen[~held]
    return chosen


def _changed(
    columns: Columns, literals: Sequence[Assigned], chosen: Chosen, now: Outcome, weigh: Weigh
) -> list[tuple[tuple[int, ...], Outcome]]:
    lanes, clash = weigh(lanes_for(columns, literals, chosen))
    changed = []
    for outcome, mask in lanes.items():
        if outcome is not now:
            for lane in np.flatnonzero(bits_of(mask & ~clash, len(chosen))):
                changed.append((tuple(int(index) for index in chosen[lane]), outcome))
    return changed


def favours(now: Outcome, to: Outcome) -> str:
    """Which side a change of outcome helps."""
    if Outcome.UNDETERMINED in (now, to):
        certain = to if now is Outcome.UNDETERMINED else now
        protective = LEVELS.index(certain) >= LEVELS.index(Outcome.CONDITIONAL)
        return "person" if protective == (certain is to) else "state"
    return "person" if LEVELS.index(to) > LEVELS.index(now) else "state"
