"""A real ``dedere serve`` over Toyland that tests start, kill and start again on the same data and port."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from api.law.content import load_engine
from api.law.shelf import Shelf
from api.service.wording import words_under
from api.settings import Settings
from api.storage.settings import StoreSettings
from api.storage.store import Store
from tests.api.http.support import new_key
from tests.api.support import environment
from tests.conftest import TOYLAND

#: Test processes share two cores with others: a start or an end that takes longer than this is a fault, not a load.
START_SECONDS = STOP_SECONDS = 150


@dataclass
class Server:
    """One node: where its data is, what is set, and the process while it runs."""

    folder: Path
    database_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    command: Sequence[str] = (sys.executable, "-m", "api")
    working_folder: Path | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / f"log-{self.port}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def store(self) -> Store:
        """The store behind the server, opened by this process too, with the law of Toyland at hand."""
        store = Store.open(StoreSettings(data=self.data, database_url=self.database_url))
        return store.with_words(words_under(toyland))

    def key(self, workspace: str = "", scopes: tuple[str, ...] = ()) -> str:
        """The text of a fresh key; of a fresh workspace unless one is given."""
        with opened(self) as store:
            return new_key(store, workspace, scopes) if scopes else new_key(store, workspace)

    def up(self) -> None:
        """Start the node unless it runs."""
        if not self.runs:
            self.start()

    def start(self) -> float:
        """Start the node and wait until it is ready; gives the seconds that took."""
        self.port = self.port or free_port()
        began = time.perf_counter()
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*self.command, "serve", "--port", str(self.port)],
                cwd=self.working_folder or self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=out,
            )
        self.wait_ready()
        return time.perf_counter() - began

    def _environment(self) -> dict[str, str]:
        place = {"DEDERE_DATA": str(self.data), "DEDERE_WORKERS": "2", "DEDERE_LOG": "info"}
        if self.database_url:
            place["DEDERE_DATABASE_URL"] = self.database_url
        return environment(**{**place, **self.settings})

    def wait_ready(self) -> None:
        """Until the node says that it is ready."""
        until = time.monotonic() + START_SECONDS
        while not self.answers_ready():
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text("utf-8")
            assert time.monotonic() < until, "the server did not become ready"
            time.sleep(0.02)

    def answers_ready(self) -> bool:
        """Whether the node says that it is ready."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            asked.request("GET", "/ready")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()

    def kill(self) -> None:
        """SIGKILL, which nothing can prepare for."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def stop(self) -> int:
        """SIGTERM, as an operator or a container ends a service; gives the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def workers(self) -> list[int]:
        """The process numbers of the workers: children of the one that forks them."""
        assert self.process is not None
        return [worker for maker in children(self.process.pid) for worker in children(maker)]


@cache
def toyland() -> Shelf:
    """The law that test servers serve."""
    settings = Settings(content=TOYLAND)
    return Shelf(load_engine(settings), settings)


@contextmanager
def opened(server: Server) -> Iterator[Store]:
    """The store behind a server, for a block."""
    store = server.store()
    try:
        yield store
    finally:
        store.close()


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """A server that runs for a block, and of which nothing is left afterwards."""
    with ended(server):
        server.start()
        yield server


@contextmanager
def ended(server: Server) -> Iterator[Server]:
    """A server of which nothing is left after a block."""
    try:
        yield server
    finally:
        if server.runs:
            server.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(parent: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                state, above = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:  # it has just ended
                continue
            if int(above) == parent and state != "Z":
                found.append(int(entry))
    return found


def log_of(server: Server) -> str:
    """What the server has logged so far."""
    return server.log.read_text("utf-8") if server.log.exists() else ""
