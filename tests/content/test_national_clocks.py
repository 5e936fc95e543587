"""Time limits of national law run from the right day, for the State that is asked alone, and decide nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.assess import Engine, Weighed
from engine.content.documents import Document
from engine.reasoning.clocks import Time, time_of

DAY = date(2026, 11, 30)
ARRESTED = "arrested_on"


def weighed(engine: Engine, requesting: str, requested: str, **facts: Any) -> Weighed:
    sent = {"requesting_state": requesting, "requested_state": requested, "measure": "extradition", **facts}
    return engine.weigh(engine.read(Document({"case": "x", "facts": sent}, "x")), DAY)


def timed(engine: Engine, clock: str, requesting: str, requested: str, **facts: Any) -> Time | None:
    """Where a clock stands; None where it does not apply."""
    found, clocks = weighed(engine, requesting, requested, **facts), engine.pack.clocks
    if not engine.clock_applies(found, clocks[clock]):
        return None
    return time_of(clocks[clock], found.evaluation.strict_columns, DAY)


def ago(days: int) -> date:
    return DAY - timedelta(days)


@pytest.mark.parametrize(
    ("row_and_states", "clock", "facts", "state"),
    [
        ("6 KAZ UKR", "ukr_provisional_arrest", {ARRESTED: ago(41)}, "expired"),
        ("6 KAZ UKR", "ukr_provisional_arrest", {ARRESTED: ago(40)}, "running"),
        ("7 KAZ UKR", "ukr_extradition_arrest", {"extradition_custody_ordered_on": date(2025, 11, 29)}, "expired"),
        ("7 KAZ UKR", "ukr_extradition_arrest", {"extradition_custody_ordered_on": date(2025, 11, 30)}, "running"),
        ("20 MDA POL", "pol_papers", {"supplementary_info_requested_on": date(2026, 10, 29)}, "expired"),
        ("21 UZB DEU", "deu_provisional_arrest_from_afar", {ARRESTED: ago(75)}, "running"),
        ("21 UZB DEU", "deu_provisional_arrest", {ARRESTED: ago(75)}, None),
        ("22 UKR DEU", "deu_provisional_arrest", {ARRESTED: ago(62)}, "expired"),
        ("22 UKR DEU", "deu_provisional_arrest_from_afar", {ARRESTED: ago(62)}, None),
        (
            "22 UKR DEU",
            "ets24_provisional_arrest_hard",
            {ARRESTED: ago(62), "detained_here": True, "provisional_arrest_basis": "red_notice"},
            "expired",
        ),
        ("28 AZE TUR", "tur_provisional_arrest", {ARRESTED: ago(41)}, "expired"),
        ("31 MDA CZE", "cze_preliminary_custody", {"custody_before_request_ordered_on": ago(39)}, "running"),
        (
            "31 MDA CZE",
            "ets24_provisional_arrest_hard",
            {ARRESTED: ago(41), "detained_here": True, "provisional_arrest_basis": "red_notice"},
            "expired",
        ),
        ("32 MDA SVK", "svk_preliminary_custody", {ARRESTED: ago(41)}, "expired"),
        ("35 TUR CZE", "cze_extradition_custody", {"extradition_custody_ordered_on": date(2026, 5, 31)}, "running"),
        ("35 TUR CZE", "cze_extradition_custody", {"extradition_custody_ordered_on": date(2026, 5, 29)}, "expired"),
    ],
)
def test_each_row_of_the_notes_on_custody(
    engine: Engine, row_and_states: str, clock: str, facts: dict[str, Any], state: str | None
) -> None:
    _, *states = row_and_states.split()
    found = timed(engine, clock, *states, **facts)
    assert (found and found.state) == state


@pytest.mark.parametrize(
    ("clock", "states", "facts", "due"),
    [
        ("uzb_appeal", "KAZ UZB", {"court_decision_served_on": date(2026, 11, 1)}, date(2026, 11, 21)),
        (
            "svk_extradition_custody",
            "KAZ SVK",
            {"extradition_custody_ordered_on": date(2026, 9, 1)},
            date(2026, 10, 31),
        ),
        ("nor_provisional_custody", "KAZ NOR", {"arrest_notified_abroad_on": date(2026, 11, 1)}, date(2026, 11, 29)),
        ("nor_handover", "KAZ NOR", {"final_surrender_decision_on": date(2026, 11, 1)}, date(2026, 11, 29)),
        ("nld_provisional_arrest", "ALB NLD", {ARRESTED: date(2026, 11, 1)}, date(2026, 11, 21)),
        ("fra_annulment", "KAZ FRA", {"court_decision_served_on": date(2026, 10, 15)}, date(2026, 11, 15)),
        ("che_intent_to_appeal", "KAZ CHE", {"court_decision_served_on": date(2026, 11, 1)}, date(2026, 11, 6)),
        ("esp_appeal", "KAZ ESP", {"court_decision_served_on": date(2026, 11, 1)}, date(2026, 11, 4)),
        ("rus_handover", "KAZ RUS", {"surrender_date_agreed": date(2026, 10, 1)}, date(2026, 10, 31)),
        ("pol_handover", "KAZ POL", {"surrender_date_agreed": date(2026, 11, 1)}, date(2026, 11, 8)),
        ("gbr_minister", "KAZ GBR", {"court_decision_served_on": date(2026, 9, 1)}, date(2026, 11, 1)),
        ("isr_appeal", "KAZ ISR", {"court_decision_served_on": date(2026, 10, 1)}, date(2026, 10, 31)),
    ],
)
def test_a_limit_is_due_on_its_day(engine: Engine, clock: str, states: str, facts: dict[str, Any], due: date) -> None:
    found = timed(engine, clock, *states.split(), **facts)
    assert found is not None
    assert found.due_on == due


def test_no_limit_of_one_state_is_told_when_another_is_asked(engine: Engine) -> None:
    found = weighed(engine, "KAZ", "UKR", arrested_on=ago(41))
    national = {
        name: clock for name, clock in engine.pack.clocks.items() if clock.cites[0].instrument.startswith("law-")
    }
    applying = {clock.cites[0].instrument for clock in national.values() if engine.clock_applies(found, clock)}
    assert applying == {"law-ukr"}


def test_a_limit_that_has_passed_is_no_ground_of_refusal(engine: Engine) -> None:
    late = weighed(engine, "UZB", "DEU", arrested_on=ago(200))
    assert late.outcome is weighed(engine, "UZB", "DEU").outcome


@pytest.mark.parametrize(
    ("ground", "effect"),
    [
        ("law-kaz.art590_2_territory", "optional_refusal"),
        ("law-uzb.art603_territory", "mandatory_refusal"),
        ("law-ltu.art9_territory", "optional_refusal"),
        ("law-gbr.s93_refugee", "optional_refusal"),
        ("law-ukr.art590_pending", "suspension"),
        ("law-gbr.s121_pending", "suspension"),
        ("law-svk.s501_b_protection", "mandatory_refusal"),
        ("law-arm.art55_threat", "absolute_bar"),
        ("law-ita.art698_death", "mandatory_refusal"),
        ("law-aut.s20_death", "assurance_required"),
    ],
)
def test_the_effect_of_a_ground_is_that_of_its_own_law(engine: Engine, ground: str, effect: str) -> None:
    assert engine.pack.criteria[ground].effect == effect
