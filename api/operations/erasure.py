"""Erasing a matter: its rows go, its key goes, and the database keeps no trace of either.

Training sessions on it end, and jobs that hold a case under its reference go with all they hold.

What remains is an empty row under the same random id, so that the id never comes back, and the
audit entries, which hold ids only. Backups made before hold sealed fields without their keys; the
next key file, which replaces the one before (``api/operations/backup``), ends those too.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, select, update

from api.operations.jobs.book import forget
from api.operations.jobs.naming import jobs_naming
from api.operations.webhooks.outbox import notify
from api.storage.base import rows_changed
from api.storage.errors import Conflict, NotFound, OnHold
from api.storage.matters import find_readable
from api.storage.retention_tables import MatterMark
from api.storage.store import Store, Transaction
from api.storage.tables import (
    Assessment,
    AssessmentSummary,
    DataKey,
    IdempotencyKey,
    Matter,
    MatterVersion,
    SentRow,
)
from api.storage.trainings import end_trainings_on
from api.storage.webhook_tables import DeadlineNotice

#: Whatever holds something of a matter, in the order of the foreign keys.
_HOLDING = (AssessmentSummary, Assessment, MatterVersion, SentRow, IdempotencyKey, DeadlineNotice, MatterMark)


def erase_matter(
    store: Store,
    workspace: str,
    matter: str,
    actor: str,
    request: str = "",
    *,
    expected: int | None = None,
    also: Callable[[Transaction], object] | None = None,
) -> bool:
    """Erase a matter for good; False means that readers still hold the old log, and a scrub must follow.

    ``expected`` is the version that whoever erases has seen; ``also`` is done in the same transaction.

    Raises:
        NotFound: there is no such matter in this workspace.
        Conflict: it has another version than expected.
        OnHold: it is on legal hold.
    """
    jobs = _jobs_on(store, workspace, matter)  # before the transaction, in which others would wait for it
    with store.write(workspace, actor, request) as tx:
        _empty(tx, matter, expected)
        _refuse_held(tx, matter)
        for table in _HOLDING:
            tx.session.execute(delete(table).where(table.matter_id == matter, table.workspace_id == workspace))
        tx.session.execute(delete(DataKey).where(DataKey.subject == matter, DataKey.workspace_id == workspace))
        end_trainings_on(tx, matter)
        for job in jobs:
            forget(tx, job)
        notify(tx, "matter.erased", matter)
        tx.record("matter.erased", matter)
        if also is not None:
            also(tx)
    return store.database.scrub()


def _jobs_on(store: Store, workspace: str, matter: str) -> list[str]:
    """The jobs with a case under the reference of the matter; none if nobody can read that any more."""
    with store.read(workspace) as tx:
        reference = find_readable(tx, matter)
        return jobs_naming(tx, reference) if reference else []


def _refuse_held(tx: Transaction, matter: str) -> None:
    mark = tx.session.get(MatterMark, matter, populate_existing=True)
    if mark is not None and mark.held_at is not None:
        raise OnHold("the matter is on legal hold; lift it first with: dedere retention release")


def _empty(tx: Transaction, matter: str, expected: int | None) -> None:
    """Empty the matter's own row first: it is the lock that writers of this matter wait for."""
    mine = (Matter.id == matter, Matter.workspace_id == tx.workspace, Matter.erased_at.is_(None))
    bare = {"reference_index": None, "sealed": None, "key_id": None, "erased_at": tx.at, "updated_at": tx.at}
    result = tx.session.execute(update(Matter).where(*mine).values(bare))
    if rows_changed(result) != 1:
        raise NotFound("there is no such matter in this workspace")
    version = tx.session.scalar(select(Matter.version).where(Matter.id == matter))
    if expected is not None and version != expected:
        raise Conflict(version or 0)
