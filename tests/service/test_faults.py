"""T2 and T3: a service whose workers crash and whose storage is full, locked, read-only or away.

While it lasts, clients hear 503 with Retry-After, nothing is acknowledged, and afterwards the service
goes on by itself.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from api.web.problems import MEDIA_TYPE
from tests.api.http.support import CASE
from tests.service.server import Server, log_of, opened, running
from tests.store.support import SERVER, database_url, postgres_answers

OTHER_CASE = {**CASE, "counts": [{"id": "vase", "broke_vase": "no"}]}
AWAY_SECONDS = 10
KILLS, REQUESTS, A_SECOND = 20, 600, 50


def test_T2_workers_that_crash_cost_no_answer(shared: Server) -> None:
    key, chance = shared.key(), random.Random(2)
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=shared.url, headers=headers, timeout=60) as http:
        right = [http.post("/v1/answers", json=case).json()["receipt"] for case in (CASE, OTHER_CASE)]

        def ask(number: int) -> str:
            time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
            which = number % 2
            try:
                answer = http.post("/v1/answers", json=(CASE, OTHER_CASE)[which])
            except httpx.TransportError as error:
                return type(error).__name__
            if answer.status_code != 200:
                return str(answer.status_code)
            return "right" if answer.json()["receipt"] == right[which] else "wrong"

        with ThreadPoolExecutor(32) as threads:
            began, left = time.monotonic(), KILLS
            asked = [threads.submit(ask, number) for number in range(REQUESTS)]
            while left and not all(one.done() for one in asked):
                left -= _crash_one(shared, chance)
                time.sleep(0.5)
            found = Counter(one.result() for one in asked)
    print(
        f"T2 over HTTP: {KILLS - left} of 2 workers' SIGSEGV during {REQUESTS} requests at {A_SECOND}/s: {dict(found)}"
    )
    assert KILLS - left >= KILLS // 2
    assert found["wrong"] == 0
    assert found["right"] >= 0.995 * REQUESTS
    assert "Traceback" not in log_of(shared)


def _crash_one(server: Server, chance: random.Random) -> int:
    found = server.workers()
    if len(found) < 2:
        return 0
    with suppress(ProcessLookupError):
        os.kill(chance.choice(found), signal.SIGSEGV)
    return 1


@contextmanager
def _full_disk(server: Server) -> Iterator[None]:
    """Nothing is left of the file system that the data is on."""
    filler = server.data / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as out:
        while True:
            out.write(bytes(4096))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def _no_longer_files(server: Server) -> Iterator[None]:
    """No file of the server may grow, as under a quota that is used up."""
    assert server.process is not None
    pid, free = server.process.pid, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, free)


@contextmanager
def _locked_file(server: Server) -> Iterator[None]:
    """Another program is writing and does not end."""
    other = sqlite3.connect(server.data / "dedere.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def _locked_table(server: Server) -> Iterator[None]:
    """An operator holds a lock on the matters."""
    with psycopg.connect(server.database_url) as other:
        other.execute("LOCK TABLE matters IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


@contextmanager
def _setting(server: Server, on: str, off: str) -> Iterator[None]:
    """A setting of the database that takes effect on new connections; old ones are ended."""
    name = server.database_url.rpartition("/")[2]
    with psycopg.connect(SERVER, autocommit=True) as admin:

        def change(what: str) -> None:
            admin.execute(f'ALTER DATABASE "{name}" {what}')  # type: ignore[arg-type]
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

        change(on)
        try:
            yield
        finally:
            change(off)


def _read_only(server: Server) -> AbstractContextManager[None]:
    return _setting(server, "SET default_transaction_read_only = on", "RESET default_transaction_read_only")


def _away(server: Server) -> AbstractContextManager[None]:
    return _setting(server, "ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true")


Fault = Callable[[Server], AbstractContextManager[None]]
ON_SQLITE: dict[str, Fault] = {"full disk": _full_disk, "no more growth": _no_longer_files, "locked": _locked_file}
ON_POSTGRESQL: dict[str, Fault] = {"read-only": _read_only, "locked": _locked_table, "away": _away}


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder on a file system of its own that has little room; where nobody may mount one, a plain folder."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "data").mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder / "data")]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield folder
    if mounted:
        subprocess.run(["umount", "-l", str(folder / "data")], check=True)


@pytest.fixture(scope="module")
def on_sqlite(small_disk: Path) -> Iterator[Server]:
    with running(Server(small_disk)) as server:
        yield server
    assert "Traceback" not in log_of(server)


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not postgres_answers():
        pytest.skip("no PostgreSQL server answers")
    folder = tmp_path_factory.mktemp("away")
    with database_url("postgresql", folder) as url, running(Server(folder, url)) as server:
        yield server
    assert "Traceback" not in log_of(server)


@pytest.mark.parametrize("fault", ON_SQLITE)
def test_T3_sqlite_that_is_not_well(on_sqlite: Server, fault: str) -> None:
    if fault == "full disk" and not os.path.ismount(on_sqlite.data):
        pytest.skip("nobody here may mount a small disk; the test of files that cannot grow stands for it")
    _survives(on_sqlite, fault, ON_SQLITE[fault])


@pytest.mark.parametrize("fault", ON_POSTGRESQL)
def test_T3_postgresql_that_is_not_well(on_postgresql: Server, fault: str) -> None:
    _survives(on_postgresql, fault, ON_POSTGRESQL[fault])


def _survives(server: Server, name: str, fault: Fault) -> None:
    """Four clients write before, during and after the fault."""
    headers = {"authorization": f"Bearer {server.key()}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=90) as http:
        kept = [_sent(http, f"{name}/before")]
        assert kept[0].status_code == 201
        heard = Counter[int]()
        with fault(server):
            ended = time.monotonic() + (AWAY_SECONDS if name == "away" else 0)
            while True:
                with ThreadPoolExecutor(4) as threads:
                    answers = list(threads.map(lambda number: _sent(http, f"{name}/during/{number}"), range(4)))
                for answer in answers:
                    _is_unavailable(answer)
                heard.update(answer.status_code for answer in answers)
                if time.monotonic() >= ended:
                    break
        again = [_sent(http, f"{name}/during/{number}") for number in range(4)]
        assert [answer.status_code for answer in again] == [201] * 4
        there = {one["id"] for one in http.get("/v1/matters").json()["matters"]}
        assert there == {answer.json()["id"] for answer in (*kept, *again)}
    with opened(server) as store:
        assert store.database.sound()
    print(f"T3 {name}: {dict(heard)} while it lasted, each with Retry-After; none kept; then 201")


def _sent(http: httpx.Client, reference: str) -> httpx.Response:
    return http.post("/v1/matters", json={"reference": reference, "case": CASE})


def _is_unavailable(answer: Any) -> None:
    assert answer.status_code == 503, answer.text[:300]
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json()["type"] == "urn:dedere:problem:unavailable"


def test_T3_the_service_lives_while_its_storage_is_away(on_postgresql: Server) -> None:
    with _away(on_postgresql), httpx.Client(base_url=on_postgresql.url, timeout=30) as http:
        _is_unavailable(http.get("/ready"))
        assert http.get("/health").status_code == 200
    until = time.monotonic() + 30
    while httpx.get(f"{on_postgresql.url}/ready").status_code != 200:
        assert time.monotonic() < until
        threading.Event().wait(0.1)
