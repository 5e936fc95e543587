"""On a terminal: colours, a tree, keys; and nothing a case holds can drive the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from api.cli.trace import moved
from tests.api.support import TOY, dedere, here, on_a_terminal, write

STYLES = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = (
    "\\e]0;title\\a \\e[2J[red]markup[/red] <b>html</b> \\u202egnp.exe `code` **bold** \\x9b31m 漢字かな \\U0001F9F8"
)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_terminal_gets_colours_and_a_tree_within_its_width(tmp_path: Path, columns: int) -> None:
    ran = on_a_terminal("assess", write(tmp_path, TOY), "--all", columns=columns)
    assert ran.status == 0
    assert "\x1b[1;31mINADMISSIBLE" in ran.out
    assert "└── " in ran.out
    assert max(cell_len(row) for row in STYLES.sub("", ran.out).splitlines()) <= columns


def test_no_color_is_respected(tmp_path: Path) -> None:
    ran = on_a_terminal("assess", write(tmp_path, TOY), NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", ran.out)
    assert "INADMISSIBLE" in ran.out


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    text = f"""\
case: "{HOSTILE}"
title: "{HOSTILE}"
assessed_on: 1950-06-01
exhibits: {{"{HOSTILE}": {{title: "{HOSTILE}"}}}}
facts:
  requesting_state: {{value: AND, by: "{HOSTILE}", note: "{HOSTILE}"}}
  requested_state: MCO
  ground_up: {{value: yes, standing: asserted, by: "{HOSTILE}", note: "{HOSTILE}", exhibits: ["{HOSTILE}"]}}
counts:
  - {{id: "{HOSTILE}", title: "{HOSTILE}"}}
"""
    return write(tmp_path, text)


@pytest.mark.parametrize(
    "command",
    [
        ["assess", "--all"],
        ["explain", "toy-1900.mill"],
        ["explain", "toy-1900.silly"],
        ["trace", "--all"],
        ["whatif", "--set", "mill_closed=yes"],
    ],
)
def test_hostile_text_is_inert(hostile: str, command: list[str]) -> None:
    name, *rest = command
    for ran in (here(name, hostile, *rest), on_a_terminal(name, hostile, *rest)):
        assert ran.status == 0
        plain = STYLES.sub("", ran.out)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", plain)
        assert "[red]markup[/red]" in plain.replace("\n", "") or name in ("trace", "whatif")


def test_hostile_errors_are_inert_too(tmp_path: Path) -> None:
    bad = f'facts: {{"{HOSTILE}": 1, stuffing: "{HOSTILE}"}}\n'
    ran = on_a_terminal("assess", write(tmp_path, bad))
    assert ran.status == 2
    assert "\x1b" not in ran.out
    assert "�" in ran.out


def test_hostile_text_as_json_is_only_escaped(hostile: str) -> None:
    out = here("assess", hostile, "--format", "json").out
    assert "\x1b" not in out
    assert "\\u001b" in out


def test_keys_walk_the_trace_forward_and_back(tmp_path: Path) -> None:
    ran = on_a_terminal("trace", write(tmp_path, TOY), "--step", typed=b"n \x1b[Cb\x1b[Dxl\x1b[H3\r4nq")
    assert ran.status == 0
    shown = re.findall(r"\[(\d+)/7\]", STYLES.sub("", ran.out))
    assert shown == ["1", "2", "3", "4", "3", "2", "7", "1", "3", "4"]


def test_the_same_keys_work_over_a_pipe(tmp_path: Path) -> None:
    case = write(tmp_path, TOY)
    ran = dedere("trace", case, "--step", typed="n\n\nb\n4\n99\nn\nb\n0\nb\nq\nn\n")
    assert ran.status == 0
    assert re.findall(r"\[(\d+)/7\]", ran.out) == ["1", "2", "3", "2", "4", "7", "6", "1"]
    assert "This is the last." in ran.out
    assert "This is the first." in ran.out
    assert here("trace", case, "--step").status == 0


@pytest.mark.parametrize(
    ("key", "there"),
    [("next", 3), ("back", 1), ("first", 0), ("last", 4), ("4", 3), ("0", 0), ("9" * 50, 4), ("²", None), ("x", None)],
)
def test_a_key_leads_somewhere_or_nowhere(key: str, there: int | None) -> None:
    assert moved(key, 2, 5) == there
