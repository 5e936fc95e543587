"""Bulk equals single: every status of every case, strict and on the record, over the whole vocabulary."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess import Engine
from engine.bulk.encode import table_of
from engine.bulk.weigh import BulkEngine
from engine.content.documents import Document
from engine.facts.reading import READINGS, Reading
from engine.inference import precedents
from tests.bulk.support import Generator, assert_same, judge
from tests.engine.properties.strategies import cases, engines
from tests.engine.support import DAY, criterion, document, fact, make_engine, part


@pytest.mark.parametrize("reading", READINGS)
def test_generated_cases_over_the_whole_vocabulary(engine: Engine, reading: Reading) -> None:
    generator = Generator(engine, seed=7)
    judged = [generator.judged(reading) for _ in range(100)]
    assert sum(weighed is None for _, _, weighed in judged) < 15
    assert_same(engine, judged, reading)


def test_a_ruling_is_ranked_once_for_a_table(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ranked, rank = list[Any](), precedents.rank

    def noting(row: Any, rule: Any) -> Any:
        ranked.append((row.precedent.id, row.ruling))
        return rank(row, rule)

    monkeypatch.setattr(precedents, "rank", noting)
    bulk, case = BulkEngine(engine, statuses=False), Generator(engine, seed=7).case()
    bulk.weigh(table_of([case], engine.pack, bulk.codec, [DAY], "neutral"))
    assert 0 < len(ranked) <= sum(len(base.rows) for base in engine.compiled.one.bases.values())


def test_a_sample_agrees_with_forward_chaining(engine: Engine) -> None:
    generator = Generator(engine, seed=11)
    judged = [generator.judged() for _ in range(8)]
    for _, _, weighed in judged:
        if weighed is not None:
            engine.chain(weighed)  # raises EnginesDisagree if a single status differs
    assert_same(engine, judged)


def test_gates_that_contradict_each_other_about_an_item_say_nothing_where_it_is_not_there() -> None:
    closures = [{"fact": name, "is": False, "then": given} for name, given in (("g", True), ("h", False))]
    facts = [fact("g"), fact("h"), fact("k", scope="steps", closed_by=closures), fact("step_on", "date", scope="steps")]
    made = make_engine(facts, [criterion("ground", "g")], parts=[part("steps", "step", dated_by="step_on")])
    closed, step = {"g": False, "h": False}, [{"step_on": "2018-12-09"}]
    drawn = [made.read(document(closed, steps=steps)) for steps in ([], step)]
    judged = [judge(made, case, DAY, "neutral") for case in drawn]
    assert [weighed is None for _, _, weighed in judged] == [False, True]
    assert_same(made, judged)


@pytest.mark.parametrize("reading", READINGS)
def test_outcomes_alone_are_those_with_every_status(engine: Engine, reading: Reading) -> None:
    generator = Generator(engine, seed=13)
    judged = [generator.judged(reading) for _ in range(60)]
    both = []
    for statuses in (True, False):
        bulk = BulkEngine(engine, statuses=statuses)
        days = [day for _, day, _ in judged]
        found = bulk.weigh(table_of([case for case, _, _ in judged], engine.pack, bulk.codec, days, reading))
        both.append([found.outcome, found.refused, *vars(found.strict).values(), *vars(found.record).values()])
    assert all(np.array_equal(one, other) for one, other in zip(*both, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_ten_thousand_generated_cases(engine: Engine, seed: int) -> None:
    generator = Generator(engine, seed=1000 + seed)
    assert_same(engine, [generator.judged() for _ in range(500)])


def several(data: Any, number: int) -> None:
    """Random cases over a random rule base, weighed in one table."""
    engine = data.draw(engines())
    reading = data.draw(st.sampled_from(READINGS))
    drawn = [engine.read(Document(data.draw(cases(engine.pack)), "case")) for _ in range(number)]
    assert_same(engine, [judge(engine, case, DAY, reading) for case in drawn], reading)


@settings(max_examples=60)
@given(st.data())
def test_random_rule_bases(data: Any) -> None:
    several(data, 6)


@pytest.mark.slow
@settings(max_examples=600)
@given(st.data())
def test_many_more_random_rule_bases(data: Any) -> None:
    several(data, 12)
