"""Duty and conflict: what a treaty obliges to, and what it gives way to."""

from __future__ import annotations

from datetime import date

from engine.assess import Engine
from tests.engine.said.toy import PLAIN, ask


def test_a_duty_that_nothing_displaces(toy_engine: Engine) -> None:
    duty = ask(toy_engine, PLAIN).duty
    assert (duty.exists, duty.under, duty.displaced_by) == ("yes", ("toy-1900.duty",), ())
    assert duty.sentence == "TOY art 1 obliges the requested State to extradite."


def test_a_duty_gives_way_to_the_bars_that_are_met(toy_engine: Engine) -> None:
    duty = ask(toy_engine, {"nap_status": "asked", "ground_up": True, "mill_closed": False}, promises=[]).duty
    assert duty.exists == "yes"
    assert duty.displaced_by == ("toy-1900.mill", "toy-1900.nap")
    assert duty.sentence.endswith("but that duty gives way to the bars named here.")


def test_a_duty_never_makes_surrender_admissible_by_itself(toy_engine: Engine) -> None:
    duty = ask(toy_engine, {**PLAIN, "stuffing": "rag"}).duty
    assert (
        duty.sentence
        == "TOY art 1 obliges the requested State to extradite; that alone never makes surrender admissible."
    )


def test_an_open_duty_is_said_to_be_open(toy_engine: Engine) -> None:
    duty = ask(toy_engine, PLAIN, counts=[{"id": "cup"}]).duty
    assert (duty.exists, duty.under) == ("open", ("toy-1900.duty",))
    assert duty.sentence.startswith("Whether TOY art 1 obliges extradition is open")


def test_without_a_treaty_there_is_no_duty_and_nothing_to_displace(toy_engine: Engine) -> None:
    duty = ask(toy_engine, {**PLAIN, "requested_state": "TON", "nap_status": "asked", "nap_wanted": True}).duty
    assert (duty.exists, duty.under, duty.displaced_by) == ("no", (), ())
    assert duty.sentence == (
        "There is no treaty duty to extradite: none in this register binds the two States on this date, and bilateral treaties are not all in it."
    )


def test_a_treaty_that_does_not_oblige_here_is_said_to_be_there(toy_engine: Engine) -> None:
    duty = ask(toy_engine, PLAIN, counts=[{"broke_vase": False}]).duty
    assert duty.sentence == "There is no treaty duty to extradite: no treaty in force between them obliges it here."


class TestConflicts:
    def test_a_duty_and_a_prevailing_bar_that_are_both_live(self, toy_engine: Engine) -> None:
        (conflict,) = ask(toy_engine, {"nap_status": "asked", "mill_feared": False}).conflicts
        assert (conflict.id, conflict.prevails, conflict.yields) == (
            "mill_over_duty",
            ("toy-1900.nap",),
            ("toy-1900.duty",),
        )
        assert conflict.reason == "A duty to surrender gives way to the mill and to the nap."
        assert [cite.pinpoint for cite in conflict.citations] == ["art 2"]

    def test_without_a_live_bar_or_a_live_duty_there_is_none(self, toy_engine: Engine) -> None:
        assert ask(toy_engine, PLAIN).conflicts == ()
        assert ask(toy_engine, {"nap_status": "asked"}, on=date(1900, 1, 1)).conflicts == ()
