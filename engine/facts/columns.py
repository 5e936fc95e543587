"""Columns: the values of facts over many *lanes* at once, as bit masks.

A lane is one variant of a case (one completion, one what-if, one row of a bulk run). For each fact
a column lists the values it takes, each with the mask of lanes in which it does; lanes in no mask
are unknown. A single assessment is the special case of one lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter

from engine.facts.onelane import Entries, OneLane, Opening, Place, Step, is_, opening_of, step_of, then, unproved
from engine.facts.values import Value
from engine.facts.vocabulary import CASE, Closure, Fact, Vocabulary

__all__ = ["HERE", "Columns", "Entailment", "Entries", "Place", "is_", "then", "unproved"]

HERE: Place = (CASE, 0)


@dataclass
class Columns:
    """Values by place and fact; ``unlisted`` holds, per part, the lanes whose list is not known.

    The entries of a fact are replaced, never changed in place: copies of columns share them.
    """

    lanes: int
    values: dict[Place, dict[str, Entries]] = field(default_factory=lambda: {HERE: {}})
    sizes: dict[str, int] = field(default_factory=dict)
    unlisted: dict[str, int] = field(default_factory=dict)
    latest: dict[str, int | None] = field(default_factory=dict)

    @property
    def full(self) -> int:
        """The mask of all lanes."""
        return (1 << self.lanes) - 1

    def entries(self, place: Place, fact: str) -> Entries:
        """Values of a fact seen from ``place``: its own, or the case's."""
        own = self.values[place].get(fact)
        return own if own is not None else self.values[HERE].get(fact, [])

    def known(self, place: Place, fact: str) -> int:
        """Mask of lanes in which the fact has a value at this very place."""
        mask = 0
        for _, lanes in self.values[place].get(fact, ()):
            mask |= lanes
        return mask

    def add(self, place: Place, fact: str, value: Value, mask: int) -> None:
        """Give the fact a value in the lanes of ``mask`` (nothing happens for an empty mask)."""
        if mask:
            column = self.values[place]
            others = []
            for held, lanes in column.get(fact, ()):
                if held == value:
                    mask |= lanes
                else:
                    others.append((held, lanes))
            column[fact] = [*others, (value, mask)]

    def places(self, scope: str) -> list[Place]:
        """Every place at which facts of this scope can stand."""
        return [HERE] if scope == CASE else [(scope, index) for index in range(self.sizes.get(scope, 0))]

    def copy(self) -> Columns:
        """An independent copy."""
        values = {place: column.copy() for place, column in self.values.items()}
        return Columns(self.lanes, values, dict(self.sizes), dict(self.unlisted), dict(self.latest))


