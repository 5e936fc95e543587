"""T23 at the door: a flood of one workspace waits outside of the application, whatever it would be told there."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api.service.service import Here
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from api.web import door as module
from api.web import hands
from api.web.door import Door
from api.web.hands import ALONE, TOGETHER, Hands
from api.web.store_errors import on_busy
from api.workers.away import AWAY
from tests.api.http.support import CASE, Client, new_key
from tests.pages.support import visitor
from tests.workers.support import until


@pytest.fixture(autouse=True)
def whoever_was_there_still_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "PRESENT", 1000.0)


class House:
    """An application behind a door: it knows workspaces by their keys, and keeps requests until it is told."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.inside: Counter[str] = Counter()
        self.go_on = asyncio.Event()
        self.door = Door(self._app, "session", self._refuse)
        self.tasks: list[asyncio.Task[int]] = []

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        whose = scope["state"]["whose"] = Request(scope).headers["authorization"].split()[1]
        self.inside[whose] += 1
        await self.go_on.wait()
        self.inside[whose] -= 1
        await Response(status_code=self.status)(scope, receive, send)

    async def _refuse(self, request: Request, error: Exception) -> Response:
        return on_busy(request, error)

    async def known(self, *names: str) -> None:
        """Let workspaces be known, and be there."""
        self.go_on.set()
        for name in (*names, *names):
            await self.ask(name)
        self.go_on.clear()

    async def ask(
        self,
        key: str,
        spelled: str = "Bearer {}",
        sending: asyncio.Event | None = None,
        receive: Receive | None = None,
    ) -> int:
        """The status of one answer; a client that reads slowly takes it when ``sending`` is set."""
        header = (b"authorization", spelled.format(key).encode())
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [header], "state": {}}
        told: list[Message] = []

        async def send(message: Message) -> None:
            if sending is not None:
                await sending.wait()
            told.append(message)

        await self.door(scope, receive or _nothing, send)
        return int(told[0]["status"])

    async def flood(self, key: str, times: int, **more: Any) -> None:
        self.tasks += [asyncio.create_task(self.ask(key, **more)) for _ in range(times)]
        await _settled()


async def _nothing() -> Message:
    return {"type": "http.request"}


async def _one_byte() -> Message:
    """A client that sends one byte, and then nothing."""
    task = asyncio.current_task()
    assert task is not None
    if not hasattr(task, "began"):
        task.began = True  # type: ignore[attr-defined]
        return {"type": "http.request", "body": b"x", "more_body": True}
    await asyncio.Event().wait()
    raise AssertionError


async def _settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def run(play: Callable[[House], Awaitable[None]], status: int = 200) -> None:
    """A play in a house, which everybody leaves at the end."""

    async def whole() -> None:
        house = House(status)
        await play(house)
        house.go_on.set()
        await asyncio.gather(*house.tasks)
        assert not house.door.hands.inside

    asyncio.run(whole())


def test_a_flood_waits_outside_and_who_comes_beside_it_is_in_at_once() -> None:
    async def play(house: House) -> None:
        await house.known("flooder", "victim")
        await house.flood("flooder", 100)
        assert house.inside["flooder"] == TOGETHER
        await house.flood("victim", 1)
        assert house.inside["victim"] == 1
        house.go_on.set()
        assert Counter(await asyncio.gather(*house.tasks)) == {200: 101}

    run(play)


def test_a_key_is_the_same_however_its_header_is_spelled() -> None:
    async def play(house: House) -> None:
        await house.known("flooder", "victim")
        for spelled in ("Bearer {}", "bearer {}", "Bearer   {}", "BEARER {} "):
            await house.flood("flooder", 10, spelled=spelled)
        assert house.inside["flooder"] == TOGETHER

    run(play)


def test_whoever_is_not_known_passes_and_is_known_then() -> None:
    async def play(house: House) -> None:
        await house.known("victim")
        await house.flood("stranger", 5)
        assert house.inside["stranger"] == 5
        house.go_on.set()
        await _settled()
        house.go_on.clear()
        await house.flood("stranger", 5)
        assert house.inside["stranger"] == TOGETHER

    run(play)


