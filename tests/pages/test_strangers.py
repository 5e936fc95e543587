"""M13: a crowd at the door keeps nobody waiting who is in, and is told to come again when it grows."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter

import httpx
import pytest
from fastapi import FastAPI

from api.web.pages import strangers
from api.web.pages.rooms import door
from tests.pages.support import FORM, HTML


async def some(tasks: list[asyncio.Task[httpx.Response]], number: int) -> None:
    """Wait until so many have been answered."""
    while sum(one.done() for one in tasks) < number:
        await asyncio.sleep(0.01)


def test_M13_a_crowd_that_signs_in_leaves_threads_for_everybody_else(
    toy_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def sign_in(*_: object, **__: object) -> None:
        go.wait(30)
        raise door.Refused

    monkeypatch.setattr(door, "sign_in", sign_in)
    monkeypatch.setattr(strangers, "WAITING", 50)

    async def asked() -> Counter[int]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(toy_app), base_url="http://localhost", headers={**HTML, **FORM}
        ) as http:
            crowd = [asyncio.create_task(http.post("/sign-in", content="login=a&password=b")) for _ in range(80)]
            await asyncio.wait_for(some(crowd, 80 - 50 - strangers.TOGETHER), 20)
            for _ in range(5):
                assert (await asyncio.wait_for(http.get("/ready"), 5)).status_code == 200
            go.set()
            answers = await asyncio.gather(*crowd)
            assert all("retry-after" in one.headers for one in answers if one.status_code == 503)
            return Counter(one.status_code for one in answers)

    found = asyncio.run(asked())
    assert set(found) == {403, 503}
    assert found[503] == 80 - 50 - strangers.TOGETHER
