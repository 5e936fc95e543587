"""The keeper: one thread that starts worker processes, replaces those that died and ends those that hang.

It alone starts and reaps them, so that nobody else can signal a process number that is used again.
"""

from __future__ import annotations

import threading
import time
from multiprocessing import get_context
from multiprocessing.connection import wait

from api.settings import Settings
from api.workers.child import serve
from api.workers.messages import READY, error_in
from api.workers.settings import WorkerSettings
from api.workers.turns import Turns
from api.workers.worker import Worker
from engine.errors import DedereError, InternalError

#: Seconds between two looks at time limits; deaths are noticed at once.
TICK = 0.2
_SLOWEST, _DOUBLINGS = 5.0, 10  # seconds between two starts when workers cannot start, and how soon it is that long
# Workers are forked from a process that has our modules and nothing else, which takes a fraction of a fresh start.
# Never from the server: it has threads, and a lock that one of them holds would stay locked in the worker.
_processes = get_context("forkserver")
_processes.set_forkserver_preload([serve.__module__])


class Keeper(threading.Thread):
    """Keeps ``size`` workers ready."""

    def __init__(self, settings: Settings, limits: WorkerSettings, law: str) -> None:
        super().__init__(name="dedere worker keeper", daemon=True)
        self.order, self.size, self.law = (settings.model_dump_json(), limits.request_seconds), limits.workers, law
        self.workers: list[Worker] = []
        self.free: Turns[Worker] = Turns(limits.waiting)
        self.replaced = self.overdue = 0
        self.failure: DedereError | None = None
        self.settled = threading.Event()  # all workers became ready, or something kept one from it
        self._closing = threading.Event()
        self._failures, self._next_start = 0, 0.0

    def take(self, whose: str, seconds: float, *, again: bool = False) -> Worker:
        """A free worker, to be given back or left to die, when it is the workspace's turn.

        Raises:
            Busy: too much is waiting, none became free in time, or the service is closing.
        """
        until = time.monotonic() + seconds
        while True:
            worker = self.free.wait(self.free.enter(whose, again=again), until - time.monotonic())
            if not worker.gone:
                return worker
            again = True  # it has died since it was put back

    def give(self, worker: Worker) -> None:
        """Put a worker back that has answered."""
        self.free.give(worker)

    @property
    def ready(self) -> int:
        """How many workers are loaded and alive."""
        return sum(worker.ready and not worker.gone for worker in list(self.workers))

    def run(self) -> None:
        """Watch until closed; then end all workers."""
        try:
            while not self._closing.is_set():
                self._fill()
                self._look()
        finally:
            self._end_all()

    def close(self) -> None:
        """End all workers and wait until they are gone."""
        self._closing.set()
        self.join()

    def _fill(self) -> None:
        while len(self.workers) < self.size and time.monotonic() >= self._next_start:
            try:
                self.workers.append(self._new())
            except Exception:  # no memory, file or process number left, or what forks them is gone: all may pass
                self._back_off(InternalError("no worker process can be started"))

    def _new(self) -> Worker:
        ours, theirs = _processes.Pipe()
        with theirs:  # closed here, so that the pipe breaks when the process dies
            process = _processes.Process(target=serve, args=(theirs, *self.order), daemon=True)
            try:
                process.start()
            except BaseException:
                ours.close()
                raise
        return Worker(process, ours)

    def _look(self) -> None:
        starting: dict[object, Worker] = {worker.pipe: worker for worker in self.workers if not worker.ready}
        ended: dict[object, Worker] = {worker.process.sentinel: worker for worker in self.workers}
        happened = wait([*starting, *ended], TICK)  # type: ignore[list-item]
        for what in happened:
            if what in starting and not starting[what].gone:
                self._greet(starting[what])
        for what in happened:
            if what in ended:
                self._bury(ended[what])
        self.overdue += sum(worker.end_if_due() for worker in self.workers)

    def _greet(self, worker: Worker) -> None:
        """Hear the first words of a new worker."""
        try:
            said = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            worker.gone = True
            self._back_off(InternalError("a worker died while it loaded the law"))
            return
        digest = said[1:].decode() if said[:1] == READY else ""
        self.law = self.law or digest
        if digest and digest == self.law:
            self._failures, self.failure, worker.ready = 0, None, True
            self.free.give(worker)
            if self.ready == self.size:
                self.settled.set()
        else:
            changed = InternalError("the law content changed while the service was running; start it again")
            self._back_off(changed if digest else error_in(said[1:]))
            worker.condemn()

    def _bury(self, worker: Worker) -> None:
        worker.gone = True
        worker.process.join()
        self.workers.remove(worker)
        self.replaced += worker.ready
        self.free.withdraw(worker)  # it may have died idle

    def _back_off(self, failure: DedereError) -> None:
        self._failures, self.failure = self._failures + 1, failure
        self.settled.set()
        self._next_start = time.monotonic() + min(_SLOWEST, 0.1 * 2 ** min(self._failures, _DOUBLINGS))

    def _end_all(self) -> None:
        self.free.close()
        for worker in self.workers:
            worker.gone = True
            worker.process.kill()
        while self.workers:
            self._bury(self.workers[0])
