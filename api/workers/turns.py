"""Free workers, handed to whoever has waited longest.

The standard queues give a worker to the thread that happens to run, often the one that has just
put it back; under load a request could then wait for seconds while others pass it.
"""

from __future__ import annotations

import queue
import threading
from collections import deque

from api.workers.worker import Worker

_Place = queue.SimpleQueue[Worker | None]


class Turns:
    """The free workers, or else those who wait for one; never both."""

    def __init__(self) -> None:
        self._free: deque[Worker] = deque()
        self._waiting: deque[_Place] = deque()
        self._lock = threading.Lock()
        self.closed = False

    def give(self, worker: Worker) -> None:
        """A worker is free."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().put(worker)
            else:
                self._free.append(worker)

    def take(self, seconds: float) -> Worker | None:
        """A free worker; None if none became free in time or ever will."""
        with self._lock:
            self._sweep()
            if self._free or self.closed:
                return self._free.popleft() if self._free else None
            place: _Place = queue.SimpleQueue()
            self._waiting.append(place)
        try:
            return place.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return self._leave(place)

    def _leave(self, place: _Place) -> Worker | None:
        with self._lock:
            if place in self._waiting:
                self._waiting.remove(place)
                return None
        return place.get()  # a worker was handed over just as the time was up

    def sweep(self) -> None:
        """Forget free workers that died."""
        with self._lock:
            self._sweep()

    def _sweep(self) -> None:
        self._free = deque(worker for worker in self._free if not worker.gone)

    def close(self) -> None:
        """No worker will be free any more: whoever waits is told."""
        with self._lock:
            self.closed = True
            while self._waiting:
                self._waiting.popleft().put(None)
