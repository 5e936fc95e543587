"""A change of the law content needs an entry that names instrument, articles and dates."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
TOYLAND = ROOT / "tests" / "toyland"
ENTRY = """# Changelog

## Legal changes

### 1950-01-01: naps

Instruments: toy-1900, dolls-1950
Articles: 1
Dates: naps from 1950-01-01
content digest: 0

## Technical changes

### 9: not an entry of law
"""


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("legal_changelog", ROOT / "scripts" / "legal_changelog.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = _script()


def test_the_changelog_tells_of_the_content_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main([]) == 0, capsys.readouterr().err


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for room in ("rules", "instruments"):
        shutil.copytree(TOYLAND / room, tmp_path / room)
    (tmp_path / "CHANGELOG.md").write_text(ENTRY, "utf-8")
    script.update(tmp_path)
    return tmp_path


def _said(house: Path, old: str, new: str) -> list[str]:
    path = house / "CHANGELOG.md"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return list(script.problems(house))


class TestEntries:
    def test_an_entry_with_its_three_lines_and_the_digest_is_right(self, house: Path) -> None:
        assert list(script.problems(house)) == []

    def test_only_the_legal_section_holds_legal_entries(self, house: Path) -> None:
        headings = [entry.heading for entry in script.entries((house / "CHANGELOG.md").read_text("utf-8"))]
        assert headings == ["1950-01-01: naps"]

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("toy-1900, dolls-1950", "toy-1901", "'toy-1901', which is not in the register"),
            ("Instruments: toy-1900, dolls-1950\n", "", "Instruments names 'nothing'"),
            ("Articles: 1", "Articles: 99", "article 99 is not one of toy-1900, dolls-1950"),
            ("Articles: 1\n", "", "Articles names nothing"),
            ("Dates: naps from 1950-01-01", "Dates: naps, always", "Dates names no day"),
            ("## Legal changes", "## Law", "no entry under '## Legal changes'"),
        ],
    )
    def test_what_is_missing_is_said(self, house: Path, old: str, new: str, message: str) -> None:
        assert any(message in said for said in _said(house, old, new))

    def test_all_instruments_may_be_named_as_all(self, house: Path) -> None:
        assert _said(house, "toy-1900, dolls-1950\nArticles: 1", "all\nArticles: all") == []


class TestDigest:
    def test_a_changed_rule_needs_an_entry(self, house: Path) -> None:
        rule = house / "rules" / "toy-1900" / "naps.yaml"
        rule.write_text(rule.read_text("utf-8") + "# another reading\n", "utf-8")
        assert any("rules/ or instruments/ changed" in said for said in script.problems(house))
        script.update(house)
        assert list(script.problems(house)) == []

    def test_notes_beside_the_rules_do_not_count(self, house: Path) -> None:
        (house / "rules" / "NOTES.md").write_text("A thought.", "utf-8")
        assert list(script.problems(house)) == []

    def test_update_leaves_older_entries_alone(self, house: Path) -> None:
        path = house / "CHANGELOG.md"
        older = "\n### 1900-01-01: older\n\ncontent digest: abc\n"
        path.write_text(path.read_text("utf-8").replace("\n## Technical", older + "\n## Technical"), "utf-8")
        script.update(house)
        assert "content digest: abc\n" in path.read_text("utf-8")


class TestHistory:
    def test_without_history_only_the_digest_is_compared(self, house: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert script.main([], house) == 0
        assert "No git history" in capsys.readouterr().out

    def test_content_that_changed_alone_since_the_last_commit_is_named(self, house: Path) -> None:
        _commit(house, "first")
        _commit(house, "second")
        rule = house / "rules" / "toy-1900" / "naps.yaml"
        rule.write_text(rule.read_text("utf-8") + "# another reading\n", "utf-8")
        assert script.unrecorded(house) == ["rules/toy-1900/naps.yaml"]
        (house / "CHANGELOG.md").write_text(ENTRY + "More.\n", "utf-8")
        assert script.unrecorded(house) == []

    def test_a_wrong_option_is_refused(self) -> None:
        assert script.main(["--fix"]) == 2


def _commit(house: Path, message: str) -> None:
    git = ["git", "-C", str(house), "-c", "user.name=T", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", message], check=True)
