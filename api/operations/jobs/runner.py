"""The runner: claims jobs of all workspaces in turn and works on them, a slice of time each.

Any number of runners may share a database, in threads, processes or nodes. One that is killed loses
the part it was working on, which another evaluates again when the lease has run out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.operations.jobs.beat import beating
from api.operations.jobs.chores import Chore, run_due
from api.operations.jobs.leases import (
    ATTEMPTS,
    Claim,
    LeaseLost,
    Part,
    Said,
    attempts_of,
    claim,
    finish,
    give_up,
    lease_end,
    let_go,
    next_part,
    options_of,
    renew,
    waiting,
    write_results,
)
from api.storage.errors import Unavailable
from api.storage.store import Store

ACTOR = "sys_jobs"


@dataclass(frozen=True, slots=True)
class Task:
    """What a handler may know of the job whose lines it gets."""

    store: Store
    workspace: str
    job: str
    actor: str
    options: Mapping[str, Any]
    stopping: Callable[[], bool]


#: Gives one result for each line, in order, or raises; it may be asked again for the same lines.
Handler = Callable[[Task, Sequence[bytes]], Sequence[Said]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a lease holds, how long one job is worked on while others wait, how often to look for work."""

    lease: timedelta = timedelta(seconds=30)
    slice: timedelta = timedelta(seconds=10)
    look: timedelta = timedelta(seconds=1)


class Stopped(Exception):
    """A handler gives up a part because the runner is stopping; nothing is wrong with the job."""


def run_jobs(
    store: Store,
    kinds: Mapping[str, Handler],
    stop: threading.Event,
    chores: Sequence[Chore] = (),
    pace: Pace | None = None,
) -> None:
    """Work until the event is set. A database that is away is waited for."""
    runner = Runner(store, kinds, stop, chores, pace or Pace())
    while not stop.is_set():
        worked = False
        with suppress(Unavailable):
            worked = runner.turn()
        if not worked:
            stop.wait(runner.pace.look.total_seconds())


class Runner:
    """One runner; a thread of its own."""

    def __init__(
        self, store: Store, kinds: Mapping[str, Handler], stop: threading.Event, chores: Sequence[Chore], pace: Pace
    ) -> None:
        self.store, self.kinds, self.stop, self.chores, self.pace = store, kinds, stop, chores, pace
        self._last = ""

    def turn(self) -> bool:
        """Do the chores that are due, then a slice of one job; False if there was neither."""
        did = run_due(self.store, self.chores, self.stop) > 0
        for workspace in self._in_turn(waiting(self.store, list(self.kinds))):
            with self.store.write(workspace, ACTOR) as tx:
                claimed = claim(tx, list(self.kinds), self._lease_end())
            if claimed is not None:
                self._last = workspace
                self._work(claimed)
                return True
        return did

    def _in_turn(self, names: list[str]) -> list[str]:
        """No workspace waits for another one's large job: after each slice the next has its turn."""
        return [name for name in names if name > self._last] + [name for name in names if name <= self._last]

    def _lease_end(self) -> str:
        return lease_end(self.store, self.pace.lease)

    def _work(self, claimed: Claim) -> None:
        every = self.pace.lease.total_seconds() / 3
        with suppress(LeaseLost), beating(lambda: self._renewed(claimed), every) as lost:
            until = time.monotonic() + self.pace.slice.total_seconds()
            while not self.stop.is_set() and not lost.is_set() and time.monotonic() < until:
                if self._one_part(claimed, lost):
                    return
        with self.store.write(claimed.workspace, ACTOR) as tx:
            let_go(tx, claimed, attempts=0)

    def _renewed(self, claimed: Claim) -> bool:
        with self.store.write(claimed.workspace, ACTOR) as tx:
            return renew(tx, claimed, self._lease_end())

    def _one_part(self, claimed: Claim, lost: threading.Event) -> bool:
        """Evaluate a part and write what came of it; True if the job is not to be worked on any more.

        Raises:
            LeaseLost: the runner is stopping, the job was taken away meanwhile, or the database is away.
        """
        try:
            part, results = self._evaluated(claimed, lost)
        except (LeaseLost, Unavailable, Stopped):
            raise LeaseLost from None
        except Exception:  # whatever it is, it may hold case content, and the other jobs must go on
            self._put_back(claimed)
            return True
        with self.store.write(claimed.workspace, ACTOR) as tx:
            if part is None:
                finish(tx, claimed)
            else:
                write_results(tx, claimed, part, results, self._lease_end())
        return part is None

    def _evaluated(self, claimed: Claim, lost: threading.Event) -> tuple[Part | None, Sequence[Said]]:
        """The next part and what the handler makes of it; no part if all are done."""

        def stopping() -> bool:
            return self.stop.is_set() or lost.is_set()

        with self.store.read(claimed.workspace) as tx:
            part, options = next_part(tx, claimed), options_of(tx, claimed)
        if part is None:
            return None, []
        task = Task(self.store, claimed.workspace, claimed.job, claimed.actor, options, stopping)
        results = self.kinds[claimed.kind](task, part.lines)
        if len(results) != len(part.lines):
            raise ValueError("a handler gives one result for each line")
        return part, results

    def _put_back(self, claimed: Claim) -> None:
        """After a failure: try again later, and each time later still; at last give up."""
        with self.store.write(claimed.workspace, ACTOR) as tx:
            attempts = attempts_of(tx, claimed)
            if attempts >= ATTEMPTS:
                give_up(tx, claimed.job, "handler_failed")
            else:
                let_go(tx, claimed, until=lease_end(self.store, timedelta(seconds=2**attempts)))
