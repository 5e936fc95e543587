"""What lists show of an assessment: outcome, whether it is settled, the next day on which something is due."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select

from api.storage.datakeys import current_key
from api.storage.sealed import put, take
from api.storage.store import Transaction
from api.storage.tables import Assessment, AssessmentSummary
from engine.answer.model import Answer, ClockSaid, Receipt


@dataclass(frozen=True, slots=True)
class Due:
    """A clock that runs: its name in the rules, its title, and the day on which it ends."""

    clock: str
    title: str
    on: str
    state: str


@dataclass(frozen=True, slots=True)
class Summary:
    """An assessment in one line."""

    outcome: str
    settled: bool
    sentence: str
    title: str
    due: tuple[Due, ...]


class Gist(BaseModel):
    """What lists show of an answer, read from the JSON of its record or of the whole."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    outcome: str
    settled: bool
    sentence: str
    title: str
    reading: str
    assessed_on: date
    clocks: tuple[ClockSaid, ...]
    receipt: Receipt


def summary_of(answer: Answer | Gist) -> Summary:
    """The line of an answer."""
    clocks = [one for one in answer.clocks if one.due_on is not None and one.state in ("running", "expired")]
    due = sorted((Due(one.id, one.title, str(one.due_on), one.state) for one in clocks), key=lambda one: one.on)
    return Summary(answer.outcome, answer.settled, answer.sentence, answer.title, tuple(due))


def keep_summary(tx: Transaction, assessment: Assessment, summary: Summary) -> None:
    """Store the line beside its assessment."""
    row = AssessmentSummary(id=assessment.id, workspace_id=tx.workspace, matter_id=assessment.matter_id)
    put(row, current_key(tx, assessment.matter_id), json.dumps(asdict(summary), ensure_ascii=False).encode())
    tx.add(row)


def summaries(tx: Transaction, assessments: Iterable[str]) -> dict[str, Summary]:
    """The lines of assessments, by id; those of other workspaces are not there."""
    query = select(AssessmentSummary).where(
        AssessmentSummary.workspace_id == tx.workspace, AssessmentSummary.id.in_(list(assessments))
    )
    return {row.id: summary_in(take(tx, row)) for row in tx.session.scalars(query)}


def latest_assessments(tx: Transaction, matters: Iterable[str], reading: str = "neutral") -> dict[str, str]:
    """The newest assessment of each matter under a reading, by matter."""
    newest = (
        select(Assessment.matter_id, func.max(Assessment.created_at).label("at"))
        .where(
            Assessment.workspace_id == tx.workspace,
            Assessment.matter_id.in_(list(matters)),
            Assessment.reading == reading,
        )
        .group_by(Assessment.matter_id)
        .subquery()
    )
    query = select(Assessment.matter_id, Assessment.id).join(
        newest, (Assessment.matter_id == newest.c.matter_id) & (Assessment.created_at == newest.c.at)
    )
    return {row.matter_id: row.id for row in tx.session.execute(query.order_by(Assessment.id))}


def summary_in(raw: bytes) -> Summary:
    """The line that was stored as JSON."""
    data = json.loads(raw)
    return Summary(**{**data, "due": tuple(Due(**one) for one in data["due"])})
