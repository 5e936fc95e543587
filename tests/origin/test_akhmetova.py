"""The origin case: what a careful reader must get out of the system, ground by ground."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.answer.dossier_precedents import mark_text
from engine.answer.model import Answer, GroundSaid
from engine.assess import Engine
from engine.content.documents import Document, read_path
from engine.facts.columns import HERE
from engine.reasoning.nearest import compare_with

EXAMPLE = Path(__file__).parents[2] / "examples" / "akhmetova.yaml"
BEFORE, AFTER, LATER = date(2020, 1, 13), date(2020, 1, 15), date(2024, 6, 1)
Assess = Callable[..., Answer]


@pytest.fixture(scope="module")
def assess(engine: Engine) -> Assess:
    raw = read_path(EXAMPLE).data

    def run(on: date, reading: Any, *, dismissed: bool = False, **facts: Any) -> Answer:
        data = copy.deepcopy(raw)
        if dismissed:
            data["asylum_steps"].append(
                {
                    "id": "appeal-2",
                    "step_on": date(2020, 1, 14),
                    "step_kind": "appeal_dismissed",
                    "status_after": "rejected_final",
                }
            )
            data["facts"]["asylum_decision_notified"] = True
        data["facts"].update(facts)
        return engine.assess(engine.read(Document(data, "akhmetova")), on, reading)

    return run


def ground(answer: Answer, name: str) -> GroundSaid:
    return next(found for found in answer.grounds if found.id == name)


@pytest.mark.parametrize(("reading", "outcome"), [("person", "inadmissible"), ("neutral", "inadmissible")])
def test_on_the_eve_of_the_appeal_hearing_surrender_is_not_possible_now(
    assess: Assess, reading: str, outcome: str
) -> None:
    """On her account refoulement is met too, and the pending appeal lowers nothing.

    What is undisputed (comparable persons tortured, a banned movement, her profile) is enough for a presumption of the
    danger; so the bars stand on the record in the neutral reading as well.
    """
    answer = assess(BEFORE, reading)
    assert answer.outcome == outcome
    assert answer.range == ("not_now", "inadmissible")
    assert not answer.settled
    pending = ground(answer, "refugee-1951.asylum_pending")
    assert (pending.effect, pending.status, pending.status_strict) == ("suspension", "met", "met")


def test_on_her_account_refoulement_is_met_and_the_state_is_left_to_prove_exclusion(assess: Assess) -> None:
    refoulement = ground(assess(BEFORE, "person"), "refugee-1951.art33_1")
    assert (refoulement.status, refoulement.status_strict) == ("met", "open")
    assert {"excl_1fb_serious", "excl_evidence_standard_met", "excl_individual_responsibility"} <= set(
        refoulement.rebuttable_by
    )


def test_neutrally_what_the_two_sides_dispute_of_refoulement_is_presumed_and_stays_rebuttable(assess: Assess) -> None:
    refoulement = ground(assess(BEFORE, "neutral"), "refugee-1951.art33_1")
    assert (refoulement.status, refoulement.status_strict) == ("met", "open")


@pytest.mark.parametrize("reading", ["person", "neutral"])
def test_the_bars_of_illtreatment_are_met_on_the_record_and_rebuttable(assess: Assess, reading: str) -> None:
    answer = assess(BEFORE, reading)
    for name in ("cat.art03_core", "iccpr.art07_core", "echr.art03_core"):
        bar = ground(answer, name)
        assert (name, bar.status, bar.status_strict) == (name, "met", "open")
        assert bar.rebuttable_by


@pytest.mark.parametrize("reading", ["person", "neutral"])
def test_hardly_a_fact_entered_is_without_effect(assess: Assess, reading: str) -> None:
    assert len(assess(BEFORE, reading).not_relied_on) <= 3


def test_kazakhstans_line_of_decisions_is_there_by_that_day_and_presumes_nothing_any_more(engine: Engine) -> None:
    """The finding on any detainee ended in 2011; those that followed are older than five years in 2020."""
    line = [one for one in engine.pack.situations.values() if one.state == "KAZ" and one.valid_from <= BEFORE]
    held = {one.precedent: one.valid_until for one in line if one.level == "systematic_detainees"}
    assert held == {"kaboulov-2009": date(2011, 2, 10)}
    assert {"dzhaksybergenov-2011", "sharipov-2011"} <= {one.precedent for one in line}


def test_torture_of_comparable_persons_established_as_a_practice_meets_the_bars(assess: Assess) -> None:
    def found(value: Any) -> dict[str, Any]:
        return {"value": value, "standing": "established"}

    practice = {"group_systematically_illtreated": found(True), "group_membership_shown": found(True)}
    answer = assess(BEFORE, "neutral", **practice)
    assert ground(answer, "echr.art03_core").status == "met"
    elements = {
        "torture_severe_pain": True, "torture_intentional": True, "torture_purpose": "information_confession",
        "torture_official_link": "inflicted", "torture_only_lawful_sanctions": False, "torture_risk_foreseeable": True,
        "torture_risk_present": True, "torture_risk_real": True, "illtreatment_risk_real": True, "risk_personal": True,
    }  # fmt: skip
    answer = assess(BEFORE, "neutral", **practice, **{name: found(value) for name, value in elements.items()})
    assert (ground(answer, "cat.art03_core").status_strict, ground(answer, "iccpr.art07_core").status_strict) == (
        "met",
        "met",
    )
    assert (answer.outcome, answer.settled) == ("inadmissible", True)


@pytest.mark.parametrize("reading", ["person", "neutral"])
def test_minsk_binds_the_pair_contains_no_such_clause_and_gives_way(assess: Assess, reading: str) -> None:
    answer = assess(BEFORE, reading)
    relations = {relation.instrument: relation for relation in answer.treaty_relations}
    assert relations["minsk-1993"].binding is True
    assert "minsk-1993.absences" in concluded_met(answer)
    assert "minsk-1993.art56_duty" in answer.duty.under
    assert "refugee-1951.asylum_pending" in answer.duty.displaced_by
    yielding = {name for conflict in answer.conflicts for name in conflict.yields}
    assert "minsk-1993.art56_duty" in yielding
    assert answer.outcome != "admissible"


def concluded_met(answer: Answer) -> set[str]:
    """Criteria that the answer's trace concluded met."""
    return {step.criterion for step in answer.trace if step.status == "met"}


