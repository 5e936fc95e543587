"""What the law excludes as a reason gives no answer: nothing draws it, and a finding that somebody entered stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.assess import Engine, Weighed
from engine.content.documents import Document
from engine.facts.columns import HERE

QUALITY = "risk_assessment_quality"
FULL = {"independent_risk_review": True}
FORMAL = {"asylum_refusal_ground": "charge_seen_as_ordinary"}


def weighed(engine: Engine, **facts: Any) -> Weighed:
    data = {"facts": {"requesting_state": "KAZ", "requested_state": "UKR", **facts}}
    return engine.weigh(engine.read(Document(data, "case")), date(2020, 1, 13))


def quality(engine: Engine, case: Weighed) -> object:
    found = engine.presumed(case).value(QUALITY, HERE)
    return found and found.value


def test_an_independent_body_is_presumed_to_have_examined_the_risk(engine: Engine) -> None:
    assert quality(engine, weighed(engine, **FULL)) == "individualised"


@pytest.mark.parametrize(
    "excluding",
    [FORMAL, {"asylum_refusal_ground": "formality"}, {"claim_refused_on_formality": True}],
    ids="-".join,
)
def test_an_asylum_refused_on_a_label_is_no_examination_of_the_risk(engine: Engine, excluding: dict[str, Any]) -> None:
    assert quality(engine, weighed(engine, **FULL, **excluding)) != "individualised"


def test_another_ground_of_refusal_excludes_nothing(engine: Engine) -> None:
    assert quality(engine, weighed(engine, **FULL, asylum_refusal_ground="no_danger")) == "individualised"


def test_a_finding_that_somebody_entered_stands(engine: Engine) -> None:
    case = weighed(engine, **FULL, **FORMAL, **{QUALITY: "individualised"})
    assert case.evaluation.strict_columns.known(HERE, QUALITY) & 1
    dossier = engine.dossier(case, QUALITY)
    assert any(one.strength == "excluded" and one.status == "applies" for one in dossier.presumptions)


def test_both_engines_agree_that_an_excluded_answer_is_not_given(engine: Engine) -> None:
    engine.chain(weighed(engine, **FULL, **FORMAL))  # refuses where a single status differs