def test_a_client_that_reads_slowly_keeps_nobody_waiting() -> None:
    async def play(house: House) -> None:
        await house.known("slow")
        reads = asyncio.Event()
        house.go_on.set()
        await house.flood("slow", 3 * ALONE, sending=reads)
        assert not house.door.hands.inside
        reads.set()

    run(play)


def test_refusals_are_told_slowly_and_the_rest_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REFUSAL", 1000)

    async def play(house: House) -> None:
        await house.known("flooder")
        house.go_on.set()
        await house.flood("flooder", 3)
        assert [task.done() for task in house.tasks] == [True] * 3
        house.status = 429
        await house.flood("flooder", 3)
        assert [task.done() for task in house.tasks[3:]] == [False] * 3
        for task in house.tasks[3:]:
            task.cancel()
        del house.tasks[3:]
        await _settled()

    run(play)


def test_who_waits_too_long_is_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "SECONDS", 0.01)

    async def play(house: House) -> None:
        await house.known("a")
        await house.flood("a", ALONE)
        assert await house.ask("a") == 503

    run(play)


def test_keys_and_sessions_are_both_known_after_their_first_request(
    toy_app: FastAPI, toy_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, came = create_workspace(toy_store, "A law centre", "usr_test"), list[str]()
    program, person = Client(toy_app, new_key(toy_store, workspace)), visitor(toy_app, toy_store)
    take = Hands.take

    async def noted(self: Hands, whose: str) -> None:
        came.append(whose)
        await take(self, whose)

    monkeypatch.setattr(Hands, "take", noted)
    for _ in range(2):
        assert program.post("/v1/previews", json=CASE).status_code == 200
        assert person.get("/").status_code == 200
    assert came == [workspace, person.workspace]


def test_what_runs_elsewhere_is_not_in_hand_meanwhile(
    toy_app: FastAPI, toy_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, met, take, here = Client(toy_app, new_key(toy_store)), list[Hands](), Hands.take, Here.assess

    async def noted(self: Hands, whose: str) -> None:
        met.append(self)
        await take(self, whose)

    def elsewhere(self: Here, *given: Any, **more: Any) -> bytes:
        until(lambda: met[0].inside.total() == 1)
        with AWAY.get()():
            until(lambda: met[0].inside.total() == 0)
        until(lambda: met[0].inside.total() == 1)
        return here(self, *given, **more)

    monkeypatch.setattr(Hands, "take", noted)
    monkeypatch.setattr(Here, "assess", elsewhere)
    assert program.post("/v1/previews", json=CASE).status_code == 200
    assert program.post("/v1/answers", json=CASE).status_code == 200
    assert not met[0].inside


def test_an_application_that_fails_leaves_nothing_in_hand() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    async def play(house: House) -> None:
        await house.known("a")
        house.door.app = broken
        before = AWAY.get()
        for _ in range(2 * ALONE):
            with pytest.raises(RuntimeError):
                await house.ask("a")
        assert AWAY.get() is before

    run(play)


def test_T23_bodies_that_trickle_take_no_place_and_end_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BODY_SECONDS", 0.05)

    async def play(house: House) -> None:
        await house.known("a", "b")
        await house.flood("a", 3 * ALONE, receive=_one_byte)
        assert not house.inside["a"]
        assert not house.door.hands.inside
        house.go_on.set()
        assert await house.ask("a") == 200
        assert Counter(await asyncio.gather(*house.tasks)) == {408: 3 * ALONE}

    run(play)


@pytest.mark.parametrize("known", [True, False])
def test_T23_who_is_told_to_sign_in_is_known_no_more(*, known: bool) -> None:
    async def play(house: House) -> None:
        await house.known("a")
        house.status = 200 if known else 401
        house.go_on.set()
        await house.ask("a")
        house.status = 200
        house.go_on.clear()
        await house.flood("a", 3 * ALONE)
        assert house.inside["a"] == (ALONE if known else 3 * ALONE)

    run(play)
