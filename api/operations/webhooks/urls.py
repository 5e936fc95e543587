"""The gate: which URLs may be registered and called, and at which addresses.

A URL has one strict form here, and the parts that were read are the parts that are called, so that
no second parser can see another host. The name is resolved here; all of its addresses must be
allowed, and the call goes to one of exactly those.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from api.operations.webhooks.addresses import may_be_called
from api.operations.webhooks.settings import WebhookSettings

Resolve = Callable[[str], list[str]]

MAX_LENGTH = 2000
_FORM = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::([0-9]{1,5}))?(/[!-~]*)?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_MEANING = {
    "form": "write https://host/path: no user name, no fragment, no spaces, non-ASCII hosts as xn--",
    "scheme": "only https is called",
    "port": "this port is not called; usual are 443 and 8443",
    "host": "write a full host name, or a public address in its usual form",
    "name": "the host name has no address",
    "address": "the host is not at a public address",
}


class Refused(Exception):
    """A URL that must not be called; ``code`` says which rule it breaks. The URL itself is not repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(_MEANING[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class Checked:
    """A URL that passed, in its parts, with the addresses it may be called at."""

    scheme: str
    host: str
    port: int
    target: str
    addresses: tuple[str, ...]

    @property
    def url(self) -> str:
        """The URL in its usual form."""
        usual = self.port == (443 if self.scheme == "https" else 80)
        return f"{self.scheme}://{self.host}{'' if usual else f':{self.port}'}{self.target}"

    def __repr__(self) -> str:
        return "Checked(…)"  # a path may hold a token


def resolve(host: str) -> list[str]:
    """All addresses of a host name, by the resolver of this machine.

    Raises:
        OSError: there is none.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Gate:
    """Checks URLs by the rules of this installation."""

    def __init__(self, settings: WebhookSettings, resolver: Resolve = resolve) -> None:
        self._settings, self._resolve = settings, resolver
        self._own, self._ports = settings.own_networks, settings.allowed_ports

    def check(self, url: str) -> Checked:
        """Check a URL and resolve its host; it may take seconds, so never inside of a transaction.

        Raises:
            Refused: it must not be called.
        """
        form = _FORM.fullmatch(url) if len(url) <= MAX_LENGTH else None
        if form is None or "#" in url or "\\" in url:
            raise Refused("form")
        scheme, host = form[1], form[2].lower()
        if scheme != "https" and not self._settings.http:
            raise Refused("scheme")
        port = int(form[3] or (443 if scheme == "https" else 80))
        if port not in self._ports:
            raise Refused("port")
        return Checked(scheme, host, port, form[4] or "/", self._addresses(host))

    def _addresses(self, host: str) -> tuple[str, ...]:
        literal = _literal(host)
        found = [literal] if literal else self._of_name(host)
        if not found:
            raise Refused("name")
        if not all(may_be_called(one, self._own) for one in found):
            raise Refused("address")
        return tuple(found)

    def _of_name(self, host: str) -> list[str]:
        labels = host.split(".")
        alone = len(labels) == 1 and not self._own  # a bare name means a neighbour
        if alone or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
            raise Refused("host")
        try:
            return self._resolve(host)
        except OSError:
            raise Refused("name") from None


def _literal(host: str) -> str:
    """The address written as a host; empty for a name. Anything that ends in a number must be an address as usual.

    Raises:
        Refused: it is a number in decimal, octal, hexadecimal or short form.
    """
    if host[0] != "[" and not _NUMBER.fullmatch(host.rstrip(".").rsplit(".", 1)[-1]):
        return ""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        raise Refused("host") from None
