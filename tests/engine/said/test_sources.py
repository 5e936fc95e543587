"""Treaty relations and clocks in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.assess import Engine
from tests.engine.said.toy import PLAIN, ask


def test_binding_treaties_come_first_then_unknown_ones_then_the_rest(toy_engine: Engine) -> None:
    relations = ask(toy_engine, PLAIN).treaty_relations
    assert [(r.short, r.binding) for r in relations] == [("DOLLS", True), ("TOY", True), ("PUPPETS", False)]
    unknown = ask(toy_engine, {"requested_state": "PLW", "requesting_state": "LIE"}).treaty_relations
    assert [r.binding for r in unknown] == [None, None, None]


@pytest.mark.parametrize(
    ("asks", "holds", "on", "reason"),
    [
        ("MCO", "AND", date(2020, 1, 1), "in force for Andorra since 1900-06-01; in force for Monaco since 1901-01-01"),
        ("MCO", "AND", date(1900, 12, 31), "not yet in force for Monaco (from 1901-01-01)"),
        ("AND", "SMR", date(2010, 6, 1), "suspended between San Marino and Andorra from 2010-01-01"),
        ("AND", "VAT", date(1960, 1, 1), "ended for Holy See (Vatican City State) on 1960-01-01"),
        ("AND", "TON", date(2020, 1, 1), "Tonga has signed but not ratified"),
        ("SMR", "LIE", date(2001, 1, 1), "displaced by the PUPPETS between these two States"),
        (
            "SMR",
            "LIE",
            date(2000, 12, 31),
            "in force for Liechtenstein since 1903-01-01; in force for San Marino since 1902-01-01",
        ),
    ],
)
def test_the_convention_between_a_pair_on_a_date(
    toy_engine: Engine, asks: str, holds: str, on: date, reason: str
) -> None:
    relations = ask(toy_engine, {"requesting_state": asks, "requested_state": holds}, on=on).treaty_relations
    assert [r.reason for r in relations if r.instrument == "toy-1900"] == [reason]


def test_the_protocol_needs_the_convention(toy_engine: Engine) -> None:
    relations = ask(toy_engine, {"requested_state": "VAT"}, on=date(1961, 1, 1)).treaty_relations
    assert [r.reason for r in relations if r.instrument == "dolls-1950"] == [
        "needs the TOY: ended for Holy See (Vatican City State) on 1960-01-01"
    ]


class TestClocks:
    def test_a_clock_says_when_it_runs_out(self, toy_engine: Engine) -> None:
        (clock,) = ask(toy_engine, {"seized_on": "2020-01-01", "age": 5}).clocks
        assert (clock.id, clock.starts_on, clock.due_on, clock.state) == (
            "seizure",
            date(2020, 1, 1),
            date(2020, 2, 10),
            "running",
        )
        assert clock.sentence == "After forty days the doll is set free."
        assert clock.citations[0].short == "TOY"

    @pytest.mark.parametrize(
        ("age", "clocks"), [(150, {"seizure", "old_seizure"}), (5, {"seizure"}), (None, {"seizure"})]
    )
    def test_a_clock_with_a_condition_runs_only_where_it_is_met(
        self, toy_engine: Engine, age: Any, clocks: set[str]
    ) -> None:
        facts = {"seized_on": "2020-01-01"} | ({} if age is None else {"age": age})
        assert {clock.id for clock in ask(toy_engine, facts).clocks} == clocks

    def test_clocks_of_a_treaty_that_does_not_bind_are_not_shown(self, toy_engine: Engine) -> None:
        assert ask(toy_engine, {"requested_state": "TON", "seized_on": "2020-01-01"}).clocks == ()

    def test_those_that_have_begun_come_first(self, toy_engine: Engine) -> None:
        states = [clock.state for clock in ask(toy_engine, {"age": 150}).clocks]
        assert states == ["not_started", "not_started"]
