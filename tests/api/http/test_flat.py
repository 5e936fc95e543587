"""One POST with flat facts: what is kept, what is not, and faults said at the names that were sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from api.accounts.keys.service import authenticate
from api.storage.store import Store
from tests.api.http.support import CASE, Client, new_key

PATH = "/v1/evaluate"
FORM = {"content-type": "application/x-www-form-urlencoded"}
FLAT = {
    "case": "rag-doll",
    "assessed_on": "1950-06-01",
    "requesting_state": "AND",
    "requested_state": "MCO",
    "ground_up": "yes",
    "counts[0].broke_vase": "yes",
}


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


def kept(client: Client, **changed: Any) -> dict[str, Any]:
    answer = client.post(PATH, json={**FLAT, "reference": "T/1", **changed})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == answer.json()["address"]
    found: dict[str, Any] = answer.json()
    return found


def test_flat_facts_have_the_outcome_of_the_same_case_file_and_nothing_is_kept(mine: Client) -> None:
    answer = mine.post(PATH, json=FLAT)
    whole = mine.post("/v1/answers", json=CASE).json()
    assert answer.status_code == 200
    assert [answer.json()[name] for name in ("outcome", "settled", "sentence")] == [
        whole[name] for name in ("outcome", "settled", "sentence")
    ]
    assert answer.json()["missing"] == "; ".join(
        dict.fromkeys(label for one in whole["grounds"] if one["status"] == "open" for label in one["missing"])
    )
    assert answer.json()["missing"]
    assert mine.get("/v1/matters").json()["matters"] == []


def test_a_form_and_json_are_answered_alike(mine: Client) -> None:
    form = mine.post(PATH, content=urlencode({**FLAT, "age": "", "stuffing": "wool"}), headers=FORM)
    assert form.status_code == 200, form.text
    assert form.json() == mine.post(PATH, json={**FLAT, "age": None, "stuffing": "wool"}).json()


def test_every_kind_of_name_lands_where_it_belongs(mine: Client) -> None:
    row = {
        **FLAT,
        "reference": "T/1",
        "mill_closed.person": "no",
        "mill_closed.state": "yes",
        "marks": "red|blue",
        "homes": "none",
        "age": "12",
        "stuffing": "unknown",
        "nap_steps.size": "0",
        "promises[1].promised_on": "1950-01-02",
        "promises[0].kind_promise": "true",
        "variants.tickling": "strict",
        "title": "A doll",
    }
    answer = mine.post(PATH, content=urlencode(row), headers=FORM)
    assert answer.status_code == 201, answer.text
    case = mine.get(f"/v1/matters/{answer.json()['matter']}/facts").json()["case"]
    assert case["facts"] == {
        **{name: FLAT[name] for name in ("requesting_state", "requested_state", "ground_up")},
        "mill_closed": {"standing": "disputed", "person": "no", "state": "yes"},
        "marks": ["red", "blue"],
        "homes": [],
        "age": 12,
        "stuffing": "unknown",
    }
    assert case["promises"] == [
        {"id": "promise-1", "kind_promise": "yes"},
        {"id": "promise-2", "promised_on": "1950-01-02"},
    ]
    assert (case["nap_steps"], case["variants"], case["title"]) == ([], {"tickling": "strict"}, "A doll")


def test_with_a_reference_facts_and_answer_are_kept(mine: Client) -> None:
    said = kept(mine)
    assert (said["version"], said["change"]) == (1, "created")
    whole = mine.get(said["address"]).json()
    assert (whole["outcome"], whole["sentence"]) == (said["outcome"], said["sentence"])
    assert mine.get("/v1/matters", params={"reference": "T/1"}).json()["matters"][0]["id"] == said["matter"]


def test_only_other_facts_make_a_version(mine: Client) -> None:
    first = kept(mine)
    again = kept(mine)
    written_otherwise = kept(mine, ground_up=True)
    later = kept(mine, assessed_on="1951-06-01")
    for said in (again, written_otherwise, later):
        assert (said["matter"], said["version"], said["change"]) == (first["matter"], 1, "unchanged")
    assert mine.get(later["address"]).json()["assessed_on"] == "1951-06-01"
    other = kept(mine, ground_up="no")
    assert (other["matter"], other["version"], other["change"]) == (first["matter"], 2, "updated")
    assert other["outcome"] != first["outcome"]
    assert len({said["assessment"] for said in (first, again, later, other)}) == 4


def test_an_assessment_of_unchanged_facts_is_of_the_version_that_is_kept(mine: Client) -> None:
    """The receipt is that of assessing the kept version on that day, so it can be checked later."""
    said = kept(mine)
    later = kept(mine, assessed_on="1951-06-01")
    again = mine.post(f"/v1/matters/{said['matter']}/assessments", json={"on": "1951-06-01"}).json()
    assert again["receipt"] == mine.get(later["address"]).json()["receipt"]


def test_a_key_makes_a_save_happen_once(mine: Client) -> None:
    sent = {**FLAT, "reference": "T/1"}
    answers = [mine.post(PATH, json=sent, headers={"idempotency-key": "one"}) for _ in range(3)]
    assert len({answer.content for answer in answers}) == 1
    assert len(mine.get("/v1/assessments").json()["assessments"]) == 1
    assert mine.post(PATH, json=FLAT | {"reference": "T/2"}, headers={"idempotency-key": "one"}).status_code == 422


def test_the_next_day_on_which_something_is_due_is_told(mine: Client) -> None:
    assert mine.post(PATH, json={**FLAT, "seized_on": "1950-05-25"}).json()["next_due"] == "1950-07-04"
    assert mine.post(PATH, json={**FLAT, "seized_on": "1940-05-25"}).json()["next_due"] == ""


@pytest.mark.parametrize(
    ("sent", "pointer", "words"),
    [
        ({"grond_up": "yes"}, "/grond_up", "Did you mean 'ground_up'?"),
        ({"counts[0].broke_vas": "yes"}, "/counts[0].broke_vas", "Did you mean 'counts[0].broke_vase'?"),
        ({"cuonts[1].broke_vase": "yes"}, "/cuonts[1].broke_vase", "Did you mean 'counts[1].broke_vase'?"),
        ({"broke_vase": "yes"}, "/broke_vase", "is not the name of a fact"),
        ({"ground_up": "Secretova"}, "/ground_up", "yes, no or unknown"),
        ({"counts[0].broke_vase": "Secretova"}, "/counts[0].broke_vase", "yes, no or unknown"),
        ({"mill_closed": "no", "mill_closed.state": "yes"}, "/mill_closed.state", "what each side says"),
        ({"mill_closed.person": "Secretova"}, "/mill_closed.person", "yes, no or unknown"),
        ({"age": "Secretova"}, "/age", "is not a number"),
        ({"age": {"value": "Secretova"}}, "/age", "is not text, a number"),
        ({"counts.size": 0}, "/counts.size", "more items than the size says"),
        ({"counts.size": "many"}, "/counts.size", "is not the length of a list"),
        ({"nap_steps[0].status_then": "asked"}, "/nap_steps[0]", "needs 'nap_on'"),
        ({"assessed_on": "31.6.1950"}, "/assessed_on", "is not a date"),
        ({"assessed_on": ""}, "/assessed_on", "is not given"),
        ({"variants.tickling": "Secretova"}, "/variants.tickling", ""),
        ({"reference": "T" * 201}, "/reference", "200 characters"),
        ({"nap_wanted": "no", "nap_status": "granted"}, "/nap_status", ""),
    ],
)
def test_every_fault_is_said_at_its_name_without_the_value(
    mine: Client, sent: dict[str, Any], pointer: str, words: str
) -> None:
    answer = mine.post(PATH, json={**FLAT, **sent})
    assert answer.status_code == 422, answer.text
    found = answer.json()["errors"]
    assert [one["pointer"] for one in found] == [pointer]
    assert words in f"{found[0]['detail']} {found[0]['fix']}"
    assert "Secretova" not in answer.text
    assert mine.get("/v1/matters").json()["matters"] == []


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"a=1&a=2", FORM, 400),
        (b"ground_up", FORM, 400),
        (b"title=%ff%fe", FORM, 400),
        ("title=Ж".encode(), FORM, 400),
        (b"a=1&" * 3000, FORM, 400),
        (b"[1]", {"content-type": "application/json"}, 422),
        (b'{"age": 1, "age": 2}', {"content-type": "application/json"}, 400),
        (b'{"age": NaN}', {"content-type": "application/json"}, 400),
        (b"[" * 50, {"content-type": "application/json"}, 400),
        (b"ground_up,yes", {"content-type": "text/csv"}, 415),
        (b"ground_up=yes", {"content-type": FORM["content-type"] + "; charset=windows-1251"}, 415),
    ],
)
def test_what_is_not_flat_or_not_well_formed_is_refused(
    mine: Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert mine.post(PATH, content=body, headers=headers).status_code == status


def test_keeping_needs_leave_to_write_matters(mine: Client, toy_store: Store) -> None:
    workspace = authenticate(toy_store, mine.key).workspace
    assessor = Client(mine.app, new_key(toy_store, workspace, ["assessments:write"]))
    assert assessor.post(PATH, json=FLAT).status_code == 200
    assert assessor.post(PATH, json={**FLAT, "reference": "T/1"}).status_code == 403
    reader = Client(mine.app, new_key(toy_store, workspace, ["matters:read", "matters:write"]))
    assert reader.post(PATH, json=FLAT).status_code == 403


def test_thousands_of_unknown_names_cost_no_more_than_fifty(mine: Client) -> None:
    answer = mine.post(PATH, json={f"fact{number}": "yes" for number in range(20_000)})
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 50
