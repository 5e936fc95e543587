"""Which texts of the law content a reader is shown, each with the place it stands at.

A place is ``kind/id/part``, for example ``fact/torture_risk/question``. It is the context of the text
in the law catalogues, so that one English sentence can be said differently in two places.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.content.models import Criterion, Instrument, Pack
from engine.facts.vocabulary import Fact

Said = tuple[str, str]


class LawEntry(NamedTuple):
    """One text of the law content and its place."""

    kind: str
    id: str
    part: str
    english: str

    @property
    def context(self) -> str:
        """The place as one word."""
        return context_of(self.kind, self.id, self.part)


def context_of(kind: str, name: str, part: str) -> str:
    """The place of a text in the law content."""
    return f"{kind}/{name}/{part}"


def law_texts(pack: Pack) -> Iterator[LawEntry]:
    """Every text of a pack that pages and memos show, in the order of the content; empty ones are left out."""
    for kind, name, texts in _texts(pack):
        yield from (LawEntry(kind, name, part, english) for part, english in texts if english)


def _texts(pack: Pack) -> Iterator[tuple[str, str, Iterator[Said]]]:
    words = pack.vocabulary
    for theme in words.themes.values():
        yield "theme", theme.id, iter([("title", theme.title)])
    for part in words.parts.values():
        yield "part", part.id, iter([("title", part.title), ("item", part.item), ("question", part.question)])
    for fact in words.facts.values():
        yield "fact", fact.id, _fact(fact)
    for criterion in pack.criteria.values():
        yield "criterion", criterion.id, _criterion(criterion)
    yield from _about_evidence(pack)
    for instrument in pack.instruments.values():
        yield "instrument", instrument.id, _instrument(instrument)
    for name, tag in pack.tags.items():
        yield "tag", name, iter([("label", tag.label)])
    yield from _about_procedure(pack)


def _about_evidence(pack: Pack) -> Iterator[tuple[str, str, Iterator[Said]]]:
    for one in pack.presumptions.values():
        sentences = [("applies", one.sentences.applies), ("rebutted", one.sentences.rebutted)]
        yield "presumption", one.id, iter([("title", one.title), *sentences])
    for issue in pack.issues.values():
        factors = [(f"factor.{name}", factor.text) for name, factor in issue.factors.items()]
        yield "issue", issue.id, iter([("title", issue.title), ("question", issue.question), *factors])
    for group in pack.groups.values():
        yield "group", group.id, iter([("title", group.title)])
    for situation in pack.situations.values():
        yield "situation", situation.id, iter([("finding", situation.finding)])
    for picture in pack.pictures.values():
        yield "picture", picture.id, iter([("title", picture.title)])


def _about_procedure(pack: Pack) -> Iterator[tuple[str, str, Iterator[Said]]]:
    for clock in pack.clocks.values():
        yield "clock", clock.id, iter([("title", clock.title), ("sentence", clock.sentence)])
    for conflict in pack.conflicts.values():
        yield "conflict", conflict.id, iter([("reason", conflict.reason)])
    for decider in pack.deciders.values():
        yield "decider", decider.id, iter([("matter", decider.matter), ("who", decider.who)])
    for variant in pack.variants.values():
        values = [(f"value.{name}", label) for name, label in variant.values.items()]
        yield "variant", variant.id, iter([("question", variant.question), *values])


def _fact(fact: Fact) -> Iterator[Said]:
    yield "question", fact.question
    yield "help", fact.help
    yield "event", fact.event
    yield "unit", fact.unit
    yield from ((f"value.{name}", label) for name, label in fact.values.items())
    yield from ((f"proof.{place}", hint) for place, hint in enumerate(fact.proof))


def _criterion(criterion: Criterion) -> Iterator[Said]:
    said = criterion.sentences
    yield "title", criterion.title
    yield from (("met", said.met), ("not_met", said.not_met), ("open", said.open))
    yield "standard", criterion.standard
    yield "burden", criterion.burden


def _instrument(instrument: Instrument) -> Iterator[Said]:
    yield "title", instrument.title
    yield "short", instrument.short
    yield from ((f"heading.{number}", article.heading) for number, article in instrument.articles.items())
