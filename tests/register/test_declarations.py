"""Declarations from the list: what the register lacks is added, what stands is kept."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from engine.assess import Engine
from scripts.register.declarations import missing, written

ROOT = Path(__file__).parents[2]


def test_the_register_lacks_no_declaration_of_the_list() -> None:
    with (ROOT / "instruments/sources/declarations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    left = {
        name: len(missing([row for row in rows if row["instrument"] == name], ROOT / "instruments" / name))
        for name in {row["instrument"] for row in rows}
    }
    assert not any(left.values()), "Run: python3 scripts/register/declarations.py"


@pytest.mark.parametrize(
    ("state", "tag", "on", "declared"),
    [
        ("AND", "own_nationals_never", date(2015, 1, 1), True),
        ("BGR", "nationality_at_decision", date(2015, 1, 1), True),
        ("NLD", "own_nationals_never", date(1980, 1, 1), True),
        ("NLD", "own_nationals_never", date(1990, 1, 1), False),
        ("HUN", "extraordinary_court_mandatory", date(2015, 1, 1), True),
    ],
)
def test_a_declaration_counts_from_its_first_to_its_last_day(
    engine: Engine, state: str, tag: str, on: date, declared: bool
) -> None:
    assert engine.relations.declared("ets24", tag, state, on) is declared


def test_a_text_that_nobody_read_has_no_tag() -> None:
    row = {"state": "AND", "article": "4", "kind": "reservation", "tag": "content_unseen", "summary": "Unseen."}
    entry = written({**row, "from": "2001-01-11", "until": "", "source": "A list", "review": "unverified"}, "and-4")
    assert "unread: yes" in entry
    assert "tags" not in entry
