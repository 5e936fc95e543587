"""A museum of bad input: every broken file meets the real reading path, and none ends in a traceback.

``index.yaml`` names each with the words its error must have (*says*), the line of the first problem
that has them (*line*), and how many problems there are in all (*problems*).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.assess import Engine
from engine.content.documents import read_path
from engine.content.loader import load_pack
from engine.errors import ContentProblems, InputProblems, Problem
from tests.conftest import TOYLAND
from tests.engine.support import DAY

MUSEUM = Path(__file__).parent
INDEX: dict[str, list[dict[str, Any]]] = yaml.safe_load((MUSEUM / "index.yaml").read_text("utf-8"))


def exhibits(kind: str, key: str) -> list[Any]:
    return [pytest.param(entry, id=Path(entry[key]).name) for entry in INDEX[kind]]


@pytest.mark.parametrize("entry", exhibits("cases", "file"))
def test_a_broken_case_is_refused_in_words(entry: dict[str, Any], toy_engine: Engine) -> None:
    with pytest.raises(InputProblems) as caught:
        toy_engine.weigh(toy_engine.read(read_path(MUSEUM / entry["file"])), None if entry.get("undated") else DAY)
    compare(entry, caught.value.problems)


@pytest.mark.parametrize("entry", exhibits("content", "folder"))
def test_broken_content_is_refused_in_words(entry: dict[str, Any], tmp_path: Path) -> None:
    shutil.copytree(TOYLAND, tmp_path, dirs_exist_ok=True)
    shutil.copytree(MUSEUM / entry["folder"], tmp_path, dirs_exist_ok=True)
    with pytest.raises(ContentProblems) as caught:
        load_pack(tmp_path / "rules", tmp_path / "instruments")
    compare(entry, caught.value.problems)


def compare(entry: dict[str, Any], problems: tuple[Problem, ...]) -> None:
    """Every expected word is there, on the expected line, and there are no more problems than expected."""
    said = [str(problem) for problem in problems]
    for words in entry["says"]:
        assert any(words in line for line in said), said
    if "line" in entry:
        first = next(problem for problem in problems if entry["says"][0] in str(problem))
        assert first.line == entry["line"], said
    if "problems" in entry:
        assert len(problems) == entry["problems"], said
    assert not any(len(line) > 1_500 for line in said), "an error repeats too much of what was given"


def test_every_broken_file_is_in_the_index() -> None:
    cases = {path.relative_to(MUSEUM).as_posix() for path in (MUSEUM / "cases").iterdir()}
    content = {path.relative_to(MUSEUM).as_posix() for path in (MUSEUM / "content").iterdir()}
    assert cases == {entry["file"] for entry in INDEX["cases"]}
    assert content == {entry["folder"] for entry in INDEX["content"]}
    assert len(cases) + len(content) >= 60
