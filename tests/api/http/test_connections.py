"""M10: connections that only stand there are closed, there is a bound on their number, and it is told seldom."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from io import StringIO
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from api.operations.observe import logs
from api.web import connections
from api.web.connections import Connection, Seldom, on_loop_fault, take_files

Talk = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Opened = Callable[[], Coroutine[Any, Any, Talk]]
ASKED = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"


async def _application(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def listening() -> AsyncIterator[Opened]:
    """A server of connections, and how one is opened."""
    config, state = uvicorn.Config(_application, log_config=None, lifespan="off"), ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(config, state, {}), "127.0.0.1", 0)
    port, talks = server.sockets[0].getsockname()[1], list[Talk]()

    async def opened() -> Talk:
        talks.append(await asyncio.open_connection("127.0.0.1", port))
        return talks[-1]

    yield opened
    for _, writer in talks:
        writer.close()
    server.close()
    await asyncio.sleep(0.01)


async def gone(talk: Talk) -> bool:
    """Whether the other side closes the connection soon."""
    try:
        return await asyncio.wait_for(talk[0].read(), 1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


async def answered(talk: Talk) -> bool:
    """Whether a request is answered."""
    talk[1].write(ASKED)
    try:
        return (await asyncio.wait_for(talk[0].readuntil(b"\r\n\r\n"), 1)).startswith(b"HTTP/1.1 204")
    except (OSError, asyncio.IncompleteReadError):
        return False


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nhost: loc"], ids=["silent", "half a head"])
def test_M10_a_connection_on_which_no_request_comes_is_closed(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)

    async def asked() -> None:
        async with listening() as opened:
            talk = await opened()
            talk[1].write(sent)
            assert await gone(talk)
            again = await opened()
            assert await answered(again)
            again[1].write(b"GET ")  # half of the next one
            assert await gone(again)

    asyncio.run(asked())


def test_M10_who_comes_when_all_is_full_finds_the_place_of_who_stood_idle_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Connection, "most", 5)

    async def asked() -> None:
        async with listening() as opened:
            idle = [await opened() for _ in range(20)]
            last = await opened()
            assert await answered(last)
            assert all([await gone(one) for one in idle[:16]])
            assert await answered(idle[-1])

    asyncio.run(asked())


def test_M10_handles_that_ran_out_are_one_line_a_minute() -> None:
    out, loop = StringIO(), asyncio.new_event_loop()
    logs.configure(out)
    for _ in range(2_000):
        on_loop_fault(loop, {"message": "socket.accept() out of system resource"})
    logs.configure()
    loop.close()
    (line,) = out.getvalue().splitlines()
    assert "LimitNOFILE" in json.loads(line)["event"]


def test_what_is_said_seldom_says_how_often_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    out, now = StringIO(), [0.0]
    logs.configure(out)
    monkeypatch.setattr(connections.time, "monotonic", lambda: now[0])
    seldom = Seldom("full")
    for now[0] in (1.0, 2.0, 3.0, 70.0):
        seldom.say()
    logs.configure()
    assert [json.loads(line)["count"] for line in out.getvalue().splitlines()] == [1, 3]


def test_there_are_fewer_connections_than_file_handles() -> None:
    import resource

    assert take_files() < resource.getrlimit(resource.RLIMIT_NOFILE)[0]
