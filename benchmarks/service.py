"""The service under load: real server processes on the real law, 32 clients over HTTP.

    python benchmarks/service.py [--seconds 20 | --minutes 5] [--clients 32] [--processes 2] [--nodes 2 --database postgresql://...]
                                 [--only previews|assessments]

Prints, for previews and for assessments of record: answers a second, median and 95th percentile of the
time to answer, errors, and CPU milliseconds an answer cost the server's processes. The audit chain is
verified afterwards. The clients run in a process of their own, on the same cores.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402 - the repository must be on the path first

from api.law.content import load_engine  # noqa: E402
from api.settings import Settings  # noqa: E402
from api.storage.audit.sources import verify_session  # noqa: E402
from engine.content.documents import read_path  # noqa: E402
from tests.service.server import Server, children, free_port  # noqa: E402

UNLIMITED = {
    "DEDERE_CONTENT": str(ROOT),
    "DEDERE_REQUESTS_PER_MINUTE_OF_KEY": "100000000",
    "DEDERE_REQUESTS_PER_MINUTE_OF_WORKSPACE": "100000000",
    "DEDERE_LOG": "warning",
}


@dataclass
class Measured:
    """What clients saw of one kind of request."""

    name: str
    seconds: float
    times: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    cpu: float = 0.0

    def row(self) -> str:
        """A line of the table."""
        ordered = sorted(self.times) or [0.0]
        p95 = ordered[int(len(ordered) * 0.95)]
        each = 1000 * self.cpu / max(1, len(self.times))
        return (
            f"{self.name:24} {len(self.times):>8} {len(self.times) / self.seconds:>8.1f} {1000 * statistics.median(ordered):>9.1f}"
            f" {1000 * p95:>9.1f} {sum(self.errors.values()):>7} {each:>9.1f}  {dict(self.errors) or ''}"
        )


HEAD = f"{'':24} {'answers':>8} {'a second':>8} {'median ms':>9} {'p95 ms':>9} {'errors':>7} {'CPU ms':>9}"


def load(measured: Measured, urls: list[str], key: str, clients: int, requests: list[tuple[str, bytes]]) -> None:
    """Clients that each send the next request as soon as the last is answered, on connections that stay open."""
    until = time.perf_counter() + measured.seconds
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}

    def client(number: int) -> None:
        address = urls[number % len(urls)].removeprefix("http://")
        connection, turn = http.client.HTTPConnection(address, timeout=60), number
        while time.perf_counter() < until:
            path, body = requests[turn % len(requests)]
            turn += 1
            began = time.perf_counter()
            try:
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as error:
                measured.errors[type(error).__name__] += 1
                connection.close()
                continue
            if answer.status < 300:
                measured.times.append(time.perf_counter() - began)
            else:
                measured.errors[str(answer.status)] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def cpu_of(servers: list[Server]) -> float:
    """CPU seconds that the processes of servers have taken so far."""
    total = 0.0
    for server in servers:
        assert server.process is not None
        for pid in _family(server.process.pid):
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _family(pid: int) -> list[int]:
    return [pid, *(each for child in children(pid) for each in _family(child))]


def measure(name: str, servers: list[Server], key: str, options: Any, requests: list[tuple[str, bytes]]) -> Measured:
    """One kind of request for the time wanted, after a second that does not count."""
    urls = [server.url for server in servers]
    load(Measured("warm", 1.0), urls, key, options.clients, requests)
    measured, before = Measured(name, options.seconds), cpu_of(servers)
    load(measured, urls, key, options.clients, requests)
    measured.cpu = cpu_of(servers) - before
    print(measured.row(), flush=True)
    return measured


@contextmanager
def database(options: Any) -> Iterator[str]:
    """A fresh database if there are several nodes or one was named; the default is a file."""
    if not options.database:
        yield ""
        return
    import psycopg

    name = f"dedere_bench_{secrets.token_hex(4)}"
    with psycopg.connect(options.database, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield options.database.rpartition("/")[0] + f"/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def matters(server: Server, key: str, cases: list[bytes]) -> list[str]:
    """A matter for each case."""
    made = []
    with httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {key}"}, timeout=60) as http:
        for number, case in enumerate(cases):
            answer = http.post("/v1/matters", json={"reference": f"B/{number}", "case": json.loads(case)})
            made.append(answer.raise_for_status().json()["id"])
    return made


def cases() -> list[bytes]:
    """The example of the project, on different days, so that no two requests are the same."""
    engine = load_engine(Settings(content=ROOT))
    document = read_path(ROOT / "examples" / "akhmetova.yaml").data
    assert engine
    days = [f"2020-01-{day:02}" for day in range(1, 29)]
    return [json.dumps({**document, "assessed_on": day}, default=str).encode() for day in days]


def run(options: Any) -> int:
    """Start the nodes, load them, print the table, verify the audit chain."""
    with tempfile.TemporaryDirectory() as folder, database(options) as url, ExitStack() as stack:
        nodes = [Server(Path(folder), url, dict(UNLIMITED), free_port()) for _ in range(options.nodes)]
        for node in nodes:
            node.settings["DEDERE_PROCESSES"] = str(options.processes)
            if options.workers:
                node.settings["DEDERE_WORKERS"] = str(options.workers)
            node.start()
            stack.callback(node.kill)
        key, ready = nodes[0].key(), cases()
        made = matters(nodes[0], key, ready)
        print(
            f"{options.clients} clients, {options.nodes} node(s) of {options.processes} process(es), {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        )
        print(HEAD)
        done = []
        if options.only != "assessments":
            done.append(measure("previews", nodes, key, options, [("/v1/previews", case) for case in ready]))
        if options.only != "previews":
            asked = [(f"/v1/matters/{one}/assessments", b"{}") for one in made]
            done.append(measure("assessments of record", nodes, key, options, asked))
        return verified(nodes[0], done)


def verified(node: Server, done: list[Measured]) -> int:
    """The audit chain after the load."""
    store = node.store()
    try:
        with store.database.session(writes=False) as session:
            faults = verify_session(session).faults
        print(f"audit chain: {faults or 'intact'}; database sound: {store.database.sound()}")
    finally:
        store.close()
    return 1 if faults or any(one.errors for one in done) else 0


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--database", default="")
    parser.add_argument("--only", choices=("previews", "assessments"))
    options = parser.parse_args()
    options.seconds = 60 * options.minutes or options.seconds
    return run(options)


if __name__ == "__main__":
    raise SystemExit(main())
