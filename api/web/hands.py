"""What is in hand: how many requests of each workspace this process works on at once, and who waits.

A workspace has at most ``TOGETHER`` in hand while another is there, ``ALONE`` while none is. So whoever comes
finds at most two requests of every other workspace beside his own, however many they send; and nobody holds
back a workspace that is alone, for a few requests are all that one interpreter can make use of.

All of this runs on the event loop; there are no locks.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager

from api.workers.errors import Busy

TOGETHER, ALONE = 2, 16
#: A workspace counts as there for so many seconds after it had something in hand.
PRESENT = 1.0
#: Longest time one waits.
SECONDS = 30.0
_Place = asyncio.Future[None]


class Hands:
    """Counts what is in hand, by workspace."""

    def __init__(self) -> None:
        self.inside: Counter[str] = Counter()
        self._left: dict[str, float] = {}
        self._waiting: dict[str, deque[_Place]] = {}

    async def take(self, whose: str) -> None:
        """Wait until one more of a workspace may be taken in hand; then it is.

        Raises:
            Busy: that took too long.
        """
        if whose not in self._waiting and self._may(whose):
            self.enter(whose)
            return
        place: _Place = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(whose, deque()).append(place)
        late = place.get_loop().call_later(SECONDS, self._send_away, whose, place)
        try:
            await place
        except asyncio.CancelledError:
            self._give_up(whose, place)
            raise
        finally:
            late.cancel()

    def enter(self, whose: str) -> None:
        """One more is in hand, waiting or not."""
        self.inside[whose] += 1

    def leave(self, whose: str) -> None:
        """One is out of hand: whoever waited longest of its workspace and now may is in."""
        self._left[whose] = time.monotonic()
        self.inside[whose] -= 1
        waiting = self._waiting.get(whose, deque())
        while waiting and self._may(whose):
            self.enter(whose)
            self._remove(whose, waiting[0]).set_result(None)
        if not self.inside[whose]:
            del self.inside[whose]

    def _may(self, whose: str) -> bool:
        inside = self.inside[whose]
        return inside < TOGETHER or (inside < ALONE and not self._others(whose))

    def _others(self, whose: str) -> bool:
        earliest = time.monotonic() - PRESENT
        self._left = {one: at for one, at in self._left.items() if at > earliest}
        return bool((self.inside.keys() | self._left.keys()) - {whose})

    def _send_away(self, whose: str, place: _Place) -> None:
        if not place.done():
            self._remove(whose, place).set_exception(Busy("too many requests of this workspace are waiting"))

    def _give_up(self, whose: str, place: _Place) -> None:
        """Whoever waited was cancelled, perhaps just as its turn had come."""
        if place.cancelled():
            self._remove(whose, place)
        elif place.exception() is None:
            self.leave(whose)

    def _remove(self, whose: str, place: _Place) -> _Place:
        self._waiting[whose].remove(place)
        if not self._waiting[whose]:
            del self._waiting[whose]
        return place


class InHand:
    """One request that was taken in hand; it may go away and come back, and leaves once."""

    def __init__(self, hands: Hands, whose: str) -> None:
        self.hands, self.whose, self.here = hands, whose, True
        self._loop = asyncio.get_running_loop()

    def leave(self) -> None:
        """It is out of hand, if it was not yet."""
        if self.here:
            self.here = False
            self.hands.leave(self.whose)

    def _back(self) -> None:
        self.here = True
        self.hands.enter(self.whose)

    @contextmanager
    def away(self) -> Iterator[None]:
        """For a handler's thread: it is out of hand for a block. Who comes back does not wait again."""
        self._loop.call_soon_threadsafe(self.leave)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._back)
