"""Our reading of an article, a criterion, an authority: what cites it, what names it, and how it came to be so."""

from __future__ import annotations

from dataclasses import dataclass

from api.documents.language.catalogues import LawText, Speech
from api.documents.language.pinpoints import pinpoint_in
from api.law.coverage import encoded_articles
from api.law.legal_history import Entry
from api.law.library import Library
from api.web.pages.law_tree import Branch, Link, Trees
from engine.content.clocks import Citation, Clock
from engine.content.declarations import Declaration
from engine.content.models import (
    Article,
    Conflict,
    Criterion,
    Decider,
    Instrument,
    Variant,
)
from engine.facts.vocabulary import Review


@dataclass(frozen=True)
class Cite:
    """A citation: the instrument with the pinpoint, and the weakest mark along it."""

    text: str
    address: str
    review: Review


@dataclass(frozen=True)
class ArticleRead:
    """An article beside what reads it."""

    instrument: Instrument
    number: str
    article: Article
    heading: LawText
    criteria: list[Criterion]
    clocks: list[Clock]
    conflicts: list[Conflict]
    deciders: list[Decider]
    declarations: list[Declaration]
    history: list[Entry]
    before: str
    after: str

    @property
    def read_by_nothing(self) -> bool:
        """Whether nothing encodes it."""
        return not (self.criteria or self.clocks or self.conflicts)


@dataclass(frozen=True)
class CriterionRead:
    """A criterion with its rule as a tree and all that names it."""

    criterion: Criterion
    tree: Branch
    cites: list[Cite]
    used_by: list[Link]
    conflicts: list[Conflict]
    deciders: list[Decider]
    variants: list[tuple[Variant, tuple[str, ...]]]
    clocks: list[Clock]
    series: list[Link]
    history: list[Entry]


class Readings:
    """Answers about one library in one language."""

    def __init__(self, speech: Speech, library: Library, history: tuple[Entry, ...]) -> None:
        self.speech, self.library, self.history = speech, library, history
        self.pack = library.pack
        self.trees = Trees(speech, library.pack)

    def article(self, instrument: Instrument, number: str) -> ArticleRead:
        """An article and our reading of it."""
        article, numbers = instrument.articles[number], list(instrument.articles)
        place = numbers.index(number)
        return ArticleRead(
            instrument,
            number,
            article,
            self.speech.law("instrument", instrument.id, f"heading.{number}", article.heading),
            self.library.by_article.get((instrument.id, number), []),
            self.library.clocks_on(instrument.id, number),
            self.library.conflicts_on(instrument.id, number),
            self._deciders({(instrument.id, number)}),
            [one for one in instrument.declarations.values() if one.article == number],
            [one for one in self.history if one.names(instrument.id, {number})],
            numbers[place - 1] if place else "",
            numbers[place + 1] if place + 1 < len(numbers) else "",
        )

    def criterion(self, one: Criterion) -> CriterionRead:
        """A criterion with its rule and all that names it."""
        cited = {(cite.instrument, cite.article) for cite in one.cites}
        return CriterionRead(
            one,
            self.trees.of(one.condition),
            [self.cite(cite, self.library.weakest(one, cite)) for cite in one.cites],
            [self.trees.criterion(other.id) for other in self.library.by_criterion.get(one.id, ())],
            self.library.conflicts_by_criterion.get(one.id, []),
            self._deciders(cited),
            list(self._variants(one)),
            [clock for clock in self.pack.clocks.values() if cited & {(c.instrument, c.article) for c in clock.cites}],
            [self.trees.criterion(name) for name in self._series(one)],
            [entry for entry in self.history if any(entry.names(name, {number}) for name, number in cited)],
        )

    def cite(self, cite: Citation, review: Review = "text_seen") -> Cite:
        """A citation as a link to its article."""
        short = self.trees.instrument(cite.instrument).text
        pinpoint = pinpoint_in(self.speech, cite.pinpoint or f"art {cite.article}")
        address = f"/law/instruments/{cite.instrument}/articles/{cite.article}"
        return Cite(f"{short} {pinpoint}", address, "unverified" if cite.pinpoint_review == "unverified" else review)

    def _deciders(self, cited: set[tuple[str, str]]) -> list[Decider]:
        return [one for one in self.pack.deciders.values() if (one.instrument, one.article) in cited]

    def _variants(self, one: Criterion) -> list[tuple[Variant, tuple[str, ...]]]:
        """The questions of two readings that it turns on, each with the readings in which it is used."""
        users = self.library.by_variant
        return [
            (variant, (one.variant[name],) if name in one.variant else ())
            for name, variant in self.pack.variants.items()
            if one in users.get(name, ())
        ]

    def _series(self, one: Criterion) -> list[str]:
        """The readings that came before and after it in time."""
        if not one.series:
            return []
        return [name for name, other in self.pack.criteria.items() if other.series == one.series and name != one.id]

    def encoded(self, instrument: Instrument) -> frozenset[str]:
        """The articles that something encodes."""
        return encoded_articles(self.pack, instrument)
