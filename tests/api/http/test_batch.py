"""Many cases in one request: as many results as lines, in their order, whatever is wrong with some."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import FastAPI

from api.storage.store import Store
from tests.api.http.support import CASE, Client, new_key

PATH = "/v1/batch"
NDJSON = {"content-type": "application/x-ndjson"}


@pytest.fixture
def mine(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


def results(client: Client, body: bytes, **params: str) -> list[dict[str, Any]]:
    answer = client.post(PATH, content=body, headers=NDJSON, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def test_each_line_has_the_preview_of_its_case_and_bad_lines_hurt_no_other(mine: Client) -> None:
    secret = "Secretova"
    bad = [b"", b"{", b"[]", b"[" * 50, b'{"a": NaN}', b"\xff", b'{"facts": {"age": 1, "age": 2}}']
    bad += [json.dumps({**CASE, "facts": {"stuffing": secret}}).encode(), b'{"facts": {}}', b'{"title": "\\ud800"}']
    good = [{**CASE, "case": f"c{number}", "counts": [{"broke_vase": "yes"}] * number} for number in (1, 2, 3)]
    lines = [json.dumps(good[0]).encode(), *bad, json.dumps(good[1]).encode(), json.dumps(good[2]).encode()]
    found = results(mine, b"\n".join(lines) + b"\n")
    assert [one["line"] for one in found] == list(range(1, len(lines) + 1))
    assert [one["status"] for one in found] == [200, *[422] * len(bad), 200, 200]
    assert [one["case"] for one in found if one["status"] == 200] == ["c1", "c2", "c3"]
    assert all(one["errors"] and "result" not in one for one in found if one["status"] == 422)
    assert secret not in json.dumps(found)
    for one, case in zip([one for one in found if one["status"] == 200], good, strict=True):
        assert one["result"] == mine.post("/v1/previews", json=case).json()


def test_day_and_reading_hold_for_every_line(mine: Client) -> None:
    undated = {name: value for name, value in CASE.items() if name != "assessed_on"}
    found = results(mine, json.dumps(undated).encode(), on="1900-01-01", reading="state")
    wanted = ["1900-01-01", "state", "admissible"]
    assert [found[0]["result"][name] for name in ("assessed_on", "reading", "outcome")] == wanted


def test_as_many_results_as_lines_up_to_a_thousand(mine: Client) -> None:
    line = json.dumps(CASE).encode()
    found = results(mine, b"\r\n".join([line, b"nonsense"] * 500))
    assert len(found) == 1000
    assert sum(one["status"] == 200 for one in found) == 500
    assert mine.post(PATH, content=b"\n".join([line] * 1001), headers=NDJSON).status_code == 413


def test_nothing_is_stored(mine: Client) -> None:
    results(mine, json.dumps(CASE).encode())
    assert mine.get("/v1/matters").json()["matters"] == mine.get("/v1/assessments").json()["assessments"] == []


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [(b"{}", "application/json", 415), (b"\n\n", "application/x-ndjson", 400), (b"", "application/x-ndjson", 400)],
)
def test_other_bodies_are_refused(mine: Client, body: bytes, media: str, status: int) -> None:
    assert mine.post(PATH, content=body, headers={"content-type": media}).status_code == status
