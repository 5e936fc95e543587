"""Bit planes: one bit a case, 64 to a word, the strict half first and the half on the record behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Levels = NDArray[np.uint8]
Array = NDArray[Any]
WORD = 64
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


def lanes_for(rows: int) -> int:
    """The number of lanes that hold so many rows: a whole number of words, at least one."""
    return max(WORD, -(-rows // WORD) * WORD)


def packed(flags: Flags) -> Words:
    """Flags of a whole number of words, packed."""
    return np.packbits(flags, bitorder="little").view(np.uint64)


def unpacked(words: Words) -> Levels:
    """The bits of a plane as 0 and 1."""
    return np.unpackbits(words.view(np.uint8), bitorder="little")


def both(words: Words) -> Words:
    """The same lanes in both halves."""
    return np.concatenate((words, words))


def nothing(lanes: int) -> Words:
    """No lane of either half."""
    return np.zeros(2 * lanes // WORD, dtype=np.uint64)


def everything(lanes: int) -> Words:
    """Every lane of both halves."""
    return np.full(2 * lanes // WORD, ALL, dtype=np.uint64)


def on_the_record(lanes: int) -> Words:
    """Every lane of the second half."""
    plane = nothing(lanes)
    plane[lanes // WORD :] = ALL
    return plane
