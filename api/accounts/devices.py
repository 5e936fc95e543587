"""Devices that somebody has signed in from: whoever else fails at their login, they need not wait for it.

A device holds a token that says whose it is, signed under the master key; nothing is stored here. It replaces no
password and no code: all it gives is a pace of its own, which nobody without it can slow down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from api.accounts.tokens import new_secret, same
from api.storage.store import Store
from api.storage.vault.sealing import blind

LIVES = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Device:
    """A device, and whose it is."""

    name: str
    workspace: str
    person: str


def new_device(store: Store, workspace: str, person: str) -> str:
    """The token of a device on which somebody has just signed in."""
    said = f"{workspace}.{person}.{int(store.now().timestamp())}.{new_secret()}"
    return f"{said}.{_signature(store, said)}"


def device_of(store: Store, token: str) -> Device | None:
    """The device of a token that was made here and is not too old; None of any other text."""
    said, _, signature = token.rpartition(".")
    if not same(signature, _signature(store, said)):
        return None
    workspace, person, since, name = said.split(".")
    old = store.now().timestamp() - int(since) > LIVES.total_seconds()
    return None if old else Device(name, workspace, person)


def _signature(store: Store, said: str) -> str:
    return blind(store.master.newest()[1], "device of a person", said).hex()
