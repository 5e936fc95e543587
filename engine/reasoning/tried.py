"""Sets of literals tried all at once, one in each lane, without writing them out where they are pairs.

The pairs of a literal with all later ones fill consecutive lanes; so the lanes of a literal are one
run of bits for the pairs it begins and, for those it ends, the beginnings of the runs before, shifted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

#: The literals that one lane assigns, as indices.
Row = tuple[int, ...]


@dataclass(frozen=True)
class Tried:
    """So many sets: of each literal the lanes that assign it, and what a lane assigns."""

    count: int
    masks: list[int]
    row: Callable[[int], Row]


def tried(owner: Sequence[int], size: int, settled: Sequence[Row], most: int) -> Tried | None:
    """Every choice of ``size`` literals of different facts that holds no settled set; None beyond ``most``.

    ``owner`` numbers the fact of each literal; literals of one fact stand together.
    """
    alone = {row[0] for row in settled if len(row) == 1}
    left = [index for index in range(len(owner)) if index not in alone]
    if size == 2:
        return _pairs(owner, left, most)
    larger = [frozenset(row) for row in settled if len(row) > 1]
    rows = list(islice(_rows(owner, left, size, larger), most + 1))
    return None if len(rows) > most else Tried(len(rows), _masks(len(owner), rows), rows.__getitem__)


def _rows(owner: Sequence[int], left: Sequence[int], size: int, settled: Sequence[frozenset[int]]) -> Iterator[Row]:
    for row in combinations(left, size):
        if len({owner[index] for index in row}) == size and not any(held.issubset(row) for held in settled):
            yield row


def _masks(literals: int, rows: Sequence[Row]) -> list[int]:
    held = [bytearray((len(rows) + 7) // 8) for _ in range(literals)]
    for lane, row in enumerate(rows):
        for index in row:
            held[index][lane >> 3] |= 1 << (lane & 7)
    return [int.from_bytes(lanes, "little") for lanes in held]


def _pairs(owner: Sequence[int], left: Sequence[int], most: int) -> Tried | None:
    facts = [owner[index] for index in left]
    first_other = [bisect_right(facts, fact) for fact in facts]
    starts = [0]
    for other in first_other:
        starts.append(starts[-1] + len(left) - other)
    if starts[-1] > most:
        return None
    masks, begun, place = [0] * len(owner), 0, 0
    for turn, index in enumerate(left):
        while place < turn and first_other[place] <= turn:
            begun |= 1 << (starts[place] - first_other[place] + len(left))
            place += 1
        run = (1 << (starts[turn + 1] - starts[turn])) - 1
        masks[index] = run << starts[turn] | (begun << turn) >> len(left)

    def row(lane: int) -> Row:
        turn = bisect_right(starts, lane) - 1
        return left[turn], left[first_other[turn] + lane - starts[turn]]

    return Tried(starts[-1], masks, row)
