"""Several processes behind one address: they share the load, one that dies is replaced, and they end together."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.service.clients import Seen, finish, until, writers
from tests.service.server import Server, children, ended, free_port, log_of
from tests.service.test_kill import whole
from tests.store.stock import Stock

PROCESSES, KILLS = 2, 3


@pytest.fixture
def several(kind: str, stock: Stock, tmp_path: Path) -> Iterator[Server]:
    """A server of two processes, each with a worker of its own, not yet started."""
    settings = {"DEDERE_PROCESSES": str(PROCESSES), "DEDERE_WORKERS": "1"}
    with stock.lent(kind, tmp_path) as url, ended(Server(tmp_path, url, settings)) as made:
        yield made
    assert "Traceback" not in log_of(made)


def servers(server: Server) -> list[int]:
    """The processes that answer: those with children of their own."""
    assert server.process is not None
    return [pid for pid in children(server.process.pid) if children(pid)]


def test_a_process_that_is_killed_is_replaced_and_nothing_acknowledged_is_lost(several: Server, kind: str) -> None:
    chance, seen, key = random.Random(3), Seen(), several.key()
    several.start()
    until(lambda: len(servers(several)) == PROCESSES)
    clients = writers(several.url, key, seen)
    for _ in range(KILLS):
        before = len(seen.acknowledged)
        until(lambda before=before: len(seen.acknowledged) > before + 5)
        os.kill(chance.choice(servers(several)), signal.SIGKILL)
        until(lambda: len(servers(several)) == PROCESSES)
    finish(clients)
    whole(several, key, seen)
    print(
        f"{PROCESSES} processes, {kind}: {KILLS} killed, {len(seen.acknowledged)} writes acknowledged, 0 lost, 0 twice"
    )


@pytest.mark.parametrize("kind", ["sqlite"])  # no database makes a difference here
def test_all_processes_end_when_told_and_when_their_parent_is_killed(several: Server) -> None:
    several.start()
    until(lambda: len(servers(several)) == PROCESSES)
    assert several.stop() == 0
    several.start()
    until(lambda: len(servers(several)) == PROCESSES)
    left = servers(several)
    several.kill()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))
    assert several.start() > 0  # the address is free again


@pytest.mark.parametrize("kind", ["sqlite"])  # no database makes a difference here
def test_a_sign_in_link_is_printed_once_and_works_with_every_process(several: Server) -> None:
    several.start()
    assert log_of(several).count("/link#") == 1


@pytest.mark.parametrize("kind", ["sqlite"])  # no database makes a difference here
def test_each_process_serves_its_metrics_on_a_port_of_its_own(several: Server) -> None:
    port = free_port()
    several.settings["DEDERE_METRICS"] = f"127.0.0.1:{port}"
    several.start()
    until(lambda: len(servers(several)) == PROCESSES)

    def served() -> int:
        answers = 0
        for number in range(port, port + 8):
            try:
                answers += httpx.get(f"http://127.0.0.1:{number}/metrics", timeout=5).status_code == 200
            except httpx.TransportError:
                time.sleep(0.05)
        return answers

    until(lambda: served() == PROCESSES)
