"""What of an answer is the same in every case, made once per pack.

Citations and authorities of each criterion, its place in the order of grounds, the facts and treaty
relations behind it, and which of its law nobody has verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeVar

from engine.answer.model import AuthoritySaid, CitationSaid
from engine.content.clocks import Citation
from engine.content.models import Criterion, Pack
from engine.facts.vocabulary import Review
from engine.inference.program import Node, Program
from engine.reasoning.outcome import level_of

WEAKEST_FIRST: tuple[Review, ...] = ("unverified", "known", "text_seen")
Found = TypeVar("Found")
Sources = tuple[tuple[CitationSaid, ...], tuple[AuthoritySaid, ...]]


class Lasting:
    """What lasts of one pack; safe to share between threads."""

    def __init__(self, pack: Pack, program: Program) -> None:
        self.pack, self.program = pack, program
        #: the criteria that are grounds or findings of breach
        self.grounds = [one for one in pack.criteria.values() if one.effect or one.kind]
        #: where each stands among those of its status: the weightiest first
        self.weight = {one.id: (-level_of(one), one.id) for one in pack.criteria.values()}
        #: the grounds in that order
        self.by_weight = sorted(self.grounds, key=lambda one: self.weight[one.id])
        self.fact_order = {name: position for position, name in enumerate(pack.vocabulary.facts)}
        self.fact_scopes = {fact.id: fact.scope for fact in pack.vocabulary.facts.values()}
        self._sources: dict[str, Sources] = {}
        self._unverified: dict[str, tuple[str, ...]] = {}
        self._bound: dict[str, tuple[int, ...]] = {}

    def sources(self, criterion: Criterion) -> Sources:
        """Citations and authorities of a criterion."""
        if criterion.id not in self._sources:
            self._sources[criterion.id] = sources_said(self.pack, criterion)
        return self._sources[criterion.id]

    def unverified(self, criterion: Criterion) -> tuple[str, ...]:
        """What of a criterion's law has not been verified, whatever the case."""
        if criterion.id not in self._unverified:
            self._unverified[criterion.id] = tuple(self._unverified_law(criterion))
        return self._unverified[criterion.id]

    def _unverified_law(self, criterion: Criterion) -> list[str]:
        if criterion.review == "unverified":
            return ["this reading of the law has not been verified"]
        cites = zip(criterion.cites, self.sources(criterion)[0], strict=True)
        return [
            f"the pinpoint or text of {said.short} {cite.pinpoint or cite.article} has not been verified"
            for cite, said in cites
            if said.review == "unverified"
        ]

    def bound_below(self, criterion: Criterion) -> tuple[int, ...]:
        """The nodes behind a criterion that ask whether an instrument binds."""
        if criterion.id not in self._bound:
            self._bound[criterion.id] = tuple(sorted(self._bound_below[self.program.entries[criterion.id].node]))
        return self._bound[criterion.id]

    @cached_property
    def facts_below(self) -> list[frozenset[str]]:
        """By node: every fact that it reads, directly or through others."""
        return _gathered(self.program, lambda _, node: node.facts)

    @cached_property
    def _bound_below(self) -> list[frozenset[int]]:
        return _gathered(
            self.program, lambda index, node: [index] if node.atom is not None and node.atom.kind == "bound" else []
        )


def _gathered(program: Program, own: Callable[[int, Node], Iterable[Found]]) -> list[frozenset[Found]]:
    """By node: what it has of its own, and what any below it has."""
    below: list[frozenset[Found]] = []
    for index, node in enumerate(program.nodes):
        below.append(frozenset(own(index, node)).union(*(below[child] for child in node.children)))
    return below


def cite_said(pack: Pack, review: Review, cite: Citation) -> CitationSaid:
    """A citation with the weakest of its own mark, its article's, and ``review`` of what cites it."""
    instrument = pack.instruments[cite.instrument]
    marks = [
        review,
        instrument.articles[cite.article].review,
        *([cite.pinpoint_review] if cite.pinpoint_review else []),
    ]
    weakest = next(mark for mark in WEAKEST_FIRST if mark in marks)
    return CitationSaid.said(
        instrument=cite.instrument,
        short=instrument.short,
        article=cite.article,
        pinpoint=cite.pinpoint or f"art {cite.article}",
        review=weakest,
    )


def authority_said(pack: Pack, name: str) -> AuthoritySaid:
    """An authority as listed."""
    found = pack.authorities[name]
    pinpoint = (
        f"{found.pinpoint} (pinpoint unverified)"
        if found.pinpoint and found.pinpoint_review == "unverified"
        else found.pinpoint
    )
    return AuthoritySaid.said(
        id=name,
        name=found.name,
        body=found.body,
        number=found.number,
        year=found.year,
        holding=found.holding,
        pinpoint=pinpoint,
        review=found.review,
    )


def sources_said(pack: Pack, criterion: Criterion) -> Sources:
    """What a criterion rests on: its citations and authorities."""
    citations = tuple(cite_said(pack, criterion.review, cite) for cite in criterion.cites)
    return citations, tuple(authority_said(pack, name) for name in criterion.authorities)
