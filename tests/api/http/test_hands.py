"""What is in hand: two requests of a workspace beside another's, more when it is alone, the others in their order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web import hands as module
from api.web.hands import (
    ALONE,
    PRESENT,
    TOGETHER,
    Hands,
    InHand,
)
from api.workers.errors import Busy


@dataclass
class Clock:
    """Time that stands still."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


class Crowd:
    """Requests that ask to be taken in hand."""

    def __init__(self) -> None:
        self.hands = Hands()
        self.tasks: list[tuple[str, asyncio.Task[None]]] = []

    async def come(self, whose: str, times: int = 1) -> None:
        for _ in range(times):
            self.tasks.append((whose, asyncio.create_task(self.hands.take(whose))))
        await settled()

    async def leave(self, whose: str) -> None:
        self.hands.leave(whose)
        await settled()

    def taken(self) -> Counter[str]:
        return Counter(whose for whose, task in self.tasks if task.done() and not task.cancelled())


async def settled() -> None:
    """Let everything go on that can."""
    for _ in range(3):
        await asyncio.sleep(0)


def run(play: Callable[[Crowd], Awaitable[None]]) -> None:
    """A play, after which whoever still waits goes home."""

    async def whole() -> None:
        crowd = Crowd()
        await play(crowd)
        for _, task in crowd.tasks:
            task.cancel()

    asyncio.run(whole())


def test_a_workspace_that_is_alone_has_many_in_hand(clock: Clock) -> None:
    async def play(crowd: Crowd) -> None:
        await crowd.come("a", ALONE + 5)
        assert crowd.taken()["a"] == ALONE

    run(play)


def test_beside_another_it_has_few_and_the_other_is_in_at_once(clock: Clock) -> None:
    async def play(crowd: Crowd) -> None:
        await crowd.come("victim")
        await crowd.come("flood", 200)
        assert crowd.taken()["flood"] == TOGETHER
        await crowd.come("victim")
        assert crowd.taken()["victim"] == 2

    run(play)


def test_it_has_few_as_long_as_the_other_was_there_lately_and_many_again_later(clock: Clock) -> None:
    async def play(crowd: Crowd) -> None:
        await crowd.come("victim")
        await crowd.come("flood", 50)
        await crowd.leave("victim")
        await crowd.leave("flood")
        assert crowd.hands.inside["flood"] == TOGETHER
        clock.now += 2 * PRESENT
        await crowd.leave("flood")
        assert crowd.hands.inside["flood"] == ALONE

    run(play)


def test_who_comes_when_the_other_has_gone_passes_nobody_who_waits(clock: Clock) -> None:
    async def play(crowd: Crowd) -> None:
        await crowd.come("victim")
        await crowd.come("flood", 5)
        await crowd.leave("victim")
        clock.now += 2 * PRESENT
        await crowd.come("flood")
        assert crowd.taken()["flood"] == TOGETHER
        await crowd.leave("flood")
        assert crowd.taken()["flood"] == 6

    run(play)


def test_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)

    async def play(crowd: Crowd) -> None:
        await crowd.come("a", ALONE)
        with pytest.raises(Busy):
            await crowd.hands.take("a")
        await crowd.leave("a")
        await crowd.hands.take("a")

    run(play)


def test_one_that_is_away_makes_room_and_comes_back_without_waiting(clock: Clock) -> None:
    async def play(crowd: Crowd) -> None:
        await crowd.come("a", ALONE)
        held = InHand(crowd.hands, "a")
        with held.away():
            await settled()
            await crowd.come("a")
            assert crowd.taken()["a"] == ALONE + 1
        await settled()
        assert crowd.hands.inside["a"] == ALONE + 1
        held.leave()
        held.leave()
        assert crowd.hands.inside["a"] == ALONE

    run(play)


EVENTS = st.lists(
    st.tuples(st.sampled_from(["comes", "leaves", "gives up", "time passes"]), st.sampled_from("abc"), st.integers(0)),
    max_size=80,
)


@given(EVENTS)
def test_nobody_is_lost_whatever_the_order_of_coming_and_leaving(events) -> None:
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "time", clock)
        run(lambda crowd: _played(crowd, events, clock))


async def _played(crowd: Crowd, events: list[tuple[str, str, int]], clock: Clock) -> None:
    left: Counter[str] = Counter()
    for what, whose, number in events:
        mine = [task for one, task in crowd.tasks if one == whose and not task.done()]
        if what == "comes":
            await crowd.come(whose)
        elif what == "leaves" and crowd.hands.inside[whose]:
            left[whose] += 1
            await crowd.leave(whose)
        elif what == "gives up" and mine:
            mine[number % len(mine)].cancel()
            await settled()
        else:
            clock.now += PRESENT / 3
        _consistent(crowd, left)
    for whose in "abc":
        while crowd.hands.inside[whose]:
            await crowd.leave(whose)
    assert all(task.done() for _, task in crowd.tasks), "somebody waits and nobody is in hand"
    assert not crowd.hands.inside


def _consistent(crowd: Crowd, left: Counter[str]) -> None:
    """Each is in hand, left, gone or waiting; they come in by order; and few wait only behind enough in hand."""
    assert crowd.taken() - left == crowd.hands.inside
    for whose in "abc":
        states = [task.done() for one, task in crowd.tasks if one == whose and not task.cancelled()]
        assert states == sorted(states, reverse=True), "one passed another"
        assert all(states) or crowd.hands.inside[whose] >= TOGETHER
        assert crowd.hands.inside[whose] <= ALONE


def test_one_whose_turn_comes_as_it_gives_up_passes_it_on(clock: Clock) -> None:
    async def play(crowd: Crowd) -> None:
        await crowd.come("a", ALONE + 2)
        first, second = [task for _, task in crowd.tasks][-2:]
        crowd.hands.leave("a")
        first.cancel()
        await settled()
        assert first.cancelled()
        assert second.done()
        assert crowd.hands.inside["a"] == ALONE

    run(play)
