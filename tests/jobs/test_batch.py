"""The batch job over real worker processes: every line answered or refused, whatever happens to the workers."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from api.operations.jobs.batch import batch_handler, options
from api.storage.store import Store
from api.workers.errors import Busy, TookTooLong, WorkersLost
from api.workers.pool import Chaining, Outcome
from engine.assess import Engine
from engine.content.documents import read_bytes
from tests.jobs.support import ended, results, running, said, send
from tests.workers.support import case, pool, until


@pytest.fixture(scope="module")
def chaining() -> Iterator[Chaining]:
    """Two workers."""
    with pool(2) as opened:
        yield opened


def batch(store: Store, workspace: str, chaining: Any, given: Sequence[bytes], **wanted: Any) -> list[dict[str, Any]]:
    """What comes of a batch of lines."""
    job = send(store, workspace, given, **options(None, "neutral", **wanted))
    with running(store, {"batch": batch_handler(chaining)}):
        assert ended(store, workspace, job, 60).state == "done"
    found = results(store, workspace, job)
    assert len(found) == len(given)
    return [{**json.loads(one.body), "ok": one.ok} for one in found]


def summary(answer: dict[str, Any]) -> dict[str, Any]:
    """What the answer of both engines comes to."""
    names = ("case", "outcome", "range", "range_on_record", "settled", "reading", "assessed_on")
    grounds = {
        status: [one["id"] for one in answer["grounds"] if one["status"] == status] for status in ("met", "open")
    }
    return {**{name: answer[name] for name in names}, "grounds": grounds, "receipt": answer["receipt"]["digest"]}


def test_each_line_says_what_its_case_comes_to(
    store: Store, workspace: str, chaining: Chaining, toy_engine: Engine
) -> None:
    found = batch(store, workspace, chaining, [case(f"case-{number}") for number in range(25)])
    right = toy_engine.assess(toy_engine.read(read_bytes(case("case-24"), "case", is_json=True)))
    assert found[24] == {**summary(right.model_dump(mode="json")), "ok": True}
    assert [one["case"] for one in found] == [f"case-{number}" for number in range(25)]


def test_whole_answers_are_given_on_request(
    store: Store, workspace: str, chaining: Chaining, toy_engine: Engine
) -> None:
    found = batch(store, workspace, chaining, [case("a")], answers=True)
    right = toy_engine.assess(toy_engine.read(read_bytes(case("a"), "case", is_json=True)))
    assert found[0]["answer"] == right.model_dump(mode="json")


def test_T13_a_line_that_is_refused_says_where_and_repeats_nothing(
    store: Store, workspace: str, chaining: Chaining
) -> None:
    wrong = [b"{", b"", b"\xff\xfe", case("b", requesting_state={"value": "CANARY-STATE"}), case("c", no_such_fact=1)]
    found = batch(store, workspace, chaining, [case("a"), *wrong, case("z")])
    assert [one["ok"] for one in found] == [True, False, False, False, False, False, True]
    assert found[4]["problems"][0]["pointer"] == "/facts/requesting_state"
    assert "CANARY" not in json.dumps(found)


def test_a_batch_outlives_workers_that_are_shot(store: Store, workspace: str, chaining: Chaining) -> None:
    job = send(store, workspace, [case(f"case-{n}") for n in range(120)], **options(None, "neutral"))
    with running(store, {"batch": batch_handler(chaining)}):
        for _ in range(4):
            pids = until(lambda: len(found := chaining.pids()) == 2 and found)
            os.kill(pids[0], signal.SIGSEGV)
            until(lambda dead=pids[0]: dead not in chaining.pids())
        assert ended(store, workspace, job, 60).state == "done"
    found = results(store, workspace, job)
    assert [json.loads(one.body)["case"] for one in found] == [f"case-{n}" for n in range(120)]
    assert all(one.ok for one in found)


def test_a_line_that_lost_its_workers_is_asked_once_more_and_no_other_is(store: Store, workspace: str) -> None:
    asked: list[list[bytes]] = []

    class Shot:
        def assess_many(self, cases: Any, *given: Any) -> list[Outcome]:
            asked.append(list(cases))
            return [WorkersLost() if len(asked) == 1 and number % 2 else TookTooLong() for number in range(len(cases))]

    found = batch(store, workspace, Shot(), [case(f"case-{n}") for n in range(4)])
    assert asked == [[case(f"case-{n}") for n in range(4)], [case("case-1"), case("case-3")]]
    assert [one["ok"] for one in found] == [False] * 4


def test_a_batch_waits_while_the_workers_are_busy_with_people(store: Store, workspace: str, chaining: Chaining) -> None:
    class Crowded:
        tried = 0

        def assess_many(self, *given: Any) -> list[Outcome]:
            self.tried += 1
            if self.tried == 1:
                busy = Busy("too many assessments are waiting")
                busy.retry_after = 0
                raise busy
            return chaining.assess_many(*given)

    crowded = Crowded()
    assert batch(store, workspace, crowded, [case("a")])[0]["ok"]
    assert crowded.tried == 2


def test_a_runner_that_stops_while_it_waits_leaves_the_job_as_it_was(store: Store, workspace: str) -> None:
    class Full:
        def assess_many(self, *given: Any) -> list[Outcome]:
            time.sleep(0.02)
            busy = Busy("too many assessments are waiting")
            busy.retry_after = 0
            raise busy

    job = send(store, workspace, [case("a")], **options(None, "neutral"))
    with running(store, {"batch": batch_handler(Full())}):
        until(lambda: said(store, workspace, job).state == "running")
    assert (said(store, workspace, job).state, said(store, workspace, job).done) == ("queued", 0)
