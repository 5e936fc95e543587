"""Clocks: when they start, run out, or are stopped; to the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.content.clocks import Clock, NotCounted
from engine.facts.columns import HERE, Columns
from engine.reasoning.clocks import time_of


def clock(days: int = 0, months: int = 0) -> Clock:
    return Clock.model_validate(
        {
            "id": "k",
            "title": "K",
            "cites": [{"instrument": "toy", "article": "1"}],
            "from": "seized_on",
            "length": {"days": days, "months": months},
            "stopped_by": "freed_on",
            "consequence": "release_required",
            "sentence": "S.",
            "review": "known",
        }
    )


def at(found: Clock, on: date, seized: date | None = date(2020, 1, 31), freed: date | None = None) -> tuple[Any, str]:
    columns = Columns(1)
    for name, value in (("seized_on", seized), ("freed_on", freed)):
        if value is not None:
            columns.add(HERE, name, value, 1)
    time = time_of(found, columns, on)
    return time.due_on, time.state


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2020, 1, 30), "not_started"),
        (date(2020, 1, 31), "running"),
        (date(2020, 3, 11), "running"),
        (date(2020, 3, 12), "expired"),
    ],
)
def test_forty_days_from_the_last_of_january_of_a_leap_year(on: date, state: str) -> None:
    due, found = at(clock(days=40), on)
    assert found == state
    assert due == (None if state == "not_started" else date(2020, 3, 11))


@pytest.mark.parametrize(
    ("months", "due"),
    [(1, date(2020, 2, 29)), (12, date(2021, 1, 31)), (13, date(2021, 2, 28)), (3, date(2020, 4, 30))],
)
def test_months_end_on_the_last_day_of_a_shorter_month(months: int, due: date) -> None:
    assert at(clock(months=months), date(2020, 2, 1)) == (due, "running")


@pytest.mark.parametrize(
    ("freed", "on", "state"),
    [
        (date(2020, 3, 11), date(2020, 3, 11), "met"),
        (date(2020, 3, 11), date(2021, 1, 1), "met"),
        (date(2020, 3, 12), date(2020, 3, 12), "expired"),
        (date(2020, 2, 10), date(2020, 2, 9), "running"),
    ],
)
def test_it_is_met_when_stopped_by_its_last_day_and_the_stop_has_happened(freed: date, on: date, state: str) -> None:
    assert at(clock(days=40), on, freed=freed)[1] == state


def test_without_a_start_it_has_not_started() -> None:
    assert at(clock(days=40), date(2020, 1, 1), seized=None) == (None, "not_started")


def test_a_clock_that_nothing_stops_runs_out() -> None:
    endless = clock(days=1).model_copy(update={"stopped_by": ""})
    assert at(endless, date(2020, 2, 2), freed=date(2020, 1, 31))[1] == "expired"


def test_a_start_at_the_end_of_the_calendar_does_not_break_it() -> None:
    assert at(clock(months=12), date.max, seized=date.max) == (date.max, "running")


@pytest.mark.parametrize(
    ("first", "last", "due"),
    [
        (date(2020, 2, 5), date(2020, 2, 15), date(2020, 3, 21)),
        (date(2020, 1, 1), date(2020, 2, 10), date(2020, 3, 21)),  # only what lies within the clock
        (date(2020, 3, 12), date(2020, 3, 30), date(2020, 3, 11)),  # the limit had passed before
        (date(2020, 2, 5), None, date(2020, 3, 11)),
        (None, date(2020, 2, 15), date(2020, 3, 11)),
    ],
)
def test_days_that_are_not_counted_put_the_limit_off_by_as_many(
    first: date | None, last: date | None, due: date
) -> None:
    left_out = NotCounted.model_validate({"from": "agreed_on", "until": "withdrew_on", "where": "toy.withdrawn"})
    found, columns = clock(days=40).model_copy(update={"not_counted": left_out}), Columns(1)
    for name, value in (("seized_on", date(2020, 1, 31)), ("agreed_on", first), ("withdrew_on", last)):
        if value is not None:
            columns.add(HERE, name, value, 1)
    assert time_of(found, columns, date(2020, 4, 30), leaves_out=True).due_on == due
    assert time_of(found, columns, date(2020, 4, 30)).due_on == date(2020, 3, 11)
