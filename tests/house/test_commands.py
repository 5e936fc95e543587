"""Every command that a paper names is there with its options, and every command and action is run by a test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api.cli.app import COMMANDS, app

ROOT = Path(__file__).parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "api/README.md", ROOT / "rules/README.md"])
#: In a paper: a line of a block, or what stands in code marks.
_NAMED = re.compile(r"(?:^|[`(]|\.venv/bin/|\$ )dedere ([a-z]+)\b([^`\n]*)", re.MULTILINE)


@cache
def command_of(name: str) -> Any:
    """A command with its parameters, as typer makes it."""
    return get_command(app).get_command(None, name)  # type: ignore[attr-defined]


def options_of(name: str) -> set[str]:
    return {"--help", *(one for param in command_of(name).params for one in (*param.opts, *param.secondary_opts))}


def actions_of(name: str) -> tuple[str, ...]:
    """The words that may stand first behind a command, where it takes only certain ones."""
    first = next((param for param in command_of(name).params if param.param_type_name == "argument"), None)
    return tuple(getattr(first.type, "choices", ())) if first is not None else ()


def named_in(paper: Path) -> Iterator[tuple[str, str]]:
    for name, rest in _NAMED.findall(paper.read_text("utf-8")):
        yield name, rest.partition("#")[0].partition("|")[0]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_command_that_a_paper_names_is_there_with_its_options(paper: Path) -> None:
    wrong = []
    for name, rest in named_in(paper):
        if name not in COMMANDS:
            wrong.append(f"dedere {name}")
            continue
        words = rest.split()
        wrong += [
            f"dedere {name} {one}" for one in re.findall(r"(?<!\S)--[a-z][a-z-]*", rest) if one not in options_of(name)
        ]
        if words and actions_of(name) and re.fullmatch(r"[a-z]+", words[0]) and words[0] not in actions_of(name):
            wrong.append(f"dedere {name} {words[0]}")
    assert wrong == []


@cache
def naming_tests(name: str) -> str:
    """The text of the tests that run a command."""
    own = Path(__file__).resolve()
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py") if path.resolve() != own]
    return "\n".join(text for text in texts if re.search(rf'[(\[]\s*"{name}"[,)\]]', text))


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_and_action_is_run_by_a_test(name: str) -> None:
    found = naming_tests(name)
    assert found, f"no test runs dedere {name}"
    assert [one for one in actions_of(name) if not re.search(rf'[(\[,]\s*"{one}"', found)] == []
