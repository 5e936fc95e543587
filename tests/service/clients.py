"""Clients that write on without end, as a case tracker does: each request has its own Idempotency-Key and is
sent again, unchanged, until it is answered.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.api.http.support import CASE

OTHER = {**CASE, "counts": [{"id": "vase", "broke_vase": "no"}]}
#: Between two tries of a client that finds nobody.
_PAUSE = 0.2


@dataclass
class Seen:
    """What clients were told. ``kept`` has the matter, its latest version and its assessment by reference."""

    kept: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    acknowledged: dict[str, Any] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    sent_again: int = 0
    wrong: list[str] = field(default_factory=list)


class Writer(threading.Thread):
    """Makes matters, saves a second version of their facts, and has them assessed."""

    def __init__(self, url: str, key: str, name: str, seen: Seen) -> None:
        super().__init__(name=name, daemon=True)
        self.url, self.seen, self.number = url, seen, 0
        self.headers = {"authorization": f"Bearer {key}"}
        self.stopping, self.pausing, self.idle = threading.Event(), threading.Event(), threading.Event()

    def run(self) -> None:
        """Write until told to stop; a reference begun is finished."""
        with httpx.Client(base_url=self.url, headers=self.headers, timeout=30) as http:
            while not self.stopping.is_set():
                self.number += 1
                self.one(http, f"{self.name}/{self.number}")

    def one(self, http: httpx.Client, reference: str) -> None:
        """One matter with all that is done with it."""
        matter = self.send(http, "POST", "/v1/matters", {"reference": reference, "case": CASE})["id"]
        saved = self.send(http, "PUT", f"/v1/matters/{matter}/facts", OTHER, {"if-match": '"v1"'})
        assessed = self.send(http, "POST", f"/v1/matters/{matter}/assessments", {})
        self.seen.kept[reference] = (matter, saved["version"], assessed["id"])
        if assessed["outcome"] != "inadmissible":
            self.seen.wrong.append(reference)

    def send(self, http: httpx.Client, method: str, path: str, body: Any, headers: Any = None) -> Any:
        """The answer to a write, which is sent until there is one. What is refused for good is noted as wrong."""
        key = str(uuid.uuid4())
        sent = {**(headers or {}), "idempotency-key": key}
        while True:
            try:
                answer = http.request(method, path, json=body, headers=sent)
            except httpx.TransportError:
                self.seen.sent_again += 1
                time.sleep(_PAUSE)
                continue
            self.seen.statuses[answer.status_code] += 1
            if answer.status_code < 300:
                self.seen.acknowledged[key] = answer.json()
                return answer.json()
            if answer.status_code != 503:
                self.seen.wrong.append(f"{method} {answer.status_code}")
                raise AssertionError(f"{method} {path}: {answer.text[:300]}")
            self.seen.sent_again += 1
            time.sleep(_PAUSE)


def writers(url: str, key: str, seen: Seen, number: int = 4) -> list[Writer]:
    """Some clients that are writing."""
    made = [Writer(url, key, f"client-{one}", seen) for one in range(number)]
    for one in made:
        one.start()
    return made


def finish(clients: list[Writer]) -> None:
    """Let clients finish what they have begun."""
    for one in clients:
        one.stopping.set()
    for one in clients:
        one.join(60)
        assert not one.is_alive(), "a client is still waiting for an answer"


def until(what: Callable[[], object], seconds: float = 150) -> None:
    """Wait for something to be so."""
    last = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < last, "it did not happen in time"
        time.sleep(0.01)
