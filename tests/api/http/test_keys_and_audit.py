"""Keys over HTTP (shown once, never beyond their maker's scopes) and the audit chain, checked by its own verifier."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from api.accounts.keys.service import authenticate
from api.storage.audit.chain import verify_lines
from api.storage.store import Store
from tests.api.http.support import CASE, Client, new_key


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


def key_made(client: Client, **sent: Any) -> dict[str, Any]:
    answer = client.post("/v1/keys", json={"scopes": ["matters:read"], **sent})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/keys/{answer.json()['id']}"
    found: dict[str, Any] = answer.json()
    return found


def test_a_key_is_shown_once_and_does_what_its_scopes_say(mine: Client) -> None:
    made = key_made(mine)
    fresh = Client(mine.app, made["key"])
    assert fresh.get("/v1/matters").status_code == 200
    assert fresh.get("/v1/assessments").status_code == 403
    listed = mine.get("/v1/keys")
    assert made["id"] in [one["id"] for one in listed.json()["keys"]]
    assert made["key"].rsplit("_", 1)[1] not in listed.text


def test_a_repeated_request_makes_no_second_key_and_does_not_show_the_first_again(mine: Client) -> None:
    before = len(mine.get("/v1/keys").json()["keys"])
    sent = {"scopes": ["matters:read"]}
    answers = [mine.post("/v1/keys", json=sent, headers={"idempotency-key": "one"}).json() for _ in range(2)]
    assert answers[0]["id"] == answers[1]["id"]
    assert Client(mine.app, answers[0]["key"]).get("/v1/matters").status_code == 200
    assert answers[1]["key"] == ""
    assert len(mine.get("/v1/keys").json()["keys"]) == before + 1


def test_a_revoked_key_ends_at_once(mine: Client, toy_store: Store) -> None:
    made = key_made(mine)
    stranger = Client(mine.app, new_key(toy_store))
    assert stranger.delete(f"/v1/keys/{made['id']}").status_code == 404
    assert Client(mine.app, made["key"]).get("/v1/matters").status_code == 200
    assert mine.delete(f"/v1/keys/{made['id']}").status_code == 204
    assert mine.delete(f"/v1/keys/{made['id']}").status_code == 204
    assert Client(mine.app, made["key"]).get("/v1/matters").status_code == 401
    assert next(one for one in mine.get("/v1/keys").json()["keys"] if one["id"] == made["id"])["revoked_at"]


def test_nobody_gives_a_scope_they_do_not_have(mine: Client) -> None:
    manager = Client(mine.app, key_made(mine, scopes=["keys:manage", "matters:read"])["key"])
    assert manager.post("/v1/keys", json={"scopes": ["matters:read"]}).status_code == 201
    refused = manager.post("/v1/keys", json={"scopes": ["matters:read", "matters:erase"]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (403, "/scopes/1")
    entries = mine.get("/v1/audit", params={"limit": 200}).json()["entries"]
    assert entries[-2]["act"] == "access.refused" or entries[-1]["act"] == "access.refused"


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["matters:raed"]}, "/scopes/0"),
        ({"scopes": ["matters:read"], "expires_at": "2001-01-01T00:00:00Z"}, "/expires_at"),
        ({"scopes": ["matters:read"], "expires_at": "2099-02-30T00:00:00Z"}, "/expires_at"),
        ({"scopes": ["matters:read"], "expires_at": "tomorrow"}, "/expires_at"),
        ({"scopes": ["matters:read"], "name": "Secretova"}, "/(another)"),
    ],
)
def test_what_no_key_can_be_made_of_is_refused(mine: Client, sent: dict[str, Any], pointer: str) -> None:
    answer = mine.post("/v1/keys", json=sent)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert "Secretova" not in answer.text


def test_an_expiry_is_kept_with_the_key(mine: Client) -> None:
    assert key_made(mine, expires_at="2099-12-31T00:00:00Z")["expires_at"].startswith("2099-12-31T00:00:00")


def acts(client: Client) -> list[bytes]:
    """All entries as lines of an export, page by page."""
    lines: list[bytes] = []
    address = "/v1/audit?limit=3"
    while address:
        page = client.get(address, headers={"accept": "application/x-ndjson"})
        lines += page.content.splitlines(keepends=True)
        link = page.headers.get("link", "")
        address = link[1 : link.index(">")] if link else ""
    return lines


def test_the_chain_as_lines_is_verified_offline_against_a_noted_head(mine: Client) -> None:
    matter = mine.post("/v1/matters", json={"reference": "Ref-Secretova", "case": CASE}).json()["id"]
    mine.get(f"/v1/matters/{matter}/facts")
    head = mine.get("/v1/audit/head").json()
    lines = acts(mine)
    assert verify_lines(lines, [head["hash"]]).intact
    assert not verify_lines(lines[: head["seq"] - 1], [head["hash"]]).intact
    assert not verify_lines([*lines[:2], *lines[3:]]).intact
    text = b"".join(lines).decode()
    assert f'"act":"facts.read","actor":"key_{mine.key.split("_")[2]}"' in text
    assert "Secretova" not in text


def test_the_chain_as_json_tells_the_same(mine: Client) -> None:
    mine.post("/v1/matters", json={"reference": "T/1", "case": CASE})
    page = mine.get("/v1/audit", params={"limit": 200}).json()
    assert [one["seq"] for one in page["entries"]] == list(range(1, len(page["entries"]) + 1))
    assert page["next"] == ""
    again = mine.get("/v1/audit", params={"limit": 200}).json()["entries"]
    assert again[: len(page["entries"])] == page["entries"]
    assert again[-1]["act"] == "audit.read"


def test_the_chain_is_for_auditors_of_the_workspace(mine: Client, toy_store: Store) -> None:
    workspace = authenticate(toy_store, mine.key).workspace
    lawyer = Client(mine.app, new_key(toy_store, workspace, ["matters:read"]))
    for address in ("/v1/audit", "/v1/audit/head"):
        assert lawyer.get(address).status_code == 403
    stranger = Client(mine.app, new_key(toy_store))
    assert stranger.get("/v1/audit/head").json()["chain"] != workspace
    cursor = mine.get("/v1/audit", params={"limit": 1}).json()["next"]
    assert stranger.get("/v1/audit", params={"cursor": cursor}).status_code == 400


def test_an_address_names_all_methods_it_takes(mine: Client) -> None:
    for address, methods in (("/v1/keys", "GET, POST"), ("/v1/jobs/x", "DELETE, GET"), ("/v1/audit", "GET")):
        refused = mine.request("PATCH", address)
        assert (refused.status_code, refused.headers["allow"]) == (405, methods)
