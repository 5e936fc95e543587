"""Every trap of the law notes' lists is a test: at least one case names it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CASES = Path(__file__).parents[1] / "cases"
TRAPS = [f"U-{n:02}" for n in range(1, 36)] + [f"E-{n:02}" for n in range(1, 23)] + [f"T-{n:02}" for n in range(1, 16)]


@pytest.fixture(scope="module")
def named() -> set[str]:
    found: set[str] = set()
    for path in CASES.rglob("*.yaml"):
        found.update(re.findall(r"^\s*(?:- )?trap: .*$", path.read_text("utf-8"), flags=re.MULTILINE))
    return {trap for line in found for trap in re.findall(r"[UET]-\d\d", line)}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_case_stands_for_each_trap(trap: str, named: set[str]) -> None:
    assert trap in named
