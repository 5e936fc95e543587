"""What the texts name exists: paths, commands, targets. And they name nothing of any one machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = sorted(
    [*ROOT.glob("docs/*.md"), *ROOT.glob("rules/**/*.md"), ROOT / "instruments" / "README.md", *ROOT.glob("*.md")]
)
_ROOMS = (
    "api",
    "benchmarks",
    "docs",
    "engine",
    "examples",
    "filings",
    "instruments",
    "rules",
    "scripts",
    "tests",
    "requirements",
)
_NAMES = pytest.mark.parametrize("path", TEXTS, ids=[str(path.relative_to(ROOT)) for path in TEXTS])


def _code(text: str) -> list[str]:
    """What stands between backticks, and the lines of plain code blocks."""
    fences = re.findall(r"^ *```\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [*inline, *(line.strip() for fence in fences for line in fence.splitlines())]


@_NAMES
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8"))
    inner = [target.partition("#")[0] for target in targets if "://" not in target and not target.startswith("#")]
    missing = [target for target in inner if not (path.parent / target).exists()]
    assert missing == []


@_NAMES
def test_paths_in_prose_exist(path: Path) -> None:
    named = [code.split()[0].rstrip("/") for code in _code(path.read_text("utf-8")) if code.startswith(_ROOMS)]
    paths = [name for name in named if "/" in name and not re.search(r"[<>*…:]", name)]
    assert [name for name in paths if not (ROOT / name).exists()] == []


@_NAMES
def test_no_machine_is_named(path: Path) -> None:
    assert not re.search(r"(?<![\w.])/(work|tmp|home|root|opt|usr)\b", path.read_text("utf-8"))


@pytest.fixture(scope="module")
def commands() -> set[str]:
    shown = subprocess.run(
        [sys.executable, "-m", "api", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(re.findall(r"^  ([a-z]+)  ", shown.stdout, re.MULTILINE))


@_NAMES
def test_commands_exist(path: Path, commands: set[str]) -> None:
    used = {found for code in _code(path.read_text("utf-8")) for found in re.findall(r"dedere ([a-z]+)", code)}
    assert used <= commands


@_NAMES
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    used = {found for code in _code(path.read_text("utf-8")) for found in re.findall(r"\bmake ([a-z]+)\b", code)}
    assert used <= targets


def test_pictures_fetch_nothing() -> None:
    pictures = [*ROOT.glob("docs/pictures/*.svg"), *ROOT.glob("docs/assets/*.svg")]
    assert len(pictures) >= 2
    for picture in pictures:
        assert not re.search(r"@font-face|@import|url\(\s*[\"']?http|href=[\"']http", picture.read_text("utf-8")), (
            picture
        )
