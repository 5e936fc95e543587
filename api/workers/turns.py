"""Free workers, handed to the workspaces in turn.

Each workspace has a queue of its own, first come, first served. A worker that becomes free goes to the
workspace that was served longest ago of those that wait, so that nobody waits while another is served twice.
When all waiting places are taken, a newcomer takes that of the last in the longest queue, if his own queue
stays the shorter one; else he is refused. So with ``p`` places and ``k`` workspaces that wait each can have
``p // k`` of them: one that has fewer finds another that has more, and who is put out leaves that many behind.

The standard queues give a worker to the thread that happens to run, often the one that has just
put it back; under load a request could then wait for seconds while others pass it.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections import deque
from contextlib import suppress
from typing import Generic, TypeVar

from api.workers.errors import Busy

Free = TypeVar("Free")


class Place(Generic[Free]):
    """One who waits, and what is handed to him: something free, or why he waits in vain."""

    def __init__(self, whose: str) -> None:
        self.whose = whose
        self.handed: queue.SimpleQueue[Free | Busy] = queue.SimpleQueue()


class Turns(Generic[Free]):
    """What is free, or else those who wait for it; never both."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._free: deque[Free] = deque()
        self._waiting: dict[str, deque[Place[Free]]] = {}  # by workspace, in the order they began to wait; none empty
        self._served: dict[str, int] = {}  # when a workspace was last handed something; forgotten once nobody waits
        self._numbers = itertools.count(1)
        self._lock, self._closed = threading.Lock(), False

    def give(self, free: Free) -> None:
        """Something is free: it goes to whose turn it is."""
        with self._lock:
            if not self._waiting:
                self._free.append(free)
                return
            whose = min(self._waiting, key=lambda one: self._served.get(one, 0))
            self._served[whose] = next(self._numbers)
            self._leave(self._waiting[whose][0], free)

    def withdraw(self, free: Free) -> None:
        """Something that may be free is so no more."""
        with self._lock, suppress(ValueError):
            self._free.remove(free)

    def enter(self, whose: str, *, again: bool = False) -> Place[Free]:
        """A place to wait at; ``again`` is for one who was served in vain: before the others, and never refused.

        Raises:
            Busy: all places are taken and it is not the workspace's turn to have one, or nothing will ever be free.
        """
        place: Place[Free] = Place(whose)
        with self._lock:
            if self._free:
                place.handed.put(self._free.popleft())
            elif self._closed:
                raise Busy("the service is closing")
            else:
                self._queue(place, again=again)
        return place

    def wait(self, place: Place[Free], seconds: float) -> Free:
        """What is handed to a place.

        Raises:
            Busy: nothing in time, the place was lost to a workspace that had fewer, or nothing will ever be free.
        """
        try:
            handed = place.handed.get(timeout=max(0.0, seconds))
        except queue.Empty:
            self._give_up(place)
            handed = place.handed.get()
        if isinstance(handed, Busy):
            raise handed
        return handed

    def close(self) -> None:
        """Nothing will be free any more: whoever waits is told."""
        with self._lock:
            self._closed = True
            for place in list(itertools.chain(*self._waiting.values())):
                self._leave(place, Busy("the service is closing"))

    def _queue(self, place: Place[Free], *, again: bool) -> None:
        if not again and sum(map(len, self._waiting.values())) >= self.places:
            self._make_room(place.whose)
        mine = self._waiting.setdefault(place.whose, deque())
        if again:
            mine.appendleft(place)
        else:
            mine.append(place)

    def _make_room(self, whose: str) -> None:
        """Put out the last in the longest queue, if that makes the queues more alike."""
        busy, longest = Busy("too many assessments are waiting"), max(self._waiting.values(), key=len, default=deque())
        if len(self._waiting.get(whose, ())) + 1 >= len(longest):
            raise busy
        self._leave(longest[-1], busy)

    def _give_up(self, place: Place[Free]) -> None:
        """Leave, unless something was handed over just as the time was up."""
        with self._lock:
            if place in self._waiting.get(place.whose, ()):
                self._leave(place, Busy("no worker became free in time"))

    def _leave(self, place: Place[Free], handed: Free | Busy) -> None:
        mine = self._waiting[place.whose]
        mine.remove(place)
        if not mine:
            del self._waiting[place.whose]
        if not self._waiting:
            self._served.clear()
        place.handed.put(handed)
