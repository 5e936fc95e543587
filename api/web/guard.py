"""What stands before the application: host names, faults, headers, and a log without content.

A web page elsewhere could make a browser ask a service on loopback under a name of its own; requests
under names we do not know are refused. A fault is answered without its message. The log has the
route, the status and the time taken: no address as sent, no query, no body.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.operations.observe.faults import place_of
from api.operations.observe.metrics import FAULTS, INSIDE, answered
from api.storage.ids import new_id
from api.web.problems import REQUEST_ID, fault, response

LOG = structlog.get_logger()
_ID = re.compile(r"[A-Za-z0-9_.\-]{8,64}")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-frame-options": "DENY",
}
Failed = Callable[[Scope], ASGIApp]
_BEHIND_TLS = "max-age=31536000; includeSubDomains"


class Guard:
    """ASGI middleware around the whole application; ``failed`` makes the answer to a request that we failed at."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = (), failed: Failed = lambda _: response(500)) -> None:
        self.app, self.failed = app, failed
        self.hosts = frozenset((*LOOPBACK, *hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        name = _request_id(headers)
        scope.setdefault("state", {})["request_id"] = name
        REQUEST_ID.set(name)
        started, sent = time.perf_counter(), _Sent(send, name, tls=scope.get("scheme") == "https")
        with INSIDE.track_inprogress():
            await self._answer(scope, receive, sent, self._refusal(headers))
        _tell(scope, sent, time.perf_counter() - started)

    def _refusal(self, headers: Headers) -> ASGIApp | None:
        """What is answered to a request that goes no further, if it does not."""
        if "content-length" in headers and "transfer-encoding" in headers:
            return _ambiguous()
        return None if _host(headers) in self.hosts else _stranger()

    async def _answer(self, scope: Scope, receive: Receive, sent: _Sent, refusal: ASGIApp | None) -> None:
        try:
            await (refusal or self.app)(scope, receive, sent)
        except Exception as error:
            FAULTS.inc()
            LOG.error("fault", error=type(error).__name__, place=place_of(error), request=sent.request)
            if not sent.status:
                await self.failed(scope)(scope, receive, sent)


def _stranger() -> ASGIApp:
    return response(400, [fault("the host name of the request is not one of this service's")])


def _ambiguous() -> ASGIApp:
    """Two servers could disagree where such a request ends and the next begins, so the connection ends with it."""
    said = fault("a request has either Content-Length or Transfer-Encoding")
    return response(400, [said], {"connection": "close"})


def _tell(scope: Scope, sent: _Sent, seconds: float) -> None:
    """Count and log what was answered: the route as it is written in the code, never the address as sent."""
    method, route = _method(scope), _route(scope)
    answered(method, route, sent.status, seconds)
    LOG.info(
        "answered", method=method, route=route, status=sent.status, ms=round(seconds * 1000, 1), request=sent.request
    )


class _Sent:
    """Sends, remembers the status, and adds headers."""

    def __init__(self, send: Send, request: str, *, tls: bool) -> None:
        self.send, self.request, self.tls = send, request, tls
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers["x-request-id"] = self.request
            if self.tls:
                headers["strict-transport-security"] = _BEHIND_TLS
        await self.send(message)


def _request_id(headers: Headers) -> str:
    """The caller's own id of the request if it is one, or a new one."""
    given = headers.get("x-request-id", "")
    return given if _ID.fullmatch(given) else new_id("req")


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
