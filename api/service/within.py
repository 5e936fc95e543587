"""A limit of time for what is computed in the service's own process, such as previews and pages.

Worker processes are ended when they take too long; a thread cannot be. So one more thread looks on and raises an
exception in whichever thread is over its time. Only computing may stand in such a block: no transaction, no lock.
"""

from __future__ import annotations

import ctypes
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.workers.errors import TookTooLong

#: Longest time that one preview, or one part of a page, may be computed.
SECONDS = 10.0
_AGAIN = 1.0  # seconds until whoever caught the exception on its way gets it once more
_raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc


class OverTime(TookTooLong):
    """What was computed here was still not done at its time limit; nothing was stored."""


@dataclass(eq=False, slots=True)
class _Bound:
    thread: int
    until: float


class _Onlooker:
    """The thread that looks on; started when it is first needed."""

    def __init__(self) -> None:
        self._bounds: set[_Bound] = set()
        self._changed = threading.Condition(threading.Lock())
        self._thread: threading.Thread | None = None
        self._wakes = math.inf

    def enter(self, seconds: float) -> _Bound:
        """Look on from now."""
        bound = _Bound(threading.get_ident(), time.monotonic() + seconds)
        with self._changed:
            self._bounds.add(bound)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="onlooker", daemon=True)
                self._thread.start()
            if bound.until < self._wakes:
                self._changed.notify()
        return bound

    def leave(self, bound: _Bound) -> None:
        """Look away; what is on its way to the thread is called back, or comes here."""
        while bound in self._bounds:
            try:
                with self._changed:
                    self._bounds.discard(bound)
            except OverTime:
                continue
        _raise_in(ctypes.c_ulong(bound.thread), None)

    def _look(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for bound in self._bounds:
                    if bound.until <= now:
                        bound.until = now + _AGAIN
                        _raise_in(ctypes.c_ulong(bound.thread), ctypes.py_object(OverTime))
                self._wakes = min((bound.until for bound in self._bounds), default=math.inf)
                self._changed.wait(None if self._wakes == math.inf else max(0.0, self._wakes - now))


_onlooker = _Onlooker()


@contextmanager
def within(seconds: float | None = None) -> Iterator[None]:
    """End what the block computes after some seconds, ``SECONDS`` unless said.

    Raises:
        OverTime: it was not done in time.
    """
    bound = _onlooker.enter(SECONDS if seconds is None else seconds)
    try:
        yield
    finally:
        _onlooker.leave(bound)
