"""The law content as entries to look up: facts, criteria, instruments between two States.

Typed data for the command line and for HTTP alike; nothing here depends on a case.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from engine.answer.bilateral import bilateral_told
from engine.answer.model import AuthoritySaid, CitationSaid, TreatyRelationSaid
from engine.answer.sources import relations_between
from engine.assess import Engine
from engine.content.conditions import All, AnyOf, Applies, Atom, Condition, Not, Quantified, Ref, walk
from engine.content.declarations import Declaration
from engine.content.models import Criterion, Effect
from engine.facts.values import nearest, show
from engine.facts.vocabulary import OPEN, Fact, Review


class Shown(BaseModel):
    """Base of what the catalogue shows."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FactShown(Shown):
    """One fact: what is asked, what may be answered, who must prove it, and which criteria use it."""

    id: str
    question: str
    help: str
    theme: str
    scope: str
    type: str
    values: dict[str, str]
    unit: str
    proof: tuple[str, ...]
    evaluative: bool
    burden: str
    unknown_counts_as: str
    settled_by: tuple[str, ...]
    settles: tuple[str, ...]
    review: Review
    used_by: tuple[str, ...]


class CriterionShown(Shown):
    """One criterion: its rule as data, what supports it, and how far it was checked."""

    id: str
    title: str
    instrument: str
    effect: Effect | None
    scope: str
    citations: tuple[CitationSaid, ...]
    authorities: tuple[AuthoritySaid, ...]
    standard: str
    burden: str
    valid_from: date | None
    valid_until: date | None
    variant: dict[str, str]
    condition: dict[str, Any]
    facts: tuple[str, ...]
    sentences: dict[str, str]
    review: Review
    note: str
    source: str
    line: int


class DeclarationShown(Shown):
    """A reservation or declaration in force on the date."""

    state: str
    article: str
    kind: str
    content: str
    review: Review


class RelationShown(TreatyRelationSaid):
    """How one instrument stands between two States on a date, with their reservations to it."""

    declarations: tuple[DeclarationShown, ...]
    known_gaps: tuple[str, ...]


