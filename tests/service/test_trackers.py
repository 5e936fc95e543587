"""The recipes for trackers, each run as it stands against a real server."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api.support import ROOT
from tests.service.server import Server

EXPORT = """reference,assessed_on,requesting_state,requested_state,ground_up,counts[0].broke_vase
T/1,1950-06-01,AND,MCO,yes,yes
T/2,1950-06-01,AND,MCO,no,yes
T/3,1950-06-01,AND,MCO,,perhaps
"""


@dataclass(frozen=True)
class Tracker:
    """A tracker with a key to a server."""

    server: Server
    key: str

    def runs(self, recipe: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a recipe."""
        place = ROOT / "examples" / "trackers" / f"{recipe}.py"
        return subprocess.run(
            [sys.executable, place, *map(str, arguments)],
            env={**os.environ, "DEDERE_URL": self.server.url, "DEDERE_KEY": self.key},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def tracker(shared: Server) -> Tracker:
    """A tracker of a workspace of its own."""
    return Tracker(shared, shared.key())


def test_a_csv_export_comes_back_as_results(tracker: Tracker, tmp_path: Path) -> None:
    export, results = tmp_path / "export.csv", tmp_path / "results.csv"
    export.write_text(EXPORT)
    first = tracker.runs("csv_flow", export, results)
    assert first.returncode == 1
    assert first.stderr.startswith("line 4: ")
    rows = {row["reference"]: row for row in csv.DictReader(io.StringIO(results.read_text("utf-8")))}
    assert set(rows) == {"T/1", "T/2"}
    assert rows["T/1"]["outcome"] == "inadmissible"
    assert rows["T/2"]["outcome"] != "inadmissible"
    before = results.read_text()
    tracker.runs("csv_flow", export, results)
    assert results.read_text() == before
    polled = tracker.runs("polling", tmp_path / "state.json").stdout.splitlines()
    assert len(polled) == 2  # the second run of the export had nothing assessed


def test_an_outgoing_block_keeps_the_case_and_writes_the_answer_back(tracker: Tracker) -> None:
    fields = ["reference=T/7", "assessed_on=1950-06-01", "requesting_state=AND", "requested_state=MCO", "ground_up=yes"]
    said = dict(line.split("=", 1) for line in tracker.runs("outgoing_block", *fields).stdout.splitlines())
    assert said["outcome"] == "inadmissible"
    assert said["address"].startswith("/v1/assessments/asm_")


def test_a_poll_tells_each_new_assessment_once(tracker: Tracker, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    assert tracker.runs("polling", state).stdout == ""
    fields = ["assessed_on=1950-06-01", "requesting_state=AND", "requested_state=MCO", "ground_up=yes"]
    for number in range(2):
        tracker.runs("outgoing_block", f"reference=T/{number}", *fields)
    told = tracker.runs("polling", state).stdout.splitlines()
    assert [line.split(" ", 1)[1] for line in told] == ["version 1 inadmissible"] * 2
    assert tracker.runs("polling", state).stdout == ""
    tracker.runs("outgoing_block", "reference=T/9", *fields)
    assert len(tracker.runs("polling", state).stdout.splitlines()) == 1
