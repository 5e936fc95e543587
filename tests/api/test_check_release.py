"""``dedere check --release``: what the content should put right, and what a release must wait for."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from api.cli.app import run
from tests.conftest import TOYLAND

Check = Callable[..., tuple[int, str]]


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Toyland, checked today."""
    for room in ("rules", "instruments"):
        shutil.copytree(TOYLAND / room, tmp_path / room)
    checked(tmp_path, 0)
    monkeypatch.setenv("DEDERE_CONTENT", str(tmp_path))
    return tmp_path


def checked(content: Path, days_ago: int) -> None:
    day = date.today() - timedelta(days=days_ago)  # noqa: DTZ011 - as the command does
    for path in content.glob("instruments/*/instrument.yaml"):
        path.write_text(re.sub(r"last_checked_on: .*", f"last_checked_on: {day}", path.read_text("utf-8")), "utf-8")


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    def command(*words: str) -> tuple[int, str]:
        status = run(["check", *words])
        return status, re.sub(r"\s+", " ", capsys.readouterr().out)

    return command


def test_content_without_remarks_is_fit_for_release(content: Path, check: Check) -> None:
    status, out = check("--release")
    assert status == 0
    assert "Address: toy+" in out
    assert "release:" not in out


def test_after_a_year_a_check_is_old_and_a_release_still_possible(content: Path, check: Check) -> None:
    checked(content, 400)
    status, out = check("--release")
    assert status == 0
    assert "warning: " in out
    assert "400 days ago" in out
    assert "instrument.yaml:" in out


def test_after_two_years_a_release_must_wait_but_the_check_passes(content: Path, check: Check) -> None:
    checked(content, 800)
    assert check()[0] == 0
    status, out = check("--release")
    assert status == 1
    assert "release: " in out
