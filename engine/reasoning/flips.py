"""Flip sets: the smallest sets of open or disputed facts that would change the outcome.

Sets are tried in order of size, all of one size at once in as many lanes; a set is minimal when no
smaller set inside it already changes the outcome. The search says when a bound cut it off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

from engine.facts.columns import Columns
from engine.reasoning.outcome import LEVELS, Outcome
from engine.reasoning.tried import Row, Tried, tried
from engine.reasoning.variations import (
    Assigned,
    Candidate,
    lanes_for,
    lanes_of,
)

#: Gives the lanes of each outcome, and the lanes whose assignments contradict each other.
Weigh = Callable[[Columns], tuple[dict[Outcome, int], int]]
MAX_SIZE = 2
MAX_LANES = 30_000
#: Beyond so many raw combinations even listing them is not worth it.
MOST_RAW = 2_000_000


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

    A fact whose values were not all tried leaves that unsaid. Where there is too much evidence to try all
    of it together, it is tried fact by fact.
    """
    options = sorted(options, key=lambda option: option.evidence)
    literals = [(option.place, option.fact, value) for option in options for value in option.values]
    owner = [number for number, option in enumerate(options) for _ in option.values]
    without_evidence = sum(len(option.values) for option in options if not option.evidence)
    found: list[FlipSet] = []
    settled: list[Row] = []
    complete = True
    for size in range(1, len(options) + 1):
        if size > max_size:
            return found, False
        sets = _tried(owner, size, settled, max_lanes)
        if sets is None:
            complete = False
            sets = _tried(owner[:without_evidence], size, settled, max_lanes)
        if sets is None:
            return found, False
        if not sets.count:
            break
        changed = _changed(columns, literals, sets, now, weigh)
        found += [FlipSet(tuple(literals[index] for index in row), outcome) for row, outcome in changed]
        settled += [row for row, _ in changed]
    return found, complete and all(option.whole for option in options)


def _tried(owner: Sequence[int], size: int, settled: Sequence[Row], most: int) -> Tried | None:
    return tried(owner, size, settled, most) if comb(len(owner), size) <= MOST_RAW else None


def _changed(
    columns: Columns, literals: Sequence[Assigned], sets: Tried, now: Outcome, weigh: Weigh
) -> list[tuple[Row, Outcome]]:
    lanes, clash = weigh(lanes_for(columns, literals[: len(sets.masks)], sets.count, sets.masks))
    return [
        (sets.row(lane), outcome)
        for outcome, mask in lanes.items()
        if outcome is not now
        for lane in lanes_of(mask & ~clash)
    ]


def favours(now: Outcome, to: Outcome) -> str:
    """Which side a change of outcome helps."""
    if Outcome.UNDETERMINED in (now, to):
        certain = to if now is Outcome.UNDETERMINED else now
        protective = LEVELS.index(certain) >= LEVELS.index(Outcome.CONDITIONAL)
        return "person" if protective == (certain is to) else "state"
    return "person" if LEVELS.index(to) > LEVELS.index(now) else "state"
