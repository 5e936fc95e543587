"""The one entrance: what it needs, what it refuses, and that it may be shared."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest

from engine.answer.grounds import Grounds
from engine.assess import Engine
from engine.errors import InputProblems
from engine.reasoning.outcome import Outcome
from tests.engine.support import DAY, criterion, document, fact, make_engine, party, treaty, variant


@pytest.fixture(scope="module")
def engine() -> Engine:
    """One ground, with a reading of the law and a gate."""
    return make_engine(
        [fact("gate"), fact("risk", closed_by=[{"fact": "gate", "is": False, "then": False}])],
        [
            criterion("bar", "risk", "absolute_bar"),
            criterion("strict_only", "risk", variant={"v": "y"}),
            criterion("bound", {"all": ["risk", {"criterion": "bar"}]}, instrument="t"),
        ],
        variants=[variant("v", "x", "y")],
        instruments=[treaty("t", {"AND": party(), "MCO": party(review="unverified")})],
    )


class TestDate:
    def test_it_is_given_or_it_is_in_the_case(self, engine: Engine) -> None:
        assert engine.weigh(engine.read(document()), DAY).read.assessed_on == DAY
        assert engine.weigh(engine.read(document(assessed_on="2019-01-01"))).read.assessed_on == date(2019, 1, 1)

    def test_the_one_given_goes_before_the_one_in_the_case(self, engine: Engine) -> None:
        assert engine.weigh(engine.read(document(assessed_on="2019-01-01")), DAY).read.assessed_on == DAY

    def test_without_any_nothing_is_assessed(self, engine: Engine) -> None:
        with pytest.raises(InputProblems, match="the date of assessment is not given"):
            engine.weigh(engine.read(document()))


def test_a_reading_that_does_not_exist_is_refused_with_those_that_do(engine: Engine) -> None:
    with pytest.raises(InputProblems, match=r"'persson' is not a reading\. Did you mean 'person'"):
        engine.weigh(engine.read(document()), DAY, "persson")  # type: ignore[arg-type]


def test_readings_of_the_law_are_chosen_or_default(engine: Engine) -> None:
    assert engine.variants({}) == {"v": "x"}
    assert engine.variants({"v": "y"}) == {"v": "y"}


def test_an_assessment_of_record_runs_both_engines(engine: Engine) -> None:
    answer = engine.assess(engine.read(document({"risk": True})), DAY)
    assert answer.outcome is Outcome.INADMISSIBLE
    assert {step.criterion for step in answer.trace if not step.internal} == {"strict_only", "bound"}


def test_a_weighing_runs_only_the_compiled_one() -> None:
    engine = make_engine([fact("risk")], [criterion("bar", "risk")])
    engine.weigh(engine.read(document({"risk": True})), DAY)
    assert "durable" not in engine.__dict__


def test_facts_below_a_node_are_those_it_reads_directly_or_through_others(engine: Engine) -> None:
    assert engine.facts_below(engine.program.entries["bound"].node) == {"risk", "requested_state", "requesting_state"}


def test_unverified_relations_are_found_behind_a_criterion(engine: Engine) -> None:
    weighed = engine.weigh(engine.read(document()), DAY)
    grounds = Grounds(engine, weighed)
    notes = grounds.said(engine.pack.criteria["bound"]).unverified
    assert any(note.startswith("the status of the T is unverified: in force for Andorra") for note in notes)
    assert not any("the status of" in note for note in grounds.said(engine.pack.criteria["bar"]).unverified)


def test_a_contradiction_that_only_one_reading_sees_stops_that_reading(engine: Engine) -> None:
    case = engine.read(document({"gate": False, "risk": {"standing": "disputed", "person": True, "state": False}}))
    assert engine.weigh(case, DAY).outcome is Outcome.ADMISSIBLE
    with pytest.raises(InputProblems, match="both cannot be right"):
        engine.weigh(case, DAY, "person")


def test_one_engine_serves_many_threads(toy_engine: Engine) -> None:
    cases = [
        toy_engine.read(document({"nap_status": status, "stuffing": "wool"}, counts=[{"id": "x", "broke_vase": True}]))
        for status in ("asked", "over", "granted", "never")
    ]
    expected = [toy_engine.assess(case, DAY) for case in cases]
    faults: list[Any] = []

    def work(index: int) -> None:
        try:
            for _ in range(10):
                if toy_engine.assess(cases[index], DAY) != expected[index]:
                    faults.append(index)
        except Exception as error:
            faults.append(error)

    workers = [threading.Thread(target=work, args=(index,)) for index in range(len(cases)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
