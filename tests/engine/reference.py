"""A second opinion: criteria evaluated one by one, over plain dictionaries, straight from their definition.

Nothing here is shared with the engines but the single tests of atoms, which have tests of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.content.conditions import All, AnyOf, Atom, Condition, Not, Quantified, Ref
from engine.content.models import Criterion, Pack
from engine.facts.columns import HERE, Columns, Place
from engine.facts.vocabulary import CASE, OPEN, Fact
from engine.inference.atoms import Setting, evaluate, facts_of
from engine.inference.limits import limits_of

Truth = bool | None


@dataclass
class World:
    """What is known in one lane: values by place, and the shape of the lists."""

    values: dict[Place, dict[str, Any]]
    sizes: dict[str, int] = field(default_factory=dict)
    unlisted: dict[str, bool] = field(default_factory=dict)
    latest: dict[str, int | None] = field(default_factory=dict)

    def places(self, scope: str) -> list[Place]:
        return [HERE] if scope == CASE else [(scope, index) for index in range(self.sizes.get(scope, 0))]

    def seen(self, place: Place, fact: str) -> Any:
        return self.values[place].get(fact, self.values[HERE].get(fact))


def world_of(columns: Columns, lane: int = 0) -> World:
    """One lane of columns as plain data."""
    values = {
        place: {name: value for name, entries in facts.items() for value, mask in entries if mask >> lane & 1}
        for place, facts in columns.values.items()
    }
    unlisted = {part: bool(mask >> lane & 1) for part, mask in columns.unlisted.items()}
    return World(values, dict(columns.sizes), unlisted, dict(columns.latest))


def settled(world: World, pack: Pack, *, on_the_record: bool) -> World:
    """What the known facts settle about others: gates opened from below, then closed from above, then burdens."""
    values = {place: dict(facts) for place, facts in world.values.items()}
    facts = pack.vocabulary.facts
    order = _gates_first(facts)
    for fact in reversed(order):
        for place in world.places(fact.scope):
            held = values[place].get(fact.id)
            for closure in fact.closed_by:
                gate = facts[closure.fact]
                above = HERE if gate.scope == CASE else place
                if held is not None and held != closure.then and gate.type == "yes_no":
                    values[above].setdefault(gate.id, not closure.is_)
    for fact in order:
        for place in world.places(fact.scope):
            for closure in fact.closed_by:
                if values[place].get(closure.fact, values[HERE].get(closure.fact)) == closure.is_:
                    values[place].setdefault(fact.id, closure.then)
            if on_the_record and fact.unproved != OPEN:
                values[place].setdefault(fact.id, fact.unproved)
    filled = {part.id for part in pack.vocabulary.parts.values() if on_the_record and part.unproved == "empty"}
    unlisted = {part: missing and part not in filled for part, missing in world.unlisted.items()}
    return World(values, world.sizes, unlisted, world.latest)


def _gates_first(facts: dict[str, Fact]) -> list[Fact]:
    done: dict[str, Fact] = {}

    def visit(fact: Fact) -> None:
        for closure in fact.closed_by:
            visit(facts[closure.fact])
        done.setdefault(fact.id, fact)

    for fact in facts.values():
        visit(fact)
    return list(done.values())


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Kleene's *and*."""
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def negation(truth: Truth) -> Truth:
    """Kleene's *not*."""
    return None if truth is None else not truth


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Kleene's *or*."""
    return negation(conjunction(negation(truth) for truth in truths))


@dataclass
class Reference:
    """Truth of conditions in one world; ``ignoring`` gives truths that replace the evaluation of a condition."""

    pack: Pack
    setting: Setting
    world: World

    def criterion(self, criterion: Criterion, place: Place = HERE) -> Truth:
        applies = self.applies(criterion, place)
        return conjunction([applies, self.condition(criterion.condition, place)])

    def applies(self, criterion: Criterion, place: Place) -> Truth:
        return conjunction(self.condition(atom, place) for atom in limits_of(criterion))

    def status(self, name: str, place: Place = HERE) -> str:
        criterion = self.pack.criteria[name]
        if self.applies(criterion, place) is False:
            return "not_applicable"
        return {True: "met", False: "not_met", None: "open"}[self.criterion(criterion, place)]

    def condition(self, condition: Condition, place: Place) -> Truth:
        if isinstance(condition, Atom):
            values = [self.world.seen(place, name) for name in facts_of(condition, self.setting.relations)]
            return None if None in values else evaluate(condition, tuple(values), self.setting)
        if isinstance(condition, Ref):
            return self.criterion(self.pack.criteria[condition.criterion], place)
        if isinstance(condition, Not):
            return negation(self.condition(condition.of, place))
        if isinstance(condition, Quantified):
            return self.quantified(condition)
        join = conjunction if isinstance(condition, All) else disjunction
        assert isinstance(condition, All | AnyOf)
        return join([self.condition(operand, place) for operand in condition.of])

    def quantified(self, condition: Quantified) -> Truth:
        part = condition.part
        items = [self.condition(condition.of, place) for place in self.world.places(part)]
        more: list[Truth] = [None] if self.world.unlisted.get(part) else []
        if condition.quantifier == "latest":
            index = self.world.latest.get(part)
            return items[index] if index is not None else None if more else False
        return disjunction(items + more) if condition.quantifier == "some" else conjunction(items + more)
