"""The short answer of an assessment: small, enough to act on, true to the whole one; and compressed."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from api.storage.store import Store
from api.web.compression import SMALLEST, accepts_gzip
from api.web.rest.short_answers import INCLUDED
from engine.assess import Engine
from tests.api.http.support import CASE, Client, app_over, new_key
from tests.api.support import ROOT

LARGEST = 40_000


@pytest.fixture(scope="module")
def real(engine: Engine, toy_store: Store) -> tuple[Client, str]:
    """A client of a service under the real law, and an assessment of the example case."""
    client = Client(app_over(toy_store, engine), new_key(toy_store))
    case = yaml.safe_load((ROOT / "examples" / "akhmetova.yaml").read_text("utf-8"))
    return client, kept(client, json.loads(json.dumps(case, default=str)))


@pytest.fixture(scope="module")
def toy(toy_app: FastAPI, toy_store: Store) -> tuple[Client, str]:
    client = Client(toy_app, new_key(toy_store))
    return client, kept(client, CASE)


def kept(client: Client, case: dict[str, Any]) -> str:
    matter = client.post("/v1/matters", json={"reference": "T/1", "case": case}).json()["id"]
    made = client.post(f"/v1/matters/{matter}/assessments", json={})
    assert made.status_code == 201, made.text
    return f"/v1/assessments/{made.json()['id']}"


def test_an_answer_under_the_real_law_is_under_forty_kilobytes_and_the_whole_one_over_a_million(
    real: tuple[Client, str],
) -> None:
    client, path = real
    short, whole = client.get(path), client.get(f"{path}/answer")
    assert len(short.content) < LARGEST
    assert len(whole.content) > 1_000_000
    print(f"short {len(short.content)}, whole {len(whole.content)}")


def test_it_holds_outcome_grounds_time_limits_and_what_is_missing_as_the_whole_one_does(
    real: tuple[Client, str],
) -> None:
    client, path = real
    short, whole = client.get(path).json(), client.get(f"{path}/answer").json()
    for name in ("outcome", "settled", "certainty", "sentence", "range", "readings", "reading", "assessed_on"):
        assert short[name] == whole[name], name
    assert short["receipt"] == whole["receipt"]["digest"]
    grounds = {one["id"]: one for one in whole["grounds"]}
    shown = {one["id"]: one for one in short["grounds"]}
    assert all(one.items() <= grounds[name].items() for name, one in shown.items())
    assert {name for name, one in grounds.items() if one["status"] == "met"} <= set(shown)
    opened = {name for name, one in grounds.items() if one["status"] == "open"}
    assert len(opened) == short["grounds_not_raised"] + len(opened & set(shown))
    assert {one["status"] for one in short["grounds"]} == {"met", "open"}
    questions = [(one["fact"], len(one["hangs"])) for one in whole["next_questions"]]
    assert [(one["fact"], one["weight"]) for one in short["missing"]] == questions[: len(short["missing"])]
    assert short["missing_total"] == len(questions)
    due = sorted(str(one["due_on"]) for one in whole["clocks"] if one["state"] in ("running", "expired"))
    assert [one["on"] for one in short["due"]] == due


def test_an_open_ground_of_which_nobody_gave_a_fact_is_counted_and_not_listed(real: tuple[Client, str]) -> None:
    client, _ = real
    bare = {"case": "bare", "assessed_on": "2020-01-13", "facts": {"requesting_state": "KAZ", "requested_state": "UKR"}}
    matter = client.post("/v1/matters", json={"reference": "T/2", "case": bare}).json()["id"]
    made = client.post(f"/v1/matters/{matter}/assessments", json={}).json()["id"]
    short = client.get(f"/v1/assessments/{made}").json()
    assert short["grounds"] == []
    assert short["grounds_not_raised"] > 50


def test_every_object_says_which_assessment_matter_and_version_it_is_of(toy: tuple[Client, str]) -> None:
    client, path = toy
    short = client.get(path).json()
    assert path.endswith(short["id"])
    for part in ("proof", "trace", "why-not", "flip-sets", "questions", "not-relied-on"):
        found = client.get(f"{path}/{part}").json()
        assert (found["assessment"], found["matter"], found["version"]) == (short["id"], short["matter"], 1)


def test_parts_come_by_name_and_all_of_them_at_once(toy: tuple[Client, str]) -> None:
    client, path = toy
    whole = client.get(f"{path}/answer").json()
    some = client.get(path, params={"include": "proof, trace"}).json()
    assert (some["proof"], some["trace"]) == (whole["proof"], whole["trace"])
    assert "flip_sets" not in some
    every = client.get(path, params={"include": "all"}).json()
    assert {name: every[name] for name in INCLUDED} == {name: whole[name] for name in INCLUDED}
    refused = client.get(path, params={"include": "proofs"})
    assert refused.status_code == 422
    assert "proof," in refused.json()["errors"][0]["fix"]


def test_what_the_caller_has_already_is_not_sent_again(toy: tuple[Client, str]) -> None:
    client, path = toy
    for address in (path, f"{path}/answer"):
        tag = client.get(address).headers["etag"]
        assert client.get(address, headers={"if-none-match": tag}).status_code == 304


def test_answers_of_the_api_are_compressed_for_whoever_accepts_it_and_pages_never(toy: tuple[Client, str]) -> None:
    client, path = toy
    plain = client.get(f"{path}/answer", headers={"accept-encoding": "identity"})
    packed = client.get(f"{path}/answer", headers={"accept-encoding": "gzip"})
    assert (plain.headers.get("content-encoding"), packed.headers["content-encoding"]) == (None, "gzip")
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 3
    assert plain.headers["vary"] == packed.headers["vary"] == "accept-encoding"
    small = client.get(f"{path}/summary", headers={"accept-encoding": "gzip"})
    assert len(small.content) < SMALLEST
    assert "content-encoding" not in small.headers
    page = client.get("/sign-in", headers={"accept": "text/html", "accept-encoding": "gzip"})
    assert len(page.content) > SMALLEST
    assert "content-encoding" not in page.headers


@pytest.mark.parametrize(
    ("header", "accepted"),
    [("gzip", True), ("br;q=1.0, GZIP;q=0.8", True), ("*", True), ("gzip;q=0", False), ("*;q=1, gzip;q=0", False)],
)
def test_what_an_accept_encoding_says_is_done(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


@given(st.text())
def test_no_accept_encoding_is_a_fault(header: str) -> None:
    assert accepts_gzip(header) in (True, False)
