"""Readings of one case: disputes, items after the date, the latest step, contradictions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.assess import Engine
from engine.errors import InputProblems
from engine.facts.columns import HERE
from engine.facts.reading import Read, read_case
from tests.engine.support import DAY, document


def read(engine: Engine, facts: Any = None, on: date = DAY, reading: Any = "neutral", **more: Any) -> Read:
    return read_case(engine.read(document(facts, **more)), engine.pack, engine.entailment, reading, on)


def value(found: Read, fact: str, place: Any = HERE) -> Any:
    entries = found.columns.values[place].get(fact, [])
    return entries[0][0] if entries else None


def refused(engine: Engine, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(InputProblems) as caught:
        read(engine, *args, **more)
    return [str(problem) for problem in caught.value.problems]


class TestThreeReadings:
    disputed: Any = {"age": {"standing": "disputed", "person": 7, "state": 70}}  # noqa: RUF012

    @pytest.mark.parametrize(("reading", "age"), [("neutral", None), ("person", 7), ("state", 70)])
    def test_a_disputed_fact_is_what_the_reading_takes_it_for(
        self, toy_engine: Engine, reading: str, age: int | None
    ) -> None:
        assert value(read(toy_engine, self.disputed, reading=reading), "age") == age

    @pytest.mark.parametrize(("reading", "age"), [("neutral", None), ("person", None), ("state", 70)])
    def test_a_side_that_says_nothing_leaves_it_unknown(
        self, toy_engine: Engine, reading: str, age: int | None
    ) -> None:
        facts = {"age": {"standing": "disputed", "state": 70}}
        assert value(read(toy_engine, facts, reading=reading), "age") == age

    @pytest.mark.parametrize(
        ("fact", "said"),
        [
            ("age", 7),
            ("ground_up", "yes"),
            ("ground_up", "no"),
            ("marks", ["red", "blue"]),
            ("homes", []),
            ("stuffing", "rag"),
        ],
    )
    def test_what_both_sides_say_alike_is_not_in_dispute(self, toy_engine: Engine, fact: str, said: Any) -> None:
        """A neutral reader may not be less sure than both sides together."""
        other = said[::-1] if isinstance(said, list) else {"yes": True, "no": False}.get(str(said), said)
        both: Any = {fact: {"standing": "disputed", "person": said, "state": other, "note": "Both briefs."}}
        found = {value(read(toy_engine, both, reading=reading), fact) for reading in ("neutral", "person", "state")}
        assert found == {value(read(toy_engine, {fact: said}), fact)}
        case = toy_engine.read(document(both))
        finding = case.findings[fact]
        assert (finding.standing, finding.by, finding.note) == ("asserted", "both", "Both briefs.")
        assert not case.disputed
        assert case == toy_engine.reader.explained(document(both)), "both ways of reading a case say so"

    def test_what_neither_side_knows_is_not_known(self, toy_engine: Engine) -> None:
        case = toy_engine.read(document({"age": {"standing": "disputed", "person": "unknown", "state": "unknown"}}))
        assert (case.findings["age"].standing, case.findings["age"].by, case.disputed) == ("asserted", "", False)

    @pytest.mark.parametrize("standing", ["asserted", "established"])
    def test_an_undisputed_finding_is_the_same_in_every_reading(self, toy_engine: Engine, standing: str) -> None:
        facts = {"age": {"value": 7, "standing": standing}}
        assert {value(read(toy_engine, facts, reading=r), "age") for r in ("neutral", "person", "state")} == {7}


class TestItems:
    promises: Any = [  # noqa: RUF012
        {"id": "early", "promised_on": "2020-01-12"},
        {"id": "same_day", "promised_on": "2020-01-13"},
        {"id": "late", "promised_on": "2020-01-14"},
        {"id": "undated"},
    ]

    def test_items_after_the_date_of_assessment_are_left_out(self, toy_engine: Engine) -> None:
        found = read(toy_engine, promises=self.promises)
        assert [item.id for item in found.items["promises"]] == ["early", "same_day", "undated"]
        assert found.columns.sizes["promises"] == 3

    def test_a_later_assessment_sees_them(self, toy_engine: Engine) -> None:
        found = read(toy_engine, on=date(2020, 1, 14), promises=self.promises)
        assert found.columns.sizes["promises"] == 4

    def test_a_list_left_out_is_unknown(self, toy_engine: Engine) -> None:
        found = read(toy_engine)
        assert found.columns.unlisted == {"counts": 0, "promises": 1, "nap_steps": 1}

    def test_a_list_that_needs_items_stands_for_one_of_which_nothing_is_known(self, toy_engine: Engine) -> None:
        found = read(toy_engine)
        assert found.columns.sizes["counts"] == 1
        assert found.columns.values[("counts", 0)] == {}
        assert found.finding(("counts", 0), "broke_vase") is None

    def test_an_empty_list_is_known(self, toy_engine: Engine) -> None:
        assert read(toy_engine, promises=[]).columns.unlisted["promises"] == 0

    def test_findings_are_found_where_they_stand(self, toy_engine: Engine) -> None:
        found = read(toy_engine, {"age": 7}, counts=[{"broke_vase": True}])
        assert found.finding(HERE, "age") is not None
        assert found.finding(("counts", 0), "broke_vase") is not None
        assert found.finding(("counts", 1), "broke_vase") is None


class TestLatestStep:
    steps: Any = [  # noqa: RUF012
        {"nap_on": "2020-03-01", "status_then": "over"},
        {"nap_on": "2019-01-01", "status_then": "asked"},
        {"nap_on": "2020-01-13", "status_then": "granted"},
    ]

    @pytest.mark.parametrize(
        ("on", "status"),
        [
            (date(2018, 12, 31), None),
            (date(2019, 1, 1), "asked"),
            (date(2020, 1, 12), "asked"),
            (date(2020, 1, 13), "granted"),
            (date(2020, 3, 1), "over"),
        ],
    )
    def test_a_fact_follows_from_the_latest_step_on_the_date(
        self, toy_engine: Engine, on: date, status: str | None
    ) -> None:
        found = read(toy_engine, on=on, nap_steps=self.steps)
        assert value(found, "nap_status") == status
        assert found.derived == (frozenset({"nap_status"}) if status else frozenset())

    def test_of_two_steps_on_one_day_the_one_listed_last_counts(self, toy_engine: Engine) -> None:
        steps = [{"nap_on": "2019-01-01", "status_then": "asked"}, {"nap_on": "2019-01-01", "status_then": "over"}]
        assert value(read(toy_engine, nap_steps=steps), "nap_status") == "over"

    def test_a_step_that_does_not_say_leaves_it_unknown(self, toy_engine: Engine) -> None:
        assert value(read(toy_engine, nap_steps=[{"nap_on": "2019-01-01"}]), "nap_status") is None

    def test_a_value_entered_directly_may_agree_with_the_latest_step(self, toy_engine: Engine) -> None:
        found = read(toy_engine, {"nap_status": "granted"}, nap_steps=self.steps)
        assert value(found, "nap_status") == "granted"
        assert found.derived == frozenset()

    def test_a_value_that_the_latest_step_contradicts_is_refused(self, toy_engine: Engine) -> None:
        (problem,) = refused(toy_engine, {"nap_status": "asked"}, nap_steps=self.steps)
        assert problem == (
            "/facts/nap_status: nap_status is 'asked', but by the latest of the nap_steps on this date it is 'granted'. "
            "Keep one of them"
        )


class TestContradictions:
    def test_a_fact_and_its_gate(self, toy_engine: Engine) -> None:
        (problem,) = refused(toy_engine, {"mill_feared": False, "ground_up": True})
        assert problem == (
            "/facts/ground_up: ground_up is 'yes', but mill_feared is answered 'no'; both cannot be right. "
            "Correct ground_up or mill_feared"
        )

    def test_a_fact_and_a_gate_two_levels_up(self, toy_engine: Engine) -> None:
        (problem,) = refused(toy_engine, {"nap_wanted": False, "sleepy": True})
        assert "sleepy is 'yes', but nap_status is answered 'Never asked for'" in problem

    def test_only_the_reading_that_contradicts_is_refused(self, toy_engine: Engine) -> None:
        facts = {"mill_feared": False, "ground_up": {"standing": "disputed", "person": True, "state": False}}
        read(toy_engine, facts)
        read(toy_engine, facts, reading="state")
        assert "ground_up is 'yes'" in refused(toy_engine, facts, reading="person")[0]

    def test_several_contradictions_are_all_reported(self, toy_engine: Engine) -> None:
        facts = {"mill_feared": False, "ground_up": True, "nap_wanted": False, "nap_status": "asked"}
        assert len(refused(toy_engine, facts)) == 2
