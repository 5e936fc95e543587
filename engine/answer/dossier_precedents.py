"""Decided cases beside a case in words: what is shared, what is lacking, what sets them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from engine.answer.dossier_cited import cited_precedent
from engine.answer.dossier_model import DossierPrecedent
from engine.content.conditions import Atom, Condition, walk
from engine.content.evidence import Factor
from engine.content.models import Pack
from engine.facts.values import show
from engine.inference.marks import Mark
from engine.inference.precedents import IssueBase
from engine.reasoning.nearest import Comparison


def told_of(pack: Pack, base: IssueBase, compared: Iterable[Comparison], on: date) -> Iterator[DossierPrecedent]:
    """Decided cases beside a case, in words."""
    for one in compared:
        precedent, ruling = one.row.precedent, one.row.ruling
        names = {fact.name: fact.says or fact.name for fact in precedent.more_facts}
        relied = [names.get(name, name) for name in one.coined if name in one.row.relied]
        apart = [names.get(name, name) for name in one.coined if name not in one.row.relied]
        yield DossierPrecedent.said(
            id=precedent.id,
            name=precedent.name,
            tribunal=precedent.tribunal,
            formation=precedent.formation,
            number=precedent.number,
            decided_on=precedent.decided_on.text,
            decided_for=one.row.side,
            governs=one.governs,
            holding=ruling.holding,
            para=ruling.para,
            shared=tuple(mark_text(pack, base, mark) for mark in one.shared),
            lacking=(
                *(mark_text(pack, base, mark) for mark in one.lacking),
                *relied,
                *(_reason(pack, reason) for reason in one.row.unmatched),
            ),
            distinguishing=(*(mark_text(pack, base, mark) for mark in one.distinguishing), *apart),
            example_only=ruling.example_only or ("It decides nothing on the merits." if precedent.formal else ""),
            confidence=ruling.confidence,
            authority=cited_precedent(precedent, ruling, on),
            review=precedent.review,
        )


def _reason(pack: Pack, reason: str) -> str:
    """A reason of a tribunal that no factor covers: the question of its fact, with the value that counted."""
    name, _, value = reason.partition(": ")
    fact = pack.vocabulary.facts.get(name)
    if fact is None:
        return reason.replace("_", " ")
    return f"{fact.question} {fact.values.get(value, value)}".strip()


def mark_text(pack: Pack, base: IssueBase, mark: Mark) -> str:
    """A mark of a factor in words: the factor, with its level where it has levels, or a fact with its value."""
    factor: Factor | None = base.marks.issue.factors.get(mark.factor)
    if factor is None:
        bit = base.marks.marks.index(mark)
        child = next(child for child, place in base.marks.reasons.items() if place == bit)
        fact, value = next(key for key, place in base.marks.entry.reasons.items() if place == child)
        of = pack.vocabulary.facts[fact]
        return f"{of.question} {show(frozenset({value}) if of.type == 'set' else value, of)}"
    if mark.level is None:
        return factor.text
    bound = "at least" if mark.side == "person" else "at most"
    return f"{factor.text}: {bound} “{_level(pack, factor, list(factor.levels)[mark.level])}”"


def _level(pack: Pack, factor: Factor, name: str) -> str:
    """A level in words: the label of the answer that reaches it, or its name."""
    labels = (pack.vocabulary.facts[fact].values.get(name) for fact in facts_of(factor.conditions.values()))
    return next(filter(None, labels), name.replace("_", " "))


def conditions_of(base: IssueBase, mark: Mark) -> list[Condition]:
    """The conditions of the factor behind a mark."""
    factor = base.marks.issue.factors.get(mark.factor)
    return list(factor.conditions.values()) if factor else []


def facts_of(conditions: Iterable[Condition]) -> list[str]:
    """The facts that conditions themselves test, in the order written."""
    found = [
        fact for condition in conditions for part in walk(condition) if isinstance(part, Atom) for fact in part.facts
    ]
    return list(dict.fromkeys(found))
