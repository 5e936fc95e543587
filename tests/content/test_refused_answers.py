"""Answers of the real vocabulary that cannot stand together are refused, and answers that can are not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.assess import Engine
from engine.content.documents import Document
from engine.errors import InputProblems

STATES = {"requesting_state": "UZB", "requested_state": "UKR"}
#: What one of the two says, what the other says, and why they cannot both be so.
CONTRADICTIONS: dict[str, dict[str, Any]] = {
    "a claim on general reports alone and threats by officials": {
        "claim_basis": "only_general_reports",
        "hostile_official_statements": True,
    },
    "a claim on general reports alone and recognition as a refugee": {
        "claim_basis": "only_general_reports",
        "asylum_status": "recognised_elsewhere",
    },
    "doubts about ill-treatment dispelled by a formal examination": {
        "state_dispelled_doubts": True,
        "risk_assessment_quality": "formal",
    },
    "doubts about killing dispelled without an examination": {
        "killing_doubts_dispelled": True,
        "risk_assessment_quality": "none",
    },
    "a long record of respect and systematic torture": {
        "long_record_of_respect": True,
        "general_situation": "systematic_group",
    },
    "a danger that nothing substantiates and a real one": {"risk_substantiation": "none", "torture_risk_real": True},
}
#: Answers that were refused as contradictory although both can be so.
COMPATIBLE: dict[str, dict[str, Any]] = {
    "a claim on general reports alone and membership of an ill-treated group": {
        "claim_basis": "only_general_reports",
        "group_membership_shown": True,
    },
    "a person who cannot give details and a real danger of torture": {
        "risk_substantiation": "unable",
        "torture_risk_real": True,
    },
    "a person who cannot give details and a danger of being killed": {
        "risk_substantiation": "unable",
        "arbitrary_killing_risk": True,
    },
}


def weigh(engine: Engine, facts: dict[str, Any]) -> None:
    engine.weigh(engine.read(Document({"facts": STATES | facts}, "case")), date(2024, 6, 1))


@pytest.mark.parametrize("facts", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_answers_that_cannot_both_be_right_are_refused_and_both_named(engine: Engine, facts: dict[str, Any]) -> None:
    with pytest.raises(InputProblems) as refused:
        weigh(engine, facts)
    said = " ".join(problem.message for problem in refused.value.problems)
    assert all(name in said for name in facts)


@pytest.mark.parametrize("facts", COMPATIBLE.values(), ids=COMPATIBLE.keys())
def test_answers_that_can_both_be_right_are_taken(engine: Engine, facts: dict[str, Any]) -> None:
    weigh(engine, facts)
