"""Compressed answers of the API, for whoever accepts gzip.

Pages are left as they are: they hold form tokens beside what somebody typed, and the length of both together,
compressed, would tell of the token. An answer of the API goes to whoever holds a key, and has no such secret.
"""

from __future__ import annotations

import zlib

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: An answer so small gains nothing.
SMALLEST = 1_000
#: One so large is compressed in a thread, so that no other request waits for it.
LARGE = 100_000
#: What has the form of text; documents and pictures are compressed already.
_TEXTS = ("application/json", "application/problem+json", "application/x-ndjson", "text/")
_LEVEL = 5
_GZIP = 31


class Compressed:
    """ASGI middleware that compresses what the API answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and (scope["path"].startswith("/v1/") or scope["path"] == "/openapi.json"):
            send = _Sending(send, wanted=accepts_gzip(Headers(scope=scope).get("accept-encoding", "")))
        await self.app(scope, receive, send)


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding names gzip, or everything, with a weight above zero."""
    found = dict[str, float]()
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        try:
            found[name.strip()] = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            found[name.strip()] = 0.0
    return found.get("gzip", found.get("*", 0.0)) > 0


class _Sending:
    """Sends one answer; its head waits until it is known how large it is."""

    def __init__(self, send: Send, *, wanted: bool) -> None:
        self.send, self.wanted = send, wanted
        self.start: Message | None = None
        self.packer: zlib._Compress | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        if message["type"] == "http.response.body":
            message = await self._body(message)
        await self.send(message)

    async def _body(self, message: Message) -> Message:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self.start is not None:
            start, self.start = self.start, None
            headers = MutableHeaders(scope=start)
            headers.add_vary_header("accept-encoding")
            if self.wanted and (more or len(body) >= SMALLEST) and _text(headers):
                self.packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
                body = await self._packed(body, more=more)
                headers["content-encoding"] = "gzip"
                del headers["content-length"]
                if not more:
                    headers["content-length"] = str(len(body))
            await self.send(start)
        elif self.packer is not None:
            body = await self._packed(body, more=more)
        return {**message, "body": body}

    async def _packed(self, body: bytes, *, more: bool) -> bytes:
        return await run_in_threadpool(self._pack, body, more) if len(body) > LARGE else self._pack(body, more)

    def _pack(self, body: bytes, more: bool) -> bytes:
        packer = self.packer or zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        return packer.compress(body) + (b"" if more else packer.flush())


def _text(headers: Headers) -> bool:
    return "content-encoding" not in headers and headers.get("content-type", "").startswith(_TEXTS)
