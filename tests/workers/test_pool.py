"""Worker processes: the same answers and problems as the engine in this process, and a bounded queue."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing.process import BaseProcess

import pytest

from api.settings import Settings
from api.workers import child, keeper
from api.workers.away import AWAY
from api.workers.errors import Busy, TookTooLong
from api.workers.messages import answered, error_in, error_out
from api.workers.onecase import read_json
from api.workers.pool import Chaining
from api.workers.settings import WorkerSettings
from engine.assess import Engine
from engine.errors import ContentProblems, EnginesDisagree, InputProblems, InternalError, Problem
from tests.conftest import TOYLAND
from tests.workers.support import CASE, LAW, case, handles, pool, status, until


def here(engine: Engine, raw: bytes, on: date | None = None, reading: str = "neutral") -> bytes:
    """The engine's answer in this process."""
    return engine.assess(read_json(engine, raw), on, reading).model_dump_json().encode()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def chaining():
    with pool(2) as opened:
        yield opened


def test_an_answer_of_a_worker_is_the_engines_to_the_byte(chaining: Chaining, toy_engine: Engine) -> None:
    raw, later = case("a"), date(1960, 1, 1)
    assert chaining.assess(raw) == here(toy_engine, raw)
    assert chaining.assess(raw, later, "person") == here(toy_engine, raw, later, "person")


def test_a_case_may_be_a_mapping_with_days_in_it(chaining: Chaining, toy_engine: Engine) -> None:
    given = {**CASE, "assessed_on": date(1950, 6, 1)}
    assert chaining.assess(given) == here(toy_engine, json.dumps(CASE).encode())


def test_problems_come_back_whole(chaining: Chaining, toy_engine: Engine) -> None:
    wrong = case("a", ground_upp=True, requesting_state={"value": "Atlantis-ZZ"})
    for raw in (wrong, b"{", b'{"facts": {}, "facts": {}}', b"[]", b'{"title": "\\ud800"}', b"\xff", b"", b"{}"):
        with pytest.raises(InputProblems) as ours:
            here(toy_engine, raw)
        with pytest.raises(InputProblems) as theirs:
            chaining.assess(raw)
        assert theirs.value.problems == ours.value.problems
    with pytest.raises(InputProblems) as found:
        chaining.assess(wrong)
    assert any(problem.echoes for problem in found.value.problems), "what must be left out of logs is known here too"


def test_many_cases_keep_their_order_and_a_wrong_one_spoils_no_other(chaining: Chaining) -> None:
    said = chaining.assess_many([case("one"), b"{", case("three")])
    assert [json.loads(each)["case"] if isinstance(each, bytes) else type(each).__name__ for each in said] == [
        "one",
        "InputProblems",
        "three",
    ]


def test_other_packs_are_loaded_by_name(chaining: Chaining, toy_engine: Engine) -> None:
    assert chaining.assess(case("a"), pack=str(TOYLAND)) == here(toy_engine, case("a"))
    with pytest.raises(InputProblems, match="not a pack"):
        chaining.assess(case("a"), pack="no-such-revision")


@pytest.mark.parametrize(
    "error", [EnginesDisagree("on n1"), InternalError("x"), ContentProblems([Problem("bad", "f", 3)])]
)
def test_errors_of_the_engine_cross_as_what_they_are(error: Exception) -> None:
    back = error_in(error_out(error))
    assert type(back) is type(error)
    assert str(back) == str(error)


def test_of_any_other_failure_only_the_type_is_told() -> None:
    reply = bytes(8) + child.FAULT + error_out(KeyError("the name of a person"))
    with pytest.raises(InternalError, match=r"^the worker failed \(KeyError\)$"):
        answered(reply)


def test_answers_go_to_the_case_they_belong_to(chaining: Chaining) -> None:
    names = [f"case-{number}" for number in range(60)]
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda name: json.loads(chaining.assess(case(name)))["case"], names))
    assert found == names


def test_workers_begin_with_fresh_signals_and_few_open_files(chaining: Chaining) -> None:
    for pid in chaining.pids():
        shown = status(pid)
        ignored = int(shown["SigIgn"], 16)
        assert int(shown["SigBlk"], 16) == 0
        assert ignored & 1 << signal.SIGINT - 1
        assert not ignored & (1 << signal.SIGTERM - 1 | 1 << signal.SIGHUP - 1 | 1 << signal.SIGCHLD - 1)
        assert handles(pid) < 16
        assert {os.readlink(f"/proc/{pid}/fd/{stream}") for stream in (0, 1, 2)} == {os.devnull}


def test_signals_that_the_server_blocks_and_ignores_are_not_inherited() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGUSR1})
    try:
        with pool(1) as opened:
            shown = status(opened.pids()[0])
            assert int(shown["SigBlk"], 16) == 0
            assert not int(shown["SigIgn"], 16) & 1 << signal.SIGHUP - 1
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGHUP, before)


