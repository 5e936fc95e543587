"""The table of rules between evidence and conclusion is complete, and names only what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.assess import Engine

TABLE = Path(__file__).parents[2] / "docs" / "evidence_rules.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.read_text("utf-8").splitlines()
    if line.startswith("| IR-")
]
KINDS = {"presumption": "presumptions", "criterion": "criteria"}


def test_every_rule_stands_in_the_table_once() -> None:
    assert [row[0] for row in ROWS] == [f"IR-{number:02}" for number in range(1, 86)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
def test_what_a_row_names_is_in_the_content_or_it_says_why_not(row: list[str], engine: Engine) -> None:
    where = row[2]
    for kind, attribute in KINDS.items():
        for listed in re.findall(rf"{kind} ([a-z0-9_.,\- ]+?)(?:;|$)", where):
            for name in re.findall(r"[a-z0-9-]+\.[a-z0-9_]+", listed):
                assert name in getattr(engine.pack, attribute), name
    for listed in re.findall(r"facts ([a-z0-9_, ]+)", where):
        for name in re.findall(r"[a-z0-9_]+", listed):
            assert name in engine.pack.vocabulary.facts, name
    assert re.search(r"presumption |criterion |facts |not encoded|country findings", where)


def test_a_presumption_that_names_its_rule_stands_in_the_row_of_that_rule(engine: Engine) -> None:
    rows = {row[0]: row[2] for row in ROWS}
    for one in engine.pack.presumptions.values():
        for number in re.findall(r"IR-\d\d", one.note):
            assert one.id in rows[number], (one.id, number)
