"""``dedere batch --scheduler``: a real Dask scheduler and two real worker processes, one of them killed in mid-run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.bulk.test_batch import GOOD, ROOT, lines, rejected

pytest.importorskip("distributed")

BAD = '{"assessed_on": "2020-01-13", "facts": {"nonsense": true}}'
ROWS = 12_000


@pytest.fixture
def address() -> str:
    """Where a scheduler will listen."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{free.getsockname()[1]}"


def start(stack: ExitStack, what: str, *arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    """A process of Dask in a group of its own, ended with the test."""
    command = [sys.executable, "-m", "distributed.cli.dask_" + what, *arguments]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    stack.callback(end, process)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


@pytest.fixture
def cluster(address: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A scheduler and two workers of one thread each."""
    with ExitStack() as stack:
        host, port = address.removeprefix("tcp://").split(":")
        start(stack, "scheduler", "--host", host, "--port", port, "--no-dashboard", folder=tmp_path)
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        yield [start(stack, "worker", address, *options, folder=tmp_path) for _ in range(2)]


def batch(source: Path, out: Path, *arguments: str) -> subprocess.Popen[str]:
    """``dedere batch`` in a process of its own."""
    command = [sys.executable, "-m", "api", "batch", str(source), str(out), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def source_in(folder: Path) -> Path:
    """Many rows, one in a thousand bad, in some thirty parts."""
    source = folder / "in.csv"
    rows = "".join(f"case {number},2020-01-13,{'KAZ' if number % 1000 else 'no State'}\n" for number in range(ROWS))
    source.write_text("case,assessed_on,requesting_state\n" + rows, encoding="utf-8")
    return source


def test_a_worker_killed_in_mid_run_loses_and_doubles_nothing(
    cluster: list[subprocess.Popen[bytes]], address: str, tmp_path: Path
) -> None:
    source, out, alone = source_in(tmp_path), tmp_path / "out.ndjson", tmp_path / "alone.ndjson"
    folder = tmp_path / "out.ndjson.parts"
    with batch(source, out, "--scheduler", address, "--part-bytes", "8000", "--no-statuses") as running:
        deadline = time.monotonic() + 90
        while len(list(folder.glob("*.count"))) < 4 and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        assert running.poll() is None
        os.killpg(cluster[0].pid, signal.SIGKILL)
        done = len(list(folder.glob("*.count")))
        _, said = running.communicate(timeout=200)
    assert running.returncode == 0, said
    assert 4 <= done < 30
    assert f"{ROWS:,} rows: {ROWS - 12:,} results, 12 rejects" in said
    with batch(source, alone, "--processes", "1", "--no-statuses") as local:
        local.communicate(timeout=200)
    assert out.read_bytes() == alone.read_bytes()
    assert [result["row"] for result in lines(out)] == [n for n in range(1, ROWS + 1) if n % 1000 != 1]
    assert rejected(out) == rejected(alone) == list(range(1, ROWS, 1000))
    assert not folder.exists()


def refused(folder: Path, change: str, address: str) -> str:
    """The one line that the command says when it refuses to run, changed by a line of Python before."""
    source, script = folder / "in.ndjson", folder / "changed.py"
    source.write_text(GOOD + "\n", encoding="utf-8")
    script.write_text(f"import sys\n{change}\nfrom api.__main__ import main\nsys.exit(main())\n", "utf-8")
    command = [sys.executable, str(script), "batch", str(source), str(folder / "out.ndjson"), "--scheduler", address]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert not (folder / "out.ndjson.parts").exists()
    return done.stderr


def test_a_scheduler_that_does_not_answer_is_said_in_a_line(address: str, tmp_path: Path) -> None:
    impatient = "from api.bulk import cluster; cluster.PATIENCE = 1"
    assert "the scheduler does not answer" in refused(tmp_path, impatient, address)


def test_without_distributed_the_way_to_get_it_is_said(tmp_path: Path) -> None:
    without = "sys.modules['distributed'] = None"
    assert "pip install 'dedere[scale]'" in refused(tmp_path, without, "tcp://x:1")
