"""Change impact: the same cases under two packs; what differs first, what only further down."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess import Engine
from engine.content.documents import Document
from engine.errors import InputProblems
from engine.impact import Impact, NamedCase, impact
from tests.engine.support import ASKS, DAY, HOLDS, criterion, fact, make_engine

FACTS = [fact("a"), fact("b")]


def engine(*criteria: Any, facts: Any = FACTS) -> Engine:
    return make_engine(facts, criteria)


def case(name: str = "case", **facts: Any) -> NamedCase:
    states = {"requesting_state": ASKS, "requested_state": HOLDS}
    return NamedCase(name, Document({"facts": {**states, **facts}}, f"{name}.yaml"), DAY)


def compared(before: Engine, after: Engine, *cases: NamedCase) -> Impact:
    return impact(before, after, cases)


BAR = criterion("bar", "a")
BROKEN = {"standing": "disputed", "person": True, "state": False}


def test_the_same_rules_change_nothing() -> None:
    found = compared(engine(BAR), engine(BAR), case(a=True), case("other", b=True))
    assert found.differences == ()
    assert found.summary().startswith("2 cases, 2 with their readings: 0 change outcome")


def test_a_changed_outcome_names_both_first_grounds() -> None:
    found = compared(engine(BAR), engine(criterion("bar", "a", "optional_refusal")), case(a=True))
    (one,) = found.changes
    assert (one.case, one.reading) == ("case", "neutral")
    assert one.before.decisive == ("inadmissible", "bar", "met")
    assert one.after.decisive == ("discretionary", "bar", "met")


def test_the_same_outcome_on_another_first_ground_differs() -> None:
    found = compared(engine(BAR), engine(criterion("bat", "a")), case(a=True))
    (one,) = found.changes
    assert one.before.outcome == one.after.outcome == "inadmissible"
    assert one.grounds == {"bar": ("met", "absent"), "bat": ("absent", "met")}
    assert "0 change outcome, 1 change the first ground only" in found.summary()


def test_a_ground_further_down_is_named_but_is_no_change() -> None:
    more = criterion("lesser", "b", "optional_refusal")
    (one,) = compared(engine(BAR), engine(BAR, more), case(a=True, b=True)).differences
    assert not one.decisive
    assert one.grounds == {"lesser": ("absent", "met")}


def test_a_new_rule_that_is_not_met_is_no_difference() -> None:
    assert compared(engine(BAR), engine(BAR, criterion("more", "b")), case(a=True, b=False)).differences == ()


def test_a_disputed_case_is_compared_in_every_reading() -> None:
    found = compared(engine(BAR), engine(criterion("bar", "a", "optional_refusal")), case(a=BROKEN))
    assert found.compared == 3
    assert {one.reading: (one.before.outcome, one.after.outcome) for one in found.changes} == {
        "person": ("inadmissible", "discretionary"),
    }


def test_a_case_is_compared_in_its_own_reading() -> None:
    mine = NamedCase("c", case(a=True).document, DAY, "state")
    assert compared(engine(BAR), engine(criterion("bat", "a")), mine).changes[0].reading == "state"


def test_a_case_that_one_pack_cannot_read_differs_and_says_why() -> None:
    old, new = engine(BAR), engine(criterion("bar", "b"), facts=[fact("b")])
    (one,) = compared(old, new, case(a=True)).changes
    assert one.after.outcome == "unreadable"
    assert "'a' is not a fact" in one.after.problem
    (back,) = compared(new, old, case(a=True)).changes
    assert back.before.outcome == "unreadable"


def test_a_case_that_neither_pack_can_read_is_refused() -> None:
    with pytest.raises(InputProblems, match="'c' is not a fact"):
        compared(engine(BAR), engine(BAR), case(c=True))


def test_a_case_without_a_date_is_refused() -> None:
    with pytest.raises(InputProblems, match="case: the date of assessment is not given"):
        compared(engine(BAR), engine(BAR), NamedCase("case", case(a=True).document))


def test_the_comparison_is_plain_data() -> None:
    data = compared(engine(BAR), engine(criterion("bat", "a")), case(a=True)).as_json()
    assert data["differences"][0]["before"] == {
        "outcome": "inadmissible",
        "first": "bar",
        "status": "met",
        "problem": "",
    }
    assert data["differences"][0]["decisive"] is True
    assert "+" in data["before"]
