"""A receiver of webhooks that listens on this machine, can go down and come back, and remembers what came."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

import time_machine
from standardwebhooks import Webhook

from api.operations.webhooks.endpoints import register
from api.operations.webhooks.kinds import KINDS
from api.operations.webhooks.sending import Sender
from api.operations.webhooks.settings import WebhookSettings
from api.operations.webhooks.urls import Gate
from api.storage.store import Store

ME = "usr_one"


@dataclass
class Got:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def signed_with(self, secret: str) -> dict[str, Any]:
        """The body, after the library verified it at the time of sending."""
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        with time_machine.travel(at, tick=False):
            return dict(Webhook(secret).verify(self.body, self.headers))


@dataclass
class Receiver:
    """Answers with ``answers`` in their order, then with ``always``."""

    always: tuple[int, dict[str, str]] = (204, {})
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    got: list[Got] = field(default_factory=list)
    port: int = 0
    _lock: Lock = field(default_factory=Lock)

    def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?token=canary-token"

    def take(self, got: Got) -> tuple[int, dict[str, str]]:
        """Remember a request and give the answer to it."""
        with self._lock:
            self.got.append(got)
            return self.answers.pop(0) if self.answers else self.always


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that end early, as those of refused certificates, are expected here."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, extra = receiver.take(Got(self.path, headers, body))
            self.send_response(status)
            for name, value in {**extra, "content-length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


def local_gate(port: int) -> Gate:
    """The gate of an installation for development: http, this machine, one port."""
    return Gate(WebhookSettings(http=True, ports=str(port), networks="127.0.0.0/8"))


def local_sender(port: int, timeout: float = 5.0) -> Sender:
    """A sender through that gate."""
    return Sender(local_gate(port), timeout=timeout)


def registered(store: Store, workspace: str, receiver: Receiver, kinds: Any = tuple(KINDS)) -> tuple[str, str]:
    """The id and secret of a new endpoint at a receiver."""
    checked = local_gate(receiver.port).check(receiver.url)
    with store.write(workspace, ME) as tx:
        said, secret = register(tx, checked, kinds)
    return said.id, secret
