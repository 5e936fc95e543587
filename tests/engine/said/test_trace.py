"""The trace: firings in words that a class can follow."""

from __future__ import annotations

from typing import Any

import pytest

from engine.answer.model import StepSaid
from engine.assess import Engine
from tests.engine.said.toy import PLAIN, ask
from tests.engine.support import DAY, criterion, document, fact, make_engine


def steps(engine: Engine, *args: Any, **more: Any) -> dict[str, StepSaid]:
    return {step.criterion: step for step in ask(engine, *args, **more).trace if step.criterion}


def test_a_step_says_what_it_concludes_from_what_and_where_it_is_written(toy_engine: Engine) -> None:
    step = steps(toy_engine, {"nap_status": "asked"})["toy-1900.nap"]
    assert (step.title, step.status, step.phase, step.place) == (
        "No doll is moved while its nap is pending or granted",
        "met",
        "known",
        "",
    )
    assert "TOY binds: yes" in step.because
    assert "nap_status [asked, granted]: yes" in step.because
    assert step.citations == ("TOY art 4(1)",)
    assert not step.internal


def test_steps_are_numbered_and_those_of_the_burden_come_last(toy_engine: Engine) -> None:
    trace = ask(toy_engine, {"ground_up": True}).trace
    assert [step.step for step in trace] == list(range(1, len(trace) + 1))
    phases = [step.phase for step in trace]
    assert phases == sorted(phases, key=["known", "burden"].index)
    assert "toy-1900.mill" in {step.criterion for step in trace if step.phase == "burden"}


def test_a_step_about_a_count_says_which(toy_engine: Engine) -> None:
    trace = ask(
        toy_engine,
        PLAIN,
        counts=[{"id": "a", "title": "The vase", "broke_vase": True}, {"id": "b", "broke_vase": False}],
    ).trace
    duties = [(step.place, step.status) for step in trace if step.criterion == "toy-1900.duty"]
    assert duties == [("The vase", "met"), ("count b", "not_met")]


@pytest.mark.parametrize(("kind", "words"), [(True, "kind_promise: yes"), (False, "kind_promise: no")])
def test_a_step_about_a_list_names_what_decided_it_and_not_its_opposite(
    toy_engine: Engine, kind: bool, words: str
) -> None:
    trace = ask(toy_engine, {"ground_up": True, "mill_closed": False}, promises=[{"kind_promise": kind}]).trace
    (step,) = [step for step in trace if step.title == "some of the promises"]
    assert step.because == (words,)
    assert step.internal


def test_an_empty_list_names_nothing(toy_engine: Engine) -> None:
    trace = ask(toy_engine, {"ground_up": True, "mill_closed": False}, promises=[]).trace
    (step,) = [step for step in trace if step.title == "some of the promises"]
    assert (step.because, step.status) == ((), "not_met")


def test_another_criterion_is_named_with_what_was_concluded_of_it(toy_engine: Engine) -> None:
    step = steps(toy_engine, {**PLAIN, "age": 5})["dolls-1950.sawdust"]
    assert step.status == "not_met"
    assert any(reason in ("concepts.old_doll is not met", "stuffing [wool]: yes") for reason in step.because)


def test_a_step_within_a_long_list_of_conditions_is_still_words() -> None:
    names = [f"f{number}" for number in range(40)]
    engine = make_engine([fact(name) for name in names], [criterion("c", {"all": [*names, {"any": names[:2]}]})])
    trace = engine.assess(engine.read(document(dict.fromkeys(names, True))), DAY).trace
    assert {step.title for step in trace if step.internal} <= {
        "part of a longer list of conditions",
        "one condition of a group",
    }
    (whole,) = [step for step in trace if step.criterion == "c"]
    assert {f"{name}: yes" for name in names} <= set(whole.because)


def test_atoms_of_every_kind_have_words(toy_engine: Engine) -> None:
    facts = {
        **PLAIN,
        "requested_state": "LIE",
        "requesting_state": "AND",
        "age": 60,
        "marks": ["red", "blue"],
        "seized_on": "2018-01-01",
    }
    trace = ask(toy_engine, facts, on=DAY.replace(year=2010), variants={"tickling": "strict"}).trace
    reasons = {reason for step in trace for reason in step.because}
    assert "How is tickling read? Reading: Strictly: yes" in reasons
    assert "Liechtenstein has made the declaration 'keeps home dolls' to the TOY: yes" in reasons
    assert any(reason.startswith("seized_on [<, -12]") for reason in reasons)