@pytest.mark.parametrize("reading", ["person", "neutral", "state"])
def test_the_european_conventions_do_not_bind_kazakhstan_and_the_answer_says_so(assess: Assess, reading: str) -> None:
    answer = assess(BEFORE, reading)
    relations = {relation.instrument: relation for relation in answer.treaty_relations}
    for name, reason in (
        ("ets24", "Kazakhstan is not a party"),
        ("ets30", "not yet in force for Kazakhstan (not before 2025-09-24)"),
        ("ets90", "Kazakhstan cannot become a party"),
    ):
        assert relations[name].binding is False
        assert relations[name].reason == reason
    assert ground(answer, "ets24.art03_2_persecution").status == "not_applicable"


def test_abolition_by_treaty_binds_kazakhstan_only_from_24_june_2022(engine: Engine) -> None:
    assert engine.relations.state("iccpr-op2", "KAZ", date(2022, 6, 23)).binding is False
    assert engine.relations.state("iccpr-op2", "KAZ", date(2022, 6, 24)).binding is True


@pytest.mark.parametrize("reading", ["person", "neutral"])
def test_once_the_appeal_is_dismissed_it_is_no_longer_not_now(assess: Assess, reading: str) -> None:
    answer = assess(AFTER, reading, dismissed=True)
    assert answer.outcome == "inadmissible"
    assert ground(answer, "refugee-1951.asylum_pending").status == "not_met"
    assert ground(answer, "refugee-1951.art33_1").status == "met"


def test_in_june_2024_minsk_is_no_longer_between_the_two_states(assess: Assess) -> None:
    answer = assess(LATER, "neutral")
    relations = {relation.instrument: relation for relation in answer.treaty_relations}
    assert relations["minsk-1993"].binding is False
    assert "2023-12-29" in relations["minsk-1993"].reason
    assert ground(answer, "minsk-1993.art56_duty").status == "not_applicable"


def test_the_general_guarantees_cover_no_risk(assess: Assess, engine: Engine) -> None:
    answer = assess(BEFORE, "person")
    assert answer.outcome == "inadmissible"
    weighed = engine.weigh(engine.read(read_path(EXAMPLE)), BEFORE, "person")
    node = engine.program.entries["concepts.assurance_covers_illtreatment"].node
    assert weighed.evaluation.record.at(node, ("case", 0))[1] & 1


@pytest.mark.parametrize("decision", ["dzhaksybergenov-2011", "sharipov-2011", "yefimova-2013"])
def test_what_sets_her_apart_from_each_decision_that_allowed_return_to_kazakhstan_is_named(
    engine: Engine, decision: str
) -> None:
    weighed = engine.weigh(engine.read(read_path(EXAMPLE)), BEFORE, "neutral")
    base = engine.compiled.one.bases["illtreatment_risk"]
    row = next(row for row in base.rows if row.precedent.id == decision)
    compared = compare_with(
        base, row, engine.presumed(weighed).marks("illtreatment_risk", HERE), weighed.setting.selection
    )
    assert (row.side, compared.governs) == ("state", False)
    apart = {mark_text(engine.pack, base, mark) for mark in compared.distinguishing}
    assert {"Comparable persons were tortured or ill-treated", "Political profile: at least “Prominent”"} <= apart
