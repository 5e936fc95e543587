"""The same case gives the same answer, word for word, in every process and with every hash seed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.engine.properties.whole_answers import ROOT, origin, toyland


def in_another_process(which: str, seed: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "tests.engine.properties.whole_answers", which],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_answers_firings_and_receipts_of_toyland(seed: str) -> None:
    assert in_another_process("toyland", seed) == toyland()


def test_answers_firings_and_receipts_under_the_real_rules() -> None:
    assert in_another_process("origin", "1") == in_another_process("origin", "77") == origin()
