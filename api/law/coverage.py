"""What the law content holds, counted: criteria, facts, articles encoded and not, what is unverified.

An article is encoded when a criterion, a clock or a conflict of norms cites it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.content.clocks import Citation
from engine.content.declarations import Declaration
from engine.content.models import Article, Authority, Criterion, Instrument, Pack, Party
from engine.facts.vocabulary import Fact

Reviewed = Criterion | Authority | Fact | Article | Party | Declaration


@dataclass(frozen=True)
class InstrumentCount:
    """One instrument: its articles by whether a rule encodes them, its criteria, and what is unverified."""

    id: str
    short: str
    encoded: tuple[str, ...]
    not_encoded: dict[str, str]
    criteria: int
    unverified: int


@dataclass(frozen=True)
class Coverage:
    """The whole pack in numbers."""

    version: str
    facts: int
    criteria: int
    grounds: int
    authorities: int
    clocks: int
    conflicts: int
    instruments: tuple[InstrumentCount, ...]
    #: criteria, authorities, articles, parties and declarations marked unverified, by kind
    unverified: dict[str, int]


def coverage(pack: Pack) -> Coverage:
    """Count one pack."""
    cited = _cited(pack)
    return Coverage(
        version=pack.version,
        facts=len(pack.vocabulary.facts),
        criteria=len(pack.criteria),
        grounds=sum(criterion.effect is not None for criterion in pack.criteria.values()),
        authorities=len(pack.authorities),
        clocks=len(pack.clocks),
        conflicts=len(pack.conflicts),
        instruments=tuple(_count(pack, instrument, cited) for instrument in pack.instruments.values()),
        unverified=_unverified(pack),
    )


def encoded_articles(pack: Pack, instrument: Instrument) -> frozenset[str]:
    """The articles of an instrument that a criterion, a clock or a conflict of norms cites."""
    cited = _cited(pack)
    return frozenset(number for number in instrument.articles if (instrument.id, number) in cited)


def _cited(pack: Pack) -> set[tuple[str, str]]:
    groups: list[tuple[Citation, ...]] = [item.cites for item in pack.criteria.values()]
    groups += [item.cites for item in pack.clocks.values()] + [item.cites for item in pack.conflicts.values()]
    return {(cite.instrument, cite.article) for cites in groups for cite in cites}


def _count(pack: Pack, instrument: Instrument, cited: set[tuple[str, str]]) -> InstrumentCount:
    own = [criterion for criterion in pack.criteria.values() if criterion.instrument == instrument.id]
    parts: list[Reviewed] = [*own, *instrument.articles.values()]
    parts += [*instrument.parties.values(), *instrument.declarations.values()]
    return InstrumentCount(
        id=instrument.id,
        short=instrument.short,
        encoded=tuple(number for number in instrument.articles if (instrument.id, number) in cited),
        not_encoded={
            number: article.not_encoded
            for number, article in instrument.articles.items()
            if (instrument.id, number) not in cited
        },
        criteria=len(own),
        unverified=sum(part.review == "unverified" for part in parts),
    )


def _unverified(pack: Pack) -> dict[str, int]:
    instruments = pack.instruments.values()
    kinds: dict[str, Sequence[Reviewed]] = {
        "criteria": list(pack.criteria.values()),
        "authorities": list(pack.authorities.values()),
        "facts": list(pack.vocabulary.facts.values()),
        "articles": [article for one in instruments for article in one.articles.values()],
        "parties": [party for one in instruments for party in one.parties.values()],
        "declarations": [declaration for one in instruments for declaration in one.declarations.values()],
    }
    return {kind: sum(part.review == "unverified" for part in parts) for kind, parts in kinds.items()}
