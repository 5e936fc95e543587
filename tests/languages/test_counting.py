"""Beside every time limit stands what the law of the forum may change about its last day."""

from __future__ import annotations

from datetime import date

import icalendar
import pytest
from fastapi import FastAPI

from api.documents.language.catalogues import Speech
from api.documents.language.counting import CAVEAT, day_off
from api.documents.text.sources import clocks
from api.storage.store import Store
from engine.answer.model import Answer, ClockSaid
from tests.api.http.support import CASE, Client, new_key


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


def test_lists_and_calendars_of_time_limits_say_it(toy_app: FastAPI, toy_store: Store) -> None:
    client = Client(toy_app, new_key(toy_store))
    case = {**CASE, "facts": {**CASE["facts"], "seized_on": "1950-05-30"}}
    matter = client.post("/v1/matters", json={"reference": "T/1", "case": case}).json()["id"]
    client.post(f"/v1/matters/{matter}/assessments", json={})
    assert client.get("/v1/deadlines").json()["counting"] == CAVEAT
    (event,) = icalendar.Calendar.from_ical(client.get("/v1/deadlines.ics").text).walk("VEVENT")
    assert str(event["description"]) == CAVEAT
