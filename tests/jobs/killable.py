"""A runner of jobs made to be killed: ``python -m tests.jobs.killable URL FOLDER``.

Each line on standard input forks a child that runs jobs until it dies. The child says its number, and
before each part a line ``at``. The engine is Toyland's, both inference engines, in the child itself.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from api.operations.jobs.leases import Said
from api.operations.jobs.runner import Task, run_jobs
from engine.assess import Engine
from engine.content.documents import read_bytes
from engine.content.loader import load_pack
from tests.conftest import TOYLAND
from tests.jobs.support import QUICK
from tests.store.support import open_store


def evaluated(engine: Engine, line: bytes) -> bytes:
    """The line's case through both engines, with nothing in it that differs from run to run."""
    case = engine.read(read_bytes(line, "case", is_json=True))
    weighed = engine.weigh(case)
    return json.dumps([case.reference, weighed.outcome, len(engine.chain(weighed).firings)]).encode()


def child(url: str, folder: str, engine: Engine) -> None:
    """Run jobs until killed."""

    def handle(task: Task, given: Sequence[bytes]) -> list[Said]:
        os.write(1, b"at\n")
        return [Said(True, evaluated(engine, line)) for line in given]

    run_jobs(open_store(url, Path(folder)), {"batch": handle}, threading.Event(), pace=QUICK)


def main() -> None:
    """Fork a child for each line, and wait until it is dead."""
    url, folder = sys.argv[1:]
    engine = Engine(load_pack(TOYLAND / "rules", TOYLAND / "instruments"))
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.close(0)
            os.write(1, f"pid {os.getpid()}\n".encode())
            child(url, folder, engine)
        os.waitpid(pid, 0)
        os.write(1, b"dead\n")


if __name__ == "__main__":
    main()
