"""The sources from which an evaluative fact is answered on the record when nobody entered a finding.

Presumptions of law, country findings, precedents, and gates that are themselves answered so.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any, Literal, NamedTuple

from engine.content.conditions import Atom, Condition, Not
from engine.content.evidence import OPPONENT, Side
from engine.content.models import PRESUMING, Pack, Presumption
from engine.facts.columns import is_, then
from engine.facts.values import Value
from engine.facts.vocabulary import Fact

SourceKind = Literal["presumption", "situation", "precedent", "gate"]
#: Tests of a single fact that a presumed value answers.
PRESUMABLE = frozenset({"yes", "in", "includes", "nonempty"})


class FactSource(NamedTuple):
    """What can give a fact a value: the presumption, picture, issue or gate ``id``.

    ``side`` is the side of a precedent, ``answer`` that of a gate by which it closes. A ``sufficient``
    source is not outweighed by one that is not.
    """

    kind: SourceKind
    id: str
    value: Value
    side: Side | None = None
    sufficient: bool = False
    answer: Any = None


def sources_of(pack: Pack) -> dict[str, list[FactSource]]:
    """The sources of every fact that has any."""
    found: dict[str, list[FactSource]] = {}
    for answered, source in _declared(pack):
        found.setdefault(answered, []).append(source)
    above = {fact.id: [closure.fact for closure in fact.closed_by] for fact in pack.vocabulary.facts.values()}
    for name in TopologicalSorter(above).static_order():  # gates come before what they close
        fact = pack.vocabulary.facts[name]
        for closure in fact.closed_by:
            gate = pack.vocabulary.facts[closure.fact]
            if gate.id in found and value_test(gate, is_(closure)) is not None:
                found.setdefault(fact.id, []).append(FactSource("gate", gate.id, then(closure), answer=is_(closure)))
    return found


def _declared(pack: Pack) -> Iterator[tuple[str, FactSource]]:
    for presumption in pack.presumptions.values():
        if presumption.strength in PRESUMING:
            for fact, value in presumption.presumes.items():
                sufficient = presumption.strength == "sufficient"
                yield fact, FactSource("presumption", presumption.id, value, sufficient=sufficient)
    for picture in pack.pictures.values():
        for level in pack.vocabulary.facts[picture.answers].values:
            yield picture.answers, FactSource("situation", picture.id, level)
    for issue in pack.issues.values():
        for answer in issue.answers:
            for side in OPPONENT:
                yield answer.fact, FactSource("precedent", issue.id, answer.value(side), side)


def excluders(pack: Pack, fact: str, value: Value) -> list[Presumption]:
    """The rules by which a decision may not rest on this answer to a fact, whatever gives it."""
    found = [one for one in pack.presumptions.values() if fact in one.excludes]
    return [one for one in found if _same(one.excludes[fact], value)]


def _same(excluded: Any, value: Value) -> bool:
    if isinstance(value, frozenset):
        return bool(value & (excluded if isinstance(excluded, frozenset) else {excluded}))
    return bool(excluded == value)


def value_test(fact: Fact, value: Value) -> Condition | None:
    """The condition that a fact has a value; None where no single test says so."""
    if fact.type == "yes_no":
        return Atom("yes", (fact.id,)) if value is True else Not(Atom("yes", (fact.id,)))
    return Atom("in", (fact.id,), (value,)) if fact.type == "choice" else None


def presumed_truth(atom: Atom, value: Value) -> bool | None:
    """What a presumed value says of a test of its fact; of a set that it includes the value, never what it lacks."""
    if isinstance(value, frozenset):
        return True if atom.kind == "nonempty" or not value.isdisjoint(atom.args) else None
    if atom.kind == "yes":
        return value is True
    return value in atom.args if atom.kind == "in" else None
