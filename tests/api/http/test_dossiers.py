"""Dossiers, precedents and country findings over HTTP: in this process, and from a server to a client."""

from __future__ import annotations

import pytest

from tests.api.http.conftest import Served
from tests.api.http.support import CASE, Client

DREAMS = {**CASE, "assessed_on": "1980-01-01"}
DREAMS["facts"] = {**CASE["facts"], "others_dreamt": "yes", "nursery": "dark", "courage": "mouse"}


@pytest.fixture(scope="module")
def assessment(client: Client) -> str:
    matter = client.post("/v1/matters", json={"reference": "Dolls", "case": DREAMS}).json()["id"]
    return str(client.post(f"/v1/matters/{matter}/assessments", json={}).json()["id"])


def test_a_question_has_a_point_an_answer_and_a_reply_with_authority(client: Client, assessment: str) -> None:
    said = client.get(f"/v1/assessments/{assessment}/questions/dream_bad").json()
    dossier, argument = said["dossier"], said["argument"]
    assert (dossier["standing"], dossier["value"], argument["by"]) == ("presumed", True, "person")
    (governs,) = [move for move in argument["point"] if move["kind"] == "governs"]
    assert governs["authorities"][0]["name"] == "Dolly v. Toyland"
    assert governs["authorities"][0]["given_on"] == "1950-02"
    (nearest,) = [move for move in argument["answer"] if move["kind"] == "nearest"]
    assert nearest["id"] == "bruno-1960"
    assert nearest["lacking"] == ["Somebody tells a story", "Courage: at most “As a lion”"]
    (apart,) = [move for move in argument["reply"] if move["kind"] == "distinguished"]
    assert apart["id"] == "bruno-1960"
    assert "Other dolls dreamt badly there" in apart["apart"]


def test_the_state_makes_the_argument_the_other_way_round(client: Client, assessment: str) -> None:
    argument = client.get(f"/v1/assessments/{assessment}/questions/dream_bad?by=state").json()["argument"]
    assert [move["id"] for move in argument["answer"] if move["kind"] == "governs"] == ["dolly-1950"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("dream_baad", 404, "Did you mean 'dream_bad'?"),
        ("ground_up", 404, "no question of this name"),
        ("dream_bad?item=vase", 422, "not of an item"),
        ("dream_bad?by=judge", 422, "by"),
        ("dream_bad?side=person", 400, "no such parameter"),
    ],
)
def test_what_is_asked_wrongly_is_refused_with_what_is_meant(
    client: Client, assessment: str, path: str, status: int, words: str
) -> None:
    refused = client.get(f"/v1/assessments/{assessment}/questions/{path}")
    assert refused.status_code == status
    assert words in refused.text


def test_a_dossier_tells_facts_and_so_needs_the_scope_for_them(
    client: Client, assessment: str, without_facts: Client
) -> None:
    assert without_facts.get(f"/v1/assessments/{assessment}/questions/dream_bad").status_code == 403


def test_precedents_are_listed_page_by_page_and_by_side(client: Client) -> None:
    first = client.get("/v1/precedents?limit=1").json()
    rest = client.get(f"/v1/precedents?limit=200&cursor={first['next']}").json()
    ids = [one["id"] for one in (*first["precedents"], *rest["precedents"])]
    assert ids[:2] == ["dolly-1950", "bruno-1960"]
    assert len(ids) == first["total"] == rest["total"]
    assert rest["next"] == ""
    ours = client.get("/v1/precedents?side=person&issue=bad_dreams&state=MCO&until=1955-01-01").json()
    assert [one["id"] for one in ours["precedents"]] == ["dolly-1950"]
    assert client.get("/v1/precedents?issue=bad_dream").json()["errors"][0]["fix"] == "Did you mean 'bad_dreams'?"


def test_one_precedent_says_its_facts_and_why(client: Client) -> None:
    bruno = client.get("/v1/precedents/bruno-1960").json()
    assert bruno["until_because"] == "The full court decided otherwise."
    assert bruno["other_facts"] == {"has_a_friend": "state"}
    assert bruno["rulings"][0]["because"] == ["storyteller", "courage"]
    assert client.get("/v1/precedents/bruno").status_code == 404


def test_a_situation_says_what_of_it_still_counts_on_a_day(client: Client) -> None:
    early, late = (client.get(f"/v1/situations/MCO?on={day}").json() for day in ("1960-01-01", "1990-06-01"))
    assert {one["id"]: one["standing"] for one in early["findings"]} == {"mco-1950": "in_force"}
    standing = {one["id"]: one["standing"] for one in late["findings"]}
    assert standing["mco-1950"] == "ended"
    assert client.get("/v1/situations/MCO").status_code == 422


def test_a_server_tells_it_all_to_a_client_over_http(served: Served) -> None:
    http = served.http
    matter = http.post("/v1/matters", json={"reference": "Dolls", "case": DREAMS}).json()["id"]
    assessment = http.post(f"/v1/matters/{matter}/assessments", json={}).json()["id"]
    said = http.get(f"/v1/assessments/{assessment}/questions/dream_bad").json()
    assert [move["id"] for move in said["argument"]["point"] if move["kind"] == "governs"] == ["dolly-1950"]
    assert said["assessed_on"] == "1980-01-01"
    findings = http.get("/v1/situations/MCO", params={"on": "1990-06-01"}).json()["findings"]
    assert "Dolly v. Toyland" in [one["case"] for one in findings]
    assert http.get("/v1/precedents", params={"state": "Monaco"}).json()["precedents"][0]["id"] == "dolly-1950"
