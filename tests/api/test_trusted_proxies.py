"""M5: who an address belongs to is taken from the server before this one, never from what the client wrote."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.cli.serve import _config
from api.settings import Settings
from engine.errors import InputProblems


def seen(settings: Settings, peer: str, forwarded: str) -> str:
    """The address that the application sees."""
    found: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        found.append(scope["client"][0])

    config = _config(application, settings)
    config.load()
    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    asyncio.run(config.loaded_app(scope, None, None))  # type: ignore[arg-type]
    return found[0]


@pytest.mark.parametrize("named", ["10.0.0.2", "10.0.0.0/24", "10.9.9.9, 10.0.0.2"])
def test_M5_of_forwarded_addresses_the_last_counts_that_no_server_of_ours_has(named: str) -> None:
    settings = Settings(trusted_proxies=named)
    assert seen(settings, "10.0.0.2", "1.1.1.1, 192.0.2.7") == "192.0.2.7"
    assert seen(settings, "10.0.0.2", "1.1.1.1, 192.0.2.7, 10.0.0.2") == "192.0.2.7"
    assert seen(settings, "203.0.113.9", "1.1.1.1") == "203.0.113.9"


def test_M5_without_a_server_named_nobody_is_believed() -> None:
    assert seen(Settings(), "127.0.0.1", "1.1.1.1") == "127.0.0.1"


@pytest.mark.parametrize("named", ["*", "0.0.0.0/0", "proxy", "10.0.0.2,*", "::/0"])
def test_M5_the_whole_world_is_no_server_of_ours(named: str) -> None:
    with pytest.raises(InputProblems, match="is not the address of a server"):
        _ = Settings(trusted_proxies=named).proxies
