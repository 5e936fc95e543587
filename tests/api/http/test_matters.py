"""Matters and assessments of record over HTTP: versions, entity tags, happening once, pages, erasure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import FastAPI

from api.storage.store import Store
from tests.api.http.conftest import Served
from tests.api.http.support import CASE, Client, new_key

OTHER = {**CASE, "counts": [{"id": "vase", "broke_vase": "no"}]}


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


def made(client: Client, reference: str = "T/1", case: dict[str, Any] = CASE) -> str:
    answer = client.post("/v1/matters", json={"reference": reference, "case": case})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/matters/{answer.json()['id']}"
    assert answer.headers["etag"] == '"v1"'
    return str(answer.json()["id"])


def assessed(client: Client, matter: str, **sent: Any) -> str:
    answer = client.post(f"/v1/matters/{matter}/assessments", json=sent)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize("version", [10**9, 2**31, 2**63, 2**70, 0, -1])
def test_a_version_that_no_matter_can_have_is_a_fault_of_the_body(mine: Client, version: int) -> None:
    refused = mine.post(f"/v1/matters/{made(mine)}/assessments", json={"version": version})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/version")


def test_a_matter_is_kept_and_read_back(mine: Client) -> None:
    matter = made(mine)
    facts = mine.get(f"/v1/matters/{matter}/facts")
    assert facts.json()["case"] == CASE
    assert mine.get("/v1/matters", params={"reference": "T/1"}).json()["matters"][0]["id"] == matter


def test_H7_a_matter_is_found_by_its_reference_in_a_body_so_that_no_address_holds_it(mine: Client) -> None:
    matter = made(mine, "Справа/1")
    found = mine.post("/v1/matters:find", json={"reference": "Справа/1"})
    assert [one["id"] for one in found.json()["matters"]] == [matter]
    assert mine.post("/v1/matters:find", json={"reference": "T/2"}).json() == {"matters": [], "next": ""}
    assert mine.post("/v1/matters:find", json={"reference": "T/1", "more": 1}).status_code == 422


def test_H7_what_is_asked_in_an_address_is_not_in_our_logs(served: Served) -> None:
    assert served.http.get("/v1/matters", params={"reference": "canary-5e2b"}).json()["matters"] == []
    served.http.get("/health")  # what was asked before it is in the log by then
    log = served.log.read_text("utf-8")
    assert "/v1/matters" in log
    assert "canary-5e2b" not in log


def test_a_case_that_cannot_be_read_is_not_kept_and_each_fault_has_its_pointer(mine: Client) -> None:
    answer = mine.post("/v1/matters", json={"reference": "T/1", "case": {"facts": {"grond_up": "yes"}}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/case/facts/grond_up"
    assert "ground_up" in answer.json()["errors"][0]["fix"]
    assert mine.get("/v1/matters").json()["matters"] == []


def test_a_reference_is_there_once(mine: Client) -> None:
    made(mine)
    assert mine.post("/v1/matters", json={"reference": "T/1", "case": CASE}).status_code == 409


def test_the_next_version_starts_from_the_one_that_was_read(mine: Client) -> None:
    address = f"/v1/matters/{made(mine)}/facts"
    assert mine.put(address, json=OTHER).status_code == 428
    assert mine.put(address, json=OTHER, headers={"if-match": '"x"'}).status_code == 412
    saved = mine.put(address, json=OTHER, headers={"if-match": '"v1"'})
    assert (saved.status_code, saved.headers["etag"]) == (200, '"v2"')
    late = mine.put(address, json=CASE, headers={"if-match": '"v1"'})
    assert (late.status_code, late.headers["etag"]) == (412, '"v2"')
    assert mine.get(address).json()["case"] == OTHER


def test_every_version_stays_as_it_was_saved(mine: Client) -> None:
    matter = made(mine)
    mine.put(f"/v1/matters/{matter}/facts", json=OTHER, headers={"if-match": '"v1"'})
    assert mine.get(f"/v1/matters/{matter}/versions/1").json()["case"] == CASE
    versions = mine.get(f"/v1/matters/{matter}/versions").json()["versions"]
    assert [one["version"] for one in versions] == [1, 2]


def test_what_the_caller_has_already_is_not_sent_again(mine: Client) -> None:
    matter = made(mine)
    assert mine.get(f"/v1/matters/{matter}/facts", headers={"if-none-match": '"v1"'}).status_code == 304
    assert mine.get(f"/v1/matters/{matter}/facts", headers={"if-none-match": '"v2"'}).status_code == 200


def test_an_assessment_of_record_has_its_parts_from_one_run(mine: Client) -> None:
    assessment = assessed(mine, made(mine))
    whole = mine.get(f"/v1/assessments/{assessment}/answer").json()
    assert whole["outcome"] == "inadmissible"
    line = mine.get(f"/v1/assessments/{assessment}/summary").json()
    assert (line["receipt"], line["outcome"]) == (whole["receipt"]["digest"], whole["outcome"])
    full = mine.get(f"/v1/assessments/{assessment}/proof", params={"depth": "full"}).json()["proofs"]
    assert set(full) == set(whole["proof"])
    short = mine.get(f"/v1/assessments/{assessment}/proof", params={"depth": "verdict"}).json()["proofs"]
    assert all(node["children"] == [] and node["hidden"] > 0 for node in short.values())
    assert mine.get(f"/v1/assessments/{assessment}/flip-sets").json()["flip_sets"] == whole["flip_sets"]
    assert mine.get(f"/v1/assessments/{assessment}/questions").json()["questions"] == whole["next_questions"]
    assert mine.get(f"/v1/assessments/{assessment}/not-relied-on").json()["facts"] == whole["not_relied_on"]
    why = mine.get(f"/v1/assessments/{assessment}/why-not").json()["why_not"]
    assert why == {one["id"]: one["why_not"] for one in whole["grounds"] if one["status"] == "not_met"}


def test_the_trace_comes_page_by_page_and_whole(mine: Client) -> None:
    assessment = assessed(mine, made(mine))
    whole = mine.get(f"/v1/assessments/{assessment}/answer").json()["trace"]
    steps, cursor = [], ""
    while True:
        query = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        page = mine.get(f"/v1/assessments/{assessment}/trace", params=query).json()
        steps += page["steps"]
        assert page["total"] == len(whole)
        if not (cursor := page["next"]):
            break
    assert steps == whole


def test_version_day_and_reading_of_an_assessment_may_be_chosen(mine: Client) -> None:
    matter = made(mine)
    mine.put(f"/v1/matters/{matter}/facts", json=OTHER, headers={"if-match": '"v1"'})
    line = mine.get(f"/v1/assessments/{assessed(mine, matter, version=1, on='1950-07-01', reading='state')}/summary")
    assert [line.json()[name] for name in ("version", "assessed_on", "reading")] == [1, "1950-07-01", "state"]


def test_a_key_makes_an_act_happen_once(mine: Client) -> None:
    sent = {"reference": "T/1", "case": CASE}
    first = mine.post("/v1/matters", json=sent, headers={"idempotency-key": "one"})
    again = mine.post("/v1/matters", json=sent, headers={"idempotency-key": '"one"'})
    assert (first.status_code, first.content) == (again.status_code, again.content)
    other = mine.post("/v1/matters", json={**sent, "reference": "T/2"}, headers={"idempotency-key": "one"})
    assert other.status_code == 422
    address = f"/v1/matters/{first.json()['id']}/assessments"
    ids = {mine.post(address, json={}, headers={"idempotency-key": "two"}).json()["id"] for _ in range(3)}
    assert len(ids) == 1


def test_lists_come_in_pages_and_a_cursor_is_of_its_list_and_workspace(mine: Client, toy_store: Store) -> None:
    ids = [made(mine, f"T/{number}") for number in range(5)]
    first = mine.get("/v1/matters", params={"limit": 3})
    assert 'rel="next"' in first.headers["link"]
    cursor = first.json()["next"]
    second = mine.get("/v1/matters", params={"limit": 3, "cursor": cursor}).json()
    assert [one["id"] for one in first.json()["matters"] + second["matters"]] == ids
    assert second["next"] == ""
    assert mine.get("/v1/assessments", params={"cursor": cursor}).status_code == 400
    stranger = Client(mine.app, new_key(toy_store))
    assert stranger.get("/v1/matters", params={"cursor": cursor}).status_code == 400


def test_only_what_changed_since_is_listed(mine: Client) -> None:
    made(mine, "T/1")
    moment = mine.get("/v1/matters").json()["matters"][0]["updated_at"]
    later = made(mine, "T/2")
    found = mine.get("/v1/matters", params={"updated_since": moment}).json()["matters"]
    assert [one["id"] for one in found][-1] == later
    assert mine.get("/v1/matters", params={"updated_since": "2999-01-01T00:00:00Z"}).json()["matters"] == []


def test_a_list_as_csv_has_no_cell_that_calculates(mine: Client) -> None:
    made(mine, "=HYPERLINK(1)")
    text = mine.get("/v1/matters", headers={"accept": "text/csv"}).text
    assert "'=HYPERLINK(1)" in text
    assert text.startswith("\ufeffid,reference")


def test_an_erased_matter_is_gone_with_its_assessments(mine: Client) -> None:
    matter = made(mine)
    assessment = assessed(mine, matter)
    assert mine.delete(f"/v1/matters/{matter}").status_code == 428
    assert mine.delete(f"/v1/matters/{matter}", headers={"if-match": '"v2"'}).status_code == 412
    assert mine.get(f"/v1/matters/{matter}").status_code == 200
    assert mine.delete(f"/v1/matters/{matter}", headers={"if-match": '"v1"'}).status_code == 204
    for address in (f"/v1/matters/{matter}", f"/v1/matters/{matter}/facts", f"/v1/assessments/{assessment}"):
        assert mine.get(address).status_code == 404


def test_a_workspace_sees_nothing_of_another(mine: Client, toy_store: Store) -> None:
    matter = made(mine)
    assessment = assessed(mine, matter)
    stranger = Client(mine.app, new_key(toy_store))
    assert stranger.get("/v1/matters").json()["matters"] == []
    for address in (f"/v1/matters/{matter}", f"/v1/assessments/{assessment}", f"/v1/assessments/{assessment}/trace"):
        absent = address.replace(matter, "mat_" + "a" * 26).replace(assessment, "asm_" + "a" * 26)
        foreign, nowhere = stranger.get(address), stranger.get(absent)
        assert foreign.status_code == nowhere.status_code == 404
        assert _same(foreign.json()) == _same(nowhere.json())


def _same(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "instance"}


def test_a_key_may_do_what_its_scopes_say_and_a_refusal_is_recorded(mine: Client, toy_store: Store) -> None:
    from sqlalchemy import select

    from api.accounts.keys.service import authenticate
    from api.storage.tables import AuditEntry

    workspace = authenticate(toy_store, mine.key).workspace
    reader = Client(mine.app, new_key(toy_store, workspace, ["matters:read"]))
    assert reader.get("/v1/matters").status_code == 200
    assert reader.post("/v1/matters", json={"reference": "T/1", "case": CASE}).status_code == 403
    with toy_store.read(workspace) as tx:
        query = select(AuditEntry.ids).where(AuditEntry.chain == workspace, AuditEntry.act == "access.refused")
        assert [json.loads(ids) for ids in tx.session.scalars(query)] == [{"scope": "matters:write"}]


def test_without_a_key_nothing_is_answered_but_health(mine: Client) -> None:
    nobody = Client(mine.app)
    refused = nobody.get("/v1/matters")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert nobody.get("/health").status_code == nobody.get("/ready").status_code == 200


def test_a_preview_says_where_a_case_stands(mine: Client) -> None:
    said = mine.post("/v1/previews", json=CASE).json()
    whole = mine.post("/v1/answers", json=CASE).json()
    assert said["outcome"] == whole["outcome"]
    assert said["grounds"] == {one["id"]: one["status"] for one in whole["grounds"]}


def test_a_preview_says_why_if_it_is_asked(mine: Client) -> None:
    plain, why = (mine.post(f"/v1/previews{query}", json=CASE).json() for query in ("", "?explain=true"))
    whole = mine.post("/v1/answers", json=CASE).json()
    assert why.keys() - plain.keys() == {"trace", "proof"}
    assert {name: why[name] for name in plain} == plain
    assert why["proof"] == whole["proof"]
    concluded = {(step["criterion"], step["place"], step["status"]) for step in why["trace"]}
    assert {
        (step["criterion"], step["place"], step["status"]) for step in whole["trace"] if step["criterion"]
    } <= concluded
