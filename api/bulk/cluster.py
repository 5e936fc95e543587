"""Parts of a batch done by the workers of a Dask scheduler, on as many machines as it has.

Workers read the input and write the files of their parts themselves, so both must be on storage that
all of them see under one path. A part whose worker ends is done again by another: it has the same
bytes, and takes its name only when it is whole.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from api.bulk.parts import Part
from api.bulk.work import Count, Order, Worker
from api.law.content import load_engine
from engine import ENGINE_VERSION
from engine.errors import DedereError, InputProblems, InternalError, Problem

#: Seconds in which a scheduler must answer, and have a worker.
PATIENCE = 10
#: Parts handed out for each thread of a worker: one in work, one waiting.
_AHEAD = 2
_GO_ON = "Run the same command again to go on"


@dataclass(frozen=True)
class Law:
    """What every worker must have: the same content, read by the same engine."""

    digest: str
    engine: str = ENGINE_VERSION


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """A client of the scheduler at an address; None without an address.

    Raises:
        InputProblems: distributed is not installed, the scheduler does not answer or has no worker.
    """
    if not address:
        yield None
        return
    client = _client(address)
    try:
        yield client
    finally:
        client.close(timeout=PATIENCE)


def _client(address: str) -> Any:
    dask = _distributed()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what concerns the user is said below
    try:
        client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError):
        fix = "Give it as tcp://HOST:PORT of a running dask scheduler"
        raise InputProblems([Problem("the scheduler does not answer", address, fix=fix)]) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close()
        fix = f"Start one: dask worker {address}"
        raise InputProblems([Problem("the scheduler has no worker", address, fix=fix)]) from None
    return client


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        fix = "pip install 'dedere[scale]'"
        raise InputProblems([Problem("--scheduler needs distributed, which is not installed", fix=fix)]) from None


def counts(client: Any, order: Order, law: Law, parts: Iterator[Part]) -> Iterator[tuple[Count, Part]]:
    """What came of each part, as the workers finish.

    Raises:
        InternalError: a worker could not do a part, or the scheduler went away.
    """
    dask = _distributed()
    try:
        yield from _handed_out(dask, client, order, law, parts)
    except (dask.KilledWorker, dask.core.CommClosedError, dask.client.FutureCancelledError):
        raise InternalError(f"the scheduler or too many of its workers ended. {_GO_ON}") from None


def _handed_out(dask: Any, client: Any, order: Order, law: Law, parts: Iterator[Part]) -> Iterator[tuple[Count, Part]]:
    """Never more parts in hand than keep the workers busy, however many join."""
    running: dict[Any, Part] = {}
    finished = dask.as_completed(loop=client.loop)
    for part in parts:
        future = client.submit(do, order, law, part, pure=False)
        running[future] = part
        finished.add(future)
        if len(running) >= _AHEAD * max(1, sum(client.nthreads().values())):
            yield _result(next(finished), running)
    while running:
        yield _result(next(finished), running)


def _result(future: Any, running: dict[Any, Part]) -> tuple[Count, Part]:
    said = future.result()
    if isinstance(said, str):
        raise InternalError(f"a worker could not do its part: {said}. {_GO_ON}")
    return said, running.pop(future)


_mine = threading.local()


def do(order: Order, law: Law, part: Part) -> Count | str:
    """On a worker: a part, or in words why not. Nothing is raised, since a worker logs what raised with its data."""
    try:
        return _worker(order, law).do(part)
    except FileNotFoundError:
        return "it does not see the input or the folder of parts, which must be on storage that all workers share"
    except DedereError as error:
        return str(error)
    except Exception as error:
        return f"{type(error).__name__}"


def _worker(order: Order, law: Law) -> Worker:
    """The thread's worker for an order, made once."""
    if getattr(_mine, "order", None) != (order, law):
        engine = load_engine()
        if Law(engine.pack.digest) != law:
            raise InternalError("it has other law content or another version of Dedere")
        _mine.worker, _mine.order = Worker(engine, order), (order, law)
    worker: Worker = _mine.worker
    return worker
