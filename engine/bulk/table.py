"""Tables: the values of facts in many cases, one NumPy array a fact, and how values are coded.

yes/no and choices are small integers (-1 unknown), numbers floats (NaN unknown), days ordinals
(0 unknown), sets bit masks (the top bit unknown); States, lists of States and sets too wide for a
mask are numbers in a dictionary that grows as values are met (-1 unknown).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np

from engine.bulk.planes import Array, Flags, Words, lanes_for
from engine.facts.columns import HERE, Place
from engine.facts.values import Value
from engine.facts.vocabulary import Fact, Vocabulary

Kind = Literal["flag", "choice", "number", "day", "mask", "state", "states"]
UNKNOWN_SET = 1 << 63
_DTYPES: dict[Kind, tuple[Any, Any]] = {
    "flag": (np.int8, -1),
    "choice": (np.int16, -1),
    "number": (np.float64, np.nan),
    "day": (np.int32, 0),
    "mask": (np.uint64, UNKNOWN_SET),
    "state": (np.int32, -1),
    "states": (np.int32, -1),
}
_KINDS: dict[str, Kind] = {
    "yes_no": "flag",
    "choice": "choice",
    "number": "number",
    "date": "day",
    "state": "state",
    "states": "states",
}


def kind_of(fact: Fact) -> Kind:
    """How the values of a fact are coded."""
    return _KINDS.get(fact.type) or ("mask" if len(fact.values) <= 52 else "states")


class Codec:
    """Codes of values for one vocabulary; its dictionaries grow, so codes stay good for its life."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.kinds = {fact.id: kind_of(fact) for fact in vocabulary.facts.values()}
        self.words = {
            fact.id: {word: index for index, word in enumerate(fact.values)} for fact in vocabulary.facts.values()
        }
        self._dictionaries: dict[Kind, list[Value]] = {"state": [], "states": []}
        self._codes: dict[Kind, dict[Value, int]] = {"state": {}, "states": {}}

    def code(self, fact: str, value: Any) -> int | float:
        """The code of a value, which must be one of the fact's."""
        kind = self.kinds[fact]
        if kind == "flag":
            return int(value)
        if kind == "choice":
            return self.words[fact][value]
        if kind == "mask":
            return sum(1 << self.words[fact][word] for word in value)
        if kind == "day":
            day: date = value
            return day.toordinal()
        return float(value) if kind == "number" else self._numbered(kind, value)

    def _numbered(self, kind: Kind, value: Value) -> int:
        codes = self._codes[kind]
        if value not in codes:
            codes[value] = len(codes)
            self._dictionaries[kind].append(value)
        return codes[value]

    def numbered(self, kind: Kind) -> list[Value]:
        """The values of a dictionary, in the order of their codes."""
        return self._dictionaries[kind]

    def empty(self, fact: str, lanes: int) -> Array:
        """A column in which nothing is known."""
        dtype, unknown = self.form(fact)
        return np.full(lanes, unknown, dtype=dtype)

    def form(self, fact: str) -> tuple[Any, Any]:
        """The type of a column, and what stands in it where nothing is known."""
        return _DTYPES[self.kinds[fact]]

    def known(self, fact: str, column: Array) -> Flags:
        """Where a column has a value."""
        kind = self.kinds[fact]
        if kind == "number":
            return np.asarray(~np.isnan(column))
        if kind == "day":
            return np.asarray(column > 0)
        return np.asarray(column != UNKNOWN_SET) if kind == "mask" else np.asarray(column >= 0)


@dataclass
class Table:
    """Cases in columns. Lists are as long as the longest; ``present`` says which items are there.

    A yes/no fact that came as bits stands in ``flags``, its true and its false plane, instead of ``columns``.
    ``listed`` has, for each part, the cases that have a list at all; ``dated`` the undisputed dates of
    the items of a dated part; ``variants`` the number of the reading chosen for each question of law.
    ``own_days`` are the days that the cases themselves give where all are assessed as of another.
    """

    rows: int
    assessed_on: Array
    columns: dict[Place, dict[str, Array]] = field(default_factory=lambda: {HERE: {}})
    flags: dict[Place, dict[str, tuple[Words, Words]]] = field(default_factory=dict)
    present: dict[str, list[Flags]] = field(default_factory=dict)
    listed: dict[str, Flags] = field(default_factory=dict)
    dated: dict[Place, Array] = field(default_factory=dict)
    variants: dict[str, Array] = field(default_factory=dict)
    own_days: Array | None = None

    @classmethod
    def of(cls, rows: int) -> Table:
        """A table in which nothing is known yet."""
        return cls(rows, np.ones(lanes_for(rows), dtype=np.int32))

    @property
    def lanes(self) -> int:
        """Lanes of each half of a plane."""
        return lanes_for(self.rows)

    @property
    def last_days(self) -> Array:
        """The day of each case by which all has happened that is said of it: its own, or a later one it is looked at."""
        return self.assessed_on if self.own_days is None else np.maximum(self.assessed_on, self.own_days)
