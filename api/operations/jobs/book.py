"""What a caller does with jobs: enqueue, look, cancel, read results page by page, forget.

A job is enqueued in the caller's own transaction, so it is there if and only if the caller's other
changes are. The same key gives the same job, however often it is sent.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from api.operations.jobs.states import (
    CANCELLED,
    DONE,
    OPEN,
    QUEUED,
)
from api.storage.base import rows_changed
from api.storage.datakeys import index_of, make_key
from api.storage.errors import KeyReused, NotFound
from api.storage.ids import new_id
from api.storage.job_tables import Job, JobPart, JobResult
from api.storage.sealed import put, take
from api.storage.store import (
    Key,
    Store,
    Transaction,
    stamp,
)
from api.storage.tables import DataKey

#: A part is evaluated and written together: what a killed runner loses is one part at most.
PART_LINES, PART_BYTES = 20, 256_000
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class JobSaid:
    """What is known of a job besides what it was given and what came of it."""

    id: str
    kind: str
    state: str
    reason: str
    total: int
    done: int
    refused: int
    created_at: str
    updated_at: str
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class ResultSaid:
    """What came of one line; ``ok`` is False where the line was refused."""

    line: int
    ok: bool
    body: bytes


def enqueue(
    tx: Transaction, kind: str, options: Mapping[str, Any], lines: Iterable[bytes], key: str = ""
) -> tuple[JobSaid, bool]:
    """Make a job of some lines, or find the one this key made before; the flag says that it was found.

    Raises:
        KeyReused: the key came with another kind, other options or other lines.
        ValueError: a line has a line break in it.
    """
    wanted, said = list(lines), json.dumps(dict(options), sort_keys=True).encode()
    if any(b"\n" in line for line in wanted):
        raise ValueError("a line has no line break in it")
    name = index_of(tx, "job key", f"{tx.actor}\x00{key}") if key else None
    fingerprint = index_of(tx, "job request", _digest(kind, said, wanted)) if key else None
    found = _by_name(tx, name)
    if found is None:
        row = _new(tx, kind, name, fingerprint, len(wanted))
        found = _insert(tx, row, said, wanted)
        if found is row:
            return said_of(row), False
    if not hmac.compare_digest(found.fingerprint or b"", fingerprint or b""):
        raise KeyReused("the idempotency key was used for another job")
    return said_of(found), True


def _digest(kind: str, options: bytes, lines: list[bytes]) -> str:
    found = hashlib.sha256()
    for text in (kind.encode(), options, *lines):
        found.update(text + b"\n")
    return found.hexdigest()


def _by_name(tx: Transaction, name: bytes | None) -> Job | None:
    if name is None:
        return None
    return tx.session.scalars(select(Job).where(Job.workspace_id == tx.workspace, Job.name_index == name)).first()


def _new(tx: Transaction, kind: str, name: bytes | None, fingerprint: bytes | None, total: int) -> Job:
    return Job(
        id=new_id("job"),
        workspace_id=tx.workspace,
        kind=kind,
        state=QUEUED if total else DONE,
        reason="",
        total=total,
        done=0,
        refused=0,
        attempts=0,
        name_index=name,
        fingerprint=fingerprint,
        actor=tx.actor,
        created_at=tx.at,
        updated_at=tx.at,
        ended_at=None if total else tx.at,
    )


def _insert(tx: Transaction, row: Job, options: bytes, lines: list[bytes]) -> Job:
    """Insert the job with its parts; if another request with this key was quicker, give that one's job."""
    try:
        with tx.session.begin_nested():
            key = make_key(tx, row.id)
            put(row, key, options)
            tx.add(row)
    except IntegrityError:
        found = _by_name(tx, row.name_index)
        if found is None:
            raise
        return found
    for first, part in _parts(lines):
        _add_part(tx, row, key, first, part)
    tx.record("job.created", row.id, lines=row.total)
    return row


def _add_part(tx: Transaction, job: Job, key: Key, first: int, lines: list[bytes]) -> None:
    part = JobPart(job_id=job.id, first=first, workspace_id=job.workspace_id)
    put(part, key, b"\n".join(lines))
    tx.add(part)


