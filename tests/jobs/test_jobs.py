"""Jobs on both databases: enqueued with the caller's transaction, leased, counted, cancelled, forgotten, sealed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from api.operations.jobs import leases
from api.operations.jobs.book import (
    KEPT,
    PART_LINES,
    cancel,
    enqueue,
    forget_ended,
    forget_job,
    list_jobs,
    read_job,
    read_results,
)
from api.operations.jobs.chores import Chore
from api.operations.jobs.leases import (
    LeaseLost,
    Said,
    claim,
    next_part,
    renew,
    waiting,
    write_results,
)
from api.operations.jobs.runner import Task
from api.operations.jobs.states import REASONS
from api.storage.audit.sources import verify_session
from api.storage.errors import KeyReused, NotFound
from api.storage.job_tables import Job, JobPart, JobResult
from api.storage.rotation import rotate_workspace
from api.storage.store import Store, stamp
from api.storage.tables import DataKey
from api.storage.workspaces import create_workspace
from tests.jobs.support import ME, ended, lines, results, running, said, send, upper
from tests.store.support import Clock, bytes_on_disk, open_store
from tests.workers.support import until

FAR = "9999-01-01"
RUNNER = "sys_jobs"


def test_a_job_gives_one_result_for_each_line_in_order(store: Store, workspace: str) -> None:
    given = lines(3 * PART_LINES + 7)
    job = send(store, workspace, given)
    with running(store, {"batch": upper}):
        done = ended(store, workspace, job)
    assert (done.state, done.reason, done.total, done.done, done.refused) == ("done", "", 67, 67, 0)
    found = results(store, workspace, job)
    assert [(one.line, one.body) for one in found] == [(number, line.upper()) for number, line in enumerate(given, 1)]


def test_lines_that_are_refused_are_counted_and_count_in_is_count_out(store: Store, workspace: str) -> None:
    def picky(task: Task, given: Sequence[bytes]) -> list[Said]:
        return [Said(b"7" not in line, line) for line in given]

    job = send(store, workspace, lines(50))
    with running(store, {"batch": picky}):
        done = ended(store, workspace, job)
    found = results(store, workspace, job)
    assert (done.total, done.done, len(found)) == (50, 50, 50)
    assert done.refused == sum(not one.ok for one in found) == 5


def test_a_job_is_there_only_if_the_callers_transaction_is(store: Store, workspace: str) -> None:
    def doomed() -> None:
        with store.write(workspace, ME) as tx:
            enqueue(tx, "batch", {}, lines(3))
            raise KeyError

    with pytest.raises(KeyError):
        doomed()
    with store.read(workspace) as tx:
        assert list_jobs(tx) == []
        assert tx.session.scalar(select(func.count()).select_from(JobPart)) == 0


def test_sending_it_again_five_times_gives_one_job(store: Store, workspace: str) -> None:
    with ThreadPoolExecutor(5) as threads:
        sent = list(threads.map(lambda _: send(store, workspace, lines(45), key="k1", reading="person"), range(5)))
    assert len(set(sent)) == 1
    with running(store, {"batch": upper}):
        ended(store, workspace, sent[0])
    assert send(store, workspace, lines(45), key="k1", reading="person") == sent[0], "also after it has ended"
    with store.read(workspace) as tx:
        assert [job.id for job in list_jobs(tx)] == [sent[0]]
        assert tx.session.scalar(select(func.count()).select_from(JobResult)) == 45
        assert tx.session.scalar(select(func.count()).where(DataKey.subject.like("job_%"))) == 1


def test_a_key_that_comes_with_another_job_is_refused(store: Store, workspace: str) -> None:
    send(store, workspace, lines(3), key="k1")
    with pytest.raises(KeyReused):
        send(store, workspace, lines(4), key="k1")
    with pytest.raises(KeyReused):
        send(store, workspace, lines(3), key="k1", reading="state")
    with pytest.raises(KeyReused):
        send(store, workspace, lines(3), "impact", key="k1")


def test_the_same_key_of_somebody_else_is_another_job(store: Store, workspace: str) -> None:
    first = send(store, workspace, lines(3), key="k1")
    with store.write(workspace, "usr_two") as tx:
        assert enqueue(tx, "batch", {}, lines(3), "k1")[0].id != first


def test_a_line_with_a_break_in_it_is_refused_and_no_lines_are_a_job_that_is_done(store: Store, workspace: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        send(store, workspace, [b"{}\n{}"])
    assert said(store, workspace, send(store, workspace, [])).state == "done"


def test_a_job_cancelled_midway_keeps_what_it_has_and_gets_no_more(store: Store, workspace: str) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(task: Task, given: Sequence[bytes]) -> list[Said]:
        if begun.is_set():
            go_on.wait(20)
        begun.set()
        return upper(task, given)

    job = send(store, workspace, lines(5 * PART_LINES))
    with running(store, {"batch": slow}):
        until(lambda: said(store, workspace, job).done == PART_LINES)
        with store.write(workspace, ME) as tx:
            told = cancel(tx, job)
        go_on.set()
        with running(store, {"batch": upper}):  # another runner finds nothing to do either
            later = send(store, workspace, lines(1))
            ended(store, workspace, later)
    assert (told.state, told.reason, told.done) == ("cancelled", "cancelled", PART_LINES)
    assert said(store, workspace, job) == told
    assert len(results(store, workspace, job)) == PART_LINES
    with store.write(workspace, ME) as tx:
        assert cancel(tx, job) == told, "cancelling again changes nothing"
        assert tx.session.scalar(select(func.count()).select_from(JobPart)) == 0


def test_a_job_destroyed_midway_leaves_nothing_and_the_runner_goes_on(store: Store, workspace: str) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(task: Task, given: Sequence[bytes]) -> list[Said]:
        begun.set()
        go_on.wait(20)
        return upper(task, given)

    job = send(store, workspace, lines(5 * PART_LINES))
    with running(store, {"batch": slow}):
        until(begun.is_set)
        told = forget_job(store, workspace, job, ME)
        go_on.set()
        assert ended(store, workspace, send(store, workspace, lines(1))).state == "done"
    assert (told.state, told.done) == ("cancelled", 0)
    with store.write(workspace, ME) as tx:
        for table, name in ((Job, Job.id), (JobPart, JobPart.job_id), (JobResult, JobResult.job_id)):
            assert tx.session.scalar(select(func.count()).select_from(table).where(name == job)) == 0
        assert tx.session.scalars(select(DataKey).where(DataKey.subject == job)).all() == []


def test_an_expired_lease_is_taken_over_and_the_old_holder_writes_nothing(
    store: Store, workspace: str, clock: Clock
) -> None:
    job = send(store, workspace, lines(2))
    with store.write(workspace, RUNNER) as tx:
        old = claim(tx, ["batch"], stamp(clock.moment + timedelta(seconds=30)))
        assert old is not None
        assert claim(tx, ["batch"], FAR) is None, "it is in hand"
        part = next_part(tx, old)
        assert part is not None
    assert waiting(store, ["batch"]) == []
    clock.moment += timedelta(seconds=31)
    assert waiting(store, ["batch"]) == [workspace]
    with store.write(workspace, RUNNER) as tx:
        new = claim(tx, ["batch"], FAR)
        assert new is not None
        write_results(tx, new, part, [Said(True, b"new")] * 2, FAR)
    late = [Said(True, b"late")] * 2
    with store.write(workspace, RUNNER) as tx:
        assert not renew(tx, old, FAR)
    with pytest.raises(LeaseLost), store.write(workspace, RUNNER) as tx:
        write_results(tx, old, part, late, FAR)
    assert [one.body for one in results(store, workspace, job)] == [b"new", b"new"]
    with pytest.raises(LeaseLost), store.write(workspace, RUNNER) as tx:
        write_results(tx, new, part, late, FAR)  # not even its holder writes a part twice
    assert said(store, workspace, job).done == 2


def test_a_job_that_ends_every_process_is_given_up(store: Store, workspace: str, clock: Clock) -> None:
    job = send(store, workspace, lines(1))
    for _ in range(leases.ATTEMPTS + 1):
        with store.write(workspace, RUNNER) as tx:
            claim(tx, ["batch"], stamp(clock.moment))
        clock.moment += timedelta(seconds=1)
    found = said(store, workspace, job)
    assert (found.state, found.reason) == ("failed", "interrupted")
    assert found.reason in REASONS


def test_T8_jobs_of_another_workspace_are_not_there(store: Store, workspace: str) -> None:
    job, other = send(store, workspace, lines(1)), create_workspace(store, "Other", ME)
    with store.write(other, ME) as tx:
        for act in (read_job, read_results, cancel):
            with pytest.raises(NotFound):
                act(tx, job)
        assert list_jobs(tx) == []
    assert said(store, workspace, job).state == "queued"


def test_T9_every_table_of_jobs_has_forced_row_level_security(store: Store, workspace: str) -> None:
    if store.database.sqlite:
        pytest.skip("PostgreSQL only")
    with store.read(workspace) as tx:
        secured = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        named = text("SELECT tablename FROM pg_policies WHERE qual LIKE '%dedere.workspace%'")
        for query in (secured, named):
            found = set(tx.session.scalars(query))
            assert {"jobs", "job_parts", "job_results", "chore_turns"} <= found


def test_T9_a_role_of_the_service_runs_jobs_and_sees_none_without_their_workspace(restricted: Store) -> None:
    workspace = create_workspace(restricted, "x", ME)
    job, waits = send(restricted, workspace, lines(30)), send(restricted, workspace, lines(30), "other")
    with running(restricted, {"batch": upper}, [Chore("sweep", KEPT, lambda _store, _name: None)]):
        assert ended(restricted, workspace, job).done == 30
    assert said(restricted, workspace, waits).state == "queued"
    with restricted.database.session(writes=False) as session:
        for table in ("jobs", "job_parts", "job_results", "chore_turns"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    foreign = JobPart(job_id=waits, first=99, workspace_id=create_workspace(restricted, "y", ME), key_id="", sealed=b"")
    with pytest.raises(DBAPIError, match="row-level security"), restricted.write(workspace, ME) as tx:
        tx.add(foreign)


def test_T11_what_a_job_is_given_and_what_comes_of_it_lies_sealed_on_the_disk(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'dedere.db'}", tmp_path)
    workspace = create_workspace(store, "x", ME)
    job = send(store, workspace, lines(30, "CANARY"), key="CANARY-KEY", pack="CANARY-PACK")
    send(store, workspace, lines(30, "CANARY"))
    assert b"CANARY" not in bytes_on_disk(tmp_path)
    with running(store, {"batch": upper}):
        ended(store, workspace, job)
    assert b"CANARY" not in bytes_on_disk(tmp_path)
    rotate_workspace(store, workspace, ME)
    assert len(results(store, workspace, job)) == 30, "and opens after the keys were rotated"
    store.close()


def test_T15_a_job_that_ended_long_ago_is_destroyed_with_its_key(store: Store, workspace: str, clock: Clock) -> None:
    old, fresh = send(store, workspace, lines(3)), send(store, workspace, lines(3))
    with store.write(workspace, ME) as tx:
        cancel(tx, old)
    clock.moment += KEPT + timedelta(seconds=1)
    assert forget_ended(store, workspace, ME) == 1
    with store.write(workspace, ME) as tx:
        assert [job.id for job in list_jobs(tx)] == [fresh]
        assert tx.session.scalars(select(DataKey).where(DataKey.subject == old)).all() == []
        with pytest.raises(NotFound):
            read_job(tx, old)


def test_T10_what_was_done_with_a_job_is_in_the_audit_chain_as_ids(store: Store, workspace: str) -> None:
    job = send(store, workspace, lines(2))
    with running(store, {"batch": upper}):
        ended(store, workspace, job)
    results(store, workspace, job)
    with store.database.session(writes=False) as session:
        assert verify_session(session).intact
    with store.read(workspace) as tx:
        acts = tx.session.execute(
            text("SELECT act, actor FROM audit_entries WHERE subject = :job ORDER BY seq"), {"job": job}
        )
        assert [tuple(row) for row in acts] == [
            ("job.created", ME),
            ("job.done", "sys_jobs"),
            ("job.results_read", ME),
        ]


def test_two_runners_on_two_connections_share_a_job_pile_without_doubling(
    store: Store, workspace: str, url: str, tmp_path: Path
) -> None:
    other, seen, lock = open_store(url, tmp_path), {"one": 0, "two": 0}, threading.Lock()
    mine = open_store(url, tmp_path)

    def hand(name: str):
        def handle(task: Task, given: Sequence[bytes]) -> list[Said]:
            with lock:
                seen[name] += len(given)
            threading.Event().wait(0.01)
            return upper(task, given)

        return handle

    jobs = [send(mine, workspace, lines(60, f"job{number}")) for number in range(12)]
    with running(mine, {"batch": hand("one")}), running(other, {"batch": hand("two")}):
        done = [ended(mine, workspace, job) for job in jobs]
    assert {job.state for job in done} == {"done"}
    assert all(seen.values()), seen
    assert sum(seen.values()) == 12 * 60, "nothing was evaluated twice"
    assert [len(results(mine, workspace, job)) for job in jobs] == [60] * 12
    mine.close()
    other.close()
