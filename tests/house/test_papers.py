"""Papers keep up with the code: paths in prose exist, and no path of anybody's machine stands anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = (
    "api",
    "benchmarks",
    "docs",
    "engine",
    "examples",
    "filings",
    "instruments",
    "requirements",
    "rules",
    "scripts",
    "tests",
)
SKIPPED = {".git", ".venv", "node_modules", "build", "dist"}
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".json", ".txt", ".csv", ".html", ".css", ".js", ".sh", ".cfg", ""}
MACHINE = re.compile(r"(?<![\w.:/])/(?:home|Users|root|work)/\w")


def files(*suffixes: str) -> list[Path]:
    found = []
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        hidden = any(part in SKIPPED or (part.startswith(".") and part not in (".ci",)) for part in inside)
        if path.is_file() and not hidden and "__pycache__" not in inside and path.suffix in suffixes:
            found.append(path)
    return found


def paths_in(text: str) -> Iterator[str]:
    """Targets of links, and what stands in code marks and begins with one of our folders."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"(https?:|mailto:|#)", target):
            yield target.split("#")[0]
    for word in re.findall(r"`([^`\n]+)`", text):
        if re.fullmatch(r"[\w.<>*-]+(/[\w.<>*-]+)+/?|[\w.<>*-]+/", word) and word.split("/")[0] in ROOMS:
            yield word


@pytest.mark.parametrize("paper", files(".md"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_paths_named_in_prose_exist(paper: Path) -> None:
    missing = []
    for named in paths_in(paper.read_text("utf-8")):
        pattern = re.sub(r"<[^>]*>", "*", named).strip("/")
        if not any((start / pattern).exists() or list(start.glob(pattern)) for start in (paper.parent, ROOT)):
            missing.append(named)
    assert missing == [], "these paths are named but do not exist"


def test_no_path_of_anybodys_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files(*TEXT)
        for match in MACHINE.finditer(path.read_text("utf-8", "replace"))
    ]
    assert found == []


def test_every_folder_of_tests_is_collected() -> None:
    """A file with tests in it has a name that pytest collects."""
    lost = [
        path.relative_to(ROOT).as_posix()
        for path in files(".py")
        if "tests" in path.relative_to(ROOT).parts
        and re.search(r"^(async )?def test_|^class Test", path.read_text("utf-8"), flags=re.MULTILINE)
        and not path.name.startswith("test_")
    ]
    assert lost == []


def test_conftests_are_short() -> None:
    assert all(path.read_text("utf-8").count("\n") <= 100 for path in files(".py") if path.name == "conftest.py")