class Catalogue:
    """Look-ups over one engine's pack."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.pack = engine, engine.pack

    def facts(self, query: str = "") -> list[FactShown]:
        """Facts whose words contain every word of the query, in asking order; the fact of that very name first."""
        words = query.casefold().split()
        found = [fact for fact in self.pack.vocabulary.facts.values() if all(word in _words(fact) for word in words)]
        return [self.fact(fact) for fact in sorted(found, key=lambda fact: fact.id != query)]

    def near(self, query: str) -> str:
        """The name of a fact most like the query, or nothing."""
        return nearest(query, self.pack.vocabulary.facts)

    def fact(self, fact: Fact) -> FactShown:
        """One fact in full."""
        facts = self.pack.vocabulary.facts
        closed = tuple(f"{one.fact} = {_word(one.is_)}: {_word(one.then)}" for one in fact.closed_by)
        latest = (f"the latest of the {facts[fact.from_latest].scope}",) if fact.from_latest else ()
        unproved = "open" if fact.unproved == OPEN else _counts_as(fact)
        return FactShown(
            id=fact.id,
            question=fact.question,
            help=fact.help,
            theme=self.pack.vocabulary.themes[fact.theme].title,
            scope=fact.scope,
            type=fact.type,
            values=fact.values,
            unit=fact.unit,
            proof=fact.proof,
            evaluative=fact.evaluative,
            burden=fact.burden,
            unknown_counts_as=unproved,
            settled_by=(*closed, *latest),
            settles=tuple(other.id for other in facts.values() if any(one.fact == fact.id for one in other.closed_by)),
            review=fact.review,
            used_by=self._users(fact.id),
        )

    def _users(self, fact: str) -> tuple[str, ...]:
        return tuple(name for name, criterion in self.pack.criteria.items() if fact in facts_in(criterion.condition))

    def criterion(self, name: str) -> CriterionShown | None:
        """One criterion in full, or None when there is none of this name."""
        found = self.pack.criteria.get(name)
        return self._criterion(found) if found else None

    def _criterion(self, one: Criterion) -> CriterionShown:
        citations, authorities = self.engine.lasting.sources(one)
        return CriterionShown(
            id=one.id,
            title=one.title,
            instrument=one.instrument,
            effect=one.effect,
            scope=one.scope,
            citations=citations,
            authorities=authorities,
            standard=one.standard,
            burden=one.burden,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            variant=one.variant,
            condition=condition_shown(one.condition),
            facts=tuple(dict.fromkeys(facts_in(one.condition))),
            sentences=one.sentences.model_dump(),
            review=one.review,
            note=one.note,
            source=one.source,
            line=one.line,
        )

    def relations(self, requesting: str, requested: str, on: date) -> list[RelationShown]:
        """Every instrument for a request between two States: binding first, then unclear, then the rest."""
        said = relations_between(self.engine, requesting, requested, on)
        return [self._relation(one, (requesting, requested), on) for one in said]

    def bilateral(self, requesting: str, requested: str, on: date) -> list[str]:
        """The bilateral treaties between two States that are known and not encoded, each in a sentence."""
        known = self.engine.relations.bilaterals.between(requesting, requested, on)
        return [bilateral_told(one, self.pack.states, on) for one in known]

    def notes(self, *states: str) -> list[str]:
        """What is to be known of those of the States that are territories or no Members of the United Nations."""
        return [note for code in dict.fromkeys(states) if (note := self.pack.states.note(code))]

    def _relation(self, said: TreatyRelationSaid, states: Iterable[str], on: date) -> RelationShown:
        instrument = self.pack.instruments[said.instrument]
        made = [one for one in instrument.declarations.values() if one.state in states and _in_force(one, on)]
        return RelationShown(
            **said.model_dump(),
            declarations=tuple(
                DeclarationShown(
                    state=one.state, article=one.article, kind=one.kind, content=one.content, review=one.review
                )
                for one in made
            ),
            known_gaps=instrument.known_gaps,
        )


def _words(fact: Fact) -> str:
    said = (
        fact.id,
        fact.id.replace("_", " "),
        *(former.name for former in fact.formerly),
        fact.question,
        fact.help,
        fact.theme,
        *fact.values,
        *fact.values.values(),
    )
    return " ".join(said).casefold()


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        ", ".join(sorted(map(str, value))) or "none"
        if isinstance(value, list | frozenset | set | tuple)
        else str(value)
    )


def _counts_as(fact: Fact) -> str:
    value = {"yes": True, "no": False}.get(fact.unproved, fact.unproved) if fact.type == "yes_no" else fact.unproved
    return show(value, fact)


def _in_force(declaration: Declaration, on: date) -> bool:
    return (declaration.valid_from or date.min) <= on <= (declaration.valid_until or date.max)


def facts_in(condition: Condition) -> list[str]:
    """The facts that a condition itself tests, in the order written."""
    return [name for node in walk(condition) if isinstance(node, Atom) for name in node.facts]


def condition_shown(condition: Condition) -> dict[str, Any]:
    """A condition as plain data, in the words of the rule files."""
    if isinstance(condition, All | AnyOf):
        return {"all" if isinstance(condition, All) else "any": [condition_shown(one) for one in condition.of]}
    if isinstance(condition, Not):
        return {"not": condition_shown(condition.of)}
    if isinstance(condition, Ref):
        return {"criterion": condition.criterion}
    if isinstance(condition, Applies):
        return {"presumption": condition.presumption}
    if isinstance(condition, Quantified):
        return {condition.quantifier: {"in": condition.part, "that": condition_shown(condition.of)}}
    args = [one.isoformat() if isinstance(one, date) else one for one in condition.args]
    return {condition.kind: {"facts": list(condition.facts), "args": args}}
