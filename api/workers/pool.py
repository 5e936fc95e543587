"""The pool: a case goes to a free worker process, the answer comes back, and a crash is nobody's outage.

A request whose worker died is tried once more on another one. The standard library's pools break
for good when a worker is killed, and so does Pebble's, whose workers share one pipe: here each
worker has a pipe of its own, so that one that dies takes nothing with it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.settings import Settings
from api.workers.away import AWAY
from api.workers.errors import Busy, WorkersLost
from api.workers.keeper import Keeper
from api.workers.messages import Form, Request, answered, plain
from api.workers.settings import WorkerSettings
from api.workers.worker import Died
from engine.errors import ContentProblems, InputProblems, InternalError
from engine.facts.reading import Reading

#: How many workers may die of one request.
ATTEMPTS = 2
_START_SECONDS = 120
Case = bytes | Mapping[str, Any]
Outcome = bytes | InputProblems | ContentProblems | InternalError | WorkersLost


@dataclass(frozen=True, slots=True)
class PoolState:
    """How the pool is: its size, how many workers are ready, requests inside, and what happened so far."""

    size: int
    ready: int
    inside: int
    replaced: int
    overdue: int


class Chaining:
    """Full assessments in worker processes. One instance serves all threads of a server."""

    def __init__(self, settings: Settings | None = None, limits: WorkerSettings | None = None, law: str = "") -> None:
        """Start the workers and wait until all have loaded the law; ``law`` is the identity it must have.

        Raises:
            ContentProblems: the law content has faults.
            InternalError: workers cannot start, or found another law.
        """
        self.limits = limits or WorkerSettings()
        self._keeper = Keeper(settings or Settings(), self.limits, law)
        self._inside, self._closing, self._changed = 0, False, threading.Condition()
        self._left = time.monotonic()  # when somebody was last inside
        self._keeper.start()
        if not self._keeper.settled.wait(_START_SECONDS) or self._keeper.failure:
            self._keeper.close()
            raise self._keeper.failure or InternalError("workers did not start in time")

    @property
    def law(self) -> str:
        """The identity of the law that the workers have."""
        return self._keeper.law

    @property
    def places(self) -> int:
        """How many assessments may be inside at once."""
        return self.limits.workers + self.limits.waiting

    def assess(
        self,
        case: Case,
        on: date | None = None,
        reading: Reading = "neutral",
        pack: str | None = None,
        *,
        whose: str = "",
        whole: bool = True,
    ) -> bytes:
        """The answer to a case, both as JSON; not the ``whole``, only the record of what both engines agree on.

        ``whose`` is the workspace that asks; what no workspace asks for takes its turn as one more.
        ``pack`` names another pack as ``api.law.packs.open_pack`` takes it, so it must not come from
        outside unchecked.

        Raises:
            InputProblems: the case cannot be assessed as it stands.
            ContentProblems: the named pack has faults.
            EnginesDisagree: the engines differ; there is no answer.
            Busy: too much is waiting.
            WorkersLost: the request ended two workers, or its time limit ended one.
        """
        sent = case if isinstance(case, bytes) else plain(case)
        with self._within(), AWAY.get()():
            form: Form = "answer" if whole else "record"
            return answered(self._reply(Request(sent, on, reading, pack or "", form), whose))

    def assess_many(
        self,
        cases: Iterable[Case],
        on: date | None = None,
        reading: Reading = "neutral",
        pack: str | None = None,
        form: Form = "answer",
    ) -> list[Outcome]:
        """The answer to each case in their order, in a form, or why there is none.

        Raises:
            Busy: too much is waiting.
        """

        def one(case: Case) -> Outcome:
            try:
                sent = case if isinstance(case, bytes) else plain(case)
                with self._within(), AWAY.get()():
                    return answered(self._reply(Request(sent, on, reading, pack or "", form), ""))
            except (InputProblems, ContentProblems, InternalError, WorkersLost) as error:
                return error

        with ThreadPoolExecutor(self.limits.workers) as threads:
            return list(threads.map(one, cases))

    def state(self) -> PoolState:
        """How the pool is just now."""
        keeper = self._keeper
        return PoolState(keeper.size, keeper.ready, self._inside, keeper.replaced, keeper.overdue)

    @property
    def quiet(self) -> float:
        """For how many seconds nothing has been inside."""
        return 0.0 if self._inside else time.monotonic() - self._left

    def pids(self) -> list[int]:
        """The process numbers of the workers that are ready."""
        return [worker.process.pid or 0 for worker in list(self._keeper.workers) if worker.ready and not worker.gone]

    def close(self, seconds: float = 30) -> None:
        """Take nothing more, let what runs finish for at most some seconds, end the workers."""
        with self._changed:
            self._closing = True
            self._changed.wait_for(lambda: self._inside == 0, seconds)
        self._keeper.close()

    @contextmanager
    def _within(self) -> Iterator[None]:
        """Closing waits for whoever is inside, and nobody comes in any more."""
        if self._closing:
            raise Busy("the service is closing")
        try:
            self._count(1)
            yield
        finally:
            self._count(-1)

    def _count(self, by: int) -> None:
        with self._changed:
            self._inside += by
            self._left = time.monotonic()
            self._changed.notify_all()

    def _reply(self, request: Request, whose: str) -> bytes:
        until, died, again = time.monotonic() + self.limits.waiting_seconds, 0, False
        while died < ATTEMPTS:
            worker = self._keeper.take(whose, until - time.monotonic(), again=again)
            try:
                reply = worker.ask(request, self.limits.request_seconds)
            except Died as death:
                worker.gone = again = True
                died += death.taken
            else:
                self._keeper.give(worker)
                return reply
        raise WorkersLost("two workers died of this assessment")
