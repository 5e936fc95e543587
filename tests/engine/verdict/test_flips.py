"""Flip sets of small cases, read one by one; the properties are in engine/properties."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess import Engine
from engine.facts.columns import HERE
from engine.reasoning.flips import MAX_SIZE, favours, flip_sets
from engine.reasoning.outcome import Outcome
from tests.engine.support import criterion, fact, make_engine, part, weigh


def flips(engine: Engine, facts: Any = None, **more: Any) -> tuple[dict[Any, str], bool]:
    found, complete = engine.flips(weigh(engine, facts, **more))
    return {
        tuple(
            (*place[:1], name, value) if place != HERE else (name, value) for place, name, value in flip.assigned
        ): flip.to.value
        for flip in found
    }, complete


@pytest.fixture(scope="module")
def engine() -> Engine:
    """A bar that needs two facts and gives way to a third."""
    return make_engine(
        [fact("a"), fact("b"), fact("answer", unproved=False)],
        [criterion("bar", {"all": ["a", "b", {"not": "answer"}]}, "absolute_bar")],
    )


def test_one_fact_that_decides_is_a_set_of_one(engine: Engine) -> None:
    found, complete = flips(engine)
    assert found == {
        (("a", False),): "admissible",
        (("b", False),): "admissible",
        (("answer", True),): "admissible",
        (("a", True), ("b", True)): "inadmissible",
    }
    assert not complete  # three facts are open and sets of three were not tried


def test_with_two_facts_open_all_sets_were_tried(engine: Engine) -> None:
    assert flips(engine, {"answer": False}) == (
        {
            (("a", False),): "admissible",
            (("b", False),): "admissible",
            (("a", True), ("b", True)): "inadmissible",
        },
        True,
    )


def test_a_settled_outcome_has_none(engine: Engine) -> None:
    assert flips(engine, {"a": False}) == ({}, True)


def test_what_the_other_side_says_is_worth_trying_even_when_all_is_settled(engine: Engine) -> None:
    facts = {"a": {"standing": "disputed", "person": True, "state": False}, "b": True, "answer": False}
    assert flips(engine, facts, reading="person") == ({(("a", False),): "admissible"}, True)
    assert flips(engine, facts, reading="state") == ({(("a", True),): "inadmissible"}, True)
    assert flips(engine, facts)[0] == {(("a", False),): "admissible", (("a", True),): "inadmissible"}


def test_a_number_is_tried_on_each_side_of_every_limit_and_within_its_own() -> None:
    engine = make_engine(
        [fact("n", "number", minimum=0, maximum=12)],
        [
            criterion(
                "c",
                {
                    "any": [
                        {"compare": {"fact": "n", "op": ">=", "value": 12}},
                        {"compare": {"fact": "n", "op": "<", "value": 0.5}},
                    ]
                },
            )
        ],
    )
    assert flips(engine) == (
        {(("n", 0),): "inadmissible", (("n", 0.5),): "admissible", (("n", 12),): "inadmissible"},
        True,
    )


def test_a_set_is_tried_in_every_combination_that_the_rules_tell_apart() -> None:
    engine = make_engine(
        [fact("s", "set", values={"a": "A", "b": "B", "c": "C"})],
        [criterion("c", {"all": [{"includes": {"s": "a"}}, {"includes": {"s": "b"}}]})],
    )
    found, complete = flips(engine)
    assert found[(("s", frozenset({"a", "b"})),)] == "inadmissible"
    assert complete


def test_a_set_with_too_many_kinds_of_values_is_not_tried_in_full_and_says_so() -> None:
    names = "abcdefg"
    engine = make_engine(
        [fact("s", "set", values={name: name for name in names})],
        [criterion("c", {"all": [{"includes": {"s": name}} for name in names]})],
    )
    found, complete = flips(engine)
    assert found[(("s", frozenset(names)),)] == "inadmissible"
    assert not complete


def test_a_state_is_not_tried_and_that_is_said() -> None:
    engine = make_engine([fact("home", "state")], [criterion("c", {"same_state": ["home", "requested_state"]})])
    assert flips(engine) == ({}, False)


def test_what_each_side_says_of_a_state_is_tried() -> None:
    engine = make_engine([fact("home", "state")], [criterion("c", {"same_state": ["home", "requested_state"]})])
    found, _ = flips(engine, {"home": {"standing": "disputed", "person": "AND", "state": "MCO"}})
    assert found == {(("home", "AND"),): "inadmissible", (("home", "MCO"),): "admissible"}


def test_answers_that_contradict_a_gate_are_no_flip_set() -> None:
    engine = make_engine(
        [fact("gate"), fact("risk", closed_by=[{"fact": "gate", "is": False, "then": False}])],
        [criterion("bar", "risk")],
    )
    found, complete = flips(engine)
    assert found == {
        (("gate", False),): "admissible",
        (("risk", True),): "inadmissible",
        (("risk", False),): "admissible",
    }
    assert complete
    assert flips(engine, {"gate": True})[0] == {(("risk", True),): "inadmissible", (("risk", False),): "admissible"}


def test_facts_of_items_are_tried_where_they_stand() -> None:
    engine = make_engine(
        [fact("c", scope="counts")],
        [criterion("bar", "c", scope="counts")],
        parts=[part("counts", "count", needs_items=True)],
    )
    found, _ = flips(engine, counts=[{"c": True}, {}])
    assert found == {(("counts", "c", True),): "inadmissible", (("counts", "c", False),): "admissible"}


def test_a_bound_on_the_number_of_tries_is_said(engine: Engine) -> None:
    weighed = weigh(engine)
    options = engine.candidates(weighed)

    def nobody(columns: Any) -> Any:
        return {}, 0

    assert flip_sets(weighed.read.columns, options, weighed.outcome, nobody, max_lanes=5) == ([], False)
    assert flip_sets(weighed.read.columns, options, weighed.outcome, nobody, max_size=3) == ([], True)
    assert flip_sets(weighed.read.columns, [], weighed.outcome, nobody) == ([], True)
    assert MAX_SIZE == 2


@pytest.mark.parametrize(
    ("now", "to", "side"),
    [
        (Outcome.ADMISSIBLE, Outcome.INADMISSIBLE, "person"),
        (Outcome.INADMISSIBLE, Outcome.NOT_NOW, "state"),
        (Outcome.UNDETERMINED, Outcome.INADMISSIBLE, "person"),
        (Outcome.UNDETERMINED, Outcome.CONDITIONAL, "person"),
        (Outcome.UNDETERMINED, Outcome.DISCRETIONARY, "state"),
        (Outcome.UNDETERMINED, Outcome.ADMISSIBLE, "state"),
        (Outcome.INADMISSIBLE, Outcome.UNDETERMINED, "state"),
        (Outcome.ADMISSIBLE, Outcome.UNDETERMINED, "person"),
    ],
)
def test_a_change_helps_one_side(now: Outcome, to: Outcome, side: str) -> None:
    assert favours(now, to) == side
