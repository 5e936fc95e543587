"""The door: requests wait here until their workspace may have one more in hand, before anything is done for them.

All requests share one interpreter, which does one thing at a time. A workspace that sends two hundred at once
would have nearly all of every moment, even if each is refused; here they cost a connection each. A request is
in hand until its answer begins, but not while it waits for a worker process, where workspaces have their turns.

Whose a request is was learned when the same key or session came in before; nothing else rests on it.
Whoever is not known passes, and is known from then on.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from hashlib import sha256

from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.hands import Hands, InHand
from api.workers.away import AWAY
from api.workers.errors import Busy

#: A refusal is told after so many seconds: it costs as much as a preview, and many come back for it at once.
REFUSAL = 0.05
_REFUSALS = (429, 503)
#: A body has so many seconds to come; a large one longer, as long as so many bytes come at a time.
BODY_SECONDS = 10.0
SWIFT = 1024
#: So much of a body is waited for before its request has a place; there is no larger one but batches.
MOST_COLLECTED = 2_000_000
_KNOWN = 10_000
Refuse = Callable[[Request, Exception], Awaitable[Response]]


class Body:
    """The body of one request, which has to come in time: a client that trickles has gone."""

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self._collected: deque[Message] = deque()
        self._until = asyncio.get_running_loop().time() + BODY_SECONDS
        self._complete = False

    async def in_time(self) -> Message:
        """The next message."""
        if self._collected:
            return self._collected.popleft()
        if self._complete:  # what comes now is only that the client goes
            return await self.receive()
        return await self._next()

    async def collect(self) -> None:
        """Wait until the body is there, or so much of it that what comes after is read as it comes.

        Raises:
            ClientDisconnect: the client has gone, or is too slow.
        """
        size = 0
        while not self._complete and size <= MOST_COLLECTED:
            message = await self._next()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            size += len(message.get("body", b""))
            self._collected.append(message)

    async def _next(self) -> Message:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self.receive()
        except TimeoutError:
            message = {"type": "http.disconnect"}
        self._until = max(self._until, loop.time() + 1) if len(message.get("body", b"")) >= SWIFT else self._until
        self._complete = message["type"] != "http.request" or not message.get("more_body")
        return message


def _ended(message: Message) -> bool:
    """Whether an answer says that a key or a session is valid no more."""
    leads = dict(message.get("headers", ())).get(b"location", b"")
    return message.get("status") == 401 or (message.get("status") == 303 and leads == b"/sign-in")


class Door:
    """ASGI middleware. ``cookie`` is the name of that which holds a session, ``refuse`` answers who waited too long."""

    def __init__(self, app: ASGIApp, cookie: str, refuse: Refuse) -> None:
        self.app, self.cookie, self.refuse = app, cookie, refuse
        self.hands = Hands()
        self._known: OrderedDict[bytes, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self._come_in(scope, Body(receive), send)
        except ClientDisconnect:
            await Response(status_code=408)(scope, receive, send)

    async def _come_in(self, scope: Scope, body: Body, send: Send) -> None:
        mark = self._mark(scope)
        whose = self._known.get(mark, "")
        if not whose:
            await self.app(scope, body.in_time, send)
            self._learn(mark, scope)
            return
        await body.collect()  # nobody has a place while his body is on the way
        await self._in_turn(whose, mark, scope, body.in_time, send)

    async def _in_turn(self, whose: str, mark: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.hands.take(whose)
        except Busy as busy:
            await (await self.refuse(Request(scope), busy))(scope, receive, send)
            return
        held = InHand(self.hands, whose)

        async def sent(message: Message) -> None:
            if message.get("status") in _REFUSALS:
                await asyncio.sleep(REFUSAL)
            if _ended(message):
                self._known.pop(mark, None)
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
