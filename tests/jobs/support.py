"""Jobs of small cases, runners in threads, and what all of a job's results are."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from api.operations.jobs.book import (
    ResultSaid,
    enqueue,
    read_job,
    read_results,
)
from api.operations.jobs.chores import Chore
from api.operations.jobs.leases import Said
from api.operations.jobs.runner import (
    Handler,
    Pace,
    Task,
    run_jobs,
)
from api.storage.store import Store
from tests.workers.support import until

ME = "usr_one"
QUICK = Pace(timedelta(seconds=0.6), timedelta(seconds=10), timedelta(seconds=0.02))


def lines(count: int, name: str = "case") -> list[bytes]:
    """Lines that can be told apart."""
    return [json.dumps({"name": f"{name}-{number}"}).encode() for number in range(1, count + 1)]


def upper(task: Task, given: Sequence[bytes]) -> list[Said]:
    """A handler that shouts."""
    return [Said(True, line.upper()) for line in given]


def send(
    store: Store, workspace: str, given: Sequence[bytes], kind: str = "batch", key: str = "", **options: Any
) -> str:
    """Enqueue a job; gives its id."""
    with store.write(workspace, ME) as tx:
        return enqueue(tx, kind, options, given, key)[0].id


@contextmanager
def running(
    store: Store, kinds: Mapping[str, Handler], chores: Sequence[Chore] = (), pace: Pace = QUICK
) -> Iterator[threading.Event]:
    """A runner in a thread; the event stops it."""
    stop = threading.Event()
    thread = threading.Thread(target=run_jobs, args=(store, kinds, stop, chores, pace))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def said(store: Store, workspace: str, job: str) -> Any:
    """How far a job is."""
    with store.read(workspace) as tx:
        return read_job(tx, job)


def ended(store: Store, workspace: str, job: str, seconds: float = 30) -> Any:
    """Wait until a job has ended."""
    until(lambda: said(store, workspace, job).ended_at, seconds)
    return said(store, workspace, job)


def results(store: Store, workspace: str, job: str, page: int = 37) -> list[ResultSaid]:
    """All results, page by page."""
    found: list[ResultSaid] = []
    while True:
        with store.write(workspace, ME) as tx:
            more = read_results(tx, job, found[-1].line if found else 0, page)
        found += more
        if len(more) < page:
            return found
