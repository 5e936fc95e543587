"""What is presumed in a case, in words: each evaluative fact, by what, and what would rebut it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.answer.model import PresumedFact, PresumptionSource
from engine.content.conditions import Atom, walk
from engine.facts.columns import HERE, Place
from engine.facts.values import plain, show
from engine.facts.vocabulary import CASE
from engine.inference.sources import FactSource
from engine.reasoning.build import fact_label
from engine.reasoning.presumed import Presumed, PresumedValue
from engine.reasoning.wording import precedent_line, situation_line

if TYPE_CHECKING:
    from engine.assess import Engine, Weighed


def presumed_facts(engine: Engine, weighed: Weighed) -> tuple[PresumedFact, ...]:
    """Every evaluative fact that is presumed on the record, in the order of the vocabulary."""
    presumed, facts = engine.presumed(weighed), engine.pack.vocabulary.facts
    found = []
    for name in engine.program.evidence.of_fact:
        scope = facts[name].scope
        for place in [HERE] if scope == CASE else weighed.evaluation.strict_columns.places(scope):
            value = presumed.value(name, place)
            if value is not None:
                found.append((engine.lasting.fact_order[name], _fact(engine, weighed, presumed, (name, place), value)))
    return tuple(one for _, one in sorted(found, key=lambda item: item[0]))


def _fact(
    engine: Engine, weighed: Weighed, presumed: Presumed, where: tuple[str, Place], value: PresumedValue
) -> PresumedFact:
    name, place = where
    fact = engine.pack.vocabulary.facts[name]
    rebuttals = [
        tested
        for source, _ in value.sources
        if source.kind == "presumption"
        for condition in engine.pack.presumptions[source.id].rebutted_by
        for part in walk(condition)
        if isinstance(part, Atom)
        for tested in part.facts
    ]
    return PresumedFact.said(
        fact=fact_label(weighed.read, place, name),
        value=None if value.value is None else plain(value.value),
        shown="presumed both ways" if value.value is None else show(value.value, fact),
        by=tuple(said for source, _ in value.sources for said in _source(engine, presumed, source, place, name)),
        rebuttable_by=tuple(dict.fromkeys(rebuttals)),
    )


def _source(
    engine: Engine, presumed: Presumed, source: FactSource, place: Place, name: str
) -> Iterator[PresumptionSource]:
    shown = show(source.value, engine.pack.vocabulary.facts[name])
    if source.kind == "presumption":
        one = engine.pack.presumptions[source.id]
        yield _said(source, one.id, one.sentences.applies, shown, one.review)
    elif source.kind == "gate":
        gate = engine.pack.vocabulary.facts[source.id]
        yield _said(source, gate.id, f"{gate.question} {show(source.answer, gate)}", shown, gate.review)
    elif source.kind == "situation":
        for finding in presumed.findings(source.id, str(source.value)):
            yield _said(source, finding.id, situation_line(finding), shown, finding.review)
    else:
        for row in presumed.governing(source.id, place):
            if row.side == source.side:
                yield _said(source, row.precedent.id, precedent_line(row), shown, row.precedent.review)


def _said(source: FactSource, name: str, text: str, shown: str, review: str) -> PresumptionSource:
    return PresumptionSource.said(kind=source.kind, id=name, text=text, presumes=shown, review=review)
