"""Every presumption of the content: presumed where its condition holds, rebutted where the law says so, open in conflict.

The facts of a plain case are read off the condition: as few as make it hold. What strict knowledge says is never
touched by any of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations, islice, product
from pathlib import Path
from typing import Any

import pytest

from engine.assess import Engine, Weighed
from engine.content.conditions import All, AnyOf, Applies, Atom, Condition, Not, Quantified, Ref
from engine.content.documents import Document
from engine.content.loader import load_pack
from engine.content.models import PRESUMING, Pack, Presumption
from engine.errors import InputProblems
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE

ROOT = Path(__file__).parents[2]
PACK = load_pack(ROOT / "rules", ROOT / "instruments")
#: Facts by the part of the case in which they stand.
Facts = dict[str, dict[str, Any]]
MOST = 40


def ways(pack: Pack, condition: Condition, wanted: bool, scope: str) -> Iterator[Facts]:
    """The plain ways in which a condition can be made to hold, or to fail, those with fewest facts first."""
    if isinstance(condition, Not):
        yield from ways(pack, condition.of, not wanted, scope)
    elif isinstance(condition, All | AnyOf):
        if isinstance(condition, All) is wanted:
            for each in product(*(list(ways(pack, part, wanted, scope))[:6] for part in condition.of)):
                yield from joined(each)
        else:
            for part in condition.of:
                yield from ways(pack, part, wanted, scope)
    elif isinstance(condition, Quantified):
        yield from ways(pack, condition.of, wanted, condition.part)
    elif isinstance(condition, Ref):
        yield from ways(pack, pack.criteria[condition.criterion].condition, wanted, scope)
    elif isinstance(condition, Applies):
        one = pack.presumptions[condition.presumption]
        yield from ways(pack, one.condition, wanted, scope)
    elif isinstance(condition, Atom) and condition.kind == "bound":
        yield {CASE: {}}  # what binds the two States of every case here is in the register
    elif isinstance(condition, Atom):
        yield from (
            {pack.vocabulary.facts[condition.facts[0]].scope: found} for found in stated(pack, condition, wanted)
        )


def stated(pack: Pack, atom: Atom, wanted: bool) -> Iterator[dict[str, Any]]:
    """Values by which one test of one fact holds or fails."""
    if len(atom.facts) != 1:
        return
    fact = pack.vocabulary.facts[atom.facts[0]]
    if atom.kind == "yes":
        yield {fact.id: wanted}
    elif atom.kind == "in":
        yield from ({fact.id: value} for value in fact.values if (value in atom.args) is wanted)
    elif atom.kind in ("includes", "includes_any", "nonempty"):
        values = atom.args if atom.kind != "nonempty" else tuple(fact.values) or ("UZB",)
        named = values[0] if values and isinstance(values[0], tuple | frozenset) else values
        yield from [{fact.id: [value]} for value in sorted(named)] if wanted else [{fact.id: []}]
    elif atom.kind == "compare":
        limit = next(value for value in atom.args if isinstance(value, int | float))
        yield from ({fact.id: value} for value in (limit, limit - 1 if limit else limit + 1, limit + 1))


def joined(parts: tuple[Facts, ...]) -> Iterator[Facts]:
    """All the facts together, unless two of them contradict each other."""
    found: Facts = {}
    for part in parts:
        for scope, facts in part.items():
            place = found.setdefault(scope, {})
            for name, value in facts.items():
                if isinstance(value, list) and isinstance(place.get(name), list) and value and place[name]:
                    place[name] = [*place[name], *(each for each in value if each not in place[name])]
                elif place.setdefault(name, value) != value:
                    return
    yield found


def weighed(engine: Engine, one: Presumption, facts: Facts) -> Weighed | None:
    """A case of these facts alone, between two States; none where they contradict each other."""
    data: dict[str, Any] = {"facts": {"requesting_state": "KAZ", "requested_state": "UKR", **facts.get(CASE, {})}}
    for part, own in facts.items():
        if part != CASE:
            data[part] = [{"id": "a", **own}]
    on = max(day for day in (date(2024, 6, 1), one.valid_from) if day)
    try:
        return engine.weigh(engine.read(Document(data, one.id)), min(on, one.valid_until or on), "neutral")
    except InputProblems:
        return None


def applies(engine: Engine, case: Weighed, one: Presumption) -> bool:
    entry = engine.program.evidence.presumptions[one.id]
    return bool(case.evaluation.record.at(entry.node, place_of(one))[0] & 1)


def place_of(one: Presumption) -> Place:
    return HERE if one.scope == CASE else (one.scope, 0)


def plain_cases(engine: Engine, one: Presumption, *conditions: Condition) -> Iterator[tuple[Facts, Weighed]]:
    """Cases in which a presumption's condition holds together with others."""
    for number, facts in enumerate(ways(engine.pack, All((one.condition, *conditions)), True, one.scope)):
        if number >= MOST:
            return
        case = weighed(engine, one, facts)
        if case is not None:
            yield facts, case


PRESUMPTIONS = [one for one in PACK.presumptions.values() if one.strength in PRESUMING]


@pytest.mark.parametrize("one", PRESUMPTIONS, ids=lambda one: one.id)
def test_a_presumption_applies_on_the_record_to_a_plain_case_and_never_strictly(
    engine: Engine, one: Presumption
) -> None:
    node = engine.program.evidence.presumptions[one.id].node
    found = [case for _, case in plain_cases(engine, one) if applies(engine, case, one)]
    assert found, "no plain case was found in which it applies"
    assert not found[0].evaluation.strict.at(node, place_of(one))[0] & 1


@pytest.mark.parametrize("one", [one for one in PRESUMPTIONS if one.rebutted_by], ids=lambda one: one.id)
def test_what_rebuts_a_presumption_takes_it_away(engine: Engine, one: Presumption) -> None:
    tried = 0
    for number, rebuttal in enumerate(one.rebutted_by):
        for _, case in islice(plain_cases(engine, one, rebuttal), 3):
            if rebuttal_holds(engine, case, one, number):
                tried += 1
                assert not applies(engine, case, one)
    assert tried, "no plain case was found in which something rebuts it"


def rebuttal_holds(engine: Engine, case: Weighed, one: Presumption, number: int) -> bool:
    node = engine.program.evidence.presumptions[one.id].rebuttals[number]
    return bool(case.evaluation.record.at(node, place_of(one))[0] & 1)


OPPOSED = [
    (one, other, fact)
    for one, other in combinations(PRESUMPTIONS, 2)
    for fact, value in one.presumes.items()
    if other.presumes.get(fact, value) != value and one.strength == other.strength == "presumption"
]


#: Questions on which what speaks for one side rebuts what speaks for the other, so that both never stand.
NEVER_TOGETHER = {"assurance_dispels_danger", "rapid_irreversible_decline_risk", "risk_assessment_quality"}


@pytest.mark.parametrize("fact", sorted({fact for _, _, fact in OPPOSED}))
def test_presumptions_for_both_sides_leave_the_question_open(engine: Engine, fact: str) -> None:
    tried = 0
    for one, other, _ in (each for each in OPPOSED if each[2] == fact and each[0].scope == each[1].scope):
        for _, case in islice(plain_cases(engine, one, other.condition), 5):
            if applies(engine, case, one) and applies(engine, case, other):
                value = engine.presumed(case).value(fact, place_of(one))
                sufficient = value is not None and any(source.sufficient for source, _ in value.sources)
                tried += 1
                assert value is None or value.value is None or sufficient
    assert bool(tried) is (fact not in NEVER_TOGETHER), "both sides have a presumption, or never have"
