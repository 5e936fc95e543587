"""Dossiers: what bears on a question, and the three moves of an argument from cases."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.answer.dossier_model import Dossier
from engine.assess import Engine
from engine.content.documents import Document
from engine.content.models import Effect, Pack

ON = date(1980, 1, 1)
LIKE_DOLLY = {"others_dreamt": True, "nursery": "dark", "courage": "mouse"}


def of(engine: Engine, on: date = ON, **facts: Any) -> Dossier:
    weighed = engine.weigh(engine.read(Document({"facts": facts}, "case")), on)
    return engine.dossier(weighed, "dream_bad")


def test_a_case_with_all_that_was_relied_on_is_governed(toy_engine: Engine) -> None:
    dossier = of(toy_engine, **LIKE_DOLLY)
    assert (dossier.standing, dossier.value) == ("presumed", True)
    (dolly,) = dossier.governing
    assert (dolly.id, dolly.decided_for, dolly.lacking, dolly.distinguishing) == ("dolly-1950", "person", (), ())
    assert "Other dolls dreamt badly there" in dolly.shared
    assert [fact.fact for fact in dossier.evidence] == ["nursery", "others_dreamt", "courage"]


def test_what_is_lacking_is_said_and_what_proves_it_helps(toy_engine: Engine) -> None:
    dossier = of(toy_engine, nursery="dark", courage="mouse")
    (dolly,) = dossier.nearest_for_person
    assert dolly.lacking == ("Other dolls dreamt badly there",)
    assert not dolly.governs
    help_ = next(one for one in dossier.helpful if one.fact == "others_dreamt")
    assert (help_.favours, help_.follows) == ("person", ("Dolly v. Toyland would govern",))


def test_what_distinguishes_a_precedent_is_said(toy_engine: Engine) -> None:
    dossier = of(toy_engine, **LIKE_DOLLY, storyteller=True)
    (dolly,) = dossier.nearest_for_person
    assert dolly.distinguishing == ("Somebody tells a story",)
    weaker = of(toy_engine, others_dreamt=True, nursery="dim", courage="mouse")
    (dolly,) = weaker.nearest_for_person
    assert dolly.lacking == ("The nursery: at least “Dark”",)
    assert dolly.distinguishing == ("The nursery: at most “Dim”",)


def test_a_presumption_says_what_rebuts_it_and_when_it_is_rebutted(toy_engine: Engine) -> None:
    applies = of(toy_engine, dreamt_badly=True).presumptions[0]
    assert (applies.id, applies.status, applies.rebutted_by) == ("concepts.dreamt_before", "applies", ("lamp_given",))
    assert applies.sentence == "It dreamt badly there before."
    rebutted = of(toy_engine, dreamt_badly=True, lamp_given=True).presumptions[0]
    assert (rebutted.status, rebutted.sentence) == ("rebutted", "It was given a lamp.")


def test_presumptions_both_ways_leave_the_question_open_and_are_both_shown(toy_engine: Engine) -> None:
    dossier = of(toy_engine, dreamt_badly=True, storyteller=True)
    assert (dossier.standing, dossier.value) == ("both_ways", None)
    assert [one.status for one in dossier.presumptions] == ["applies", "applies"]


def test_a_finding_goes_before_all_that_is_presumed(toy_engine: Engine) -> None:
    dossier = of(toy_engine, **LIKE_DOLLY, dream_bad=False)
    assert (dossier.standing, dossier.value) == ("found", False)
    assert dossier.governing


def test_an_overtaken_decision_no_longer_governs(toy_engine: Engine) -> None:
    facts = {"storyteller": True, "courage": "lion"}
    assert [one.id for one in of(toy_engine, date(1999, 12, 31), **facts).governing] == ["bruno-1960"]
    assert of(toy_engine, date(2000, 1, 1), **facts).governing == ()


def test_the_higher_formation_prevails_only_because_the_content_says_so(toy_engine: Engine) -> None:
    rule = toy_engine.pack.issues["bad_dreams"].prevails
    assert rule is not None
    assert rule.formations == ("full_court", "bench")


def test_country_findings_say_their_age_what_came_after_and_whom_they_concern(toy_engine: Engine) -> None:
    weighed = toy_engine.weigh(
        toy_engine.read(Document({"facts": {"requesting_state": "MCO", "kin": ["tin"]}}, "case")), date(1990, 6, 1)
    )
    dossier = toy_engine.dossier(weighed, "nursery")
    assert (dossier.standing, dossier.value) == ("presumed", "dark")
    told = {one.id: one for one in dossier.findings}
    assert told["mco-1950"].followed_by == ("mco-1970",)
    assert [told[name].presumes for name in ("mco-1950", "mco-1970", "mco-1970-tin")] == [False, True, True]
    assert told["mco-1970-tin"].years_old == 20
    assert dossier.unverified == ("mco-1970-tin: this finding is unverified",)


def test_a_finding_that_is_too_old_is_shown_and_presumes_nothing(toy_engine: Engine) -> None:
    case = toy_engine.read(
        Document({"facts": {"requesting_state": "MCO"}, "variants": {"age_of_findings": "5"}}, "case")
    )
    for on, presumes in ((date(1974, 12, 31), True), (date(1976, 1, 2), False)):
        dossier = toy_engine.dossier(toy_engine.weigh(case, on), "nursery")
        (bright,) = [one for one in dossier.findings if one.id == "mco-1970"]
        assert bright.presumes is presumes
        assert dossier.standing == ("presumed" if presumes else "open")


def test_dossiers_of_a_case_are_of_the_questions_on_which_something_bears(toy_engine: Engine) -> None:
    weighed = toy_engine.weigh(toy_engine.read(Document({"facts": {"others_dreamt": True}}, "case")), ON)
    assert [one.fact for one in toy_engine.dossiers(weighed)] == ["dream_bad"]


def test_evidence_is_asked_before_the_conclusion_that_it_leads_to(toyland: Pack) -> None:
    barred = toyland.criteria["concepts.dreams"].model_copy(update={"effect": Effect.ABSOLUTE_BAR})
    engine = Engine(toyland.model_copy(update={"criteria": {**toyland.criteria, "concepts.dreams": barred}}))
    weighed = engine.weigh(engine.read(Document({"facts": {}}, "case")), ON)
    asked = [one.candidate.fact for one in engine.ranked(weighed)]
    assert {"dreamt_badly", "others_dreamt", "storyteller", "nursery"} <= set(asked)
    assert max(asked.index(name) for name in ("dreamt_badly", "others_dreamt", "kin")) < asked.index("dream_bad")


def test_what_is_presumed_is_said_in_the_answer_with_what_would_rebut_it(toy_engine: Engine) -> None:
    case = toy_engine.read(Document({"facts": {"dreamt_badly": True}}, "case"))
    (dream,) = toy_engine.assess(case, ON).presumed
    assert (dream.fact, dream.value, dream.shown, dream.rebuttable_by) == ("dream_bad", True, "yes", ("lamp_given",))
    assert [(one.kind, one.id) for one in dream.by] == [("presumption", "concepts.dreamt_before")]
    both = toy_engine.read(Document({"facts": {"dreamt_badly": True, "storyteller": True}}, "case"))
    (dream,) = toy_engine.assess(both, ON).presumed
    assert (dream.value, dream.shown) == (None, "presumed both ways")
    assert [one.presumes for one in dream.by] == ["yes", "no"]
