"""One POST to a checked address: no redirects, no proxies, no reading of the answer beyond its head.

The connection goes to an address that the gate has just allowed, while TLS verifies the certificate
for the name; a name that resolves to something else a moment later changes nothing. All of it
together has fifteen seconds, however slowly the other side drips.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore2
import httpx2

from api.operations.webhooks.urls import Checked, Gate, Refused

TIMEOUT = 15.0  # seconds for the whole exchange
_ALWAYS = {"content-type": "application/json", "user-agent": "Dedere-Webhooks/1", "connection": "close"}


class NotSent(Exception):
    """There was no answer. ``reason``: timeout, unreachable, no_answer, or refused_ and the rule of the gate."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent, and where."""

    url: str = field(repr=False)
    body: str
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """The head of the answer: its status, and how long to leave the receiver alone."""

    status: int
    retry_after: str = ""


class Sender:
    """Sends letters through the gate. One may be used by many threads."""

    def __init__(self, gate: Gate, tls: ssl.SSLContext | None = None, timeout: float = TIMEOUT) -> None:
        self._gate, self._timeout = gate, timeout
        self._tls = tls or httpx2.create_ssl_context(trust_env=False)

    def __call__(self, letter: Letter) -> Reply:
        """Send a letter once.

        Raises:
            NotSent: the URL must not be called, or nobody answered in time.
        """
        try:
            return self._post(self._gate.check(letter.url), letter)
        except Refused as refusal:
            raise NotSent(f"refused_{refusal.code}") from None
        except httpcore2.TimeoutException:
            raise NotSent("timeout") from None
        except httpcore2.ConnectError:  # TLS that does not verify is here too
            raise NotSent("unreachable") from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError):
            raise NotSent("no_answer") from None

    def _post(self, to: Checked, letter: Letter) -> Reply:
        url = httpcore2.URL(scheme=to.scheme, host=to.host.strip("[]"), port=to.port, target=to.target)
        backend = _Pinned(to.addresses, time.monotonic() + self._timeout)
        sent = list({**_ALWAYS, **letter.headers, "host": _authority(to)}.items())
        with (
            httpcore2.ConnectionPool(ssl_context=self._tls, network_backend=backend, max_connections=1) as pool,
            pool.stream("POST", url, headers=sent, content=letter.body.encode()) as answer,
        ):
            return Reply(answer.status, _retry_after(answer.headers))


def _authority(to: Checked) -> str:
    usual = to.port == (443 if to.scheme == "https" else 80)
    return to.host if usual else f"{to.host}:{to.port}"


def _retry_after(headers: Iterable[tuple[bytes, bytes]]) -> str:
    return next((value.decode("latin-1").strip() for name, value in headers if name.lower() == b"retry-after"), "")


class _Pinned(httpcore2.NetworkBackend):
    """Connects to the given addresses, whatever host is asked for, until the deadline."""

    def __init__(self, addresses: tuple[str, ...], deadline: float) -> None:
        self._addresses, self._deadline, self._real = addresses, deadline, httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception = httpcore2.ConnectError("no address")
        for others, address in zip(range(len(self._addresses), 0, -1), self._addresses, strict=True):
            left = _left(self._deadline, httpcore2.ConnectTimeout) / others  # a silent one leaves time for the rest
            try:
                return _Timed(
                    self._real.connect_tcp(address, port, left, local_address, socket_options), self._deadline
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class _Timed(httpcore2.NetworkStream):
    """A stream on which everything together ends at the deadline."""

    def __init__(self, real: httpcore2.NetworkStream, deadline: float) -> None:
        self._real, self._deadline = real, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._real.read(max_bytes, _left(self._deadline, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._real.write(buffer, _left(self._deadline, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._real.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = _left(self._deadline, httpcore2.ConnectTimeout)
        return _Timed(self._real.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)


def _left(deadline: float, late: type[httpcore2.TimeoutException]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise late("the time for the whole exchange is over")
    return left
