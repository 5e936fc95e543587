"""Checks that hold across files: a pack that fails one of them is not used.

Every fact, criterion, article, authority and instrument that is named exists; conditions fit the
types of their facts; criteria do not go in circles. ``register_checks`` looks at instruments,
``reading_checks`` at readings that follow each other in time or coexist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from engine.content.circle_checks import check_circles
from engine.content.condition_checks import condition_faults, fits, is_ordered, variant_faults
from engine.content.evidence_checks import check_evidence
from engine.content.located import Located, Where
from engine.content.models import Pack
from engine.content.reading_checks import check_readings
from engine.content.register_checks import check_register
from engine.errors import Problem
from engine.facts.values import hint
from engine.facts.vocabulary import CASE, OPEN, REQUESTED, REQUESTING, Fact

#: The facts that every treaty relation is read from.


def check(pack: Pack, located: Located) -> list[Problem]:
    """Every problem found, in a stable order."""
    checks: tuple[Callable[[Pack, Where], Iterator[Problem]], ...] = (
        _facts,
        _criteria,
        check_register,
        _clocks,
        _conflicts,
        check_readings,
        check_evidence,
        check_circles,
    )
    where = Where(located)
    return [problem for run in checks for problem in run(pack, where)]


def _facts(pack: Pack, where: Where) -> Iterator[Problem]:
    facts, parts = pack.vocabulary.facts, pack.vocabulary.parts
    for fact in facts.values():
        if fact.type in ("choice", "set") and not fact.values:
            yield where.problem("facts", fact.id, "a choice or set needs its values")
        if fact.ordered and fact.type != "choice":
            yield where.problem("facts", fact.id, "only the values of a choice can be levels", "", "ordered")
        if fact.scope != CASE and fact.scope not in parts:
            yield where.problem(
                "facts", fact.id, f"scope '{fact.scope}' is not a part", hint(fact.scope, [CASE, *parts]), "scope"
            )
        if fact.unproved != OPEN and not fits(fact, fact.unproved):
            yield where.problem("facts", fact.id, f"'{fact.unproved}' is not a value it can count as", "", "unproved")
        for closure in fact.closed_by:
            yield from _closure(facts, fact, closure, where)
        yield from _two_values(fact, where)
        yield from _impossible(facts, fact, where)
        yield from _from_latest(pack, fact, where)
        yield from _formerly(facts, fact, where)
        for other in fact.distinct_from:
            if other not in facts:
                message = f"distinct_from '{other}' is not a fact"
                yield where.problem("facts", fact.id, message, hint(other, facts), "distinct_from")
    for part in parts.values():
        dated = facts.get(part.dated_by)
        if part.dated_by and (dated is None or dated.type != "date" or dated.scope != part.id):
            own = [item.id for item in pack.vocabulary.of_scope(part.id) if item.type == "date"]
            message = f"dated_by '{part.dated_by}' is not a date fact of its items"
            yield where.problem("parts", part.id, message, hint(part.dated_by, own), "dated_by")
    for name in (REQUESTING, REQUESTED) if any(item.instrument for item in pack.criteria.values()) else ():
        if name not in facts or facts[name].type != "state" or facts[name].scope != CASE:
            yield Problem(
                f"the vocabulary needs '{name}', a State fact of the case", fix="Every instrument asks for it"
            )


def _from_latest(pack: Pack, fact: Fact, where: Where) -> Iterator[Problem]:
    source = pack.vocabulary.facts.get(fact.from_latest)
    if not fact.from_latest:
        return
    if source is None:
        message, fix = f"from_latest '{fact.from_latest}' is not a fact", hint(fact.from_latest, pack.vocabulary.facts)
    elif fact.scope != CASE or not is_ordered(pack, source.scope):
        message, fix = f"{source.id} is not a fact of items in the order of their dates", ""
    elif source.type != fact.type or not set(source.values) <= set(fact.values):
        message, fix = f"{source.id} can have values that this fact cannot", ""
    else:
        return
    yield where.problem("facts", fact.id, message, fix, "from_latest")


def _formerly(facts: Mapping[str, Fact], fact: Fact, where: Where) -> Iterator[Problem]:
    """A former name is no longer a fact; its answers are values of the present one."""
    for former in fact.formerly:
        if former.name in facts:
            yield where.problem("facts", fact.id, f"its former name '{former.name}' is a fact", "", "formerly")
        for value in former.values.values():
            if not fits(fact, value) and not fits(fact, [value]):
                message = f"'{value}' is not a value that an old answer can become"
                yield where.problem("facts", fact.id, message, hint(value, fact.values), "formerly")
        for value in {value for values in former.excludes.values() for value in values} - fact.values.keys():
            message = f"'{value}' is not a level that an old answer can rule out"
            yield where.problem("facts", fact.id, message, hint(value, fact.values), "formerly")


def _closure(facts: Mapping[str, Fact], fact: Fact, closure: Any, where: Where) -> Iterator[Problem]:
    gate = facts.get(closure.fact)
    if gate is None:
        yield where.problem(
            "facts", fact.id, f"closed_by '{closure.fact}' is not a fact", hint(closure.fact, facts), "closed_by"
        )
    elif not fits(gate, closure.is_):
        yield where.problem("facts", fact.id, f"'{closure.is_}' is not a value of {gate.id}", "", "closed_by")
    elif gate.scope not in (CASE, fact.scope):
        yield where.problem("facts", fact.id, f"{gate.id} belongs to another part", "", "closed_by")
    if not fits(fact, closure.then):
        yield where.problem(
            "facts",
            fact.id,
            f"'{closure.then}' is not a value it can take",
            hint(closure.then, fact.values),
            "closed_by",
        )


def _impossible(facts: Mapping[str, Fact], fact: Fact, where: Where) -> Iterator[Problem]:
    """What is said to be impossible is of facts that stand at the same item or in the case, and fits their types."""
    named: list[tuple[str, str, set[str]]] = [
        *(("not_before", order.fact, {"date"}) for order in fact.not_before),
        *(("not_before", name, {"choice"}) for order in fact.not_before for name in order.where),
        *(("other_than", name, {"state"}) for name in fact.other_than),
        *(
            ("agrees_with", closure.fact, {str(facts[closure.fact].type)})
            for closure in fact.agrees_with
            if closure.fact in facts
        ),
    ]
    for key, name, types in named:
        other = facts.get(name)
        if other is None or other.type not in types or other.scope not in (CASE, fact.scope):
            message = f"'{name}' is not a {' or '.join(sorted(types))} fact of the case or of the same item"
            yield where.problem("facts", fact.id, message, hint(name, facts), key)
    if (fact.past or fact.not_before) and fact.type != "date":
        yield where.problem("facts", fact.id, "only a date can come before or after another", "", "type")
    if fact.other_than and fact.type not in ("state", "states"):
        yield where.problem("facts", fact.id, "only a fact about States can name another State", "", "type")
    for closure in fact.agrees_with:
        gate = facts.get(closure.fact)
        if gate is None or not fits(gate, closure.is_) or not fits(fact, closure.then):
            message = f"agrees_with '{closure.fact}' names no fact, or a value that a fact cannot have"
            yield where.problem("facts", fact.id, message, hint(closure.fact, facts), "agrees_with")


def _two_values(fact: Fact, where: Where) -> Iterator[Problem]:
    for one, other in combinations(fact.closed_by, 2):
        if (one.fact, one.is_) == (other.fact, other.is_) and one.then != other.then:
            message = f"one answer to {one.fact} gives it two values"
            yield where.problem("facts", fact.id, message, "Keep the value that the answer means", "closed_by")


def _criteria(pack: Pack, where: Where) -> Iterator[Problem]:
    for criterion in pack.criteria.values():
        if criterion.instrument and criterion.instrument not in pack.instruments:
            yield where.problem(
                "criteria",
                criterion.id,
                f"instrument '{criterion.instrument}' is not in the register",
                hint(criterion.instrument, pack.instruments),
            )
        if criterion.scope != CASE and criterion.scope not in pack.vocabulary.parts:
            yield where.problem("criteria", criterion.id, f"scope '{criterion.scope}' is not a part", "", "scope")
        elif criterion.effect and criterion.scope not in (CASE, "counts"):
            message = f"a ground is about the case or about each of the counts, not about {criterion.scope}"
            yield where.problem("criteria", criterion.id, message, "Use it inside a ground", "scope")
        for name in criterion.authorities:
            if name not in pack.authorities:
                yield where.problem(
                    "criteria",
                    criterion.id,
                    f"authority '{name}' is not listed",
                    hint(name, pack.authorities),
                    "authorities",
                )
        for question, value in criterion.variant.items():
            for message, fix in variant_faults(pack, question, value):
                yield where.problem("criteria", criterion.id, message, fix, "variant")
        for message, fix in dict.fromkeys(condition_faults(pack, criterion.condition, criterion.scope)):
            yield where.problem("criteria", criterion.id, message, fix, "when")


def _clocks(pack: Pack, where: Where) -> Iterator[Problem]:
    facts = pack.vocabulary.facts
    for clock in pack.clocks.values():
        for name in clock.dates:
            if name not in facts or facts[name].type != "date" or facts[name].scope != CASE:
                yield where.problem("clocks", clock.id, f"'{name}' is not a date fact of the case", hint(name, facts))
        if clock.not_counted is not None and clock.not_counted.where not in pack.criteria:
            named = clock.not_counted.where
            message = f"not_counted where '{named}' is met: there is no such criterion"
            yield where.problem("clocks", clock.id, message, hint(named, pack.criteria), "not_counted")
        if clock.applies_when is not None:
            for message, fix in condition_faults(pack, clock.applies_when, CASE):
                yield where.problem("clocks", clock.id, message, fix, "applies_when")


def _conflicts(pack: Pack, where: Where) -> Iterator[Problem]:
    for conflict in pack.conflicts.values():
        for name in (*conflict.prevails, *conflict.yields):
            if name not in pack.criteria:
                yield where.problem(
                    "conflicts", conflict.id, f"criterion '{name}' does not exist", hint(name, pack.criteria)
                )
        for name in conflict.authorities:
            if name not in pack.authorities:
                yield where.problem(
                    "conflicts", conflict.id, f"authority '{name}' is not listed", hint(name, pack.authorities)
                )
