"""Checks of conditions: every fact, criterion, presumption and instrument named exists, and fits what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.content.conditions import ASSESSED_ON, Applies, Atom, Condition, Quantified, Ref
from engine.content.models import Criterion, Pack, Presumption
from engine.facts.values import BadValue, hint, parse
from engine.facts.vocabulary import CASE, Fact

_TYPES = {
    "yes": {"yes_no"},
    "in": {"choice", "state"},
    "includes": {"set", "states"},
    "nonempty": {"set", "states"},
    "compare": {"number"},
    "date": {"date"},
    "bound": {"date"},
    "same_state": {"state"},
}


def variant_faults(pack: Pack, question: str, value: str) -> Iterator[tuple[str, str]]:
    """Why a reading cannot be asked for, with what to do."""
    if question not in pack.variants:
        yield f"variant '{question}' is not listed", hint(question, pack.variants)
    elif value not in pack.variants[question].values:
        yield f"'{value}' is not a reading of {question}", hint(value, pack.variants[question].values)


def condition_faults(pack: Pack, condition: Condition, scope: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a condition that stands at ``scope``, with what to do."""
    if isinstance(condition, Quantified):
        if condition.part not in pack.vocabulary.parts:
            yield f"'{condition.part}' is not a part", hint(condition.part, pack.vocabulary.parts)
        elif scope != CASE:
            yield "a quantifier cannot stand inside a part", "Move it to a criterion of scope case"
        elif condition.quantifier == "latest" and not is_ordered(pack, condition.part):
            yield f"items of '{condition.part}' need not say a date, so none is the latest", ""
        else:
            yield from condition_faults(pack, condition.of, condition.part)
    elif isinstance(condition, Ref):
        yield from _ref_faults("criterion", pack.criteria, condition.criterion, scope)
    elif isinstance(condition, Applies):
        yield from _ref_faults("presumption", pack.presumptions, condition.presumption, scope)
    elif isinstance(condition, Atom):
        yield from _atom_faults(pack, condition, scope)
    else:
        for operand in condition.of if isinstance(condition.of, tuple) else (condition.of,):
            yield from condition_faults(pack, operand, scope)


def _ref_faults(
    kind: str, known: Mapping[str, Criterion | Presumption], name: str, scope: str
) -> Iterator[tuple[str, str]]:
    target = known.get(name)
    if target is None:
        yield f"{kind} '{name}' does not exist", hint(name, known)
    elif target.scope not in (CASE, scope):
        yield f"'{name}' is about {target.scope}", f"Use it inside some: {{in: {target.scope}, that: …}}"


def _atom_faults(pack: Pack, atom: Atom, scope: str) -> Iterator[tuple[str, str]]:
    facts = pack.vocabulary.facts
    for position, name in enumerate(atom.facts):
        fact = facts.get(name)
        wanted = (
            {"state"}
            if atom.kind == "state_in" and position == 0
            else {"states"}
            if atom.kind == "state_in"
            else _TYPES.get(atom.kind, set())
        )
        if name == ASSESSED_ON and atom.kind == "date" and position == 1:
            continue
        if fact is None:
            near = f" ('{name}' is a criterion: write {{criterion: {name}}})" if name in pack.criteria else ""
            yield f"fact '{name}' is not in the vocabulary{near}", hint(name, facts)
        elif fact.type not in wanted:
            yield f"fact '{name}' is of type {fact.type}; this condition needs {' or '.join(sorted(wanted))}", ""
        elif fact.scope not in ((CASE,) if atom.kind == "bound" else (CASE, scope)):
            yield (
                f"fact '{name}' belongs to each of the {fact.scope}",
                f"Use it inside some: {{in: {fact.scope}, that: …}}",
            )
        elif atom.kind in ("in", "includes") and fact.values:
            for value in atom.args:
                if value not in fact.values:
                    yield f"'{value}' is not a value of {name}", hint(value, fact.values)
        elif atom.kind == "in":
            for value in atom.args:
                if not fits(fact, value):
                    yield f"'{value}' is not a State", "Write its three-letter code, such as 'UKR'"
    yield from _register_faults(pack, atom)


def _register_faults(pack: Pack, atom: Atom) -> Iterator[tuple[str, str]]:
    if atom.kind in ("bound", "declared") and atom.args[0] not in pack.instruments:
        yield f"instrument '{atom.args[0]}' is not in the register", hint(atom.args[0], pack.instruments)
    if atom.kind in ("bound", "declared") and atom.args[-1] != "pair" and atom.args[-1] not in pack.vocabulary.facts:
        yield f"'{atom.args[-1]}' is not a State fact", ""
    if atom.kind == "declared" and atom.args[0] in pack.instruments:
        tags = {tag for d in pack.instruments[atom.args[0]].declarations.values() for tag in d.tags}
        if atom.args[1] not in tags:
            yield f"no declaration to {atom.args[0]} has the tag '{atom.args[1]}'", hint(atom.args[1], tags)
    if atom.kind == "variant":
        yield from variant_faults(pack, atom.args[0], atom.args[1])


def fits(fact: Fact, value: Any) -> bool:
    """Whether a fact can have a value."""
    try:
        parse(fact, sorted(value) if isinstance(value, frozenset) else value)
    except BadValue:
        return False
    return True


def is_ordered(pack: Pack, part: str) -> bool:
    """Whether every item of a part must say its date, so that one of them is the latest."""
    found = pack.vocabulary.parts.get(part)
    return bool(found and found.dated_by and found.unproved == "open")
