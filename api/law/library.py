"""The law content with its cross-references: which criteria stand on a fact, an article, an authority.

The law library and the documentation site are made from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.answer.lasting import WEAKEST_FIRST
from engine.content.clocks import Citation, Clock
from engine.content.conditions import Atom, Condition, Ref, walk
from engine.content.models import Conflict, Criterion, Pack
from engine.facts.vocabulary import Review

#: Facts of these themes stand in every case and raise no ground.
EVERYWHERE = frozenset({"case", "gates"})


@dataclass
class Library:
    """One pack with its cross-references, and the folders of rules that have notes."""

    pack: Pack
    notes: frozenset[str] = frozenset()
    by_fact: dict[str, list[Criterion]] = field(default_factory=dict)
    by_criterion: dict[str, list[Criterion]] = field(default_factory=dict)
    by_article: dict[tuple[str, str], list[Criterion]] = field(default_factory=dict)
    by_authority: dict[str, list[Criterion]] = field(default_factory=dict)
    by_variant: dict[str, list[Criterion]] = field(default_factory=dict)
    clocks_by_fact: dict[str, list[Clock]] = field(default_factory=dict)
    conflicts_by_criterion: dict[str, list[Conflict]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for criterion in self.pack.criteria.values():
            self._enter(criterion)
        for clock in self.pack.clocks.values():
            for fact in dict.fromkeys([*clock.dates, *facts_in(clock.applies_when)]):
                self.clocks_by_fact.setdefault(fact, []).append(clock)
        for conflict in self.pack.conflicts.values():
            for name in (*conflict.prevails, *conflict.yields):
                self.conflicts_by_criterion.setdefault(name, []).append(conflict)

    def _enter(self, criterion: Criterion) -> None:
        condition = criterion.condition
        for fact in facts_in(condition):
            self.by_fact.setdefault(fact, []).append(criterion)
        for name in dict.fromkeys(node.criterion for node in walk(condition) if isinstance(node, Ref)):
            self.by_criterion.setdefault(name, []).append(criterion)
        for key in dict.fromkeys((cite.instrument, cite.article) for cite in criterion.cites):
            self.by_article.setdefault(key, []).append(criterion)
        for name in criterion.authorities:
            self.by_authority.setdefault(name, []).append(criterion)
        asked = [node.args[0] for node in walk(condition) if isinstance(node, Atom) and node.kind == "variant"]
        for name in dict.fromkeys([*criterion.variant, *asked]):
            self.by_variant.setdefault(name, []).append(criterion)

    def clocks_on(self, instrument: str, number: str) -> list[Clock]:
        """The clocks that cite an article."""
        return [item for item in self.pack.clocks.values() if _cited(item.cites, instrument, number)]

    def conflicts_on(self, instrument: str, number: str) -> list[Conflict]:
        """The conflicts of norms that cite an article."""
        return [item for item in self.pack.conflicts.values() if _cited(item.cites, instrument, number)]

    def clocks_of(self, instrument: str) -> Iterator[Clock]:
        """The clocks whose first citation is of this instrument."""
        return (clock for clock in self.pack.clocks.values() if clock.cites[0].instrument == instrument)

    def weakest(self, criterion: Criterion, cite: Citation) -> Review:
        """The weakest mark of a citation: its own, its article's, its criterion's."""
        article = self.pack.instruments[cite.instrument].articles[cite.article]
        marks = {criterion.review, article.review, cite.pinpoint_review}
        return next(mark for mark in WEAKEST_FIRST if mark in marks)


def _cited(cites: tuple[Citation, ...], instrument: str, number: str) -> bool:
    return any((cite.instrument, cite.article) == (instrument, number) for cite in cites)


def facts_in(condition: Condition | None) -> list[str]:
    """Every fact that a condition names, once, in order."""
    found: list[str] = []
    for node in walk(condition) if condition is not None else ():
        if isinstance(node, Atom):
            found += node.facts
            if node.kind in ("bound", "declared"):
                found.append(node.args[-1])
    return [name for name in dict.fromkeys(found) if name not in ("assessed_on", "pair")]
