"""Decided cases over HTTP: of Toyland result by result, and all of the real law."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from api.settings import Settings
from api.storage.store import Store
from engine.assess import Engine
from tests.api.http.support import Client, app_over, new_key
from tests.conftest import TOYLAND

CASES = """
title: The toy court
cases:
  - name: "Lullaby - a doll that would be ground up"
    decided: {authority: toy-court.lullaby, row: 7, label: refused, outcome: inadmissible}
    on: 1950-06-01
    expect: {outcome: inadmissible, status: {toy-1900.mill: met}}
    facts: {requesting_state: AND, requested_state: MCO, ground_up: yes}
    counts: [{broke_vase: yes}]
  - name: Lullaby II
    decided: {authority: toy-court.lullaby, row: 8, label: surrendered, outcome: admissible}
    on: 1950-06-01
    expect: {status: {toy-1900.mill: met}}
    facts: {requesting_state: AND, requested_state: MCO, ground_up: no}
    counts: [{broke_vase: yes}]
"""
PATH = "/v1/decided-cases"


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory, toy_engine: Engine, toy_store: Store) -> Client:
    """A client of Toyland with two decided cases, one of which comes out otherwise."""
    content = tmp_path_factory.mktemp("content")
    for room in ("rules", "instruments"):
        shutil.copytree(TOYLAND / room, content / room)
    (content / "decided").mkdir()
    (content / "decided" / "toys.yaml").write_text(CASES, "utf-8")
    return Client(app_over(toy_store, toy_engine, Settings(content=content)), new_key(toy_store))


def test_decided_cases_show_what_was_expected_and_what_came_out(mine: Client) -> None:
    found = mine.get(PATH).json()
    assert [(one["id"], one["coded"], one["obtained"], one["verdict"], one["review"]) for one in found["decided"]] == [
        ("7-lullaby-a-doll-that-would-be-ground-up", "inadmissible", "inadmissible", "reproduced", "known"),
        ("8-lullaby-ii", "admissible", "undetermined", "differs", "known"),
    ]
    assert found["summary"].startswith("2 decided cases: 1 reproduced, 0 explained, 1 differ")


def test_one_is_shown_with_its_grounds_and_differences(mine: Client) -> None:
    first, second = (mine.get(f"{PATH}/{one['id']}").json() for one in mine.get(PATH).json()["decided"])
    assert first["driven_by"][0] == "toy-1900.mill"
    assert first["statuses"] == {"toy-1900.mill": "met"}
    assert first["expected"] == {"outcome": "inadmissible", "toy-1900.mill": "met"}
    assert second["differences"] == ["toy-1900.mill is not_met, not met"]
    assert first["authority"] == "Lullaby v Toyland (Toy Court, 7, 1950)"


def test_one_that_is_not_there_gets_the_nearest(mine: Client) -> None:
    answer = mine.get(f"{PATH}/8-lullaby")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["fix"] == "Did you mean '8-lullaby-ii'?"


def test_content_without_decided_cases_says_so(toy_engine: Engine, toy_store: Store) -> None:
    app = Client(app_over(toy_store, toy_engine, Settings(content=TOYLAND)), new_key(toy_store))
    assert app.get(PATH).status_code == 404


def test_all_decided_cases_of_the_real_law_are_there(engine: Engine, toy_store: Store) -> None:
    app = Client(app_over(toy_store, engine), new_key(toy_store))
    found = app.get(PATH).json()
    files = (Path(__file__).parents[2] / "cases" / "decided").glob("*.yaml")
    wanted = sum(path.read_text("utf-8").count("\n  - name: ") for path in files)
    assert len({one["id"] for one in found["decided"]}) == len(found["decided"]) == wanted > 50
    assert "differs" not in {one["verdict"] for one in found["decided"]}
    last = found["decided"][-1]
    assert app.get(f"{PATH}/{last['id']}").json()["case"] == last["case"]
