"""T31: the process that works on jobs is killed again and again; each case is in the results exactly once.

30 kills on SQLite and 10 on PostgreSQL every day; ``DEDERE_JOB_KILLS=100 pytest -m slow
tests/jobs/test_kill.py -s`` for more.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.operations.jobs.leases import ATTEMPTS
from api.operations.jobs.states import OPEN
from api.storage.audit.sources import verify_session
from api.storage.job_tables import Job, JobPart
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from engine.assess import Engine
from tests.conftest import ROOT
from tests.jobs.killable import evaluated
from tests.jobs.support import ended, results, said, send
from tests.store.support import open_store
from tests.workers.support import case

EVERY_DAY = {"sqlite": 30, "postgresql": 10}
BATCH = 150
#: The lease of a killed runner holds for a while; meanwhile the next one finds another job.
AT_ONCE = 3


@contextmanager
def forge(url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that forks runners."""
    command = [sys.executable, "-m", "tests.jobs.killable", url, str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def start(process: subprocess.Popen[str]) -> int:
    """Fork a runner; gives its number."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    while not (line := said_by(process)).startswith("pid"):
        pass
    return int(line.split()[1])


def said_by(process: subprocess.Popen[str]) -> str:
    """The next line that runners and their forge say."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the forge of runners ended"
    return line


def kill_one(process: subprocess.Popen[str], parts: int, moment: float) -> int:
    """Kill a runner a moment after it began a part; gives how many it had begun."""
    pid, begun = start(process), 0
    while begun < parts:
        begun += said_by(process) == "at\n"
    time.sleep(moment)
    os.kill(pid, signal.SIGKILL)
    while (line := said_by(process)) != "dead\n":
        begun += line == "at\n"
    return begun


def jobs_left(store: Store, workspace: str) -> int:
    """How many jobs have lines that wait."""
    with store.read(workspace) as tx:
        return tx.session.scalar(select(func.count(JobPart.job_id.distinct()))) or 0


def worn(store: Store, workspace: str) -> bool:
    """Whether a job was begun so often without a finished part that it is given up after two kills more."""
    with store.read(workspace) as tx:
        return (tx.session.scalar(select(func.max(Job.attempts)).where(Job.state.in_(OPEN))) or 0) >= ATTEMPTS - 2


@dataclass(frozen=True)
class Scene:
    """A database on the real clock, where it is, and a workspace in it."""

    store: Store
    workspace: str
    url: str
    folder: Path


@pytest.fixture
def scene(url: str, tmp_path: Path) -> Iterator[Scene]:
    """An empty one."""
    store = open_store(url, tmp_path)
    yield Scene(store, create_workspace(store, "Jobs", "usr_one"), url, tmp_path)
    store.close()


def killed(scene: Scene, kills: int, engine: Engine) -> str:
    """Kill, then let one runner finish, then look at every line of every job."""
    chance, jobs, begun = random.Random(31), {}, 0
    store, workspace = scene.store, scene.workspace

    def more() -> None:
        given = [case(f"job-{len(jobs)}-{number}") for number in range(BATCH)]
        jobs[send(store, workspace, given, key=f"key-{len(jobs)}")] = given

    with forge(scene.url, scene.folder) as process:
        for number in range(kills):
            while jobs_left(store, workspace) < AT_ONCE:
                more()
            parts = 2 if worn(store, workspace) else number % 3 + 1  # who begins a second part has finished one
            begun += kill_one(process, parts, chance.uniform(0, 0.1))
        pid = start(process)
        done = [ended(store, workspace, job, 120) for job in jobs]
        os.kill(pid, signal.SIGKILL)
    all_parts = sum(-(-len(given) // 20) for given in jobs.values())
    for job in done:
        given = jobs[job.id]
        assert (job.state, job.done, job.refused) == ("done", len(given), 0)
        found = results(store, workspace, job.id)
        assert [one.line for one in found] == list(range(1, len(given) + 1))
        assert [one.body for one in found] == [evaluated(engine, line) for line in given]
    return f"T31: {kills} kills, {len(jobs)} batches of {BATCH}, {begun} parts begun before the last kill of {all_parts} in all; every line has one result, and the right one"


def test_T31_each_case_is_in_the_results_exactly_once(scene: Scene, kind: str, toy_engine: Engine) -> None:
    print(kind, killed(scene, EVERY_DAY[kind], toy_engine))
    with scene.store.database.session(writes=False) as session:
        assert verify_session(session).intact
    assert scene.store.database.sound()


@pytest.mark.slow
def test_T31_at_length(scene: Scene, kind: str, toy_engine: Engine) -> None:
    print(kind, killed(scene, int(os.environ.get("DEDERE_JOB_KILLS", "100")), toy_engine))


def test_T31_of_two_runners_one_is_killed_and_the_other_goes_on(scene: Scene) -> None:
    store, workspace, place = scene.store, scene.workspace, (scene.url, scene.folder)
    job = send(store, workspace, [case(f"case-{number}") for number in range(200)])
    with forge(*place) as one, forge(*place) as two:
        first, second = start(one), start(two)
        while said(store, workspace, job).done < 40:
            time.sleep(0.02)
        os.kill(first, signal.SIGKILL)
        assert ended(store, workspace, job).state == "done"
        os.kill(second, signal.SIGKILL)
    found = [json.loads(result.body)[0] for result in results(store, workspace, job)]
    assert found == [f"case-{number}" for number in range(200)]
