"""T2: workers that die, and a server that dies. Twenty segmentation faults under a stream of requests.

``DEDERE_SEGFAULTS=200 pytest -m slow tests/workers/test_faults.py -s`` for more.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.workers.errors import WorkersLost
from api.workers.messages import SOURCE
from api.workers.pool import Chaining
from engine.assess import Engine
from engine.content.documents import read_bytes
from engine.errors import InputProblems
from tests.conftest import ROOT
from tests.workers.support import alive, case, pool, until

SERVER = """
import sys, threading
from tests.workers.support import LAW, case
from api.workers.pool import Chaining
from api.workers.settings import WorkerSettings
if __name__ == "__main__":
    chaining = Chaining(LAW, WorkerSettings(workers=2))
    print(*chaining.pids(), flush=True)
    sys.stdin.readline()
    threading.Thread(target=chaining.assess, args=(case("busy"), None, "neutral", sys.argv[1]), daemon=True).start()
    print("asked", flush=True)
    threading.Event().wait()
"""


def without_receipt(raw: bytes) -> dict[str, object]:
    """An answer as data, less what differs between two cases that differ by name only."""
    answer: dict[str, object] = json.loads(raw)
    del answer["case"], answer["receipt"]
    return answer


class Clients:
    """Four clients that ask one case after the other, and what they got: was it the right answer?"""

    def __init__(self, opened: Chaining, right: dict[str, object]) -> None:
        self.opened, self.right, self.stop = opened, right, threading.Event()
        self.answers: list[list[bool]] = [[], [], [], []]

    def ask(self, client: int) -> None:
        """About fifty requests a second from all of them."""
        while not self.stop.is_set():
            name = f"client-{client}-{len(self.answers[client])}"
            raw = self.opened.assess(case(name))
            self.answers[client].append(json.loads(raw)["case"] == name and without_receipt(raw) == self.right)
            time.sleep(0.07)

    def counts(self) -> list[int]:
        """How many answers each has."""
        return [len(mine) for mine in self.answers]

    def all_past(self, before: list[int]) -> bool:
        """Whether each has got at least two answers since, so that none is still at its request of then."""
        return all(now > then + 1 for now, then in zip(self.counts(), before, strict=True))


def shoot(clients: Clients, times: int) -> list[int]:
    """Kill one of the workers at a random moment; again when the pool is full and no request would meet it twice."""
    chance, dead, opened = random.Random(11), list[int](), clients.opened
    for _ in range(times):
        pids = until(lambda: len(found := opened.pids()) == opened.limits.workers and found)
        time.sleep(chance.uniform(0, 0.05))
        dead.append(chance.choice(pids))
        before = clients.counts()
        os.kill(dead[-1], signal.SIGSEGV)
        until(lambda dead=dead[-1]: dead not in opened.pids())
        until(lambda before=before: clients.all_past(before))
    clients.stop.set()
    return dead


def survive(times: int, toy_engine: Engine) -> str:
    """Clients that ask all the time while workers are shot; gives what came of it."""
    read = toy_engine.read(read_bytes(case("any"), SOURCE, is_json=True))
    right = without_receipt(toy_engine.assess(read).model_dump_json().encode())
    with pool(2) as opened, ThreadPoolExecutor(4) as threads:
        clients = Clients(opened, right)
        asking = [threads.submit(clients.ask, number) for number in range(4)]
        try:
            dead = shoot(clients, times)
        finally:
            clients.stop.set()
        assert [one.exception() for one in asking] == [None] * 4
        until(lambda: len(opened.pids()) == 2)
        assert opened.state().replaced == times
        assert not [pid for pid in dead if alive(pid)]
    assert all(all(mine) for mine in clients.answers)
    return f"T2: {times} segmentation faults, {sum(clients.counts())} requests, all answered, all right"


def test_T2_segmentation_faults_lose_no_request_and_no_verdict_is_wrong(toy_engine: Engine) -> None:
    print(survive(20, toy_engine))


@pytest.mark.slow
def test_T2_at_length(toy_engine: Engine) -> None:
    print(survive(int(os.environ.get("DEDERE_SEGFAULTS", "200")), toy_engine))


def test_T2_workers_that_die_idle_are_replaced_and_nobody_notices() -> None:
    with pool(2) as opened:
        for kind in (signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT):
            pids = until(lambda: len(found := opened.pids()) == 2 and found)
            for pid in pids:
                os.kill(pid, kind)
            assert json.loads(opened.assess(case("after")))["case"] == "after"
        until(lambda: len(opened.pids()) == 2)


def test_T2_a_request_that_kills_two_workers_is_given_up_and_the_next_is_answered() -> None:
    with pool(1) as opened, ThreadPoolExecutor(1) as threads:
        # reading the whole law as another pack takes seconds, which is time enough to die in
        deadly = threads.submit(opened.assess, case("deadly"), pack=str(ROOT))
        while not deadly.done():
            pids = until(lambda: opened.pids() or deadly.done())
            time.sleep(0.2)
            if not deadly.done():
                os.kill(pids[0], signal.SIGSEGV)
                until(lambda dead=pids: opened.pids() != dead)
        with pytest.raises(WorkersLost):
            deadly.result()
        assert json.loads(opened.assess(case("after")))["case"] == "after"


def test_T2_nothing_of_a_case_is_printed_when_a_worker_dies(capfd: pytest.CaptureFixture[str]) -> None:
    # the whole law is read twice here, by each of two workers, which a busy machine does not do within half a minute
    with pool(1, request_seconds=150) as opened, ThreadPoolExecutor(1) as threads:
        asked = threads.submit(opened.assess, case("CANARY"), pack=str(ROOT))
        until(lambda: opened.state().inside == 1)
        time.sleep(0.2)
        os.kill(opened.pids()[0], signal.SIGABRT)
        with pytest.raises(InputProblems):  # that law does not know these facts
            asked.result(300)
    said = capfd.readouterr()
    assert said.out + said.err == ""


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_T2_workers_end_with_a_server_that_was_killed(busy: bool) -> None:
    command = [sys.executable, "-c", SERVER, str(ROOT)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        pids = [int(word) for word in server.stdout.readline().split()]
        assert all(alive(pid) for pid in pids)
        if busy:
            server.stdin.write("\n")
            server.stdin.flush()
            assert server.stdout.readline() == "asked\n"
            time.sleep(0.2)
        server.kill()
        server.wait()
        until(lambda: not any(alive(pid) for pid in pids), 10)


def test_T2_a_worker_stuck_in_C_code_ends_even_without_a_server() -> None:
    stuck = "from api.workers.child import bounded\nimport ctypes\nwith bounded(0.3): ctypes.PyDLL(None).sleep(60)"
    done = subprocess.run([sys.executable, "-c", stuck], cwd=ROOT, capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_T2_control_c_reaches_the_server_and_not_the_workers() -> None:
    with pool(2) as opened:
        pids = opened.pids()
        for pid in pids:
            os.kill(pid, signal.SIGINT)
        assert json.loads(opened.assess(case("after")))["case"] == "after"
        assert opened.pids() == pids
