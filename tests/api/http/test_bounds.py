"""C2: what one request computes is bounded in time and memory, and everybody else is answered meanwhile and after."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest
from fastapi import FastAPI

from api.service import within as within_module
from api.service.within import OverTime, within
from api.storage.store import Store
from engine.assess import Engine
from tests.api.http.conftest import Served
from tests.api.http.support import CASE, Client, new_key
from tests.conftest import ROOT
from tests.pages.support import visitor, words


def endless(*_: Any, **__: Any) -> NoReturn:
    """A case that takes for ever."""
    while True:
        time.monotonic()


def too_large(*_: Any, **__: Any) -> NoReturn:
    """A case that takes more memory than there is."""
    raise MemoryError


@pytest.fixture
def client(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace of its own."""
    return Client(toy_app, new_key(toy_store))


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(within_module, "SECONDS", 0.05)


@pytest.mark.usefixtures("_short")
def test_C2_a_preview_that_takes_too_long_is_ended_and_the_next_is_answered(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Engine, "weigh", endless)
        answer = client.post("/v1/previews", json=CASE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["detail"] == "it takes longer than one request may"
    assert client.post("/v1/previews", json=CASE).status_code == 200


@pytest.mark.usefixtures("_short")
def test_C2_a_page_that_takes_too_long_says_so(
    toy_app: FastAPI, toy_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = visitor(toy_app, toy_store)
    matter = anna.makes()
    monkeypatch.setattr(Engine, "weigh", endless)
    answer = anna.get(f"/matters/{matter}/interview")
    assert answer.status_code == 503
    assert "longer than one request may" in words(answer)


def test_C2_a_request_that_takes_too_much_memory_fails_alone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Engine, "weigh", too_large)
        answer = client.post("/v1/previews", json=CASE)
    assert (answer.status_code, answer.json()["detail"]) == (503, "it needs more memory than the service may take")
    assert client.post("/v1/previews", json=CASE).status_code == 200


def test_C2_a_block_within_its_time_is_left_alone_and_so_is_what_comes_after() -> None:
    with within(0.02):
        pass
    time.sleep(0.03)
    with pytest.raises(OverTime), within(0.01):
        endless()
    with pytest.raises(KeyError), within(5):
        raise KeyError


@pytest.mark.skipif(sys.platform != "linux", reason="the limits of a process are read as Linux shows them")
def test_C2_the_service_and_its_workers_have_a_bound_on_their_memory(served: Served) -> None:
    family = [served.process.pid]
    for pid in family:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            family += map(int, (thread / "children").read_text("ascii").split())
    bounds = [_bound_of(pid) for pid in family]
    assert len(family) > 2, "server, the process that makes workers, workers"
    assert [one for one in bounds if one == "unlimited"] == []


def _bound_of(pid: int) -> str:
    lines = Path(f"/proc/{pid}/limits").read_text("ascii").splitlines()
    return next(line.split()[3] for line in lines if line.startswith("Max address space"))


@pytest.mark.skipif(sys.platform != "linux", reason="the bound is on address space")
def test_C2_more_memory_than_the_bound_is_refused_by_the_system() -> None:
    told = "from api.workers.memory import bound_memory; bound_memory(512); bytearray(2**30)"
    ran = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, check=False)
    assert b"MemoryError" in ran.stderr
