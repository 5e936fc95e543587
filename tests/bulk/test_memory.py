"""A batch needs no more memory for many rows than for some: the input is streamed, the results are written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bulk.test_batch import ROOT

SCRIPT = """
import resource, sys
from pathlib import Path
from api.bulk.run import Options, run
totals = run(Path(sys.argv[1]), Path(sys.argv[2]), Options(statuses=False, part_bytes=2_000_000))
print(totals.results, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
SOME, MANY = 200_000, 1_400_000
#: What may come on top, in MB: far less than the rows themselves.
SLACK = 48


def peak(source: Path, rows: int) -> int:
    """The most memory, in MB, that one process had for a batch of so many rows."""
    command = [sys.executable, "-c", SCRIPT, str(source), str(source.with_suffix(".out.parquet"))]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True, timeout=250
    )
    results, megabytes = map(int, done.stdout.split())
    assert results == rows
    return megabytes


def write_parquet(path: Path, rows: int) -> None:
    """Rows of four columns in row groups."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    asking, asked = pa.array(["KAZ", "UZB", "TJK", None]), pa.array(["UKR", "POL", "DEU", None])
    with pq.ParquetWriter(path, pa.schema([(name, pa.string()) for name in NAMES])) as writer:
        for start in range(0, rows, 50_000):
            numbers = [start + number for number in range(50_000)]
            held = [
                states.take(pa.array([number // step % 4 for number in numbers]))
                for states, step in ((asking, 1), (asked, 4))
            ]
            columns = [pa.array([f"case {number}" for number in numbers]), pa.array(["2020-01-13"] * 50_000), *held]
            writer.write_table(pa.table(dict(zip(NAMES, columns, strict=True))))


NAMES = ("case", "assessed_on", "requesting_state", "requested_state")


def write_ndjson(path: Path, rows: int) -> None:
    """Rows of four values, a line each."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            facts = {"requesting_state": "KAZ", "protection_sought": number % 2 == 0}
            file.write(json.dumps({"case": f"case {number}", "assessed_on": "2020-01-13", "facts": facts}) + "\n")


def test_columns_are_streamed(tmp_path: Path) -> None:
    for name, rows in (("some", SOME), ("many", MANY)):
        write_parquet(tmp_path / f"{name}.parquet", rows)
    assert peak(tmp_path / "many.parquet", MANY) < peak(tmp_path / "some.parquet", SOME) + SLACK


@pytest.mark.slow
def test_lines_are_streamed(tmp_path: Path) -> None:
    for name, rows in (("some", SOME), ("many", MANY)):
        write_ndjson(tmp_path / f"{name}.ndjson", rows)
    assert peak(tmp_path / "many.ndjson", MANY) < peak(tmp_path / "some.ndjson", SOME) + SLACK
