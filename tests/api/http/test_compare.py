"""Comparing cases and assessments of record over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from api.accounts.keys.service import authenticate
from api.storage.store import Store
from tests.api.http.support import CASE, Client, new_key

PATH = "/v1/compare"
OTHER = {**CASE, "facts": {**CASE["facts"], "ground_up": "no", "stuffing": "rag"}}


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


def compared(client: Client, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(PATH, json={"before": before, "after": after})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def assessed(client: Client) -> str:
    matter = client.post("/v1/matters", json={"reference": "T/1", "case": CASE}).json()["id"]
    return str(client.post(f"/v1/matters/{matter}/assessments", json={}).json()["id"])


def test_two_cases_differ_in_outcome_grounds_missing_facts_and_trace(mine: Client) -> None:
    found = compared(mine, {"case": CASE}, {"case": OTHER})
    assert not found["same"]
    assert (found["before"]["outcome"], found["after"]["outcome"]) == ("inadmissible", "undetermined")
    moved = {one["id"]: (one["before"], one["after"]) for one in found["grounds"]}
    assert moved["toy-1900.mill"] == ("met", "not_met")
    assert moved["toy-1900.rag"] == ("open", "met")
    whole = [mine.post("/v1/answers", json=case).json() for case in (CASE, OTHER)]
    assert found["divergence"]["before"] in whole[0]["trace"]
    assert found["divergence"]["after"] in whole[1]["trace"]
    asked = [
        {label for one in answer["grounds"] if one["status"] == "open" for label in one["missing"]} for answer in whole
    ]
    assert set(found["no_longer_missing"]) == asked[0] - asked[1]
    assert set(found["newly_missing"]) == asked[1] - asked[0]
    assert found["no_longer_missing"]


def test_an_assessment_of_record_is_the_same_as_its_case(mine: Client) -> None:
    found = compared(mine, {"assessment": assessed(mine)}, {"case": CASE})
    assert found["same"]
    assert found["divergence"] is None
    assert found["before"] == found["after"]


def test_a_side_has_its_own_day_and_reading(mine: Client) -> None:
    found = compared(mine, {"case": CASE, "on": "1900-01-01", "reading": "state"}, {"case": CASE})
    assert [found["before"][name] for name in ("assessed_on", "reading", "outcome")] == [
        "1900-01-01",
        "state",
        "admissible",
    ]


@pytest.mark.parametrize(
    ("side", "pointer"),
    [
        ({}, "/after"),
        ({"case": CASE, "assessment": "asm_x"}, "/after"),
        ({"assessment": "asm_" + "a" * 26}, "/after/assessment"),
        ({"case": {"facts": {"grond_up": "yes"}}}, "/after/case/facts/grond_up"),
        ({"case": CASE, "raeding": "neutral"}, "/after/(another)"),
    ],
)
def test_a_side_that_is_none_is_refused_at_its_place(mine: Client, side: dict[str, Any], pointer: str) -> None:
    answer = mine.post(PATH, json={"before": {"case": CASE}, "after": side})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_an_assessment_of_another_workspace_is_not_there(mine: Client, toy_store: Store) -> None:
    stranger = Client(mine.app, new_key(toy_store))
    side = {"assessment": assessed(mine)}
    assert stranger.post(PATH, json={"before": side, "after": side}).status_code == 422


def test_a_case_is_assessed_only_for_whoever_may_assess(mine: Client, toy_store: Store) -> None:
    scopes = ["assessments:read", "matters:read"]
    reader = Client(mine.app, new_key(toy_store, authenticate(toy_store, mine.key).workspace, scopes))
    side = {"assessment": assessed(mine)}
    assert reader.post(PATH, json={"before": side, "after": side}).status_code == 200
    assert reader.post(PATH, json={"before": side, "after": {"case": CASE}}).status_code == 403
