"""A fact as the law library shows it: its possible answers, what unknown counts as, what settles it, who uses it."""

from __future__ import annotations

from dataclasses import dataclass

from api.documents.language.catalogues import Speech
from api.law.library import Library
from api.web.pages.fields import Field, field_of, value_shown
from api.web.pages.law_tree import Link, Trees
from engine.content.clocks import Clock
from engine.facts.vocabulary import CASE, REQUESTED, REQUESTING, Fact


@dataclass(frozen=True)
class Settled:
    """Another fact whose answer settles a fact unasked: with ``answer`` it is ``then``."""

    gate: Link
    answer: str
    then: str


@dataclass(frozen=True)
class FactRead:
    """A fact with all that a reader asks about it. ``counts_as`` is empty when unknown stays open."""

    fact: Fact
    field: Field
    part: str
    counts_as: str
    settled_by: list[Settled]
    latest_of: str
    settles: list[Link]
    distinct_from: list[tuple[Link, str]]
    criteria: list[Link]
    clocks: list[Clock]
    asked_of_every_instrument: bool


class Facts:
    """Answers about the facts of one library in one language."""

    def __init__(self, speech: Speech, library: Library) -> None:
        self.speech, self.library = speech, library
        self.vocabulary, self.trees = library.pack.vocabulary, Trees(speech, library.pack)

    def read(self, fact: Fact) -> FactRead:
        """A fact in full."""
        source = self.vocabulary.facts.get(fact.from_latest)
        return FactRead(
            fact,
            field_of(self.speech, fact),
            "" if fact.scope == CASE else self._part(fact.scope),
            self._value(fact, fact.unproved) if fact.fills else "",
            [
                Settled(
                    self.trees.fact(one.fact),
                    self._value(self.vocabulary.facts[one.fact], one.is_),
                    self._value(fact, one.then),
                )
                for one in fact.closed_by
            ],
            self._part(source.scope) if source else "",
            [
                self.trees.fact(other.id)
                for other in self.vocabulary.facts.values()
                if any(one.fact == fact.id for one in other.closed_by)
            ],
            [(self.trees.fact(name), why) for name, why in fact.distinct_from.items()],
            [self.trees.criterion(one.id) for one in self.library.by_fact.get(fact.id, ())],
            self.library.clocks_by_fact.get(fact.id, []),
            fact.id in (REQUESTING, REQUESTED),
        )

    def _part(self, name: str) -> str:
        return self.speech.law("part", name, "title", self.vocabulary.parts[name].title).text

    def _value(self, fact: Fact, value: object) -> str:
        if isinstance(value, frozenset | set):
            value = sorted(value)
        return value_shown(self.speech, fact, value)
