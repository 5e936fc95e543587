"""Precedents are monotone, in no order, and only what is there can govern: on random bases and on the real one."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.assess import Engine
from engine.content.evidence import OPPONENT, Side
from engine.facts.columns import HERE
from engine.inference.precedents import IssueBase, Row
from engine.inference.situations import Selection
from tests.engine.properties.strategies import Weighing, engines_and_cases, weigh_data
from tests.engine.support import DAY

ANY = Selection(any_date=True)


def sides(base: IssueBase, holding: tuple[bool, ...], selection: Selection = ANY) -> set[Side]:
    """The sides for which some ruling governs."""
    numbers = tuple(0b1111 if each else 0 for each in holding)
    return {side for side, governs in base.judge(numbers, DAY, selection).items() if governs}


@st.composite
def holdings(draw: Any, base: IssueBase) -> tuple[bool, ...]:
    """Which conditions hold in a case: at random, or as in a ruling with some others turned."""
    size = len(base.marks.entry.children)
    if base.rows and draw(st.booleans()):
        row = draw(st.sampled_from(base.rows))
        turned = draw(st.sets(st.integers(0, size - 1), max_size=3)) if size else set()
        own = conditions_of(base, row)
        return tuple((child in own) != (child in turned) for child in range(size))
    return tuple(draw(st.lists(st.booleans(), min_size=size, max_size=size)))


def conditions_of(base: IssueBase, row: Row) -> set[int]:
    """Conditions that give a case the marks of a ruling."""
    found = {child for child, bit in base.marks.reasons.items() if row.has >> bit & 1}
    for factor in base.marks.entry.factors:
        spec = base.marks.issue.factors[factor.name]
        marks = [mark for mark in base.marks.marks_in(row.has) if mark.factor == factor.name]
        if marks and spec.levels:
            levels = [mark.level or 0 for mark in marks if mark.side == "person"]
            found.add(factor.start + max(levels, default=0))
        elif marks:
            found.add(factor.start)
    return found


def strengthened(base: IssueBase, holding: tuple[bool, ...], side: Side, chance: Any) -> tuple[bool, ...]:
    """The case with one factor more for a side, or one level that is better for it."""
    options = []
    for factor in base.marks.entry.factors:
        spec = base.marks.issue.factors[factor.name]
        if spec.favours == side and not holding[factor.start]:
            options.append((factor, factor.start))
        if spec.levels:
            levels = [at for at in range(factor.start, factor.stop) if holding[at]]
            better = [
                at
                for at in range(factor.start, factor.stop)
                if levels and (at > max(levels) if side == "person" else at < max(levels))
            ]
            options += [(factor, at) for at in better]
    assume(options)
    factor, at = chance(options)
    changed = list(holding)
    if base.marks.issue.factors[factor.name].levels:
        changed[factor.start : factor.stop] = [False] * (factor.stop - factor.start)
    changed[at] = True
    return tuple(changed)


def assert_monotone(base: IssueBase, data: Any) -> None:
    holding = data.draw(holdings(base))
    before = sides(base, holding)
    side: Side = data.draw(st.sampled_from(["person", "state"]))
    more = strengthened(base, holding, side, lambda options: data.draw(st.sampled_from(options)))
    after = sides(base, more)
    if before == {side}:
        assert after == {side}
    assert not (OPPONENT[side] in after and OPPONENT[side] not in before)


@settings(max_examples=150)
@given(st.data())
def test_one_more_factor_for_a_side_never_turns_a_real_issue_against_it(engine: Engine, data: Any) -> None:
    assert_monotone(data.draw(st.sampled_from(list(engine.compiled.one.bases.values()))), data)


@settings(max_examples=25)
@given(engines_and_cases(), st.data())
def test_one_more_factor_for_a_side_never_turns_a_random_issue_against_it(
    drawn: tuple[Engine, Weighing], data: Any
) -> None:
    bases = [base for base in drawn[0].compiled.one.bases.values() if base.marks.entry.factors]
    assume(bases)
    assert_monotone(data.draw(st.sampled_from(bases)), data)


@settings(max_examples=100)
@given(st.data())
def test_a_ruling_taken_out_never_makes_a_side_govern(engine: Engine, data: Any) -> None:
    """One that prevailed over others may let them speak again; none speaks that did not govern before."""
    base = data.draw(st.sampled_from([one for one in engine.compiled.one.bases.values() if one.rows]))
    holding = data.draw(holdings(base))
    has = base.marks.of(holding)
    governing = base.governing(has, DAY, ANY)
    removed = data.draw(st.sampled_from(governing or list(base.rows))).precedent.id
    fewer = base.governing(has, DAY, Selection(frozenset({removed}), any_date=True))
    assert {row.precedent.id for row in fewer} == {row.precedent.id for row in governing} - {removed}
    if len({row.side for row in governing}) < 2:
        assert {row.side for row in fewer} <= {row.side for row in governing}


@settings(max_examples=60)
@given(st.data())
def test_the_order_of_rulings_is_irrelevant(engine: Engine, data: Any) -> None:
    base = data.draw(st.sampled_from(list(engine.compiled.one.bases.values())))
    rows = list(base.rows)
    random.Random(data.draw(st.integers(0, 9))).shuffle(rows)
    other = IssueBase(base.marks, tuple(rows))
    holding = data.draw(holdings(base))
    assert sides(other, holding) == sides(base, holding)


@settings(max_examples=60)
@given(engines_and_cases(known=3))
def test_what_is_known_on_the_record_extends_what_is_known_strictly(drawn: tuple[Engine, Weighing]) -> None:
    engine, case = drawn
    both = case.weighed.evaluation
    for index, node in enumerate(engine.program.nodes):
        for place in both.strict_columns.places(node.scope):
            true, false = both.strict.at(index, place)
            if true or false:
                assert both.record.at(index, place) == (true, false)


@settings(max_examples=60)
@given(engines_and_cases(known=3))
def test_nothing_presumed_is_ever_a_strict_answer(drawn: tuple[Engine, Weighing]) -> None:
    """A strict answer is the same whatever presumptions, findings and precedents there are."""
    engine, case = drawn
    none = {"presumptions": {}, "issues": {}, "precedents": {}, "situations": {}}
    plain = {name: one for name, one in engine.pack.criteria.items() if name != "on_presumption"}
    bare = Engine(engine.pack.model_copy(update={**none, "criteria": plain}))
    weighed = weigh_data(bare, case.data, case.reading)
    for name, entry in bare.program.entries.items():
        scope = bare.pack.criteria[name].scope
        for place in [HERE] if scope == "case" else weighed.evaluation.strict_columns.places(scope):
            with_evidence = case.weighed.evaluation.strict.at(engine.program.entries[name].node, place)
            assert weighed.evaluation.strict.at(entry.node, place) == with_evidence


@settings(max_examples=60)
@given(st.data())
def test_many_cases_at_once_are_governed_as_each_alone(engine: Engine, data: Any) -> None:
    base = data.draw(st.sampled_from(list(engine.compiled.one.bases.values())))
    cases = [data.draw(holdings(base)) for _ in range(4)]
    planes = [sum(1 << lane for lane, case in enumerate(cases) if case[child]) for child in range(len(cases[0]))]
    found = base.in_lanes(planes, 0b1111, DAY, ANY)
    for lane, case in enumerate(cases):
        assert {side for side, lanes in found.items() if lanes >> lane & 1} == sides(base, case)
