"""What stands before the application: host names, faults, headers, and a log without content.

A web page elsewhere could make a browser ask a service on loopback under a name of its own; requests
under names we do not know are refused. A fault is answered without its message. The log has the
route, the status and the time taken: no address as sent, no query, no body.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.faults import fault_line
from api.http.problems import fault, response

LOG = logging.getLogger("dedere.http")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self.app = app
        self.hosts = frozenset((*LOOPBACK, *hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, sent = time.perf_counter(), _Sent(send)
        try:
            if _host(Headers(scope=scope)) in self.hosts:
                await self.app(scope, receive, sent)
            else:
                await response(400, [fault("the host name of the request is not one of this service's")])(
                    scope, receive, sent
                )
        except Exception as error:
            LOG.error("%s", fault_line(error))
            if not sent.status:
                await response(500)(scope, receive, sent)
        LOG.info("%s %s %d %.0f ms", _method(scope), _route(scope), sent.status, (time.perf_counter() - started) * 1000)


class _Sent:
    """Sends, remembers the status, and adds headers."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await self.send(message)


def _host(headers: Headers) -> str:
    host = headers.get("host", "").strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _method(scope: MutableMapping[str, Any]) -> str:
    method = str(scope.get("method", ""))
    return method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "(other)"


def _route(scope: MutableMapping[str, Any]) -> str:
    return str(getattr(scope.get("route"), "path", "(no route)"))
