"""What a runner does with jobs: claim one for a while, take its parts, write their results, let go.

Every write of a runner names its lease. If the lease was lost meanwhile, to another runner or to a
cancel, nothing is written: so clocks that differ can waste work but never double a result.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

from api.operations.jobs.book import changed, end
from api.operations.jobs.states import (
    DONE,
    FAILED,
    OPEN,
    QUEUED,
    RUNNING,
)
from api.storage.datakeys import current_key
from api.storage.ids import new_id
from api.storage.job_tables import Job, JobPart, JobResult
from api.storage.sealed import put, take
from api.storage.store import (
    Store,
    Transaction,
    enter_workspace,
    stamp,
)

#: How often a job may be begun without a part of it being finished.
ATTEMPTS = 5


class LeaseLost(Exception):
    """Somebody else has the job now, or it was ended; what was done is not written."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in hand."""

    job: str
    workspace: str
    lease: str
    kind: str
    actor: str


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a job, the first with its number."""

    first: int
    lines: list[bytes]


@dataclass(frozen=True, slots=True)
class Said:
    """What a handler makes of one line; ``ok`` is False if it refuses the line."""

    ok: bool
    body: bytes


def waiting(store: Store, kinds: Collection[str]) -> list[str]:
    """The workspaces in which a job can be claimed."""
    now, found = stamp(store.now()), []
    names = store.workspaces()
    with store.database.session(writes=False) as session:
        for workspace in names:
            enter_workspace(session, workspace)
            if session.scalars(select(Job.id).where(*_claimable(workspace, kinds, now)).limit(1)).first():
                found.append(workspace)
    return found


def _claimable(workspace: str, kinds: Collection[str], now: str) -> tuple[ColumnElement[bool], ...]:
    free = or_(Job.lease_until.is_(None), Job.lease_until < now)
    return Job.workspace_id == workspace, Job.kind.in_(kinds), Job.state.in_(OPEN), free


def claim(tx: Transaction, kinds: Collection[str], until: str) -> Claim | None:
    """Take the job that waits longest, unless it was begun too often; None if there is none."""
    query = select(Job).where(*_claimable(tx.workspace, kinds, tx.at)).order_by(Job.updated_at, Job.id).limit(1)
    row = tx.session.scalars(query.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    if row.attempts >= ATTEMPTS:
        give_up(tx, row.id, "interrupted")
        return None
    row.state, row.lease, row.lease_until = RUNNING, new_id("lse"), until
    row.attempts, row.updated_at = row.attempts + 1, tx.at
    tx.session.flush()
    return Claim(row.id, tx.workspace, row.lease, row.kind, row.actor)


def give_up(tx: Transaction, job: str, reason: str) -> None:
    """End a job as failed."""
    if end(tx, job, FAILED, reason):
        tx.record("job.failed", job)


def options_of(tx: Transaction, claim: Claim) -> dict[str, Any]:
    """What the job was asked to do with its lines.

    Raises:
        LeaseLost: the job is not in hand any more.
    """
    row = tx.session.scalars(select(Job).where(*_held(claim))).first()
    if row is None:
        raise LeaseLost
    options: dict[str, Any] = json.loads(take(tx, row))
    return options


def attempts_of(tx: Transaction, claim: Claim) -> int:
    """How often the job was begun since a part of it was last finished."""
    return tx.session.scalars(select(Job.attempts).where(*_held(claim))).first() or 0


def _held(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return Job.id == claim.job, Job.workspace_id == claim.workspace, Job.lease == claim.lease


def _change(tx: Transaction, claim: Claim, **values: Any) -> bool:
    change = update(Job).where(*_held(claim)).values(**values, updated_at=tx.at)
    return changed(tx, change.execution_options(synchronize_session=False)) == 1


def renew(tx: Transaction, claim: Claim, until: str) -> bool:
    """Keep the job in hand for longer; False if it is not in hand any more."""
    return _change(tx, claim, lease_until=until)


def let_go(tx: Transaction, claim: Claim, attempts: int | None = None, until: str | None = None) -> bool:
    """Put the job back, to be claimed not before some moment."""
    counted = {} if attempts is None else {"attempts": attempts}
    return _change(tx, claim, state=QUEUED, lease=None, lease_until=until, **counted)


def next_part(tx: Transaction, claim: Claim) -> Part | None:
    """The lines to evaluate next; None if all are."""
    mine = (JobPart.job_id == claim.job, JobPart.workspace_id == claim.workspace)
    row = tx.session.scalars(select(JobPart).where(*mine).order_by(JobPart.first).limit(1)).first()
    return Part(row.first, take(tx, row).split(b"\n")) if row else None


def write_results(tx: Transaction, claim: Claim, part: Part, results: Sequence[Said], until: str) -> None:
    """Write what came of a part, count it, and drop its lines, all at once.

    Raises:
        LeaseLost: the job is not in hand any more.
    """
    counts = {
        "done": Job.done + len(results),
        "refused": Job.refused + sum(not result.ok for result in results),
        "attempts": 0,
        "lease_until": until,
    }
    if not _change(tx, claim, **counts):
        raise LeaseLost
    gone = (JobPart.job_id == claim.job, JobPart.first == part.first, JobPart.workspace_id == claim.workspace)
    if changed(tx, delete(JobPart).where(*gone)) != 1:
        raise LeaseLost
    key = current_key(tx, claim.job)
    for line, result in enumerate(results, part.first):
        row = JobResult(job_id=claim.job, line=line, workspace_id=claim.workspace, ok=result.ok)
        put(row, key, result.body)
        tx.session.add(row)
    tx.session.flush()


def finish(tx: Transaction, claim: Claim) -> None:
    """All parts are evaluated."""
    if _change(tx, claim) and end(tx, claim.job, DONE):
        tx.record("job.done", claim.job)


def lease_end(store: Store, lease: timedelta) -> str:
    """Until when a lease taken now holds."""
    return stamp(store.now() + lease)
