"""Cases in files: one to a file, or listed; listed ones may share facts through anchors."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.law.casebook import booked_cases, law_cases_folder
from engine.assess import Engine
from engine.errors import InputProblems

SHARED = """cases:
  - name: The first doll
    on: 1990-01-01
    facts: &states {requesting_state: MCO, requested_state: AND}
  - name: The second doll
    on: 1990-01-02
    reading: person
    trap: T-01
    facts: {<<: *states, stuffing: rag}
    expect: {outcome: undetermined}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    below = tmp_path / "cases" / "dolls"
    below.mkdir(parents=True)
    (below / "listed.yaml").write_text(SHARED, "utf-8")
    (below / "alone.json").write_text('{"facts": {"requesting_state": "MCO"}, "assessed_on": "1990-01-01"}', "utf-8")
    (below / "README.md").write_text("No case.", "utf-8")
    return tmp_path / "cases"


def test_a_folder_is_searched_for_cases_of_both_kinds(folder: Path) -> None:
    found = booked_cases([folder])
    assert [case.name for case in found] == [
        "dolls/alone.json",
        "dolls/listed.yaml: The first doll",
        "dolls/listed.yaml: The second doll",
    ]
    assert [(case.on, case.reading) for case in found][1:] == [
        (date(1990, 1, 1), "neutral"),
        (date(1990, 1, 2), "person"),
    ]


def test_the_engine_sees_facts_only_shared_ones_included(folder: Path, toy_engine: Engine) -> None:
    second = booked_cases([folder])[2]
    assert set(second.document.data) == {"facts"}
    assert second.document.data["facts"] == {"requesting_state": "MCO", "requested_state": "AND", "stuffing": "rag"}
    assert second.weigh(toy_engine).read.reading == "person"
    assert second.weigh(toy_engine, "state").read.reading == "state"


def test_listed_cases_without_anchors_keep_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "lines.yaml"
    path.write_text("cases:\n  - name: A doll\n    on: 1990-01-01\n    facts:\n      age: 7\n", "utf-8")
    (case,) = booked_cases([path])
    assert case.document.line(("facts", "age")) == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cases: 1\n", "'cases' needs a list of cases"),
        ("cases: [1]\n", "a listed case needs 'name' and the day 'on'"),
        ("cases: [{name: A, on: soon}]\n", "a listed case needs 'name' and the day 'on'"),
        ("a: &x 1\nb: *x\n", "aliases are not accepted"),
        ("cases: {a: &x 1, b: *x}\n", "aliases are not accepted"),
        ("cases: [&x 1, *x]\n", "a listed case needs 'name' and the day 'on'"),
        ("cases: [\n", "not valid YAML"),
    ],
)
def test_what_is_no_case_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputProblems, match=message):
        booked_cases([path])


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="no cases are found here"):
        booked_cases([tmp_path])
    with pytest.raises(InputProblems, match="no lawyers' cases are here"):
        law_cases_folder(tmp_path)
