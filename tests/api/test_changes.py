"""Facts changed on the command line: read as a case file reads them, every fault at once."""

from __future__ import annotations

from datetime import date

import pytest

from api.cases.changes import changed
from engine.assess import Engine
from engine.content.documents import read_bytes
from engine.errors import InputProblems
from engine.facts.casefile import Case
from tests.api.support import TOY


@pytest.fixture
def case(toy_engine: Engine) -> Case:
    return toy_engine.read(read_bytes(TOY.encode(), "case"))


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("mill_closed=yes", "mill_closed", True),
        (" mill_closed = no ", "mill_closed", False),
        ("stuffing=wool", "stuffing", "wool"),
        ("age=7", "age", 7),
        ("age=7.5", "age", 7.5),
        ("marks=red, blue", "marks", frozenset({"red", "blue"})),
        ("marks=[red]", "marks", frozenset({"red"})),
        ("marks=none", "marks", frozenset()),
        ("homes=AND,MCO", "homes", frozenset({"AND", "MCO"})),
        ("seized_on=1949-02-01", "seized_on", date(1949, 2, 1)),
        ("requesting_state=FRA", "requesting_state", "FRA"),
    ],
)
def test_a_fact_is_set(case: Case, toy_engine: Engine, text: str, fact: str, value: object) -> None:
    assert changed(case, toy_engine.pack, [text], "--set").findings[fact].value == value


def test_unknown_takes_a_fact_out(case: Case, toy_engine: Engine) -> None:
    assert "ground_up" not in changed(case, toy_engine.pack, ["ground_up=unknown"], "--set").findings


def test_one_item_of_a_list_is_changed_and_no_other(case: Case, toy_engine: Engine) -> None:
    items = changed(case, toy_engine.pack, ["counts[jug].broke_vase=no"], "--set").items["counts"]
    assert items[1].findings["broke_vase"].value is False
    assert items[0] == case.items["counts"][0]


def test_the_case_itself_stays_as_it_was(case: Case, toy_engine: Engine) -> None:
    before = case.canonical()
    changed(case, toy_engine.pack, ["ground_up=no", "counts[vase].broke_vase=no"], "--set")
    assert case.canonical() == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mill_closed", "is not fact=value"),
        ("mill_close=yes", "Did you mean 'mill_closed'"),
        ("mill_closed=perhaps", "not an answer to a yes/no question"),
        ("age=old", "'old' is not a number"),
        ("age=1e400", "is not a number"),
        ("age=-1", "is below 0"),
        ("seized_on=yesterday", "is not a date"),
        ("broke_vase=yes", "counts[id].broke_vase"),
        ("counts[vase].age=3", "Write age="),
        ("counts[vaze].broke_vase=yes", "Did you mean 'vase'"),
        ("crimes[vase].broke_vase=yes", "is not a list of the case"),
        ("promises[one].kind_promise=yes", "lists no 'one'"),
        ("=yes", "is not fact=value"),
        ("counts[a]b].broke_vase=yes", "lists no 'a]b'"),
    ],
)
def test_what_cannot_be_changed_is_said(case: Case, toy_engine: Engine, text: str, words: str) -> None:
    with pytest.raises(InputProblems) as caught:
        changed(case, toy_engine.pack, [text], "--set")
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"--set {text}")


def test_all_faults_are_reported_together(case: Case, toy_engine: Engine) -> None:
    with pytest.raises(InputProblems) as caught:
        changed(case, toy_engine.pack, ["a=1", "b=2", "age=5"], "--set")
    assert len(caught.value.problems) == 2
