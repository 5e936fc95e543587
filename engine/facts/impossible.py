"""Findings that cannot be: days out of their order or in the future, a State that is its own counterpart.

The vocabulary says what is impossible: ``not_before``, ``past``, ``other_than`` and ``agrees_with`` of a fact.
Nothing follows from these; what breaks one is refused, as findings are that contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.facts.columns import HERE, Columns, Place, is_, then
from engine.facts.vocabulary import CASE, Fact, NotBefore, Vocabulary

ASSESSED_ON = "assessed_on"


@dataclass(frozen=True)
class Impossible:
    """Two things that cannot stand together: a fact at a place, what it is against, and why in words."""

    fact: Fact
    place: Place
    against: str
    reason: str


class Possibility:
    """Looks for what cannot be in the values of one case, before anything is concluded from them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        facts = vocabulary.facts.values()
        self.vocabulary = vocabulary
        self.ordered = [(fact, one) for fact in facts for one in fact.not_before]
        self.past = [fact for fact in facts if fact.past]
        self.unlike = [(fact, other) for fact in facts for other in fact.other_than]
        self.bound = [(fact, closure) for fact in facts for closure in fact.agrees_with]

    def faults(self, columns: Columns, last_day: date) -> Iterator[Impossible]:
        """What cannot be, in a column of one lane; ``last_day`` is the day by which all has happened."""
        for fact, order in self.ordered:
            for place, later, earlier in self._pairs(columns, fact, order.fact):
                if later < earlier and self._holds(columns, place, order):
                    yield Impossible(fact, place, order.fact, before(fact, order))
        for fact in self.past:
            for place in columns.places(fact.scope):
                day = self._value(columns, place, fact.id)
                if day is not None and day > last_day:
                    yield Impossible(fact, place, ASSESSED_ON, in_future(fact))
        for fact, other in self.unlike:
            for place, state, its in self._pairs(columns, fact, other):
                if its in state if isinstance(state, frozenset) else its == state:
                    yield Impossible(fact, place, other, same_state(fact, other))
        for fact, closure in self.bound:
            for place, value, answer in self._pairs(columns, fact, closure.fact):
                if answer == is_(closure) and value != then(closure):
                    yield Impossible(fact, place, closure.fact, f"{fact.id} contradicts {closure.fact}")

    def _pairs(self, columns: Columns, fact: Fact, other: str) -> Iterator[tuple[Place, Any, Any]]:
        """Each place at which both facts have a value, with the two."""
        for place in columns.places(fact.scope):
            own = self._value(columns, place, fact.id)
            if own is not None and (its := self._value(columns, place, other)) is not None:
                yield place, own, its

    def _value(self, columns: Columns, place: Place, fact: str) -> Any:
        entries = columns.values[self.stands_at(fact, place)].get(fact)
        return entries[0][0] if entries else None

    def _holds(self, columns: Columns, place: Place, order: NotBefore) -> bool:
        return all(self._value(columns, place, name) in values for name, values in order.where.items())

    def stands_at(self, fact: str, place: Place) -> Place:
        """Where a fact stands that is compared with one at ``place``: at the same item, or in the case."""
        return HERE if self.vocabulary.facts[fact].scope == CASE else place


def before(fact: Fact, order: NotBefore) -> str:
    """Why a day is out of order."""
    return f"{fact.id} is before {order.fact}"


def in_future(fact: Fact) -> str:
    """Why a day is too late."""
    return f"{fact.id} is after the day of assessment"


def same_state(fact: Fact, other: str) -> str:
    """Why a State cannot be meant."""
    return f"{fact.id} names the State of {other}"
