"""Sealing the receipts and days that earlier programs kept in the clear.

A receipt is a digest without a key, so that anybody can compute it from a case. Beside the law and the day in the
clear it would tell whoever stole the database whether guessed facts are the facts. The migration has no
master keys; so this is done when the store is opened, and again after a backup of an earlier program came back.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from sqlalchemy import select

from api.storage.errors import NotFound, Unavailable
from api.storage.sealed import take
from api.storage.store import Store
from api.storage.summaries import change_summary, summary_in
from api.storage.tables import Assessment, AssessmentSummary
from api.storage.vault.errors import VaultError

ACTOR = "operator"
_AT_ONCE = 200


def seal_receipts(store: Store) -> int:
    """Move what stands in the clear into the sealed summaries; gives how many.

    A summary that cannot be read stays, with what is in the clear, for a restore to tell.
    """
    sealed = 0
    with suppress(Unavailable):  # a full disk: at the next start
        for workspace in store.workspaces():
            waiting = _in_clear(store, workspace)
            for start in range(0, len(waiting), _AT_ONCE):
                sealed += _seal(store, workspace, waiting[start : start + _AT_ONCE])
    if sealed:
        store.database.scrub("assessments")
    return sealed


def _in_clear(store: Store, workspace: str) -> list[str]:
    with store.read(workspace) as tx:
        mine = (Assessment.workspace_id == workspace, Assessment.receipt != "")
        return list(tx.session.scalars(select(Assessment.id).where(*mine)))


def _seal(store: Store, workspace: str, waiting: list[str]) -> int:
    sealed = 0
    with store.write(workspace, ACTOR) as tx:
        rows = select(Assessment).where(Assessment.id.in_(waiting)).with_for_update(key_share=True)
        for row in tx.session.scalars(rows).all():
            line = tx.session.get(AssessmentSummary, row.id)
            if not row.receipt or line is None:  # another process was here first, or a restore has to tell
                continue
            try:
                told = replace(summary_in(take(tx, line)), receipt=row.receipt, assessed_on=row.assessed_on)
            except (VaultError, NotFound, ValueError):
                continue
            change_summary(tx, line, told)
            row.receipt = row.assessed_on = ""
            sealed += 1
    return sealed
