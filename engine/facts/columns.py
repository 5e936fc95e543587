"""Columns: the values of facts over many *lanes* at once, as bit masks.

A lane is one variant of a case (one completion, one what-if, one row of a bulk run). For each fact
a column lists the values it takes, each with the mask of lanes in which it does; lanes in no mask
are unknown. A single assessment is the special case of one lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

from engine.facts.values import Value
from engine.facts.vocabulary import CASE, Closure, Fact, Vocabulary

Entries = list[tuple[Value, int]]
#: (part, index of the item), or (case, 0)
Place = tuple[str, int]
HERE: Place = (CASE, 0)


@dataclass
class Columns:
    """Values by place and fact; ``unlisted`` holds, per part, the lanes whose list is not known."""

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
            self.values[place].setdefault(fact, []).append((value, mask))

    def places(self, scope: str) -> list[Place]:
        """Every place at which facts of this scope can stand."""
        return [HERE] if scope == CASE else [(scope, index) for index in range(self.sizes.get(scope, 0))]

    def copy(self) -> Columns:
        """An independent copy."""
        values = {
            place: {fact: list(entries) for fact, entries in column.items()} for place, column in self.values.items()
        }
        return Columns(self.lanes, values, dict(self.sizes), dict(self.unlisted), dict(self.latest))


@dataclass(frozen=True)
class _Step:
    """A fact that gates or its burden can settle; of each gate: its id, whether it is the case's, its answer, our value."""

    fact: str
    scope: str
    fills: bool
    unproved: Value
    closures: tuple[tuple[str, bool, Value, Value], ...]

    @classmethod
    def of(cls, fact: Fact, vocabulary: Vocabulary) -> _Step:
        closures = tuple(
            (gate.fact, vocabulary.facts[gate.fact].scope == CASE, is_(gate), then(gate)) for gate in fact.closed_by
        )
        return cls(fact.id, fact.scope, fact.fills, unproved(fact), closures)


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
        #: what ``_settle`` needs to know of each fact it can give a value, looked up beforehand
        self.steps = [_Step.of(fact, vocabulary) for fact in order if fact.closed_by or fact.fills]

    def spread(self, columns: Columns, *, on_the_record: bool) -> Columns:
        """A copy in which gates have settled what hangs on them and, if asked, burdens the rest."""
        spread = columns.copy()
        for fact in self.upward:
            for place in (HERE,) if fact.scope == CASE else spread.places(fact.scope):
                if fact.id in spread.values[place]:
                    self._open_gates(spread, fact, place)
        if spread.lanes == 1:
            self._settle_one(spread, on_the_record)
        else:
            for fact in self.downward if on_the_record else self.closed:
                for place in spread.places(fact.scope):
                    self._settle(spread, fact, place, on_the_record)
        if on_the_record:
            for part in self.vocabulary.parts.values():
                if part.unproved == "empty":
                    spread.unlisted[part.id] = 0
        return spread

    def _open_gates(self, columns: Columns, fact: Fact, place: Place) -> None:
        """A fact that contradicts what a closed gate would give shows that the gate is open."""
        for closure in fact.closed_by:
            gate = self.vocabulary.facts[closure.fact]
            if gate.type != "yes_no" or (gate.scope != CASE and gate.scope != place[0]):
                continue
            above = HERE if gate.scope == CASE else place
            against = _union(mask for value, mask in columns.values[place].get(fact.id, ()) if value != then(closure))
            columns.add(above, gate.id, not is_(closure), against & ~columns.known(above, gate.id))

    def _settle(self, columns: Columns, fact: Fact, place: Place, on_the_record: bool) -> None:
        unknown = columns.full & ~columns.known(place, fact.id)
        for closure in fact.closed_by if unknown else ():
            closed = 0
            for value, mask in columns.entries(place, closure.fact):
                if value == closure.is_:
                    closed |= mask & unknown
            columns.add(place, fact.id, then(closure), closed)
            unknown &= ~closed
        if on_the_record and fact.fills:
            columns.add(place, fact.id, unproved(fact), unknown)

    def _settle_one(self, columns: Columns, on_the_record: bool) -> None:
        """``_settle`` for every fact of a single case: no masks, and the common answer (known already) first."""
        here = columns.values[HERE]
        for step in self.steps:
            for place in (HERE,) if step.scope == CASE else columns.places(step.scope):
                values = columns.values[place]
                if values.get(step.fact):
                    continue
                for gate, of_case, answer, value in step.closures:
                    held = (here if of_case else values).get(gate)
                    if held and held[0][0] == answer:
                        values[step.fact] = [(value, 1)]
                        break
                else:
                    if on_the_record and step.fills:
                        values[step.fact] = [(step.unproved, 1)]

    def consistent(self, columns: Columns) -> bool:
        """Whether ``contradictions`` finds none, in a column of one lane."""
        here = columns.values[HERE]
        for step in self.steps:
            for place in (HERE,) if step.scope == CASE else columns.places(step.scope):
                values = columns.values[place]
                held = values.get(step.fact)
                if held:
                    for gate, of_case, answer, value in step.closures:
                        answered = (here if of_case else values).get(gate)
                        if answered and answered[0][0] == answer and held[0][0] != value:
                            return False
        return True

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
        mask = 0
        for fact in self.upward:
            for place in columns.places(fact.scope):
                held = columns.values[place].get(fact.id)
                for closure in fact.closed_by if held else ():
                    closed = _union(
                        lanes for value, lanes in columns.entries(place, closure.fact) if value == is_(closure)
                    )
                    mask |= closed & _union(lanes for value, lanes in held or () if value != then(closure))
        return mask


def is_(closure: Closure) -> Value:
    """The gate's answer that closes; the loader has typed it."""
    answer: Value = closure.is_
    return answer


def then(closure: Closure) -> Value:
    """The value the closed fact takes."""
    value: Value = closure.then
    return value


def unproved(fact: Fact) -> Value:
    """The value the burden of proof gives an unknown fact."""
    value: Value = fact.unproved
    return value


def _union(masks: Iterable[int]) -> int:
    total = 0
    for mask in masks:
        total |= mask
    return total