class Entailment:
    """What known facts settle about others: gate questions, and what the burden of proof gives."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        graph = {fact.id: [closure.fact for closure in fact.closed_by] for fact in vocabulary.facts.values()}
        order = [vocabulary.facts[name] for name in TopologicalSorter(graph).static_order()]
        self.downward = order
        self.closed = [fact for fact in order if fact.closed_by]
        self.upward = list(reversed(self.closed))
        self.vocabulary = vocabulary
        self.following = [fact for fact in vocabulary.of_scope(CASE) if fact.from_latest]
        self.steps = [step_of(fact, vocabulary) for fact in order if fact.closed_by or fact.fills]
        self.openings = [opening for fact in self.upward if (opening := opening_of(fact, vocabulary)).gates]
        self.gated = [step for step in self.steps if step.closures]
        self.one_lane = OneLane(self.steps, self.openings, [fact.id for fact in order])
        self.presumed_empty = {part.id: 0 for part in vocabulary.parts.values() if part.unproved == "empty"}

    @cached_property
    def below_gates(self) -> dict[str, set[str]]:
        """For each gate, the facts it closes, directly or through other gates."""
        closed: dict[str, set[str]] = {}
        for fact in self.downward:
            for closure in fact.closed_by:
                closed.setdefault(closure.fact, set()).add(fact.id)
        for fact in reversed(self.downward):
            for below in list(closed.get(fact.id, ())):
                closed[fact.id] |= closed.get(below, set())
        return closed

    def spread(self, columns: Columns, *, on_the_record: bool) -> Columns:
        """A copy in which gates have settled what hangs on them and, if asked, burdens the rest."""
        known, record = self.both(columns, strict=not on_the_record, record=on_the_record)
        return record if on_the_record else known

    def both(self, columns: Columns, *, strict: bool = True, record: bool = True) -> tuple[Columns, Columns]:
        """The spread strictly and on the record; one that is not asked for is not settled."""
        if columns.lanes == 1 and strict and record:
            return self.read(columns)[:2]
        known = columns.copy()
        self._open(known)
        assumed = known.copy() if record else known
        if strict:
            self._settle(known, on_the_record=False)
        if record:
            self._settle(assumed, on_the_record=True)
            assumed.unlisted.update(self.presumed_empty)
        return known, assumed

    def read(self, columns: Columns) -> tuple[Columns, Columns, bool]:
        """Of one lane the spread strictly and on the record, and whether there are no ``contradictions``."""
        known = columns.copy()
        self.one_lane.open(known.values)
        assumed = known.copy()
        consistent = self.one_lane.settle(known.values, on_the_record=False)
        self.one_lane.settle(assumed.values, on_the_record=True)
        assumed.unlisted.update(self.presumed_empty)
        return known, assumed, consistent

    def _open(self, columns: Columns) -> None:
        if columns.lanes == 1:
            self.one_lane.open(columns.values)
            return
        for opening in self.openings:
            for place in columns.places(opening.scope):
                if opening.fact in columns.values[place]:
                    _open_gates(columns, opening, place)

    def _settle(self, columns: Columns, *, on_the_record: bool) -> None:
        if columns.lanes == 1:
            self.one_lane.settle(columns.values, on_the_record=on_the_record)
            return
        full = columns.full
        for step in self.steps if on_the_record else self.gated:
            for place in columns.places(step.scope):
                _settle(columns, step, place, full, on_the_record)

    def contradictions(self, columns: Columns) -> Iterator[tuple[Fact, Place, Closure]]:
        """Known facts that cannot stand beside an answered gate, in a column of one lane."""
        for fact in self.upward:
            for place in (HERE,) if fact.scope == CASE else columns.places(fact.scope):
                for value, _ in columns.values[place].get(fact.id, ()):
                    for closure in fact.closed_by:
                        answers = [answer for answer, _ in columns.entries(place, closure.fact)]
                        if answers == [is_(closure)] and value != then(closure):
                            yield fact, place, closure

    def clashes(self, columns: Columns) -> int:
        """Lanes in which a known fact contradicts an answered gate."""
        mask, here = 0, columns.values[HERE]
        for step in self.gated:
            for place in columns.places(step.scope):
                values = columns.values[place]
                held = values.get(step.fact)
                for gate, of_case, answer, given in step.closures if held else ():
                    against = _union(lanes for value, lanes in held or () if value != given)
                    for value, lanes in (here if of_case else values).get(gate, ()) if against else ():
                        if value == answer:
                            mask |= against & lanes
        return mask


def _open_gates(columns: Columns, opening: Opening, place: Place) -> None:
    """A fact that contradicts what a closed gate would give shows that the gate is open."""
    for gate, of_case, opened, given in opening.gates:
        above = HERE if of_case else place
        against = _union(mask for value, mask in columns.values[place].get(opening.fact, ()) if value != given)
        columns.add(above, gate, opened, against & ~columns.known(above, gate))


def _settle(columns: Columns, step: Step, place: Place, full: int, on_the_record: bool) -> None:
    values, here = columns.values[place], columns.values[HERE]
    held = values.get(step.fact)
    unknown = full & ~_union(mask for _, mask in held) if held else full
    for gate, of_case, answer, given in step.closures if unknown else ():
        closed = 0
        for value, mask in (here if of_case else values).get(gate, ()):
            if value == answer:
                closed |= mask & unknown
        if closed:
            columns.add(place, step.fact, given, closed)
            unknown &= ~closed
    if on_the_record and step.fills:
        columns.add(place, step.fact, step.unproved, unknown)


def _union(masks: Iterable[int]) -> int:
    total = 0
    for mask in masks:
        total |= mask
    return total