def _parts(lines: list[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """Lines in parts, each with the number of its first line, from 1."""
    part: list[bytes] = []
    size = 0
    for number, line in enumerate(lines, 1):
        if part and (len(part) == PART_LINES or size + len(line) > PART_BYTES):
            yield number - len(part), part
            part, size = [], 0
        part.append(line)
        size += len(line)
    if part:
        yield len(lines) - len(part) + 1, part


def read_job(tx: Transaction, job: str) -> JobSaid:
    """How far a job is.

    Raises:
        NotFound: there is no such job in this workspace.
    """
    return said_of(_row(tx, job))


def list_jobs(tx: Transaction, after: tuple[str, str] | None = None, limit: int = 50) -> list[JobSaid]:
    """Jobs, oldest first; ``after`` is (created_at, id) of the last one seen."""
    query = select(Job).where(Job.workspace_id == tx.workspace)
    if after is not None:
        query = query.where(tuple_(Job.created_at, Job.id) > after)
    return [said_of(row) for row in tx.session.scalars(query.order_by(Job.created_at, Job.id).limit(limit))]


def cancel(tx: Transaction, job: str) -> JobSaid:
    """End a job; results up to now are kept. One that has ended stays as it is.

    Raises:
        NotFound: there is no such job in this workspace.
    """
    _row(tx, job)
    if end(tx, job, CANCELLED, "cancelled"):
        tx.record("job.cancelled", job)
    return said_of(_row(tx, job))


def end(tx: Transaction, job: str, state: str, reason: str = "") -> bool:
    """End a job that is open, and drop the lines that were not evaluated; False if it had ended."""
    mine = (Job.id == job, Job.workspace_id == tx.workspace, Job.state.in_(OPEN))
    ended = {"state": state, "reason": reason, "lease": None, "lease_until": None, "ended_at": tx.at}
    change = update(Job).where(*mine).values(**ended, updated_at=tx.at)
    if not changed(tx, change.execution_options(synchronize_session=False)):
        return False
    tx.session.execute(delete(JobPart).where(JobPart.job_id == job, JobPart.workspace_id == tx.workspace))
    return True


def changed(tx: Transaction, change: Any) -> int:
    """How many rows a change met."""
    return rows_changed(tx.session.execute(change))


def read_results(tx: Transaction, job: str, after: int = 0, limit: int = 100) -> list[ResultSaid]:
    """Results in the order of their lines, after a line; the access is recorded.

    Raises:
        NotFound: there is no such job in this workspace.
    """
    _row(tx, job)
    query = select(JobResult).where(
        JobResult.job_id == job, JobResult.workspace_id == tx.workspace, JobResult.line > after
    )
    rows = tx.session.scalars(query.order_by(JobResult.line).limit(limit)).all()
    tx.record("job.results_read", job, after=after, results=len(rows))
    return [ResultSaid(row.line, row.ok, take(tx, row)) for row in rows]


def forget_job(store: Store, workspace: str, job: str, actor: str, request: str = "") -> JobSaid:
    """End a job and destroy it with all it holds; gives how far it was.

    Raises:
        NotFound: there is no such job in this workspace.
    """
    with store.write(workspace, actor, request) as tx:
        said = cancel(tx, job)
        forget(tx, job)
    store.database.scrub()
    return said


def forget_ended(store: Store, workspace: str, actor: str, kept: timedelta = KEPT) -> int:
    """Destroy jobs that ended longer ago than they are kept, with all they hold; gives their number."""
    before = stamp(store.now() - kept)
    with store.write(workspace, actor) as tx:
        mine = (Job.workspace_id == workspace, Job.ended_at.is_not(None), Job.ended_at < before)
        jobs = list(tx.session.scalars(select(Job.id).where(*mine)))
        for job in jobs:
            forget(tx, job)
    if jobs:
        store.database.scrub()
    return len(jobs)


def forget(tx: Transaction, job: str) -> None:
    """Destroy a job with all it holds, if it is still there."""
    for held, name in ((JobResult, JobResult.job_id), (JobPart, JobPart.job_id), (Job, Job.id)):
        tx.session.execute(delete(held).where(name == job, held.workspace_id == tx.workspace))
    tx.session.execute(delete(DataKey).where(DataKey.subject == job, DataKey.workspace_id == tx.workspace))
    tx.record("job.forgotten", job)


def _row(tx: Transaction, job: str) -> Job:
    row = tx.session.get(Job, job, populate_existing=True)
    if row is None or row.workspace_id != tx.workspace:
        raise NotFound("there is no such job in this workspace")
    return row


def said_of(row: Job) -> JobSaid:
    """A job without its content."""
    return JobSaid(
        row.id,
        row.kind,
        row.state,
        row.reason,
        row.total,
        row.done,
        row.refused,
        row.created_at,
        row.updated_at,
        row.ended_at,
    )
