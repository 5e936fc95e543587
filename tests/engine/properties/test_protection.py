"""More protection never lowers the outcome: a further ground that is met, whatever it is, for the case or for an offence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.assess import Engine
from engine.content.models import Criterion, Effect, Pack
from engine.facts.vocabulary import CASE, Fact
from engine.reasoning.outcome import COUNTS, LEVEL_OF, LEVELS, Outcome
from tests.engine.properties import test_real_pack as real
from tests.engine.properties.strategies import Weighing, cases, consistent, described, packs
from tests.engine.support import criterion, fact, make_engine, part

PROTECTIVE = tuple(LEVEL_OF)
#: A bar that stands on the record alone, and bars that stand whatever is answered.
BARRED: list[dict[str, Any]] = [
    {"requesting_state": "KAZ", "requested_state": "UKR", "individual_features_shown": True},
    *real.DANGERS,
]
FURTHER = "further_ground"


def with_further_grounds(pack: Pack, scopes: Iterable[str]) -> Pack:
    """The pack with one more ground of each protective effect and scope, each met by a fact of its own."""
    facts: list[Fact] = []
    grounds: list[Criterion] = []
    theme = next(iter(pack.vocabulary.themes))
    for scope in scopes:
        for effect in PROTECTIVE:
            name = f"{FURTHER}_{scope}_{effect.value}"
            facts.append(fact(f"{name}_fact", scope=scope, theme=theme))
            grounds.append(criterion(name, f"{name}_fact", effect, scope=scope))
    vocabulary = pack.vocabulary.model_copy(
        update={"facts": pack.vocabulary.facts | {of.id: of for of in facts}},
    )
    return pack.model_copy(
        update={"vocabulary": vocabulary, "criteria": pack.criteria | {ground.id: ground for ground in grounds}}
    )


def refuting(data: dict[str, Any], scopes: Iterable[str]) -> dict[str, Any]:
    """The case with every further ground answered no."""
    facts, counts = dict(data["facts"]), [dict(item) for item in data.get(COUNTS, [])]
    for scope in scopes:
        for effect in PROTECTIVE:
            for place in [facts] if scope == CASE else counts:
                place[f"{FURTHER}_{scope}_{effect.value}_fact"] = False
    return {**data, "facts": facts} | ({COUNTS: counts} if COUNTS in data else {})


def meeting(data: dict[str, Any], scope: str, effect: Effect, among: set[int]) -> dict[str, Any]:
    """The case with one further ground met, of the case or of some of its offences."""
    name = f"{FURTHER}_{scope}_{effect.value}_fact"
    if scope == CASE:
        return {**data, "facts": {**data["facts"], name: True}}
    counts = [{**item, name: True} if index in among else item for index, item in enumerate(data[COUNTS])]
    return {**data, COUNTS: counts}


def assert_not_lowered(engine: Engine, before: Weighing, after: Weighing) -> None:
    """No end of a range goes down, and the outcome protects at least as much as it did."""
    for planes, columns in (("strict", "strict_columns"), ("record", "record_columns")):
        spans = [
            engine.judge.range(getattr(w.weighed.evaluation, planes), getattr(w.weighed.evaluation, columns)).bounds()
            for w in (before, after)
        ]
        for was, now in zip(*spans, strict=True):
            assert LEVELS.index(now) >= LEVELS.index(was)
    was, now = before.weighed.outcome, after.weighed.outcome
    if was is not Outcome.UNDETERMINED:
        assert now is not Outcome.UNDETERMINED
        assert LEVELS.index(now) >= LEVELS.index(was)
    elif now is not Outcome.UNDETERMINED:  # only where nothing more protective is left open, or surrender must wait
        both = before.weighed.evaluation
        most = engine.judge.range(both.record, both.record_columns).bounds()[1]
        assert now is Outcome.NOT_NOW or LEVELS.index(now) >= LEVELS.index(most)


def assert_more_protects(engine: Engine, case: dict[str, Any], reading: Any, data: Any, scopes: list[str]) -> None:
    before = consistent(engine, refuting(case, scopes), reading)
    scope = data.draw(st.sampled_from([scope for scope in scopes if scope == CASE or before.data.get(COUNTS)]))
    among = data.draw(st.sets(st.integers(0, 2), min_size=1))
    after = consistent(engine, meeting(before.data, scope, data.draw(st.sampled_from(PROTECTIVE)), among), reading)
    assume(after.data["facts"].keys() == before.data["facts"].keys())
    assert_not_lowered(engine, before, after)


@settings(max_examples=120)
@given(st.data())
def test_a_further_ground_that_is_met_never_lowers_the_outcome(data: Any) -> None:
    pack = data.draw(packs())
    scopes = [CASE, *(part for part in pack.vocabulary.parts if part == COUNTS)]
    engine = Engine(with_further_grounds(pack, scopes))
    for _ in range(3):
        reading = data.draw(st.sampled_from(["neutral", "person", "state"]))
        case = data.draw(cases(pack), label=described(pack))
        assert_more_protects(engine, case, reading, data, scopes)


@pytest.fixture(scope="module")
def real_engine(engine: Engine) -> Engine:
    return Engine(with_further_grounds(engine.pack, [CASE, COUNTS]))


@settings(max_examples=40)
@given(st.data())
def test_over_the_real_rules_a_further_ground_that_is_met_never_lowers_the_outcome(
    engine: Engine, real_engine: Engine, data: Any
) -> None:
    certain = data.draw(st.sampled_from([*BARRED, {}]))
    case = data.draw(real.weighings(engine, certain))
    assert_more_protects(real_engine, case.data, case.reading, data, [CASE, COUNTS])


@settings(max_examples=60)
@given(st.data())
def test_over_the_real_rules_an_interim_measure_never_lowers_the_outcome(engine: Engine, data: Any) -> None:
    """Every body that may ask a State to wait, in force beside whatever else the case says."""
    bodies = list(engine.pack.vocabulary.facts["interim_measures_in_force"].values)
    certain = {**data.draw(st.sampled_from([*BARRED, {}])), "interim_measure_or_complaint": True}
    case = data.draw(real.weighings(engine, {**certain, "interim_measures_in_force": []}))
    measures = data.draw(st.sets(st.sampled_from(bodies), min_size=1))
    more = {**case.data, "facts": {**case.data["facts"], "interim_measures_in_force": sorted(measures)}}
    after = consistent(engine, more, case.reading)
    assume(after.data["facts"].keys() == case.data["facts"].keys())
    assert_not_lowered(engine, case, after)


def test_a_bar_that_stands_on_the_record_is_not_lowered_by_a_measure_that_asks_the_state_to_wait() -> None:
    """The case in which the fault was seen: the bar is rebuttable, the interim measure is certain."""
    engine = make_engine(
        [fact("danger"), fact("dispelled", unproved=False), fact("asked_to_wait")],
        [
            criterion("bar", {"all": ["danger", {"not": "dispelled"}]}, Effect.ABSOLUTE_BAR),
            criterion("measure", "asked_to_wait", Effect.SUSPENSION),
        ],
        parts=[part(COUNTS, "count", needs_items=True)],
    )
    for waits in (False, True):
        found = consistent(engine, {"facts": {"danger": True, "asked_to_wait": waits}})
        assert found.weighed.outcome is Outcome.INADMISSIBLE
