"""Connections: so many at once as there are files for, and none that only stands there.

A connection costs a file handle, and a service on Debian has 1,024 of them. Whoever opens a connection has to send
the head of a request in time, also of the next one; when there is no room, the connection that has stood idle longest
is closed for the new one. Where handles run out all the same, that is logged once a minute, and not for every try.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from typing import Any

import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

LOG = structlog.get_logger()
#: The head of a request has so many seconds to come.
HEAD_SECONDS = 15.0
#: File handles for the database, workers, logs and what libraries open; the rest is for connections.
RESERVED = 200
MOST, LEAST = 8_000, 50
_WANTED = MOST + RESERVED
_SAID_EVERY = 60.0


def take_files() -> int:
    """Take as many file handles as the system gives without asking; gives how many connections there may be."""
    if sys.platform == "win32":
        return LEAST * 8
    import resource  # noqa: PLC0415 - there is none on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return MOST if soft == resource.RLIM_INFINITY else max(LEAST, min(MOST, soft - RESERVED))


class Seldom:
    """Says something once a minute at most, with how often it happened since."""

    def __init__(self, event: str) -> None:
        self.event, self.count, self._next = event, 0, 0.0

    def say(self) -> None:
        """It happened."""
        self.count += 1
        now = time.monotonic()
        if now >= self._next:
            LOG.error(self.event, count=self.count)
            self.count, self._next = 0, now + _SAID_EVERY


_FULL = Seldom("too many connections at once: idle ones are closed")
_NO_FILES = Seldom("no file handles left (raise LimitNOFILE or ulimit -n): no connection can be accepted")


class Connection(H11Protocol):
    """One connection, with a time limit for heads and a bound on how many there are."""

    most = LEAST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let it in; if there is no room, the one that stands idle longest goes."""
        self._late: asyncio.TimerHandle | None = None
        self._idle_since = self.loop.time()
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > self.most:
            _FULL.say()
            idle = [one for one in self.connections if isinstance(one, Connection) and not one.busy]
            min(idle, key=lambda one: one._idle_since, default=self).go()

    @property
    def busy(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        """Something came; whoever trickles gets no more time."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """From now on the next head is waited for."""
        self._idle_since = self.loop.time()
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._forget()
        super().connection_lost(exc)

    def go(self) -> None:
        """Close it."""
        self._forget()
        if not self.transport.is_closing():
            self.transport.abort()
        self.connections.discard(self)

    def _watch(self) -> None:
        if self.busy or self.transport.is_closing():
            self._forget()
        elif self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self.go)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def on_loop_fault(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handle what went wrong outside of any request: of handles that ran out asyncio tells thousands of times."""
    if str(context.get("message", "")).startswith("socket.accept() out of system resource"):
        _NO_FILES.say()
    else:
        loop.default_exception_handler(context)
