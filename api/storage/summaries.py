"""What lists show of an assessment: outcome, whether it is settled, the next day on which something is due, receipt."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, func, select

from api.storage.datakeys import current_key
from api.storage.sealed import put, readable
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
    """An assessment in one line; the outcome is empty where the row of the line is damaged."""

    outcome: str
    settled: bool
    sentence: str
    title: str
    due: tuple[Due, ...]
    #: Kept here, and only here outside of the answer: in the clear they would let guessed facts be tried without a key.
    receipt: str = ""
    assessed_on: str = ""


_UNREADABLE = Summary("", settled=False, sentence="", title="", due=())


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
    told = (answer.receipt.digest, answer.assessed_on.isoformat())
    return Summary(answer.outcome, answer.settled, answer.sentence, answer.title, tuple(due), *told)


def keep_summary(tx: Transaction, assessment: Assessment, summary: Summary) -> None:
    """Store the line beside its assessment."""
    row = AssessmentSummary(id=assessment.id, workspace_id=tx.workspace, matter_id=assessment.matter_id)
    change_summary(tx, row, summary)
    tx.add(row)


def change_summary(tx: Transaction, row: AssessmentSummary, summary: Summary) -> None:
    """Seal another line into the row of an assessment's."""
    put(row, current_key(tx, row.matter_id), json.dumps(asdict(summary), ensure_ascii=False).encode())


def summaries(tx: Transaction, assessments: Iterable[str]) -> dict[str, Summary]:
    """The lines of assessments, by id; those of other workspaces are not there."""
    query = select(AssessmentSummary).where(
        AssessmentSummary.workspace_id == tx.workspace, AssessmentSummary.id.in_(list(assessments))
    )
    return {row.id: _line(readable(tx, row)) for row in tx.session.scalars(query)}


def _line(kept: bytes | None) -> Summary:
    return _UNREADABLE if kept is None else summary_in(kept)


@dataclass(frozen=True, slots=True)
class Standing:
    """The assessment that tells where a matter stands, and the version of the facts that it is of."""

    matter: str
    assessment: str
    version: int


def standing_assessments(
    tx: Transaction, reading: str | None = "neutral", matters: Iterable[str] | None = None
) -> Select[tuple[str, str, int]]:
    """A query for matter, assessment and version of what tells where each matter stands, by matter.

    That is the newest assessment of the newest facts that were assessed as of the case's own day and under the law
    in use, here. Looking back, at another law or at older facts, and what was imported, changes no list, no calendar and no outcome.
    """
    mine = [Assessment.workspace_id == tx.workspace, Assessment.hypothetical.is_(False), Assessment.imported.is_(False)]
    if reading is not None:
        mine.append(Assessment.reading == reading)
    if matters is not None:
        mine.append(Assessment.matter_id.in_(list(matters)))
    ranks = (Assessment.matter_version, Assessment.place_in_chain, Assessment.created_at, Assessment.id)
    newest = [one.desc() for one in ranks]  # clocks come last: one may have been set back
    place = func.row_number().over(partition_by=Assessment.matter_id, order_by=newest)
    columns = (Assessment.matter_id, Assessment.id.label("assessment"), Assessment.matter_version.label("version"))
    ranked = select(*columns, place.label("place")).where(*mine).subquery()
    found = select(ranked.c.matter_id, ranked.c.assessment, ranked.c.version)
    return found.where(ranked.c.place == 1).order_by(ranked.c.matter_id)


def standing_of(tx: Transaction, matters: Iterable[str], reading: str = "neutral") -> dict[str, Standing]:
    """What tells where each of some matters stands under a reading, by matter."""
    found = tx.session.execute(standing_assessments(tx, reading, matters))
    return {row.matter_id: Standing(row.matter_id, row.assessment, row.version) for row in found}


def summary_in(raw: bytes) -> Summary:
    """The line that was stored as JSON."""
    data = json.loads(raw)
    return Summary(**{**data, "due": tuple(Due(**one) for one in data["due"])})
