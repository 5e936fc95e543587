"""T1 on storage: a writer killed with SIGKILL at random moments loses nothing that it acknowledged.

Twenty kills every day; ``DEDERE_KILLS=200 pytest -m slow tests/store/test_kill.py -s`` for more.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.storage.assessments import read_answer
from api.storage.audit.sources import verify_session
from api.storage.matters import read_facts
from api.storage.store import Store
from api.storage.tables import (
    Assessment,
    AuditEntry,
    DataKey,
    IdempotencyKey,
    Matter,
    MatterVersion,
)
from api.storage.workspaces import create_workspace
from engine.answer.model import Answer
from tests.conftest import ROOT
from tests.store.support import open_store
from tests.store.writer import ME, carry_out

EVERY_DAY = {"sqlite": 20, "postgresql": 10}


@dataclass
class Seen:
    """What the killed writers said, and how long the store took to open again."""

    tried: list[str] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    ready: list[float] = field(default_factory=list)
    repeated: int = 0


@contextmanager
def forge(url: str, folder: Path, workspace: str, answer: Answer) -> Iterator[subprocess.Popen[str]]:
    """The process that forks writers."""
    (folder / "answer.json").write_text(answer.model_dump_json())
    arguments = [url, str(folder), workspace, str(folder / "answer.json")]
    command = [sys.executable, "-m", "tests.store.writer", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1
    ) as process:
        yield process
        process.stdin.close()  # type: ignore[union-attr]


def kill_one(process: subprocess.Popen[str], moment: float, word: str) -> tuple[list[str], dict[str, str]]:
    """Let a writer write for a moment after its first ``try`` or ``ack``, kill it, and give what it said."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("go\n")
    lines = [process.stdout.readline()]
    while "pid" not in lines[-1]:
        lines.append(process.stdout.readline())
    pid = int(lines[-1].split()[1])
    while not any(line.startswith(word) for line in lines):
        lines.append(process.stdout.readline())
    time.sleep(moment)
    os.kill(pid, signal.SIGKILL)
    while lines[-1] != "dead\n":
        lines.append(process.stdout.readline())
    words = [line.split(maxsplit=2) for line in lines]
    tried = [word[1] for word in words if word[0] == "try"]
    return tried, {word[1]: word[2].strip() for word in words if word[0] == "ack"}


def rounds(kind: str, url: str, folder: Path, answer: Answer, kills: int) -> Seen:
    """Kill writers, and after each death open the store and look."""
    store = open_store(url, folder)
    workspace, seen, chance = create_workspace(store, "Kill", ME), Seen(), random.Random(7)
    store.close()
    with forge(url, folder, workspace, answer) as process:
        for number in range(kills):
            word = "ack" if number % 3 else "try"
            tried, acknowledged = kill_one(process, chance.uniform(0.0, 0.3), word)
            started = time.perf_counter()
            store = open_store(url, folder)
            seen.ready.append(time.perf_counter() - started)
            seen.tried += tried
            seen.acknowledged |= acknowledged
            check(store, workspace, acknowledged, answer)
            seen.repeated += again(store, workspace, tried, acknowledged, answer)
            store.close()
    store = open_store(url, folder)
    whole(store, workspace, seen)
    store.close()
    return seen


def check(store: Store, workspace: str, acknowledged: dict[str, str], answer: Answer) -> None:
    """Everything acknowledged is there and opens."""
    with store.write(workspace, "usr_checker") as tx:
        for key, said in acknowledged.items():
            matter, version, assessment = said.split()
            assert read_facts(tx, matter, int(version)).document == {"facts": {"canary": key, "again": True}}
            assert read_answer(tx, assessment)[1].decode() == answer.model_dump_json()


def again(store: Store, workspace: str, tried: list[str], acknowledged: dict[str, str], answer: Answer) -> int:
    """Send the same requests again: those acknowledged give the same result, the others happen once."""
    unsure = [key for key in tried if key not in acknowledged]
    for key in [*unsure, *list(acknowledged)[-3:]]:
        result = carry_out(store, workspace, key, answer)
        assert acknowledged.setdefault(key, result.body.decode()) == result.body.decode()
    return len(unsure)


def whole(store: Store, workspace: str, seen: Seen) -> None:
    """Nothing twice, nothing in halves, the database sound and the audit chain whole."""
    assert store.database.sound()
    requests = len(set(seen.tried))
    with store.read(workspace) as tx:
        count = {
            table: tx.session.scalar(select(func.count()).select_from(table))
            for table in (Matter, Assessment, IdempotencyKey, MatterVersion)
        }
        assert count == {Matter: requests, Assessment: requests, IdempotencyKey: requests, MatterVersion: 2 * requests}
        keys = select(func.count()).select_from(DataKey)
        assert tx.session.scalar(keys.where(DataKey.subject.in_(select(Matter.id)))) == requests
        assert (
            tx.session.scalar(keys) == requests + 3
        )  # the workspace's own, its index and the one that signs its audit
        assert (
            tx.session.scalar(select(func.count()).select_from(IdempotencyKey).where(IdempotencyKey.sealed.is_(None)))
            == 0
        )
        created = select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "matter.created")
        assert tx.session.scalar(created) == requests
        assert verify_session(tx.session).faults == []


def report(kind: str, kills: int, seen: Seen) -> str:
    """The figures."""
    return (
        f"T1 {kind}: {kills} kill -9, {len(seen.acknowledged)} requests kept of {len(set(seen.tried))} sent, 0 lost, 0 twice, "
        f"{seen.repeated} unacknowledged and sent again, slowest start {max(seen.ready):.2f} s"
    )


def test_T1_killed_writers_lose_nothing(kind: str, url: str, tmp_path: Path, answer: Answer) -> None:
    seen = rounds(kind, url, tmp_path, answer, EVERY_DAY[kind])
    print(report(kind, EVERY_DAY[kind], seen))
    assert max(seen.ready) < 5


@pytest.mark.slow
def test_T1_many_killed_writers_lose_nothing(kind: str, url: str, tmp_path: Path, answer: Answer) -> None:
    kills = int(os.environ.get("DEDERE_KILLS", "200")) // (1 if kind == "sqlite" else 4)
    print(report(kind, kills, rounds(kind, url, tmp_path, answer, kills)))
