"""The whole answer: its sentence, its ranges, what it takes for granted, and its schema."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import jsonschema
import pytest

from engine.answer.model import Answer
from engine.assess import Engine
from engine.reasoning.outcome import Outcome
from tests.engine.said.toy import PLAIN, ask, ground
from tests.engine.support import criterion, fact, make_engine, weigh


class TestSentence:
    @pytest.mark.parametrize(
        ("facts", "outcome", "sentence"),
        [
            (
                PLAIN,
                "admissible",
                "Nothing examined here forbids surrender. This is settled: no fact still unknown can change it.",
            ),
            (
                {**PLAIN, "mill_feared": True, "ground_up": True, "mill_closed": False},
                "undetermined",
                "It cannot be said on these facts whether surrender is permitted",
            ),
            (
                {**PLAIN, "stuffing": "rag"},
                "discretionary",
                "Surrender may be refused; the requested State decides. This is settled",
            ),
            (
                {**PLAIN, "sleepiness_finding": "met"},
                "conditional",
                "Surrender is permitted only on a sufficient assurance. This is settled",
            ),
            (
                {"nap_status": "asked"},
                "not_now",
                "Surrender is not permitted now. Every possible answer to what is open forbids surrender today; some forbid it for good.",
            ),
        ],
    )
    def test_it_says_the_outcome_first_and_whether_it_is_settled(
        self, toy_engine: Engine, facts: Any, outcome: str, sentence: str
    ) -> None:
        sworn = {name: {"value": value, "standing": "established"} for name, value in facts.items()}
        vase = {"id": "vase", "broke_vase": {"value": True, "standing": "established"}}
        answer = ask(toy_engine, sworn, counts=[vase])
        if outcome != "undetermined":
            assert answer.outcome.value == outcome
            assert answer.sentence.startswith(sentence)
        assert answer.settled == (answer.range[0] is answer.range[1])

    def test_on_the_record_it_says_that_proof_could_change_it(self, toy_engine: Engine) -> None:
        answer = ask(toy_engine, {**PLAIN, "mill_feared": True, "ground_up": True}, promises=[])
        assert answer.outcome is Outcome.UNDETERMINED or not answer.settled
        assert answer.range == (Outcome.ADMISSIBLE, Outcome.INADMISSIBLE)
        assert answer.range_on_record == (Outcome.INADMISSIBLE, Outcome.INADMISSIBLE)
        assert answer.outcome is Outcome.INADMISSIBLE
        assert answer.sentence == (
            "Surrender is not permitted, on the record as it stands. "
            "It is not settled: proof of what is still open could change it."
        )

    def test_not_now_that_rests_on_the_burden_does_not_speak_of_every_answer(self) -> None:
        engine = make_engine([fact("f", unproved=True)], [criterion("c", "f", "suspension")])
        answer = engine.assess(weigh(engine).read.case, date(2020, 1, 13))
        assert answer.outcome is Outcome.NOT_NOW
        assert answer.sentence.startswith("Surrender is not permitted now, on the record as it stands.")

    def test_inadmissible_on_the_record_says_that_surrender_is_forbidden_today_in_any_case(self) -> None:
        engine = make_engine(
            [fact("wait"), fact("bar", unproved=True)],
            [criterion("s", "wait", "suspension"), criterion("b", "bar", "absolute_bar")],
        )
        answer = engine.assess(weigh(engine, {"wait": True}).read.case, date(2020, 1, 13))
        assert answer.outcome is Outcome.INADMISSIBLE
        assert answer.sentence == (
            "Surrender is not permitted, on the record as it stands. "
            "Proof of what is still open could change that, but every possible answer forbids surrender today."
        )

    def test_an_undetermined_one_says_between_what_it_lies(self) -> None:
        engine = make_engine([fact("bar")], [criterion("b", "bar", "absolute_bar")])
        answer = engine.assess(weigh(engine).read.case, date(2020, 1, 13))
        assert answer.sentence == (
            "It cannot be said on these facts whether surrender is permitted: "
            "it ranges from admissible to inadmissible, depending on what is still unknown."
        )


DISPUTED = {
    **PLAIN,
    "mill_feared": True,
    "mill_closed": False,
    "ground_up": {"standing": "disputed", "person": True, "state": False},
}


class TestReadings:
    def test_the_outcome_of_every_reading_is_given_with_each(self, toy_engine: Engine) -> None:
        answers = [
            ask(toy_engine, DISPUTED, promises=[], reading=reading) for reading in ("neutral", "person", "state")
        ]
        assert [answer.outcome.value for answer in answers] == ["undetermined", "inadmissible", "admissible"]
        assert all(
            answer.readings == {"neutral": "undetermined", "person": "inadmissible", "state": "admissible"}
            for answer in answers
        )

    def test_without_a_dispute_all_readings_are_one(self, toy_engine: Engine) -> None:
        assert set(ask(toy_engine, PLAIN).readings.values()) == {Outcome.ADMISSIBLE}


class TestAssumptions:
    def test_what_nobody_established_is_listed_with_whose_word_it_is(self, toy_engine: Engine) -> None:
        answer = ask(
            toy_engine,
            {
                "age": {"value": 7, "standing": "established"},
                "stuffing": {"value": "rag", "by": "person"},
                "marks": ["red"],
                "mill_closed": {"value": True, "by": "state"},
                "seized_on": {"value": "2020-01-01", "by": "the nurse"},
                "sleepy": {"standing": "disputed", "person": True, "state": False},
            },
            reading="state",
        )
        said = {assumption.fact: (assumption.shown, assumption.why) for assumption in answer.assumptions}
        assert "age" not in said
        assert said["stuffing"] == ("Rags", "on the account of the person, undisputed")
        assert said["marks"] == ("Red", "on the account of whoever entered it (not stated), undisputed")
        assert said["mill_closed"] == ("yes", "on the account of the State, undisputed")
        assert said["seized_on"] == ("2020-01-01", "on the account of the nurse, undisputed")
        assert said["sleepy"] == ("no", "as the State says")
        assert said["counts[vase].broke_vase"][0] == "yes"
        assert said["tickling"] == ("Loosely", "the default reading")

    def test_a_chosen_reading_of_the_law_is_said_to_be_chosen(self, toy_engine: Engine) -> None:
        answer = ask(toy_engine, variants={"tickling": "strict"})
        assert [(a.fact, a.shown, a.why) for a in answer.assumptions if a.fact == "tickling"] == [
            ("tickling", "Strictly", "chosen in the case")
        ]
        assert answer.variants == {"age_of_findings": "60", "tickling": "strict"}


class TestCounts:
    def test_each_count_has_its_own_outcome(self, toy_engine: Engine) -> None:
        answer = ask(
            toy_engine,
            PLAIN,
            counts=[
                {"id": "vase", "title": "The vase", "broke_vase": True},
                {"id": "jar", "broke_vase": False},
                {"id": "cup"},
            ],
        )
        assert [(c.id, c.title, c.outcome.value, tuple(o.value for o in c.range)) for c in answer.counts] == [
            ("vase", "The vase", "admissible", ("admissible", "admissible")),
            ("jar", "", "inadmissible", ("inadmissible", "inadmissible")),
            ("cup", "", "undetermined", ("admissible", "inadmissible")),
        ]
        assert answer.counts[0].grounds == ("toy-1900.duty",)
        assert answer.counts[1].grounds == ("toy-1900.silly",)
        assert answer.outcome is Outcome.ADMISSIBLE

    def test_without_counts_there_is_nothing_to_say_of_them(self, toy_engine: Engine) -> None:
        assert ask(toy_engine, PLAIN, counts=None).counts == ()


class TestFlipSets:
    def test_they_name_facts_values_and_whom_they_help(self, toy_engine: Engine) -> None:
        answer = ask(toy_engine, {name: value for name, value in PLAIN.items() if name != "sleepiness_finding"})
        assert (answer.outcome, answer.settled) == (Outcome.ADMISSIBLE, False)
        (found,) = [flip for flip in answer.flip_sets if flip.to is Outcome.CONDITIONAL]
        assert [(a.fact, a.value, a.shown) for a in found.set] == [("sleepiness_finding", "met", "Yes")]
        assert found.favours == "person"
        assert answer.flip_sets_complete

    def test_facts_of_counts_are_named_with_their_count(self, toy_engine: Engine) -> None:
        answer = ask(toy_engine, PLAIN, counts=[{"id": "cup"}])
        assert {a.fact for flip in answer.flip_sets for a in flip.set} == {"counts[cup].broke_vase"}


def test_facts_that_no_met_or_open_ground_uses_are_named(toy_engine: Engine) -> None:
    answer = ask(toy_engine, {**PLAIN, "maker_state": "SMR"})
    assert "maker_state" in answer.not_relied_on
    assert "counts[vase].broke_vase" not in answer.not_relied_on


def test_what_is_unverified_behind_a_live_ground_is_listed(toy_engine: Engine) -> None:
    answer = ask(toy_engine, {**PLAIN, "homes": ["AND"], "marks": ["red", "blue"]}, variants={"tickling": "strict"})
    assert "toy-1900.home_doll: the pinpoint or text of TOY 5 has not been verified" in answer.unverified
    assert "toy-1900.tickling_strict: this reading of the law has not been verified" in answer.unverified
    assert not any(note.startswith("toy-1900.mill") for note in answer.unverified)


def test_the_answer_fits_its_own_schema(toy_engine: Engine) -> None:
    schema = Answer.model_json_schema(mode="serialization")
    for facts in (PLAIN, {}, {"nap_status": "asked", "seized_on": "2019-01-01"}):
        answer = ask(toy_engine, facts)
        jsonschema.validate(json.loads(answer.model_dump_json()), schema)
        assert Answer.model_validate_json(answer.model_dump_json()) == answer


def test_every_live_ground_has_a_proof_and_no_other(toy_engine: Engine) -> None:
    answer = ask(toy_engine, {"nap_status": "asked"})
    live = {found.id for found in answer.grounds if found.status in ("met", "open")}
    assert set(answer.proof) == live
    assert answer.proof["toy-1900.nap"].status == ground(answer, "toy-1900.nap").status == "met"
