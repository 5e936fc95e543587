"""Webhooks over HTTP: the secret is shown once, a URL must be one that may be called, what happens is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from api.accounts.keys.service import authenticate
from api.operations.webhooks.history import list_deliveries
from api.operations.webhooks.settings import WebhookSettings
from api.operations.webhooks.urls import Gate
from api.storage.store import Store
from tests.api.http.support import CASE, Client, new_key

URL = "https://tracker.example/hooks"


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Iterator[Client]:
    """A client whose service finds a public address for every name."""
    own = toy_app.state.gate
    toy_app.state.gate = Gate(WebhookSettings(), lambda host: ["93.184.216.34"])
    yield Client(toy_app, new_key(toy_store))
    toy_app.state.gate = own


def registered(client: Client, *kinds: str) -> dict[str, str]:
    answer = client.post("/v1/webhooks", json={"url": URL, "kinds": list(kinds)})
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return found


def test_the_secret_is_shown_once(mine: Client) -> None:
    made = registered(mine, "matter.erased")
    assert made["secret"].startswith("whsec_")
    assert "secret" not in mine.get(f"/v1/webhooks/{made['id']}").json()
    fresh = mine.post(f"/v1/webhooks/{made['id']}/secret").json()["secret"]
    assert fresh != made["secret"]
    assert mine.get(f"/v1/webhooks/{made['id']}").json()["old_secret_until"]


@pytest.mark.parametrize("url", ["http://tracker.example/", "https://user@tracker.example/", "https://127.0.0.1/", "x"])
def test_a_url_that_must_not_be_called_is_refused_without_repeating_it(mine: Client, url: str) -> None:
    answer = mine.post("/v1/webhooks", json={"url": url, "kinds": ["matter.erased"]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/url"
    assert url not in answer.text or url == "x"


def test_an_endpoint_is_changed_disabled_and_deleted(mine: Client) -> None:
    where = f"/v1/webhooks/{registered(mine, 'matter.erased')['id']}"
    said = mine.request("PATCH", where, json={"kinds": ["deadline.near"], "enabled": False}).json()
    assert (said["kinds"], said["enabled"], said["because"]) == (["deadline.near"], False, "by_hand")
    assert mine.request("PATCH", where, json={"enabled": True}).json()["enabled"] is True
    assert mine.delete(where).status_code == 204
    assert mine.get(where).status_code == 404


def test_assessing_and_erasing_are_told_by_ids_alone(mine: Client, toy_store: Store) -> None:
    endpoint = registered(mine, "assessment.created", "outcome.changed", "matter.erased")["id"]
    matter = mine.post("/v1/matters", json={"reference": "Canary", "case": CASE}).json()["id"]
    where = f"/v1/matters/{matter}"
    mine.post(f"{where}/assessments", json={})
    states = {name: CASE["facts"][name] for name in ("requesting_state", "requested_state")}
    mild = {"case": "rag-doll", "assessed_on": "1950-06-01", "facts": states}
    mine.put(f"{where}/facts", json=mild, headers={"if-match": '"v1"'})
    mine.post(f"{where}/assessments", json={})
    mine.delete(where, headers={"if-match": '"v2"'})
    said = mine.get(f"/v1/webhooks/{endpoint}/deliveries").json()["deliveries"]
    assert sorted(one["kind"] for one in said) == [
        "assessment.created",
        "assessment.created",
        "matter.erased",
        "outcome.changed",
    ]
    workspace = authenticate(toy_store, mine.key).workspace
    with toy_store.read(workspace) as tx:
        assert len(list_deliveries(tx)) == 4


def test_L4_the_same_idempotency_key_shows_no_secret_again(mine: Client) -> None:
    sent = {"url": URL, "kinds": ["matter.erased"]}
    first, again = (mine.post("/v1/webhooks", json=sent, headers={"idempotency-key": "one"}).json() for _ in range(2))
    assert first["secret"].startswith("whsec_")
    assert again["secret"] == ""
    assert again["id"] == first["id"]
