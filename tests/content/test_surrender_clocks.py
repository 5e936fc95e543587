"""Time limits of the arrest warrant and of INTERPOL's Commission run from the right day, and decide nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.assess import Engine
from engine.content.documents import Document
from engine.reasoning.clocks import Time, time_of

DAY = date(2026, 11, 30)
WARRANT = {
    "requesting_state": "ESP",
    "requested_state": "IRL",
    "measure": "eaw_surrender",
    "request_purpose": "prosecution",
}


def timed(engine: Engine, clock: str, **facts: Any) -> Time:
    read = engine.read(Document({"case": "x", "facts": {**WARRANT, **facts}}, "x"))
    weighed = engine.weigh(read, DAY)
    return time_of(engine.pack.clocks[clock], weighed.evaluation.record_columns, DAY)


@pytest.mark.parametrize(
    ("clock", "start", "due"),
    [
        ("eaw_decision", {"arrested_on": date(2026, 5, 14)}, date(2026, 7, 13)),
        ("eaw_decision_extended", {"arrested_on": date(2026, 5, 14)}, date(2026, 8, 12)),
        ("eaw_consent_decision", {"consented_on": date(2026, 11, 1)}, date(2026, 11, 11)),
        ("eaw_handover", {"final_surrender_decision_on": date(2026, 11, 1)}, date(2026, 11, 11)),
        ("tca_handover", {"final_surrender_decision_on": date(2026, 11, 1)}, date(2026, 11, 11)),
        ("ccf_deletion", {"ccf_admissible_on": date(2026, 2, 5)}, date(2026, 11, 5)),
        ("ccf_access", {"ccf_admissible_on": date(2026, 2, 5)}, date(2026, 6, 5)),
        ("ccf_revision", {"ccf_new_fact_found_on": date(2026, 2, 1)}, date(2026, 8, 1)),
    ],
)
def test_a_limit_is_due_on_its_day(engine: Engine, clock: str, start: dict[str, date], due: date) -> None:
    found = timed(engine, clock, **start)
    assert (found.due_on, found.state) == (due, "expired")


def test_revision_asked_after_six_months_is_late(engine: Engine) -> None:
    late = {"ccf_new_fact_found_on": date(2026, 2, 1), "ccf_revision_asked_on": date(2026, 9, 1)}
    assert timed(engine, "ccf_revision", **late).state == "expired"


def test_the_commission_decides_from_admissibility_and_not_from_receipt(engine: Engine) -> None:
    assert timed(engine, "ccf_deletion", ccf_received_on=date(2026, 1, 10)).state == "not_started"


def test_two_hundred_days_without_a_decision_are_no_ground_of_refusal(engine: Engine) -> None:
    read = engine.read(Document({"case": "x", "facts": {**WARRANT, "arrested_on": date(2026, 5, 14)}}, "x"))
    plain = engine.read(Document({"case": "x", "facts": dict(WARRANT)}, "x"))
    assert engine.weigh(read, DAY).outcome is engine.weigh(plain, DAY).outcome


@pytest.mark.parametrize(
    ("withdrawn", "due"), [(True, date(2026, 7, 2)), (False, date(2026, 6, 10)), (None, date(2026, 6, 10))]
)
def test_days_between_consent_and_its_withdrawal_are_left_out_of_the_forty(
    engine: Engine, withdrawn: bool | None, due: date
) -> None:
    facts: dict[str, Any] = {
        "requesting_state": "TUR",
        "requested_state": "UKR",
        "detained_here": True,
        "provisional_arrest_basis": "direct_request",
        "arrested_on": date(2026, 5, 1),
        "consented_to_surrender": True,
        "consented_on": date(2026, 5, 8),
    }
    if withdrawn is not None:
        facts["consent_revoked"] = withdrawn
    if withdrawn:
        facts["consent_revoked_on"] = date(2026, 5, 30)
    read = engine.read(Document({"case": "x", "facts": facts}, "x"))
    clocks = {clock.id: clock.due_on for clock in engine.assess(read, DAY).clocks}
    assert clocks["ets24_provisional_arrest_hard"] == due
