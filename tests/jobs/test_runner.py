"""The runner of jobs: shares its time, lives with failures, clocks that jump, and being stopped.

Nothing here depends on the database; what does is in test_jobs.py and test_kill.py, on both.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.operations.jobs import leases
from api.operations.jobs.book import PART_LINES
from api.operations.jobs.leases import Said
from api.operations.jobs.runner import Pace, Task
from api.operations.jobs.states import REASONS
from api.storage.job_tables import JobPart
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from tests.jobs.support import ME, ended, lines, results, running, said, send, upper
from tests.store.support import Clock, open_store
from tests.workers.support import until


@pytest.fixture
def kind() -> str:
    """The quicker database."""
    return "sqlite"


def later(clock: Clock) -> None:
    """Longer than any pause between two attempts."""
    clock.moment += timedelta(seconds=40)


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_T32_a_clock_that_jumps_a_day_doubles_nothing_and_ends_no_job(
    store: Store, workspace: str, clock: Clock, jump: timedelta
) -> None:
    job, jumped = send(store, workspace, lines(4 * PART_LINES)), threading.Event()

    def handle(task: Task, given: Sequence[bytes]) -> list[Said]:
        if not jumped.is_set():
            jumped.set()
            clock.moment += jump
        return upper(task, given)

    with running(store, {"batch": handle}), running(store, {"batch": handle}):
        done = ended(store, workspace, job)
    assert (done.state, done.done) == ("done", 4 * PART_LINES)
    assert [one.line for one in results(store, workspace, job)] == list(range(1, 4 * PART_LINES + 1))


def test_a_lease_is_renewed_while_one_part_takes_long(store: Store, workspace: str, url: str, tmp_path: Path) -> None:
    own, hands = open_store(url, tmp_path), []  # the real clock

    def slow(task: Task, given: Sequence[bytes]) -> list[Said]:
        hands.append(threading.get_ident())
        threading.Event().wait(1.2)
        return upper(task, given)

    pace = Pace(timedelta(seconds=0.5), look=timedelta(seconds=0.02))
    job = send(own, workspace, lines(1))
    with running(own, {"batch": slow}, pace=pace), running(own, {"batch": slow}, pace=pace):
        assert ended(own, workspace, job).state == "done"
    assert len(hands) == 1
    own.close()


def test_a_job_whose_handler_always_fails_ends_with_a_reason_in_words(
    store: Store, workspace: str, clock: Clock
) -> None:
    tried = []

    def broken(task: Task, given: Sequence[bytes]) -> list[Said]:
        tried.append(1)
        clock.moment += timedelta(seconds=40)
        raise KeyError("the name of a person")

    job, well = send(store, workspace, lines(1), "broken"), send(store, workspace, lines(1))
    with running(store, {"broken": broken, "short": lambda task, given: [], "batch": upper}):
        assert ended(store, workspace, well).state == "done"
        until(lambda: later(clock) or said(store, workspace, job).ended_at)
    failed = said(store, workspace, job)
    assert (failed.state, failed.reason, len(tried)) == ("failed", "handler_failed", leases.ATTEMPTS)
    assert failed.reason in REASONS
    with store.read(workspace) as tx:
        assert tx.session.scalar(select(func.count()).select_from(JobPart)) == 0, "its lines are not kept for nothing"


def test_a_handler_that_forgets_a_line_is_a_failure_and_writes_nothing(
    store: Store, workspace: str, clock: Clock
) -> None:
    job = send(store, workspace, lines(3))
    with running(store, {"batch": lambda task, given: upper(task, given)[:-1]}):
        until(lambda: later(clock) or said(store, workspace, job).ended_at)
    assert said(store, workspace, job).state == "failed"
    assert results(store, workspace, job) == []


def test_a_job_whose_lines_were_tampered_with_fails_and_the_others_go_on(
    store: Store, workspace: str, clock: Clock
) -> None:
    bad, good = send(store, workspace, lines(1)), send(store, workspace, lines(1))
    with store.write(workspace, ME) as tx:
        tx.session.get_one(JobPart, (bad, 1)).sealed = b"not what was sealed"
    with running(store, {"batch": upper}):
        assert ended(store, workspace, good).state == "done"
        until(lambda: later(clock) or said(store, workspace, bad).ended_at)
    assert said(store, workspace, bad).state == "failed"


def test_a_stopped_runner_lets_go_at_once(store: Store, workspace: str) -> None:
    begun = threading.Event()

    def slow(task: Task, given: Sequence[bytes]) -> list[Said]:
        begun.set()
        threading.Event().wait(0.05)
        return upper(task, given)

    job = send(store, workspace, lines(10 * PART_LINES))
    with running(store, {"batch": slow}) as stop:
        begun.wait(10)
        stop.set()
    left = said(store, workspace, job)
    assert left.state == "queued"
    assert 0 < left.done < left.total
    with running(store, {"batch": upper}):
        assert ended(store, workspace, job).done == 10 * PART_LINES


def test_a_large_job_of_one_workspace_does_not_keep_another_waiting(store: Store, workspace: str) -> None:
    other = create_workspace(store, "Other", ME)
    large = send(store, workspace, lines(20 * PART_LINES))

    def slow(task: Task, given: Sequence[bytes]) -> list[Said]:
        threading.Event().wait(0.03)
        return upper(task, given)

    with running(store, {"batch": slow}, pace=Pace(slice=timedelta(seconds=0.1), look=timedelta(seconds=0.02))):
        until(lambda: said(store, workspace, large).done)
        assert ended(store, other, send(store, other, lines(1))).state == "done"
        assert said(store, workspace, large).ended_at is None
        assert ended(store, workspace, large).done == 20 * PART_LINES


def test_a_runner_leaves_kinds_alone_that_it_does_not_know(store: Store, workspace: str) -> None:
    strange, known = send(store, workspace, lines(1), "strange"), send(store, workspace, lines(1))
    with running(store, {"batch": upper}):
        ended(store, workspace, known)
    assert said(store, workspace, strange).state == "queued"
