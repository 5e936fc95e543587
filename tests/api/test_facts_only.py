"""Decided cases by their observable facts alone: each left out of what it is compared with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.law.facts_only import facts_only, load_casebook, same_decision
from engine.assess import Engine
from engine.content.evidence import Precedent
from engine.errors import InputProblems

TIMID = """
- id: timida-1980
  name: Timida v. Toyland
  tribunal: toy court
  date: 1980-05
  requesting_state: MCO
  situation: dark
  facts: {others_dreamt: true, courage: mouse}
  decided:
    - {issue: bad_dreams, outcome: person, because: [others_dreamt, situation], confidence: sure}
"""


def casebook(folder: Path, text: str, engine: Engine) -> list[Precedent]:
    (folder / "cases.yaml").write_text(text, "utf-8")
    return load_casebook(folder, engine.pack)


def test_a_case_like_a_precedent_is_decided_by_it(tmp_path: Path, toy_engine: Engine) -> None:
    (entry,) = facts_only(toy_engine, casebook(tmp_path, TIMID, toy_engine)).entries
    (result,) = entry.issues
    assert (result.decided_for, result.right) == ("person", True)
    assert ("precedent", "dolly-1950") in [(basis.kind, basis.id) for basis in result.by]


def test_a_precedent_is_not_compared_with_itself(toy_engine: Engine) -> None:
    dolly = toy_engine.pack.precedents["dolly-1950"]
    (entry,) = facts_only(toy_engine, [dolly]).entries
    assert entry.issues[0].decided_for is None
    assert same_decision(toy_engine.pack, dolly) == {"dolly-1950", "mco-1950"}


def test_with_earlier_decisions_only_a_later_one_decides_nothing(tmp_path: Path, toy_engine: Engine) -> None:
    early = TIMID.replace("1980-05", "1940")
    entries = casebook(tmp_path, early, toy_engine)
    assert facts_only(toy_engine, entries).entries[0].issues[0].decided_for == "person"
    assert facts_only(toy_engine, entries, earlier_only=True).entries[0].issues[0].decided_for is None


def test_the_picture_of_the_register_is_that_of_other_findings(tmp_path: Path, toy_engine: Engine) -> None:
    """In 1980 the register says that the nurseries are bright, whatever the tribunal saw."""
    (entry,) = facts_only(toy_engine, casebook(tmp_path, TIMID, toy_engine)).entries
    assert entry.issues[0].decided_for == "person"
    assert entry.register[0].decided_for is None


def test_a_fact_that_no_table_knows_can_distinguish_and_is_no_error(tmp_path: Path, toy_engine: Engine) -> None:
    unheard = "  more_facts: [{name: sings_at_night, says: it sings, points: state}]\n  decided:"
    known = casebook(tmp_path, TIMID.replace("  decided:", unheard), toy_engine)
    assert facts_only(toy_engine, known).entries[0].issues[0].decided_for is None
    helpful = casebook(tmp_path, TIMID.replace("  decided:", unheard.replace("state", "person")), toy_engine)
    assert facts_only(toy_engine, helpful).entries[0].issues[0].decided_for == "person"


def test_a_fact_outside_the_vocabulary_counts_for_nobody_and_distinguishes(tmp_path: Path, toy_engine: Engine) -> None:
    text = TIMID.replace("courage: mouse", "courage: mouse, has_wings: true")
    (entry,) = facts_only(toy_engine, casebook(tmp_path, text, toy_engine)).entries
    assert entry.issues[0].decided_for is None


def test_an_issue_that_no_table_knows_stays_open(tmp_path: Path, toy_engine: Engine) -> None:
    text = TIMID.replace("issue: bad_dreams", "issue: bad_taste")
    table = facts_only(toy_engine, casebook(tmp_path, text, toy_engine))
    assert table.entries[0].issues[0].decided_for is None
    assert table.as_json()["sums"]["by_issue"]["bad_taste"]["open"] == 1


def test_sums_say_what_is_decided_and_how_much_of_it_rightly(tmp_path: Path, toy_engine: Engine) -> None:
    wrong = TIMID.replace("timida-1980", "tapfer-1981").replace("outcome: person", "outcome: state")
    table = facts_only(toy_engine, casebook(tmp_path, TIMID + wrong, toy_engine))
    sums = json.loads(json.dumps(table.as_json()))["sums"]
    assert {key: sums[key] for key in ("results", "decided", "right", "wrong", "open")} == {
        "results": 2,
        "decided": 2,
        "right": 1,
        "wrong": 1,
        "open": 0,
    }
    assert (sums["precision"], sums["coverage"]) == (0.5, 1.0)
    assert sums["by_side"]["state"]["precision"] == 0.0


def test_a_folder_without_a_casebook_is_refused_in_words(tmp_path: Path, toy_engine: Engine) -> None:
    with pytest.raises(InputProblems, match="no casebook is found here"):
        load_casebook(tmp_path, toy_engine.pack)
    with pytest.raises(InputProblems, match="a casebook is a list of entries"):
        casebook(tmp_path, "name: x\n", toy_engine)
