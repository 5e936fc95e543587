"""Nothing of the working folder is ever imported, whatever its files are called: by no command, server or worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

import httpx
import pytest

from tests.api.http.support import CASE
from tests.api.support import TOY, environment
from tests.service.clients import until
from tests.service.server import Server, running
from tests.workers.support import case

SCRIPT = Path(sys.executable).parent / "dedere"
NAMES = {*sys.stdlib_module_names, *packages_distributions(), "api", "engine", "sitecustomize", "usercustomize"}
TRACE = 'import os, sys\nos.write(os.open(os.environ["RAN"], os.O_CREAT | os.O_APPEND | os.O_WRONLY), (__file__ + "\\n").encode())\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with a file for every module that there is; each writes down that it ran."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in sorted(name for name in NAMES if name.isidentifier()):
        (folder / f"{name}.py").write_text(TRACE, "utf-8")
    return folder


def ran(folder: Path) -> list[str]:
    """Which files of the working folder ran."""
    trace = folder.parent / "ran"
    return sorted(set(trace.read_text("utf-8").split())) if trace.exists() else []


def traced(folder: Path) -> dict[str, str]:
    """Where the data is, and where files that run write it down."""
    return {"RAN": str(folder.parent / "ran"), "DEDERE_DATA": str(folder.parent / "data")}


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in the working folder."""
    known = environment(**traced(folder))
    del known["PYTHONPATH"]
    known.pop("PYTHONSAFEPATH", None)  # the program itself asks for it, and another test may have run the program here
    return subprocess.run(command, cwd=folder, env=known, capture_output=True, text=True, check=False)


def test_the_files_would_run_if_python_looked_into_the_folder(folder: Path) -> None:
    run(folder, sys.executable, "-c", "import pydantic")
    assert ran(folder) == [str(folder / "pydantic.py")]


@pytest.mark.parametrize(
    "command", [(SCRIPT,), (sys.executable, "-P", "-m", "api")], ids=["dedere", "python -P -m api"]
)
def test_a_command_runs_none(command: Sequence[str | Path], folder: Path) -> None:
    (folder / "case.yaml").write_text(TOY, "utf-8")
    done = run(folder, *command, "assess", "case.yaml")
    assert done.returncode == 0, done.stderr
    assert ran(folder) == []


def test_a_batch_with_processes_runs_none(folder: Path) -> None:
    lines = [case(f"toy-{number}").decode() for number in range(50)]
    (folder / "cases.ndjson").write_text("\n".join(lines), "utf-8")
    done = run(folder, SCRIPT, "batch", "cases.ndjson", "out.ndjson", "--processes", "2", "--part-bytes", "1000")
    assert done.returncode == 0, done.stderr
    assert ran(folder) == []


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_server_its_workers_and_its_jobs_run_none(processes: str, folder: Path, tmp_path: Path) -> None:
    settings = {**traced(folder), "DEDERE_WORKERS": "1", "DEDERE_PROCESSES": processes}
    with running(Server(tmp_path, "", settings, command=(str(SCRIPT),), working_folder=folder)) as server:
        headers = {"authorization": f"Bearer {server.key()}", "idempotency-key": "one"}
        with httpx.Client(base_url=server.url, headers=headers, timeout=150) as http:
            assert http.post("/v1/answers", json=CASE).status_code == 200
            assert http.post("/v1/previews", json=CASE).status_code == 200
            lines = {"content-type": "application/x-ndjson"}
            job = http.post("/v1/jobs", content=case("one") + b"\n" + case("two"), headers=lines).json()["id"]
            until(lambda: http.get(f"/v1/jobs/{job}").json()["state"] == "done")
        for worker in server.workers():
            os.kill(worker, signal.SIGKILL)
        until(server.workers)
    assert ran(folder) == []


def only_packages(folder: Path) -> None:
    """Leave out what Python imports, or is told to import, before any line of ours runs."""
    for name in {*sys.stdlib_module_names, "api", "sitecustomize", "usercustomize", "_distutils_hack", "coverage"}:
        (folder / f"{name}.py").unlink(missing_ok=True)


def test_python_m_api_runs_none_that_is_ours_to_choose(folder: Path) -> None:
    only_packages(folder)
    (folder / "case.yaml").write_text(TOY, "utf-8")
    done = run(folder, sys.executable, "-m", "api", "assess", "case.yaml")
    assert done.returncode == 0, done.stderr
    assert ran(folder) == []


def test_an_empty_part_of_the_path_for_modules_does_not_mean_the_working_folder(folder: Path) -> None:
    only_packages(folder)
    (folder / "cases.ndjson").write_text("\n".join(case(f"toy-{number}").decode() for number in range(50)), "utf-8")
    command = (SCRIPT, "batch", "cases.ndjson", "out.ndjson", "--processes", "2", "--part-bytes", "1000")
    subprocess.run(command, cwd=folder, env=environment(**traced(folder), PYTHONPATH=os.pathsep), check=True)
    assert ran(folder) == []
