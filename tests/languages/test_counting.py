"""Beside every time limit stands what the law of the forum may change about its last day."""

from __future__ import annotations

from datetime import date

import pytest

from api.documents.language.catalogues import Speech
from api.documents.language.counting import CAVEAT, day_off
from api.documents.text.sources import clocks
from engine.answer.model import Answer, ClockSaid


def test_a_last_day_at_the_weekend_is_named() -> None:
    named = [day_off(date(2020, 2, day)) for day in (28, 29)]
    assert named == ["", "a Saturday"]
    assert day_off(date(2020, 3, 1)) == "a Sunday"


def test_the_terminal_says_how_days_are_counted_and_that_the_last_one_is_a_saturday() -> None:
    clock = ClockSaid.model_construct(
        id="c", title="First limit", citations=(), starts_on=date(2020, 1, 20), due_on=date(2020, 2, 29),
        state="running", consequence="release_possible", sentence="Then release.", counting_rule="forum", review="known",
    )  # fmt: skip
    section = clocks(Answer.model_construct(clocks=(clock,)), everything=False)
    assert "(a Saturday)" in str(section)
    assert CAVEAT in str(section)


@pytest.mark.parametrize("word", ["субот", "неділ", "святков", "перший день"])
def test_it_is_said_in_ukrainian(ukrainian: Speech, word: str) -> None:
    assert word in ukrainian.say(CAVEAT)
