"""Parties from lists: each treaty's own rule, years, successions, and what was corrected by hand."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.content.models import EntryIntoForce
from scripts.register.__main__ import generate
from scripts.register.entries import in_force
from scripts.register.lists import ListError, rows_in

ROOT = Path(__file__).parents[2]
HEAD = "instrument,state,status,signed,deposited,act,in_force_from,not_before,in_force_by,in_force_until,note,source,review\n"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """The content of the repository, to be changed at will."""
    for room in ("rules", "instruments"):
        shutil.copytree(ROOT / room, tmp_path / room)
    return tmp_path


def changed(register: Path, file: str, old: str, new: str) -> None:
    place = register / "instruments" / file
    text = place.read_text("utf-8")
    assert old in text
    place.write_text(text.replace(old, new), "utf-8")


def test_every_file_of_parties_is_what_the_lists_give() -> None:
    generated = generate(ROOT)
    stale = [place for place, text in generated.texts.items() if place.read_text("utf-8") != text]
    assert (generated.changes, stale) == ([], []), "Run: python3 scripts/register --write"


@pytest.mark.parametrize(
    ("rule", "deposited", "expected"),
    [
        ({"days": 30}, "2010-01-31", "2010-03-02"),
        ({"months": 3}, "2010-11-30", "2011-02-28"),
        ({"days": 90}, "2002-06-10", "2002-09-08"),
        ({}, "2002-04-04", "2002-04-04"),
        ({"days": 60, "first_of_next_month": True}, "2001-10-02", "2002-01-01"),
        ({"days": 60, "first_of_next_month": True}, "2001-12-31", "2002-04-01"),
    ],
)
def test_a_treaty_enters_into_force_by_its_own_rule(rule: dict[str, int], deposited: str, expected: str) -> None:
    found = in_force(date.fromisoformat(deposited), EntryIntoForce(article="1", **rule))
    assert found == date.fromisoformat(expected)


def test_a_correction_by_hand_is_kept_and_the_difference_reported(register: Path) -> None:
    changed(
        register,
        "cat/parties.yaml",
        "AFG: {status: party, signed: 1985-02-04, deposited: 1987-04-01, act: ratification, in_force_from: 1987-06-26,",
        "AFG: {status: party, signed: 1985-02-04, deposited: 1987-04-02, act: ratification, in_force_from: 1987-06-26, "
        "corrected: 2026-12-01,",
    )
    generated = generate(register)
    text = generated.texts[register / "instruments/cat/parties.yaml"]
    assert "deposited: 1987-04-02" in text
    assert "corrected: 2026-12-01" in text
    assert [
        (one.state, one.field, one.taken, one.other) for one in generated.differences if one.instrument == "cat"
    ] == [("AFG", "deposited", "1987-04-02", "1987-04-01")]
    assert not generated.changes


def test_a_change_without_a_mark_is_told_before_it_is_undone(register: Path) -> None:
    changed(register, "cat/parties.yaml", "deposited: 1987-04-01", "deposited: 1987-04-02")
    assert generate(register).changes == ["cat Afghanistan: deposited 1987-04-02 -> 1987-04-01"]


def test_a_year_alone_gives_the_days_between_which_it_lies(register: Path) -> None:
    parties = generate(register).texts[register / "instruments/cat/parties.yaml"]
    angola = next(line for line in parties.splitlines() if line.startswith("  AGO:"))
    assert "not_before: 2019-01-31, in_force_by: 2020-01-30, review: unverified" in angola
    assert "deposited" not in angola


def test_a_successor_is_bound_from_the_day_of_succession(register: Path) -> None:
    parties = generate(register).texts[register / "instruments/iccpr/parties.yaml"]
    slovenia = next(line for line in parties.splitlines() if line.startswith("  SVN:"))
    assert "deposited: 1992-07-06, act: succession, in_force_from: 1991-06-25" in slovenia


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("cat,AFG,,1985-02-30,,,,,,,,x,known", "parties.csv:2: day is out of range"),
        ("cat,AFG,,,,,,,,,,x,sure", "'sure' is not a review mark"),
        ("cat,AFG", "parties.csv:2:"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "parties.csv").write_text(HEAD + row + "\n", "utf-8")
    with pytest.raises(ListError, match=message):
        list(rows_in(tmp_path))
