"""The end of training sessions: all that is kept of one goes, and its key."""

from __future__ import annotations

import json

from sqlalchemy import delete, select

from api.storage.store import Transaction
from api.storage.tables import AuditEntry, DataKey
from api.storage.training_tables import (
    TrainingCode,
    TrainingLesson,
    TrainingParticipant,
    TrainingSession,
    TrainingVote,
)

#: The act by which the audit chain names the matter that a session was opened on.
OPENED = "training.opened"


def forget_training(tx: Transaction, session: str) -> None:
    """Take away all of a session."""
    for table in (TrainingVote, TrainingParticipant, TrainingLesson, TrainingCode):
        tx.session.execute(delete(table).where(table.session_id == session, table.workspace_id == tx.workspace))
    mine = (TrainingSession.id == session, TrainingSession.workspace_id == tx.workspace)
    tx.session.execute(delete(TrainingSession).where(*mine))
    tx.session.execute(delete(DataKey).where(DataKey.subject == session, DataKey.workspace_id == tx.workspace))


def end_trainings_on(tx: Transaction, matter: str) -> None:
    """End the sessions that run on a matter, which only the audit chain names."""
    running = list(tx.session.scalars(select(TrainingSession.id).where(TrainingSession.workspace_id == tx.workspace)))
    of_them = (AuditEntry.chain == tx.workspace, AuditEntry.subject.in_(running), AuditEntry.act == OPENED)
    for session, ids in tx.session.execute(select(AuditEntry.subject, AuditEntry.ids).where(*of_them)).all():
        if json.loads(ids).get("matter") == matter:
            forget_training(tx, session)
            tx.record("training.ended", session, matter=matter)
