"""T22: a worker does not grow. 8,000 evaluations every day; the number is ``DEDERE_SOAK``.

``DEDERE_SOAK=100000 pytest -m slow tests/workers/test_soak.py -s`` on demand. The law is Toyland's,
the smallest that makes durable_rules fire; every case goes through both inference engines, and every
fiftieth into words. That nothing grows is why workers are never replaced for their age.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.workers.support import case, handles, kilobytes, pool, status

GROWTH = 0.05


def soak(evaluations: int) -> str:
    """Run one and judge it; gives what was measured."""
    command = [sys.executable, "-m", "tests.workers.soak", str(evaluations)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    begun, ended = found["begun"], found["ended"]
    growth = ended["kilobytes"] / begun["kilobytes"] - 1
    said = f"T22: {evaluations} evaluations, {found['fired']} firings, memory {begun['kilobytes']} to {ended['kilobytes']} kB ({growth:+.1%}), threads {ended['threads']}, files {ended['handles']}"
    assert found["fired"] > evaluations, said
    assert growth <= GROWTH, said
    assert (ended["threads"], ended["handles"]) == (begun["threads"], begun["handles"]), said
    return said


def test_T22_evaluations_in_thousands_leave_a_worker_as_large_as_it_was() -> None:
    print(soak(int(os.environ.get("DEDERE_SOAK", "8000"))))


@pytest.mark.slow
def test_T22_at_length() -> None:
    print(soak(int(os.environ.get("DEDERE_SOAK", "100000"))))


def test_T22_neither_the_worker_nor_the_pipe_to_it_keeps_anything_open() -> None:
    with pool(1) as opened:
        pid = opened.pids()[0]

        def size() -> tuple[int, str, int, int]:
            return handles(pid), status(pid)["Threads"], handles(os.getpid()), opened.state().replaced

        for number in range(100):
            opened.assess(case(str(number)))
        before, memory = size(), kilobytes(pid)
        for number in range(300):
            opened.assess(case(str(number)))
        assert size() == before
        assert kilobytes(pid) <= memory * (1 + GROWTH)
