"""The next questions in words: what is asked, what proves it, and which grounds hang on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.answer.model import QuestionSaid
from engine.facts.vocabulary import Fact
from engine.reasoning.build import fact_label
from engine.reasoning.relevance import Relevance
from engine.reasoning.variations import UNLISTED

if TYPE_CHECKING:
    from engine.assess import Engine, Weighed


def questions_said(engine: Engine, weighed: Weighed) -> tuple[QuestionSaid, ...]:
    """All questions still worth asking, in order."""
    relevance, above = weighed.relevance, engine.entailment.below_gates
    hanging = {name: {need.fact for need in needs} for name, needs in relevance.criteria.items()}
    grounds: dict[str, tuple[str, ...]] = {}
    said = []
    for ranked in engine.ranked(weighed):
        place = ranked.candidate.place
        if place[1] == UNLISTED:
            said.append(_list_question(engine, place[0], relevance))
            continue
        fact = engine.pack.vocabulary.facts[ranked.candidate.fact]
        label = fact_label(weighed.read, place, fact.id)
        if fact.id not in grounds:  # the same for every item
            grounds[fact.id] = _hangs(hanging, fact, above)
        said.append(_question(engine, fact, label, grounds[fact.id]))
    return tuple(said)


def _list_question(engine: Engine, part: str, relevance: Relevance) -> QuestionSaid:
    spec = engine.pack.vocabulary.parts[part]
    facts = engine.pack.vocabulary.facts
    follow = {fact.id for fact in facts.values() if fact.from_latest and facts[fact.from_latest].scope == part}
    hangs = tuple(
        name
        for name, needs in relevance.criteria.items()
        if any(need.part == part or need.fact in follow for need in needs)
    )
    return QuestionSaid.said(
        fact=part,
        question=spec.question,
        help="List them, or say that there are none.",
        theme=spec.title,
        type="list",
        values={},
        unit="",
        proof=(),
        hangs=hangs,
    )


def _question(engine: Engine, fact: Fact, label: str, hangs: tuple[str, ...]) -> QuestionSaid:
    theme = engine.pack.vocabulary.themes[fact.theme].title
    return QuestionSaid.said(
        fact=label,
        question=fact.question,
        help=fact.help,
        theme=theme,
        type=fact.type,
        values=dict(fact.values),
        unit=fact.unit,
        proof=fact.proof,
        hangs=hangs,
    )


def _hangs(hanging: dict[str, set[str]], fact: Fact, closed: dict[str, set[str]]) -> tuple[str, ...]:
    """The grounds that need the fact, or one that it closes."""
    wanted = {fact.id, *closed.get(fact.id, ())}
    return tuple(name for name, facts in hanging.items() if not wanted.isdisjoint(facts))
