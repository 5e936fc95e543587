"""Turns: whatever the order of arrivals, workspaces are served in turn, and nobody is lost or served twice."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.workers.errors import Busy
from api.workers.turns import Place, Turns
from tests.workers.support import until

WORKSPACES = "abcd"
#: Somebody of a workspace arrives; something becomes free; the n-th of those who wait gives up.
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("arrives"), st.sampled_from(WORKSPACES)),
        st.tuples(st.just("free"), st.none()),
        st.tuples(st.just("gives up"), st.integers(0, 9)),
    ),
    max_size=60,
)


@dataclass
class Told:
    """What became of some arrivals: who waits still, and who was served in which order, as workspace and number."""

    turns: Turns[str]
    waiting: dict[int, Place[str]] = field(default_factory=dict)
    served: list[tuple[str, int, str]] = field(default_factory=list)
    refused: list[tuple[str, int]] = field(default_factory=list)
    given: int = 0
    arrived: int = 0

    def happens(self, what: str, detail: object) -> None:
        if what == "arrives":
            self.arrives(str(detail))
        elif what == "free":
            self.given += 1
            self.turns.give(f"worker {self.given}")
        elif self.waiting:
            number = list(self.waiting)[int(str(detail)) % len(self.waiting)]
            self.look(number)
        for number, place in list(self.waiting.items()):
            if not place.handed.empty():
                self.look(number)

    def arrives(self, whose: str) -> None:
        self.arrived += 1
        try:
            self.waiting[self.arrived] = self.turns.enter(whose)
        except Busy:
            self.refused.append((whose, self.arrived))

    def look(self, number: int) -> None:
        """Wait no longer."""
        place = self.waiting.pop(number)
        try:
            self.served.append((place.whose, number, self.turns.wait(place, 0)))
        except Busy:
            self.refused.append((place.whose, number))

    def held(self) -> Counter[str]:
        return Counter(place.whose for place in self.waiting.values())


def told(events: Sequence[tuple[str, object]], places: int) -> Told:
    found = Told(Turns(places))
    for what, detail in events:
        found.happens(what, detail)
    return found


@given(EVENTS, st.integers(0, 8))
def test_nobody_is_lost_or_served_twice_and_nothing_free_is_lost(events, places) -> None:
    found = told(events, places)
    ends = [number for _, number, _ in found.served] + [number for _, number in found.refused] + list(found.waiting)
    assert sorted(ends) == list(range(1, found.arrived + 1))
    idle = found.given - len(found.served)
    assert not (idle and found.waiting), "somebody waits while something is free"
    for _ in range(idle):
        found.happens("arrives", "e")
    assert sorted(free for _, _, free in found.served) == sorted(f"worker {n + 1}" for n in range(found.given))


@given(EVENTS, st.integers(0, 8))
def test_no_workspace_waits_while_another_is_served_twice(events, places) -> None:
    found, since = Told(Turns(places)), dict[str, Counter[str]]()
    for what, detail in events:
        before = len(found.served)
        found.happens(what, detail)
        for whose, _, _ in found.served[before:]:
            since.pop(whose, None)
            for others in since.values():
                others[whose] += 1
                assert others[whose] < 2, "served twice while another workspace waited"
        since = {whose: since.get(whose, Counter()) for whose in found.held()}


@given(EVENTS, st.integers(0, 8))
def test_within_a_workspace_who_came_first_is_served_first(events, places) -> None:
    found = told(events, places)
    for whose in WORKSPACES:
        numbers = [number for one, number, _ in found.served if one == whose]
        assert numbers == sorted(numbers)


@given(EVENTS, st.integers(1, 8))
def test_no_workspace_is_refused_or_put_out_of_its_part_of_the_places(events, places) -> None:
    found = Told(Turns(places))
    for what, detail in events:
        if what == "gives up":
            continue
        before, refused = found.held(), len(found.refused)
        found.happens(what, detail)
        now, asking = found.held(), str(detail)
        assert sum(now.values()) <= places
        for whose, _ in found.refused[refused:]:
            part = places // len({*before, asking})
            assert now[whose] >= part, "refused, or put out, with fewer places than its part"


def test_a_newcomer_takes_the_place_of_the_last_in_the_longest_queue() -> None:
    found = Told(Turns(3))
    for whose in "aaab":
        found.happens("arrives", whose)
    assert found.refused == [("a", 3)]
    assert found.held() == {"a": 2, "b": 1}
    found.happens("arrives", "b")
    assert found.refused == [("a", 3), ("b", 5)], "one each more and one each less would make nothing more alike"


def test_a_workspace_served_before_comes_after_one_served_longer_ago_even_if_it_was_not_waiting() -> None:
    found = Told(Turns(9))
    for whose in "aab":
        found.happens("arrives", whose)
    for _ in range(2):
        found.happens("free", None)
    found.happens("arrives", "b")
    found.happens("free", None)
    assert [whose for whose, _, _ in found.served] == ["a", "b", "a"]


def test_one_served_in_vain_is_before_the_others_of_its_workspace_and_never_refused() -> None:
    turns: Turns[str] = Turns(1)
    other = turns.enter("a")
    again = turns.enter("a", again=True)
    turns.give("worker")
    assert turns.wait(again, 0) == "worker"
    turns.give("another")
    assert turns.wait(other, 0) == "another"


def test_a_worker_handed_over_at_the_timeout_is_not_lost() -> None:
    turns: Turns[int] = Turns(100)
    stop, taken = threading.Event(), deque[int]()

    def impatient(whose: str) -> None:
        while not stop.is_set():
            try:
                worker = turns.wait(turns.enter(whose), 0.00005)
            except Busy:
                continue
            taken.append(worker)
            turns.give(worker)

    threads = [threading.Thread(target=impatient, args=(whose,), daemon=True) for whose in "aabbcc"]
    for one in threads:
        one.start()
    for number in range(3):
        turns.give(number)
    until(lambda: len(taken) >= 3000)
    stop.set()
    for one in threads:
        one.join()
    assert sorted(turns.wait(turns.enter("a"), 0) for _ in range(3)) == [0, 1, 2]
    with pytest.raises(Busy, match="in time"):
        turns.wait(turns.enter("a"), 0)


def test_what_is_withdrawn_is_handed_to_nobody() -> None:
    turns: Turns[str] = Turns(1)
    turns.give("dead")
    turns.give("alive")
    turns.withdraw("dead")
    turns.withdraw("never given")
    assert turns.wait(turns.enter("a"), 0) == "alive"


def test_whoever_waits_is_told_of_the_closing_and_nobody_waits_afterwards() -> None:
    turns: Turns[str] = Turns(5)
    places = [turns.enter(whose) for whose in "aab"]
    turns.close()
    for place in places:
        with pytest.raises(Busy, match="closing"):
            turns.wait(place, 30)
    with pytest.raises(Busy, match="closing"):
        turns.enter("a")
