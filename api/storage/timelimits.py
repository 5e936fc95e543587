"""The time limits of a workspace: what runs or has expired by the assessment that tells where each matter stands."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from api.storage.audit.chain import listed
from api.storage.sealed import readable
from api.storage.store import Transaction
from api.storage.summaries import Due, standing_assessments, summary_in
from api.storage.tables import Assessment, AssessmentSummary, Matter


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A clock of a matter: the day on which it ends, and where it stood when assessed.

    Where the row that tells of them is damaged, one of the state ``unreadable`` without a day stands for all.
    """

    on: str
    matter: str
    clock: str
    title: str
    state: str
    assessment: str
    assessed_at: str
    #: Whether the facts of the matter have changed since
    outdated: bool

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands in a list."""
        return self.on, self.matter, self.clock


UNREADABLE = "unreadable"


def _due(tx: Transaction, row: AssessmentSummary) -> tuple[Due, ...]:
    kept = readable(tx, row)
    return (Due("", "", "", UNREADABLE),) if kept is None else summary_in(kept).due


def time_limits(
    tx: Transaction, since: str = "", until: str = "9999-12-31", reading: str = "neutral"
) -> list[TimeLimit]:
    """The time limits that end within some days, the first first; the access is recorded with every matter shown.

    Before them come the matters whose time limits cannot be read, so that nobody takes them for none.
    """
    standing = standing_assessments(tx, reading).subquery()
    query = (
        select(AssessmentSummary, Assessment.created_at, Assessment.matter_version < Matter.version)
        .join(standing, standing.c.assessment == AssessmentSummary.id)
        .join(Assessment, Assessment.id == AssessmentSummary.id)
        .join(Matter, Matter.id == AssessmentSummary.matter_id)
        .where(AssessmentSummary.workspace_id == tx.workspace)
    )
    found = [
        TimeLimit(due.on, row.matter_id, due.clock, due.title, due.state, row.id, outdated=outdated, assessed_at=at)
        for row, at, outdated in tx.session.execute(query)
        for due in _due(tx, row)
        if since <= due.on <= until or due.state == UNREADABLE
    ]
    tx.record("deadlines.listed", tx.workspace, **listed("matters", sorted({one.matter for one in found})))
    return sorted(found, key=lambda one: one.place)
