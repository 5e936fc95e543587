"""How certain an outcome is: settled only on established findings, and only where surrender was examined."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.answer.model import Answer
from engine.assess import Engine
from tests.engine.said.toy import PLAIN, ask

COUNT = {"id": "vase", "title": "The vase"}


def sworn(value: Any) -> dict[str, Any]:
    """A finding that a court has established."""
    return {"value": value, "standing": "established"}


def established(facts: dict[str, Any] = PLAIN) -> dict[str, Any]:
    return {name: sworn(value) for name, value in facts.items()}


def certainty(answer: Answer) -> tuple[str, str, bool, tuple[str, ...]]:
    return answer.outcome.value, answer.certainty, answer.settled, answer.rests_on


def test_what_nobody_is_named_for_settles_nothing(toy_engine: Engine) -> None:
    answer = ask(toy_engine, PLAIN)
    assert certainty(answer) == ("admissible", "on_word", False, ("whoever entered it (not stated)",))
    assert answer.sentence == (
        "Nothing examined here forbids surrender, on the word of whoever entered it (not stated). "
        "No fact still unknown can change it, but what it rests on is not established."
    )


def test_established_findings_settle(toy_engine: Engine) -> None:
    answer = ask(toy_engine, established(), counts=[{**COUNT, "broke_vase": sworn(True)}])
    assert certainty(answer) == ("admissible", "settled", True, ())


@pytest.mark.parametrize(
    ("by", "name"), [("person", "the person"), ("state", "the State"), ("press reports", "press reports")]
)
def test_one_finding_on_somebodys_word_is_said_with_whose(toy_engine: Engine, by: str, name: str) -> None:
    facts = established() | {"stuffing": {"value": "wool", "standing": "asserted", "by": by}}
    answer = ask(toy_engine, facts, counts=[{**COUNT, "broke_vase": sworn(True)}])
    assert certainty(answer) == ("admissible", "on_word", False, (name,))


def test_a_word_on_which_nothing_turns_is_not_named(toy_engine: Engine) -> None:
    facts = established() | {"maker_state": {"value": "SMR", "standing": "asserted", "by": "person"}}
    answer = ask(toy_engine, facts, counts=[{**COUNT, "broke_vase": sworn(True)}])
    assert certainty(answer) == ("admissible", "settled", True, ())


def test_a_bar_that_is_established_is_settled_whatever_else_is_only_said(toy_engine: Engine) -> None:
    answer = ask(toy_engine, PLAIN, counts=[{**COUNT, "broke_vase": sworn(False)}])
    assert certainty(answer) == ("inadmissible", "settled", True, ())


def test_a_reading_of_a_dispute_rests_on_the_word_of_its_side(toy_engine: Engine) -> None:
    disputed = {"standing": "disputed", "person": True, "state": False}
    for side, name in (("person", "the person"), ("state", "the State")):
        answer = ask(toy_engine, established(), counts=[{**COUNT, "broke_vase": disputed}], reading=side)
        assert (answer.certainty, answer.rests_on) == ("on_word", (name,))


def test_without_an_instrument_of_surrender_admissible_is_not_settled(toy_engine: Engine) -> None:
    before = ask(toy_engine, established(), counts=[{**COUNT, "broke_vase": sworn(True)}], on=date(1900, 6, 15))
    assert (before.outcome.value, before.certainty, before.settled) == ("admissible", "not_examined", False)
    assert before.sentence == (
        "Nothing examined here forbids surrender. "
        "This is not settled: not everything that may bind the two States was examined."
    )
    assert before.not_examined == (
        "No instrument of surrender between the two States was examined: none in this register is known to bind them "
        "on this date, and bilateral treaties are not all in it.",
    )


def test_an_instrument_that_binds_and_is_not_encoded_is_named(toy_engine: Engine) -> None:
    answer = ask(toy_engine, {**PLAIN, "requesting_state": "SMR", "requested_state": "LIE"})
    assert "The PUPPETS is in force between the two States and was not examined: none of its articles is encoded." in (
        answer.not_examined
    )
    assert not answer.settled


def test_an_instrument_of_which_the_register_does_not_know_whether_it_binds_is_named(toy_engine: Engine) -> None:
    answer = ask(toy_engine, established() | {"requesting_state": "PLW"}, counts=[{**COUNT, "broke_vase": sworn(True)}])
    assert any(one.startswith("Whether the ") and "Palau" in one for one in answer.not_examined)
    assert not answer.settled
