"""T8: of another workspace nothing is found, read, changed or told apart from what does not exist.

The matrix is made from the description of the API, so that a new route cannot be forgotten: every
operation with an id in its address is asked for ids of another workspace and for ids of nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.accounts.keys.service import authenticate, issue
from api.operations.webhooks.settings import WebhookSettings
from api.operations.webhooks.urls import Gate
from api.storage.store import Store
from api.storage.tables import AuditEntry
from tests.api.http.support import CASE, Client, new_key

#: Addresses of law content, which belongs to nobody, and of what needs no key.
SHARED = ("/v1/facts", "/v1/instruments", "/v1/criteria/{id}", "/v1/packs", "/v1/packs/{address}", "/v1/decided-cases",
          "/v1/decided-cases/{id}", "/v1/precedents", "/v1/precedents/{id}", "/v1/situations/{state}", "/v1/vocabulary.csv", "/health", "/ready")  # fmt: skip
BODIES: dict[tuple[str, str], Any] = {
    ("put", "/v1/matters/{matter}/facts"): CASE,
    ("patch", "/v1/matters/{matter}/facts"): {"title": "Changed"},
    ("post", "/v1/matters/{matter}/assessments"): {},
    ("patch", "/v1/webhooks/{endpoint}"): {"enabled": True},
}


@dataclass(frozen=True)
class World:
    """A workspace with something of everything, and a stranger who may do everything in another one."""

    owner: Client
    stranger: Client
    ids: dict[str, str]


@pytest.fixture(scope="module")
def world(toy_app: FastAPI, toy_store: Store) -> World:
    own, toy_app.state.gate = toy_app.state.gate, Gate(WebhookSettings(), lambda host: ["93.184.216.34"])
    owner, stranger = Client(toy_app, new_key(toy_store)), Client(toy_app, new_key(toy_store))
    ids = {"version": "1", "fact": "dream_bad"}
    ids["matter"] = owner.post("/v1/matters", json={"reference": "Canary", "case": CASE}).json()["id"]
    hook = {"url": "https://tracker.example/", "kinds": ["assessment.created"]}
    ids["endpoint"] = owner.post("/v1/webhooks", json=hook).json()["id"]
    ids["assessment"] = owner.post(f"/v1/matters/{ids['matter']}/assessments", json={}).json()["id"]
    sent = owner.get(f"/v1/webhooks/{ids['endpoint']}/deliveries").json()["deliveries"]
    ids["delivery"] = sent[0]["id"]
    workspace = authenticate(toy_store, owner.key).workspace
    with toy_store.write(workspace, "usr_test") as tx:
        ids["key"] = issue(tx, ["matters:read"])[0].id
    ids["job"] = _job(owner)
    toy_app.state.gate = own
    return World(owner, stranger, ids)


def _job(owner: Client) -> str:
    answer = owner.post(
        "/v1/jobs", content=b'{"assessed_on": "1950-01-01"}\n', headers={"content-type": "application/x-ndjson"}
    )
    return str(answer.json().get("id", "job_none"))


def operations(client: Client) -> list[tuple[str, str]]:
    """Method and address of every operation of somebody's own things."""
    paths: dict[str, Any] = client.get("/openapi.json").json()["paths"]
    return [(method, path) for path, found in paths.items() for method in found if path not in SHARED]


def test_T8_what_belongs_to_another_workspace_looks_like_what_does_not_exist(world: World) -> None:
    asked = [(method, path) for method, path in operations(world.stranger) if "{" in path]
    assert len(asked) >= 20
    for method, path in asked:
        foreign = _ask(world.stranger, method, path, world.ids)
        nobodys = _ask(world.stranger, method, path, {name: _absent(one) for name, one in world.ids.items()})
        assert foreign.status_code == nobodys.status_code == 404, (method, path, foreign.text[:200])
        assert _bare(foreign.json()) == _bare(nobodys.json()), path
        assert set(foreign.headers) == set(nobodys.headers), path
        assert "etag" not in foreign.headers


def test_T8_the_owner_still_has_everything(world: World) -> None:
    for path in ("/v1/matters/{matter}", "/v1/assessments/{assessment}", "/v1/webhooks/{endpoint}"):
        assert _ask(world.owner, "get", path, world.ids).status_code == 200


def test_T8_no_list_shows_anything_of_another_workspace(world: World) -> None:
    lists = [path for method, path in operations(world.stranger) if method == "get" and "{" not in path]
    assert len(lists) >= 5
    for path in lists:
        text = world.stranger.get(path).text
        assert "Canary" not in text
        assert not any(one in text for name, one in world.ids.items() if name != "version"), path


def test_T8_a_reference_in_use_elsewhere_is_free_here(world: World) -> None:
    sent = {"reference": "In use", "case": CASE}
    assert [one.post("/v1/matters", json=sent).status_code for one in (world.owner, world.stranger)] == [201, 201]
    assert world.owner.post("/v1/matters", json=sent).status_code == 409


def test_T8_an_idempotency_key_is_of_its_workspace(world: World) -> None:
    sent = {"reference": "Again", "case": CASE}
    ids = {
        client.post("/v1/matters", json=sent, headers={"idempotency-key": "the-same"}).json()["id"]
        for client in (world.owner, world.stranger)
    }
    assert len(ids) == 2


def test_T8_no_act_of_a_stranger_is_in_the_audit_chain_of_the_owner(world: World, toy_store: Store) -> None:
    owner, stranger = (authenticate(toy_store, one.key) for one in (world.owner, world.stranger))
    with toy_store.read(owner.workspace) as tx:
        actors = set(tx.session.scalars(select(AuditEntry.actor).where(AuditEntry.chain == owner.workspace)))
    assert owner.actor in actors
    assert stranger.actor not in actors


def test_every_operation_asks_for_a_key(world: World) -> None:
    nobody = Client(world.owner.app)
    for method, path in operations(nobody) + [("get", path) for path in SHARED[:-2]]:
        answer = _ask(nobody, method, path, {**world.ids, "id": "x", "address": "x", "state": "MCO"})
        assert answer.status_code == 401, (method, path)


def test_every_operation_asks_for_its_scope(world: World, toy_store: Store) -> None:
    workspace = authenticate(toy_store, world.owner.key).workspace
    idle = Client(world.owner.app, new_key(toy_store, workspace, ["training:run"]))
    for method, path in operations(idle):
        assert _ask(idle, method, path, world.ids).status_code == 403, (method, path)


def _ask(client: Client, method: str, path: str, ids: dict[str, str]) -> Any:
    address = re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], path)
    more: dict[str, Any] = {"headers": {"if-match": '"v1"'}}
    if (method, path) in BODIES:
        more["json"] = BODIES[method, path]
    return client.request(method.upper(), address, **more)


def _absent(one: str) -> str:
    kind, _, rest = one.rpartition("_")
    return f"{kind}_{'a' * len(rest)}" if kind else one if one.isdecimal() else "a" * len(one)


def _bare(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "instance"}