def test_more_than_may_wait_are_refused_at_once_and_the_rest_answered() -> None:
    with pool(1, waiting=2) as opened:
        pid = opened.pids()[0]
        os.kill(pid, signal.SIGSTOP)
        with ThreadPoolExecutor(3) as threads:
            inside = [threads.submit(opened.assess, case(str(number))) for number in range(3)]
            until(lambda: opened.state().inside == 3)
            with pytest.raises(Busy) as refused:
                opened.assess(case("one too many"))
            os.kill(pid, signal.SIGCONT)
            assert [json.loads(one.result())["case"] for one in inside] == ["0", "1", "2"]
        assert refused.value.retry_after > 0
        assert json.loads(opened.assess(case("after")))["case"] == "after"


def test_T23_a_flood_of_one_workspace_takes_no_place_of_another() -> None:
    flood, own, workers, waiting = 200, 10, 2, 20
    with pool(workers, waiting=waiting) as opened, ThreadPoolExecutor(flood + own) as threads:
        pids = opened.pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        flooding = [threads.submit(opened.assess, case(str(n)), whose="flooder") for n in range(flood)]
        until(lambda: sum(one.done() for one in flooding) == flood - workers - waiting)
        mine = [threads.submit(opened.assess, case(f"victim-{n}"), whose="victim") for n in range(own)]
        until(lambda: sum(one.done() for one in flooding) == flood - workers - waiting + own)
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        assert [json.loads(one.result())["case"] for one in mine] == [f"victim-{n}" for n in range(own)]
        told = [one.exception() for one in flooding]
        assert told.count(None) == workers + waiting - own
        assert {type(one) for one in told if one is not None} == {Busy}


def test_whoever_is_with_the_workers_is_away_from_this_process(chaining: Chaining) -> None:
    seen: list[object] = []

    @contextmanager
    def away() -> Iterator[None]:
        seen.append(chaining.state().inside)
        try:
            yield
        finally:
            seen.append("back")

    before = AWAY.set(away)
    try:
        chaining.assess(case("a"))
        with pytest.raises(InputProblems):
            chaining.assess(b"{")
    finally:
        AWAY.reset(before)
    assert seen == [1, "back", 1, "back"]


def test_whoever_waits_too_long_for_a_worker_is_told() -> None:
    with pool(1, waiting_seconds=0.2) as opened:
        pid = opened.pids()[0]
        os.kill(pid, signal.SIGSTOP)
        holding = threading.Thread(target=opened.assess, args=(case("holds it"),))
        holding.start()
        until(lambda: opened.state().inside == 1)
        with pytest.raises(Busy):
            opened.assess(case("waits"))
        os.kill(pid, signal.SIGCONT)
        holding.join()


def test_a_request_that_hangs_is_ended_and_the_pool_is_full_again() -> None:
    with pool(1, request_seconds=0.5) as opened:
        pid = opened.pids()[0]
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(TookTooLong):
            opened.assess(case("hangs"))
        assert json.loads(opened.assess(case("after")))["case"] == "after"
        assert opened.pids() != [pid]
        assert opened.state().overdue == opened.state().replaced == 1


def test_a_closed_pool_finishes_what_runs_and_leaves_no_process() -> None:
    opened = Chaining(LAW, WorkerSettings(workers=2))
    pids = opened.pids()
    with ThreadPoolExecutor(6) as threads:
        running = [threads.submit(opened.assess, case(str(number))) for number in range(6)]
        until(lambda: opened.state().inside > 0)
        opened.close()
        ended = [one.exception() for one in running]
    assert all(error is None or isinstance(error, Busy) for error in ended), "answered, or refused before it began"
    assert None in ended
    assert not [pid for pid in pids if os.path.exists(f"/proc/{pid}")], "not even a zombie"
    with pytest.raises(Busy):
        opened.assess(case("after"))


def test_a_closing_that_takes_too_long_ends_what_runs() -> None:
    opened = Chaining(LAW, WorkerSettings(workers=1))
    os.kill(opened.pids()[0], signal.SIGSTOP)
    with ThreadPoolExecutor(1) as threads:
        stuck = threads.submit(opened.assess, case("stuck"))
        until(lambda: opened.state().inside == 1)
        opened.close(0.1)
        assert isinstance(stuck.exception(10), Busy)


def test_starts_that_fail_for_whatever_reason_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kind, failed = keeper._processes.Process, 0
    right = kind.start

    def start(process: BaseProcess) -> None:
        nonlocal failed
        if failed < 1_100:  # by then doubling the pause each time would have outgrown a number
            failed += 1
            raise RuntimeError("can't start new thread")
        right(process)

    with pool(1) as opened:
        monkeypatch.setattr(keeper, "_SLOWEST", 0.0)
        monkeypatch.setattr(kind, "start", start)
        os.kill(opened.pids()[0], signal.SIGKILL)
        until(lambda: failed == 1_100 and opened.pids())
        assert json.loads(opened.assess(case("after")))["case"] == "after"


def test_a_pool_without_law_says_why_it_does_not_start(tmp_path) -> None:
    with pytest.raises(InputProblems, match=r"no rules/ and instruments/"):
        Chaining(Settings(content=tmp_path), WorkerSettings(workers=1))


def test_a_pool_refuses_to_start_on_another_law_than_the_servers() -> None:
    with pytest.raises(InternalError, match="law content changed"):
        Chaining(LAW, WorkerSettings(workers=1), law="0" * 64)
