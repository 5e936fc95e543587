"""M7: a key that may read assessments, and no matters, learns outcomes and nothing of the facts."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from api.accounts.keys.service import authenticate
from api.storage.store import Store
from tests.api.http.support import CASE, Client, new_key

CANARY = "canary-9c1e"
TELLING: dict[str, Any] = {
    **CASE,
    "title": f"{CANARY} title",
    "facts": {
        **CASE["facts"],
        "ground_up": {"value": "yes", "standing": "asserted", "by": f"{CANARY} nurse", "note": f"{CANARY} note"},
    },
    "counts": [{"id": "vase", "title": f"{CANARY} vase", "broke_vase": "yes"}],
}
PARTS = (
    "",
    "/answer",
    "/proof?depth=full",
    "/trace",
    "/why-not",
    "/flip-sets",
    "/questions",
    "/not-relied-on",
    "/memo",
    "/graph",
)


@pytest.fixture
def tracker(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own, with every scope."""
    return Client(toy_app, new_key(toy_store))


@pytest.fixture
def board(tracker: Client, toy_store: Store) -> Client:
    """A client of the same workspace that shows outcomes on a board."""
    workspace = authenticate(toy_store, tracker.key).workspace
    return Client(tracker.app, new_key(toy_store, workspace, ["assessments:read"]))


@pytest.fixture
def assessment(tracker: Client) -> str:
    """An assessment of the telling case; gives its id."""
    matter = tracker.post("/v1/matters", json={"reference": f"{CANARY}/1", "case": TELLING}).json()["id"]
    made = tracker.post(f"/v1/matters/{matter}/assessments", json={})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest.mark.parametrize("part", PARTS)
def test_M7_an_answer_and_its_parts_need_leave_to_read_matters(
    tracker: Client, board: Client, assessment: str, part: str
) -> None:
    path = f"/v1/assessments/{assessment}{part}"
    refused = board.get(path)
    assert (refused.status_code, CANARY in refused.text) == (403, False)
    assert tracker.get(path).status_code == 200


def test_M7_comparing_what_is_kept_needs_it_too(tracker: Client, board: Client, assessment: str) -> None:
    sides = {"before": {"assessment": assessment}, "after": {"assessment": assessment}}
    assert board.post("/v1/compare", json=sides).status_code == 403
    assert tracker.post("/v1/compare", json=sides).status_code == 200


def test_M7_lists_and_deadlines_tell_the_outcome_alone(tracker: Client, board: Client, assessment: str) -> None:
    for path in ("/v1/assessments", f"/v1/assessments/{assessment}/summary", "/v1/deadlines", "/v1/deadlines.ics"):
        answer = board.get(path)
        assert (answer.status_code, CANARY in answer.text) == (200, False)
    line = board.get(f"/v1/assessments/{assessment}/summary").json()
    assert (line["outcome"], line["sentence"]) == ("inadmissible", "")
    assert tracker.get(f"/v1/assessments/{assessment}/summary").json()["sentence"]
