"""Pools over Toyland, cases to send, and what a process shows of itself."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.settings import Settings
from api.workers.pool import Chaining
from api.workers.settings import WorkerSettings
from tests.conftest import TOYLAND

LAW = Settings(content=TOYLAND, cache=False)
CASE: dict[str, Any] = {
    "case": "rag-doll",
    "assessed_on": "1950-06-01",
    "facts": {
        "requesting_state": {"value": "AND", "standing": "established"},
        "requested_state": {"value": "MCO", "standing": "established"},
        "ground_up": {"value": True, "standing": "asserted", "by": "person"},
    },
    "counts": [{"id": "vase", "title": "The vase", "broke_vase": True}, {"id": "jug", "title": "The jug"}],
}


@contextmanager
def pool(workers: int = 2, settings: Settings = LAW, **limits: Any) -> Iterator[Chaining]:
    """A pool that is closed again."""
    opened = Chaining(settings, WorkerSettings(workers=workers, **limits))
    try:
        yield opened
    finally:
        opened.close(5)


def case(reference: str, **facts: Any) -> bytes:
    """The case under another reference, with other facts."""
    return json.dumps({**CASE, "case": reference, "facts": {**CASE["facts"], **facts}}).encode()


def until(what: Callable[[], Any], seconds: float = 30) -> Any:
    """Wait until something holds; fail after a while."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never came to pass"
        time.sleep(0.02)
    return found


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead but not reaped does not."""
    try:
        return status(pid)["State"][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def status(pid: int) -> dict[str, str]:
    """What the kernel says of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def kilobytes(pid: int) -> int:
    """Memory of a process that is in use."""
    return int(status(pid)["VmRSS"].split()[0])


def handles(pid: int) -> int:
    """How many files and pipes a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))
