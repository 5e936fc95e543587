"""The tables of the benchmarks, and the place in docs/benchmarks.md where they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.tables import BEGIN, END, Table, micro, ratio, write

PAPER = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def test_only_the_marked_place_of_the_paper_changes(tmp_path: Path) -> None:
    copy = tmp_path / "benchmarks.md"
    copy.write_text(PAPER.read_text("utf-8"), "utf-8")
    for texts in (["| a |", "- b"], ["| c |"]):  # a second run replaces the first
        write(copy, texts)
    before, _, rest = PAPER.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    assert copy.read_text("utf-8") == f"{before}{BEGIN}\n\n| c |\n\n{END}{after}"


def test_a_paper_without_the_place_is_left_alone(tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text(f"{END} before {BEGIN}", "utf-8")
    with pytest.raises(ValueError, match="has no place"):
        write(paper, ["| a |"])
    assert paper.read_text("utf-8") == f"{END} before {BEGIN}"
    with pytest.raises(ValueError, match="is not a file"):
        write(tmp_path / "none.md", ["| a |"])


def test_a_table_is_markdown_with_a_ratio_to_ours() -> None:
    table = Table("T", "About.", ("engine", "µs", "times ours"), [("theirs", micro(0.002), ratio(0.002, 0.0001))])
    lines = table.text().splitlines()
    assert lines[:3] == ["### T", "", "About."]
    assert [[cell.strip() for cell in line.split("|")[1:-1]] for line in (lines[4], lines[6])] == [
        ["engine", "µs", "times ours"],
        ["theirs", "2,000", "20"],
    ]
