"""Weighing a table: every status, strict and on the record, and the outcome of every case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.assess import Engine
from engine.bulk.atoms import AtomColumns
from engine.bulk.impossible import Impossibilities
from engine.bulk.kernel import DATELESS, KNOWN_STRICTLY, LATEST, LISTED, PRESENT, RECORD, Kernel, Slot
from engine.bulk.planes import WORD, Flags, Levels, Words, both, on_the_record, packed, unpacked
from engine.bulk.precedents import GovernedColumns
from engine.bulk.prepare import Shape, derived, shape_of
from engine.bulk.spread import Clash, Facts
from engine.bulk.table import Codec, Table
from engine.errors import InternalError, present
from engine.facts.columns import HERE, Place
from engine.inference.program import Entry
from engine.reasoning.outcome import (
    COUNTS,
    LEVELS,
    TODAY,
    Outcome,
)

#: Statuses by code.
STATUSES = ("open", "met", "not_met", "not_applicable")
#: Outcomes by code: the levels of protection, then undetermined.
OUTCOMES = (*LEVELS, Outcome.UNDETERMINED)
_UNDETERMINED = len(LEVELS)


@dataclass(frozen=True)
class Bounds:
    """The least and most protective outcome of each case, as levels."""

    least: Levels
    most: Levels


@dataclass(frozen=True)
class Weighing:
    """What a table comes to. Arrays are as long as the table has rows; planes are not kept.

    ``refused`` marks cases whose findings contradict each other: what is said of them means nothing.
    """

    outcome: Levels
    strict: Bounds
    record: Bounds
    refused: Flags
    clashes: list[Clash]
    shape: Shape
    rows: int
    planes: dict[Slot, tuple[Words, Words]]
    entries: dict[str, Entry]

    @property
    def determined(self) -> Flags:
        """Where the strict range is a single outcome."""
        return np.asarray(self.strict.least == self.strict.most)

    def status_planes(self, criterion: str, place: Place = HERE) -> tuple[Words, Words]:
        """The low and the high bit of the statuses of a criterion at a place, strict and on the record.

        To be asked before the next table is weighed, and not of an engine without statuses.
        """
        entry = self.entries[criterion]
        true, false = self.planes.get((entry.node, place)) or self.planes[(entry.node, HERE)]
        if entry.applies is not None:
            _, outside = self.planes.get((entry.applies, place)) or self.planes[(entry.applies, HERE)]
            return true | outside, false | outside
        return true, false

    def statuses(self, criterion: str, place: Place = HERE) -> tuple[Levels, Levels]:
        """Codes of the statuses of a criterion at a place, strict and on the record.

        To be asked before the next table is weighed.
        """
        return self.halves(*self.status_planes(criterion, place))

    def halves(self, low: Words, high: Words) -> tuple[Levels, Levels]:
        """Codes from their bits, strict and on the record."""
        codes = unpacked(low) | unpacked(high) << np.uint8(1)
        return codes[: self.rows], codes[self.shape.lanes :][: self.rows]

    def reasons(self, row: int) -> list[Clash]:
        """Why a case is refused."""
        word, bit = row // WORD, np.uint64(row % WORD)
        return [clash for clash in self.clashes if clash.lanes[word] >> bit & np.uint64(1)]

    def present(self, place: Place) -> Flags:
        """Which cases have the item at a place."""
        return unpacked(self.shape.present[place])[: self.rows].astype(bool)


class BulkEngine:
    """Weighs tables over one engine's pack. Not for several threads at once: buffers are kept.

    Without ``statuses`` only what decides outcomes is evaluated: a sixth of the criteria, on three fifths of the atoms.
    """

    def __init__(self, engine: Engine, *, statuses: bool = True) -> None:
        self.engine = engine
        self.pack, self.program, self.judge = engine.pack, engine.program, engine.judge
        self.codec = Codec(engine.pack.vocabulary)
        self.atoms = AtomColumns(engine.pack, engine.relations, self.codec)
        grounds = [node for node, _ in (*self.judge.of_case, *self.judge.of_counts)]
        criteria = [node for entry in self.program.entries.values() for node in (entry.node, entry.applies)]
        self.wanted = criteria if statuses else grounds
        self.parts = {COUNTS} | {node.scope for node in self.program.nodes} | {node.part for node in self.program.nodes}
        self._kernels: dict[tuple[tuple[str, int], ...], Kernel] = {}

    def weigh(self, table: Table) -> Weighing:
        """Every status and outcome of the cases of a table."""
        shape = shape_of(table, self.pack)
        columns, stale = derived(table, shape, self.pack, self.codec)
        facts = Facts(columns, table.flags, shape, self.engine.entailment, self.codec)
        kernel = self.kernel(shape)
        govern = GovernedColumns(self.engine.compiled.one.bases, table)
        planes = kernel.run(self.inputs(kernel, facts, table), facts.none, facts.full, govern)
        impossible = Impossibilities(table, columns, shape, self.codec, self.engine.possibility).clashes()
        clashes = [*facts.clashes(), *_stale(stale), *impossible]
        lanes = _any((clash.lanes for clash in clashes), np.zeros(table.lanes // WORD, dtype=np.uint64))
        refused = unpacked(lanes)[: table.rows].astype(bool)
        bounds = self._bounds(planes, shape, table.rows)
        return Weighing(_outcomes(*bounds), *bounds, refused, clashes, shape, table.rows, planes, self.program.entries)

    def kernel(self, shape: Shape) -> Kernel:
        """The kernel for lists of these lengths, made once."""
        key = tuple((part, size) for part, size in sorted(shape.sizes.items()) if part in self.parts)
        if key not in self._kernels:
            self._kernels[key] = Kernel(self.program, shape.sizes, [node for node in self.wanted if node is not None])
        return self._kernels[key]

    def inputs(self, kernel: Kernel, facts: Facts, table: Table) -> list[tuple[Words, Words]]:
        """The planes that a kernel reads, in the order of its slots."""
        return [self._input(what, place, facts, table) for what, place in kernel.slots]

    def _input(self, what: int | str, place: Place, facts: Facts, table: Table) -> tuple[Words, Words]:
        if isinstance(what, str):
            return _of_list(what, place, facts.shape, facts.none)
        if what >= 0:
            return self.atoms.evaluate(self.program.nodes[what], place, facts, table)
        true, false = self.atoms.evaluate(self.program.nodes[KNOWN_STRICTLY - what], place, facts, table)
        known = both((true | false)[: table.lanes // WORD])
        return known, ~known

    def _bounds(self, planes: dict[Slot, tuple[Words, Words]], shape: Shape, rows: int) -> tuple[Bounds, Bounds]:
        least, most = self._ladders(planes, self.judge.of_case, HERE, shape)
        everywhere: list[Words] = []
        for place in shape.places(COUNTS) if COUNTS in shape.sizes else ():
            absent = ~shape.present[place]
            ladder = [
                plane | absent
                for bounds in self._ladders(planes, self.judge.of_counts, place, shape)
                for plane in bounds
            ]
            everywhere = [old & new for old, new in zip(everywhere, ladder, strict=True)] if everywhere else ladder
        if everywhere:
            some = _any(shape.present[place] for place in shape.places(COUNTS))
            least = [case | (count & some) for case, count in zip(least, everywhere[:4], strict=True)]
            most = [case | (count & some) for case, count in zip(most, everywhere[4:], strict=True)]
        levels = [sum((unpacked(plane) for plane in ladder), start=np.uint8(0)) for ladder in (least, most)]
        low, high = (np.asarray(level, dtype=np.uint8) for level in levels)
        half = shape.lanes
        return Bounds(low[:rows], high[:rows]), Bounds(low[half:][:rows], high[half:][:rows])

    def _ladders(
        self, planes: dict[Slot, tuple[Words, Words]], grounds: list[tuple[int, int]], place: Place, shape: Shape
    ) -> tuple[list[Words], list[Words]]:
        """Lanes at or above each level above admissible, by what is met and by what is met or open."""
        size = 2 * shape.lanes // WORD
        least = np.zeros((4, size), dtype=np.uint64)
        refuted = np.full((4, size), ~np.uint64(0))
        for node, level in grounds:
            true, false = planes.get((node, place)) or planes[(node, HERE)]
            least[level - 1] |= true
            refuted[level - 1] &= false
        most = ~refuted
        for level in (2, 1, 0):
            least[level] |= least[level + 1]
            most[level] |= most[level + 1]
        return list(least), list(most)


def _stale(found: dict[str, Flags]) -> list[Clash]:
    """Directly entered values that differ from what the latest item says."""
    return [
        Clash(fact, HERE, f"{fact} differs from what the latest item says", packed(flags))
        for fact, flags in found.items()
        if flags.any()
    ]


def _of_list(what: str, place: Place, shape: Shape, none: Words) -> tuple[Words, Words]:
    """A plane about a list, and its complement."""
    if what == RECORD:
        record = on_the_record(shape.lanes)
        return record, ~record
    if what == LISTED:
        return ~shape.unlisted[place[0]], shape.unlisted[place[0]]
    if what == PRESENT:
        return shape.present[place], ~shape.present[place]
    if what == LATEST:
        newest = shape.latest.get(place, none)
        return newest, ~newest
    if what != DATELESS:
        raise InternalError(f"no shape of a list is called {what}")
    dated = _any((shape.latest.get(each, none) for each in shape.places(place[0])), none)
    return ~dated, dated


def _any(planes: Iterable[Words], none: Words | None = None) -> Words:
    total = none
    for plane in planes:
        total = plane if total is None else total | plane
    return present(total, "a plane to join")


def _outcomes(strict: Bounds, record: Bounds) -> Levels:
    """The rule of ``engine.reasoning.outcome.outcomes``, on levels."""
    outcome = np.full(len(strict.least), _UNDETERMINED, dtype=np.uint8)
    outcome[(strict.least >= TODAY) | (record.least >= TODAY)] = TODAY
    for span in (record, strict):  # the later decides over the earlier
        single = span.least == span.most
        outcome[single] = span.least[single]
    return outcome
