"""The time limits of a workspace: what the latest assessment of each matter says is running or has expired."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from api.storage.sealed import take
from api.storage.store import Transaction
from api.storage.summaries import summary_in
from api.storage.tables import Assessment, AssessmentSummary


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A clock of a matter: the day on which it ends, and where it stood when assessed."""

    on: str
    matter: str
    clock: str
    title: str
    state: str
    assessment: str
    assessed_at: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands in a list."""
        return self.on, self.matter, self.clock


def time_limits(
    tx: Transaction, since: str = "", until: str = "9999-12-31", reading: str = "neutral"
) -> list[TimeLimit]:
    """The time limits that end within some days, the first first; the access is recorded with every matter shown."""
    newest = (
        select(Assessment.matter_id, func.max(Assessment.created_at).label("at"))
        .where(Assessment.workspace_id == tx.workspace, Assessment.reading == reading)
        .group_by(Assessment.matter_id)
        .subquery()
    )
    query = (
        select(AssessmentSummary, Assessment.created_at)
        .join(Assessment, Assessment.id == AssessmentSummary.id)
        .join(newest, (Assessment.matter_id == newest.c.matter_id) & (Assessment.created_at == newest.c.at))
        .where(AssessmentSummary.workspace_id == tx.workspace, Assessment.reading == reading)
        .order_by(Assessment.id)
    )
    latest = {row.matter_id: (row, at) for row, at in tx.session.execute(query)}
    found = [
        TimeLimit(due.on, matter, due.clock, due.title, due.state, row.id, at)
        for matter, (row, at) in latest.items()
        for due in summary_in(take(tx, row)).due
        if since <= due.on <= until
    ]
    tx.record("deadlines.listed", tx.workspace, matters=sorted({one.matter for one in found}))
    return sorted(found, key=lambda one: one.place)
