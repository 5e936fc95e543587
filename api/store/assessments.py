"""Assessments of record: the answer as it was given, under the key of its matter."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from api.store.datakeys import current_key
from api.store.errors import NotFound
from api.store.ids import new_id
from api.store.sealed import put, take
from api.store.store import Transaction
from api.store.summaries import Gist, keep_summary, summary_of
from api.store.tables import Assessment, MatterVersion
from engine.answer import Answer


@dataclass(frozen=True, slots=True)
class AssessmentSaid:
    """What is known of an assessment besides its answer."""

    id: str
    matter: str
    version: int
    receipt: str
    rules: str
    instruments: str
    engine: str
    reading: str
    assessed_on: str
    created_at: str


def record_assessment(
    tx: Transaction, matter: str, version: int, answer: Answer | Gist, written: bytes | None = None
) -> AssessmentSaid:
    """Keep an answer on one version of a matter's facts; ``written`` is the same answer as JSON, if it is at hand.

    Of a gist it must be.

    Raises:
        NotFound: there is no such version in this workspace.
    """
    facts = tx.session.get(MatterVersion, (matter, version))
    if facts is None or facts.workspace_id != tx.workspace:
        raise NotFound("there is no such version in this workspace")
    row = _row_of(tx, matter, version, answer)
    assert written is not None or isinstance(answer, Answer)
    put(row, current_key(tx, matter), written or answer.model_dump_json().encode())
    tx.add(row)
    keep_summary(tx, row, summary_of(answer))
    tx.record("assessment.created", matter, assessment=row.id, version=version)
    return _said(row)


def _row_of(tx: Transaction, matter: str, version: int, answer: Answer | Gist) -> Assessment:
    return Assessment(
        id=new_id("asm"),
        workspace_id=tx.workspace,
        matter_id=matter,
        matter_version=version,
        receipt=answer.receipt.digest,
        rules=answer.receipt.rules,
        instruments=answer.receipt.instruments,
        engine=answer.receipt.engine,
        reading=answer.reading,
        assessed_on=answer.assessed_on.isoformat(),
        created_at=tx.at,
        actor=tx.actor,
    )


def read_answer(tx: Transaction, assessment: str) -> tuple[AssessmentSaid, bytes]:
    """An assessment with its answer as JSON; the access is recorded.

    Raises:
        NotFound: there is no such assessment in this workspace.
    """
    row = tx.session.get(Assessment, assessment)
    if row is None or row.workspace_id != tx.workspace:
        raise NotFound("there is no such assessment in this workspace")
    tx.record("assessment.read", row.matter_id, assessment=row.id)
    return _said(row), take(tx, row)


def assessment_said(tx: Transaction, assessment: str) -> AssessmentSaid:
    """What is known of an assessment without opening its answer; the access is recorded.

    Raises:
        NotFound: there is no such assessment in this workspace.
    """
    row = tx.session.get(Assessment, assessment)
    if row is None or row.workspace_id != tx.workspace:
        raise NotFound("there is no such assessment in this workspace")
    tx.record("assessment.seen", row.matter_id, assessment=row.id)
    return _said(row)


def list_assessments(
    tx: Transaction, matter: str = "", since: str = "", after: tuple[str, str] | None = None, limit: int = 200
) -> list[AssessmentSaid]:
    """Assessments without their answers, oldest first, of one matter or of all; the access is recorded.

    ``after`` is (created_at, id) of the last one seen.
    """
    query = select(Assessment).where(Assessment.workspace_id == tx.workspace, Assessment.created_at >= since)
    if matter:
        query = query.where(Assessment.matter_id == matter)
    if after is not None:
        moment, last = after
        query = query.where(
            or_(Assessment.created_at > moment, and_(Assessment.created_at == moment, Assessment.id > last))
        )
    rows = tx.session.scalars(query.order_by(Assessment.created_at, Assessment.id).limit(limit)).all()
    tx.record("assessments.listed", matter or tx.workspace, assessments=[row.id for row in rows])
    return [_said(row) for row in rows]


def _said(row: Assessment) -> AssessmentSaid:
    return AssessmentSaid(
        row.id,
        row.matter_id,
        row.matter_version,
        row.receipt,
        row.rules,
        row.instruments,
        row.engine,
        row.reading,
        row.assessed_on,
        row.created_at,
    )
