"""What cannot be, over many cases: the rules of ``Possibility`` on the columns of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.bulk.planes import Array, Flags, packed, unpacked
from engine.bulk.prepare import Shape
from engine.bulk.spread import Clash, Columns
from engine.bulk.table import Codec, Table
from engine.facts.columns import Place, is_, then
from engine.facts.impossible import Possibility, before, in_future, same_state
from engine.facts.values import Value
from engine.facts.vocabulary import Fact


@dataclass(frozen=True)
class Impossibilities:
    """Looks for what cannot be in one table, before anything is concluded from it."""

    table: Table
    columns: Columns
    shape: Shape
    codec: Codec
    possibility: Possibility

    def clashes(self) -> list[Clash]:
        """What cannot be, each with its cases."""
        found = [*self._disorder(), *self._future(), *self._alike(), *self._against()]
        return [Clash(fact.id, place, reason, packed(flags)) for fact, place, reason, flags in found if flags.any()]

    def _disorder(self) -> Iterator[tuple[Fact, Place, str, Flags]]:
        for fact, order in self.possibility.ordered:
            for place, later, earlier in self._pairs(fact, order.fact):
                flags = (later > 0) & (earlier > 0) & (later < earlier)
                for name, values in order.where.items() if flags.any() else ():
                    flags &= self._any(name, place, values)
                yield fact, place, before(fact, order), flags

    def _future(self) -> Iterator[tuple[Fact, Place, str, Flags]]:
        for fact in self.possibility.past:
            for place in self.shape.places(fact.scope):
                days = self.columns.get(place, {}).get(fact.id)
                if days is not None:
                    yield fact, place, in_future(fact), days > self.table.last_days

    def _alike(self) -> Iterator[tuple[Fact, Place, str, Flags]]:
        for fact, other in self.possibility.unlike:
            for place, states, its in self._pairs(fact, other):
                kind = self.codec.kinds[fact.id]
                flags = (its >= 0) & (states >= 0)
                flags &= states == its if kind == "state" else self._among(states, its)
                yield fact, place, same_state(fact, other), flags

    def _among(self, sets: Array, states: Array) -> Flags:
        """Whether a set of States has the State of its case."""
        known, named = self.codec.numbered("states"), self.codec.numbered("state")
        pairs, which = np.unique(np.stack((sets, states)), axis=1, return_inverse=True)
        held = [
            one >= 0 and other >= 0 and isinstance(found := known[one], frozenset) and named[other] in found
            for one, other in pairs.T.tolist()
        ]
        return np.array(held, dtype=bool)[which.reshape(-1)]

    def _against(self) -> Iterator[tuple[Fact, Place, str, Flags]]:
        for fact, closure in self.possibility.bound:
            for place in self.shape.places(fact.scope):
                answered = self._is(closure.fact, self.possibility.stands_at(closure.fact, place), is_(closure))
                if answered.any():
                    against = answered & self._known(fact.id, place) & ~self._is(fact.id, place, then(closure))
                    yield fact, place, f"{fact.id} contradicts {closure.fact}", against

    def _pairs(self, fact: Fact, other: str) -> Iterator[tuple[Place, Array, Array]]:
        for place in self.shape.places(fact.scope):
            own = self.columns.get(place, {}).get(fact.id)
            its = self.columns.get(self.possibility.stands_at(other, place), {}).get(other)
            if own is not None and its is not None:
                yield place, own, its

    def _any(self, fact: str, place: Place, values: tuple[str, ...]) -> Flags:
        where = self.possibility.stands_at(fact, place)
        flags = np.zeros(self.table.lanes, dtype=bool)
        for value in values:
            flags |= self._is(fact, where, value)
        return flags

    def _is(self, fact: str, place: Place, value: Value) -> Flags:
        """Where a fact was given this value."""
        column = self.columns.get(place, {}).get(fact)
        if column is not None:
            return np.asarray(column == column.dtype.type(self.codec.code(fact, value)))
        true, false = self.table.flags.get(place, {}).get(fact, (None, None))
        plane = true if value is True else false
        return np.zeros(self.table.lanes, dtype=bool) if plane is None else unpacked(plane).view(bool)

    def _known(self, fact: str, place: Place) -> Flags:
        """Where a fact was given any value."""
        column = self.columns.get(place, {}).get(fact)
        if column is not None:
            return self.codec.known(fact, column)
        planes = self.table.flags.get(place, {}).get(fact)
        return np.zeros(self.table.lanes, dtype=bool) if planes is None else unpacked(planes[0] | planes[1]).view(bool)
