"""The door: requests wait here until their workspace may have one more in hand, before anything is done for them.

All requests share one interpreter, which does one thing at a time. A workspace that sends two hundred at once
would have nearly all of every moment, even if each is refused; here they cost a connection each. A request is
in hand until its answer begins, but not while it waits for a worker process, where workspaces have their turns.

Whose a request is was learned when the same key or session came in before; nothing else rests on it.
Whoever is not known passes, and is known from then on.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.hands import Hands, InHand
from api.workers.away import AWAY
from api.workers.errors import Busy

#: A refusal is told after so many seconds: it costs as much as a preview, and many come back for it at once.
REFUSAL = 0.05
_REFUSALS = (429, 503)
_KNOWN = 10_000
Refuse = Callable[[Request, Exception], Awaitable[Response]]


class Door:
    """ASGI middleware. ``cookie`` is the name of that which holds a session, ``refuse`` answers who waited too long."""

    def __init__(self, app: ASGIApp, cookie: str, refuse: Refuse) -> None:
        self.app, self.cookie, self.refuse = app, cookie, refuse
        self.hands = Hands()
        self._known: OrderedDict[bytes, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        mark = self._mark(scope) if scope["type"] == "http" else b""
        whose = self._known.get(mark, "")
        if whose:
            await self._in_turn(whose, scope, receive, send)
        else:
            await self.app(scope, receive, send)
            self._learn(mark, scope)

    async def _in_turn(self, whose: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.hands.take(whose)
        except Busy as busy:
            await (await self.refuse(Request(scope), busy))(scope, receive, send)
            return
        held = InHand(self.hands, whose)

        async def sent(message: Message) -> None:
            if message.get("status") in _REFUSALS:
                await asyncio.sleep(REFUSAL)
            held.leave()  # a client that reads slowly keeps nobody waiting
            await send(message)

        before = AWAY.set(held.away)
        try:
            await self.app(scope, receive, sent)
        finally:
            AWAY.reset(before)
            held.leave()

    def _mark(self, scope: Scope) -> bytes:
        """What stands for a key or a session; the same however its header is spelled."""
        asked = HTTPConnection(scope)
        key = asked.headers.get("authorization", "").partition(" ")[2].strip()
        token = key or asked.cookies.get(self.cookie, "")
        return sha256(token.encode()).digest() if token else b""

    def _learn(self, mark: bytes, scope: Scope) -> None:
        whose = scope.get("state", {}).get("whose", "")
        if mark and whose:
            self._known[mark] = whose
            while len(self._known) > _KNOWN:
                self._known.popitem(last=False)
