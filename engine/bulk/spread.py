"""What known facts settle about others, over many cases: the rules of ``Entailment``, in planes.

Both halves are spread together: gates act in both, the burden of proof only in the half on the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.bulk.planes import WORD, Array, Words, both, everything, nothing, on_the_record, packed, unpacked
from engine.bulk.prepare import Shape
from engine.bulk.table import Codec
from engine.facts.columns import HERE, Entailment, Place, is_, then, unproved
from engine.facts.values import Value
from engine.facts.vocabulary import CASE, Closure, Fact

Given = list[tuple[Value, Words]]
Columns = dict[Place, dict[str, Array]]
Bits = dict[Place, dict[str, tuple[Words, Words]]]


@dataclass(frozen=True)
class Clash:
    """Findings that cannot stand together: where, in words without values, and in which cases (strict half)."""

    fact: str
    place: Place
    reason: str
    lanes: Words


class Facts:
    """Facts of a table after the spread: where each is known, and where it has a given value."""

    def __init__(self, columns: Columns, flags: Bits, shape: Shape, entailment: Entailment, codec: Codec) -> None:
        self.columns, self.shape, self.entailment, self.codec = columns, shape, entailment, codec
        self.none = nothing(shape.lanes)
        self.full = everything(shape.lanes)
        #: kept for the atoms: what the register knows the cases by, for each fact that holds a State
        self.numbers: dict[tuple[Place, str], tuple[Array, Array]] = {}
        self._known: dict[tuple[Place, str], Words] = {}
        self._given: dict[tuple[Place, str], Given] = {}
        self._written: dict[tuple[Place, str, Value], Words] = {}
        for place, facts in columns.items():
            for name, column in facts.items():
                if codec.kinds[name] == "flag":
                    known = self.written(place, name, True) | self.written(place, name, False)
                else:
                    known = both(packed(codec.known(name, column)))
                self._known[(place, name)] = known
        for place, bits in flags.items():
            for name, (true, false) in bits.items():
                self._known[(place, name)] = both(true | false)
                self._written[(place, name, True)], self._written[(place, name, False)] = both(true), both(false)
        self._spread()

    def known(self, place: Place, fact: str) -> Words:
        """Where the fact has a value."""
        return self._known.get((place, fact), self.none)

    def given(self, place: Place, fact: str) -> Given:
        """Values that gates and burdens gave the fact."""
        return self._given.get((place, fact), [])

    def where(self, place: Place, fact: str, value: Value) -> Words:
        """Where the fact has this value."""
        plane = self.written(place, fact, value)
        for given, lanes in self.given(place, fact):
            if given == value:
                plane = plane | lanes
        return plane

    def written(self, place: Place, fact: str, value: Value) -> Words:
        """Where the column itself has this value."""
        key = (place, fact, value)
        if key not in self._written:
            column = self.columns.get(place, {}).get(fact)
            code = self.codec.code(fact, value)
            self._written[key] = self.none if column is None else both(packed(column == column.dtype.type(code)))
        return self._written[key]

    def values(self, place: Place, fact: str) -> Array:
        """The codes of the fact: of the cases alone, or of both halves where something was given."""
        column = self._column(place, fact)
        given = self.given(place, fact)
        if not given:
            return column
        column = np.concatenate((column, column))
        for value, lanes in given:
            column[unpacked(lanes).view(bool)] = self.codec.code(fact, value)
        return column

    def _column(self, place: Place, fact: str) -> Array:
        column = self.columns.get(place, {}).get(fact)
        if column is not None:
            return column
        column = self.codec.empty(fact, self.shape.lanes)
        for value in (False, True):
            plane = self._written.get((place, fact, value))
            if plane is not None:
                column[unpacked(plane)[: self.shape.lanes].view(bool)] = value
        return column

    def _give(self, place: Place, fact: str, value: Value, lanes: Words) -> None:
        if lanes.any():
            self._given.setdefault((place, fact), []).append((value, lanes))
            self._known[(place, fact)] = self.known(place, fact) | lanes

    def _spread(self) -> None:
        record = on_the_record(self.shape.lanes)
        for fact in self.entailment.upward:
            for place in self.shape.places(fact.scope):
                if (place, fact.id) in self._known:
                    self._open_gates(fact, place)
        for fact in self.entailment.downward:
            if fact.closed_by or fact.fills:
                for place in self.shape.places(fact.scope):
                    self._settle(fact, place, record)

    def _open_gates(self, fact: Fact, place: Place) -> None:
        for closure in fact.closed_by:
            gate = self.entailment.vocabulary.facts[closure.fact]
            if gate.type == "yes_no" and gate.scope in (CASE, place[0]):
                above = self._above(closure, place)
                against = self.known(place, fact.id) & ~self.where(place, fact.id, then(closure))
                self._give(above, gate.id, not is_(closure), against & ~self.known(above, gate.id))

    def _settle(self, fact: Fact, place: Place, record: Words) -> None:
        unknown = ~self.known(place, fact.id)
        for closure in fact.closed_by:
            above = self._above(closure, place)
            if (above, closure.fact) in self._known:
                closed = self.where(above, closure.fact, is_(closure)) & unknown
                self._give(place, fact.id, then(closure), closed)
                unknown &= ~closed
        if fact.fills:
            self._give(place, fact.id, unproved(fact), unknown & record)

    def _above(self, closure: Closure, place: Place) -> Place:
        return HERE if self.entailment.vocabulary.facts[closure.fact].scope == CASE else place

    def clashes(self) -> list[Clash]:
        """Known facts that contradict an answered gate, each with its cases."""
        found = []
        for fact, place, closure in self._closures():
            against = self.known(place, fact.id) & ~self.where(place, fact.id, then(closure))
            if against.any():
                against &= self.where(self._above(closure, place), closure.fact, is_(closure))
                if place != HERE:  # gates of the case settle facts of every item, also of those that are not there
                    against &= self.shape.present[place]
                lanes = against[: self.shape.lanes // WORD]
                if lanes.any():
                    found.append(Clash(fact.id, place, f"{fact.id} contradicts {closure.fact}", lanes))
        return found

    def _closures(self) -> Iterator[tuple[Fact, Place, Closure]]:
        for fact in self.entailment.upward:
            for place in self.shape.places(fact.scope):
                if (place, fact.id) in self._known:
                    for closure in fact.closed_by:
                        yield fact, place, closure
