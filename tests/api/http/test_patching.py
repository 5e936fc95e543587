"""Changing some facts of a matter by a JSON Merge Patch (RFC 7396), from the version that was read."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.storage.store import Store
from api.web.body import MERGE_PATCH, merge_patch
from tests.api.http.support import CASE, Client, new_key


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    return Client(toy_app, new_key(toy_store))


@pytest.fixture
def matter(mine: Client) -> str:
    found = mine.post("/v1/matters", json={"reference": "T/1", "case": CASE}).json()["id"]
    return f"/v1/matters/{found}"


def patched(client: Client, matter: str, patch: Any, tag: str = '"v1"', **headers: str) -> httpx.Response:
    sent = {"if-match": tag, "content-type": MERGE_PATCH, **headers}
    return client.request("PATCH", f"{matter}/facts", json=patch, headers=sent)


#: The examples of RFC 7396, appendix A.
RFC = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), RFC)
def test_a_patch_does_what_the_standard_says(target: Any, patch: Any, result: Any) -> None:
    assert merge_patch(target, patch) == result


def test_one_fact_is_changed_and_the_others_stay(mine: Client, matter: str) -> None:
    answer = patched(mine, matter, {"facts": {"ground_up": None, "stuffing": "wool"}})
    assert (answer.status_code, answer.headers["etag"], answer.json()["version"]) == (200, '"v2"', 2), answer.text
    facts = dict(CASE["facts"]) | {"stuffing": "wool"}
    del facts["ground_up"]
    assert mine.get(f"{matter}/facts").json()["case"] == {**CASE, "facts": facts}


def test_a_patch_that_changes_nothing_makes_no_version(mine: Client, matter: str) -> None:
    answer = patched(mine, matter, {"facts": {"requesting_state": "AND"}})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert len(mine.get(f"{matter}/versions").json()["versions"]) == 1


def test_a_patch_needs_the_version_that_it_starts_from(mine: Client, matter: str) -> None:
    patched(mine, matter, {"title": "Changed"})
    late = patched(mine, matter, {"title": "Late"})
    assert (late.status_code, late.headers["etag"]) == (412, '"v2"')
    bare = mine.request("PATCH", f"{matter}/facts", json={}, headers={"content-type": MERGE_PATCH})
    assert bare.status_code == 428


def test_a_patch_after_which_nothing_can_be_read_changes_nothing(mine: Client, matter: str) -> None:
    refused = patched(mine, matter, {"facts": {"no_such_fact": "yes"}})
    assert refused.status_code == 422
    assert patched(mine, matter, ["facts"]).status_code == 422
    assert mine.get(matter).json()["version"] == 1


def test_a_patch_that_is_sent_twice_under_one_key_is_done_once(mine: Client, matter: str) -> None:
    answers = [patched(mine, matter, {"title": "Once"}, **{"idempotency-key": "one"}) for _ in range(2)]
    assert [one.json()["version"] for one in answers] == [2, 2]
