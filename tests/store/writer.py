"""A writer made to be killed: ``python -m tests.store.writer URL FOLDER WORKSPACE ANSWER``.

Each line on standard input forks a child that writes with three threads until it dies. Before each
request a line ``try KEY`` goes out, after its commit ``ack KEY MATTER VERSION ASSESSMENT``.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from api.storage.assessments import record_assessment
from api.storage.idempotency import Result, once
from api.storage.matters import add_version, create_matter
from api.storage.store import Store, Transaction
from engine.answer.model import Answer
from tests.store.support import open_store

ME = "key_writer"


def carry_out(store: Store, workspace: str, key: str, answer: Answer) -> Result:
    """One request: a matter, a second version, an assessment, all under one idempotency key."""

    def act(tx: Transaction) -> Result:
        matter = create_matter(tx, key, {"facts": {"canary": key}}).id
        version = add_version(tx, matter, 1, {"facts": {"canary": key, "again": True}})
        assessment = record_assessment(tx, matter, version, answer).id
        return Result(201, f"{matter} {version} {assessment}".encode(), matter)

    with store.write(workspace, ME) as tx:
        return once(tx, key, key.encode(), lambda: act(tx))[0]


def write_on(store: Store, workspace: str, name: str, answer: Answer) -> None:
    """Requests without end."""
    number = 0
    while True:
        number += 1
        key = f"{name}-{number}"
        os.write(1, f"try {key}\n".encode())
        result = carry_out(store, workspace, key, answer)
        os.write(1, f"ack {key} {result.body.decode()}\n".encode())


def child(url: str, folder: str, workspace: str, answer: Answer) -> None:
    """Write with three threads until killed."""
    store = open_store(url, Path(folder))
    for thread in range(3):
        arguments = (store, workspace, f"{os.getpid()}-{thread}", answer)
        threading.Thread(target=write_on, args=arguments).start()


def main() -> None:
    """Fork a child for each line, say its number, and wait until it is dead."""
    url, folder, workspace, path = sys.argv[1:]
    answer = Answer.model_validate_json(Path(path).read_bytes())
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.close(0)
            child(url, folder, workspace, answer)
            return
        os.write(1, f"pid {pid}\n".encode())
        os.waitpid(pid, 0)
        os.write(1, b"dead\n")


if __name__ == "__main__":
    main()
