"""Assessments of record under the key of their matter: the answer, or what both engines agreed on.

The record is kept at once. Its words follow from it, are written when somebody first reads them or
when nothing else is to be done, and never change afterwards.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, bindparam, select, tuple_

from api.storage.audit.chain import listed
from api.storage.datakeys import current_key
from api.storage.errors import NotFound, NoWords
from api.storage.ids import new_id
from api.storage.sealed import put, take
from api.storage.store import Law, Store, Transaction
from api.storage.summaries import Gist, Summary, keep_summary, summaries, summary_of
from api.storage.tables import Assessment, Matter, MatterVersion
from engine.answer.model import Answer
from engine.errors import EnginesDisagree, expected

_WHOSE = select(MatterVersion.workspace_id).where(
    MatterVersion.matter_id == bindparam("matter"), MatterVersion.version == bindparam("version")
)
#: The lock of a matter's row comes before that of the chain, under which the row is dated.
_LOCKED = select(Matter.id).where(Matter.id == bindparam("matter")).with_for_update(key_share=True)


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
    hypothetical: bool
    listed_at: str
    imported: bool = False


def record_assessment(
    tx: Transaction,
    matter: str,
    version: int,
    answer: Answer | Gist,
    content: bytes | None = None,
    *,
    in_words: bool = True,
    hypothetical: bool = False,
) -> AssessmentSaid:
    """Keep an answer on one version of a matter's facts.

    ``content`` is it as JSON, or, not yet in words, its record; of a gist it must be given. When it enters the lists
    is known only after the commit. A ``hypothetical`` one
    does not tell where the matter stands.

    Raises:
        NotFound: there is no such version in this workspace.
    """
    if tx.session.scalar(_WHOSE, {"matter": matter, "version": version}) != tx.workspace:
        raise NotFound("there is no such version in this workspace")
    row = _row_of(tx, matter, version, answer)
    row.in_words, row.hypothetical = in_words, hypothetical
    put(row, current_key(tx, matter), content or expected(answer, Answer).model_dump_json().encode())
    tx.add(row)
    line = summary_of(answer)
    keep_summary(tx, row, line)
    tx.record("assessment.created", matter, assessment=row.id, version=version)
    tx.listed.add(row.id)
    if not hypothetical:
        tx.session.execute(_LOCKED, {"matter": matter})
        tx.changed.add(matter)
    return replace(_said(row, line), listed_at="")


def _row_of(tx: Transaction, matter: str, version: int, answer: Answer | Gist) -> Assessment:
    return Assessment(
        id=new_id("asm"),
        workspace_id=tx.workspace,
        matter_id=matter,
        matter_version=version,
        rules=answer.receipt.rules,
        instruments=answer.receipt.instruments,
        engine=answer.receipt.engine,
        reading=answer.reading,
        created_at=tx.at,
        listed_at=tx.at,
        actor=tx.actor,
    )


def read_answer(tx: Transaction, assessment: str) -> tuple[AssessmentSaid, bytes]:
    """An assessment with its answer as JSON, which is put into words if it is not yet; the access is recorded.

    Raises:
        NotFound: there is no such assessment in this workspace.
        NoWords: it has none yet, and the law it was made under is not here.
    """
    row = _row(tx, assessment)
    tx.record("assessment.read", row.matter_id, assessment=row.id)
    return _said(row, _line(tx, row)), _kept_answer(tx, row)


@dataclass(frozen=True, slots=True)
class Wordless:
    """An assessment that is not in words yet: what they are made of."""

    assessment: str
    law: Law
    facts: bytes = field(repr=False)
    record: bytes = field(repr=False)


def answer_of(tx: Transaction, assessment: str) -> tuple[AssessmentSaid, Wordless | bytes]:
    """An assessment with its answer as JSON, or what its words are made of; the access is recorded.

    Whoever puts it into words does so behind the transaction and then gives them to ``keep_words``.

    Raises:
        NotFound: there is no such assessment in this workspace.
    """
    row = _row(tx, assessment)
    tx.record("assessment.read", row.matter_id, assessment=row.id)
    kept = take(tx, row) if row.in_words else Wordless(row.id, *_record_of(tx, row))
    return _said(row, _line(tx, row)), kept


def keep_words(tx: Transaction, assessment: str, written: bytes) -> bool:
    """Keep the words of an assessment, unless it was erased or put into words meanwhile, or the disk is nearly full."""
    row = tx.session.get(Assessment, assessment)
    if not tx.roomy or row is None or row.workspace_id != tx.workspace or row.in_words:
        return False
    _put_words(tx, row, written)
    return True


def _kept_answer(tx: Transaction, row: Assessment) -> bytes:
    written = words_of(tx, row)
    if not row.in_words and tx.roomy:
        _put_words(tx, row, written)
    return written


def words_of(tx: Transaction, row: Assessment) -> bytes:
    """The answer of a row as JSON, without keeping the words.

    Raises:
        NoWords: it has none yet, and the law it was made under is not here.
    """
    return take(tx, row) if row.in_words else tx.words(*_record_of(tx, row))


def _record_of(tx: Transaction, row: Assessment) -> tuple[Law, bytes, bytes]:
    """What words are made of: the law, the facts and the record."""
    facts = tx.session.get_one(MatterVersion, (row.matter_id, row.matter_version))
    return Law(row.rules, row.instruments), take(tx, facts), take(tx, row)


def _put_words(tx: Transaction, row: Assessment, written: bytes) -> None:
    put(row, current_key(tx, row.matter_id), written)
    row.in_words = True
    tx.record("assessment.worded", row.matter_id, assessment=row.id)


def put_into_words(store: Store, workspace: str, actor: str, before: str, most: int) -> int:
    """Put the oldest records from before a moment into words, each in a transaction of its own; gives how many.

    Those whose law is not here, or would say something else, stay as they are and hold up no other.
    """
    return _put_into_words(store, workspace, actor, _wordless(store, workspace, Assessment.created_at <= before), most)


def put_these_into_words(store: Store, workspace: str, actor: str, assessments: Collection[str]) -> int:
    """The same for certain assessments, so that whoever then reads them all keeps no writer waiting meanwhile."""
    wordless = _wordless(store, workspace, Assessment.id.in_(assessments))
    return _put_into_words(store, workspace, actor, wordless, len(wordless))


def _put_into_words(store: Store, workspace: str, actor: str, wordless: list[tuple[str, Law]], most: int) -> int:
    if store.database.reserve.low():
        return 0
    done, missing = 0, set[Law]()
    for assessment, law in wordless:
        if done == most:
            break
        if law in missing:
            continue
        try:
            done += _worded(store, workspace, actor, assessment)
        except NoWords:
            missing.add(law)
        except EnginesDisagree:
            continue
    return done


def _wordless(store: Store, workspace: str, which: ColumnElement[bool]) -> list[tuple[str, Law]]:
    with store.read(workspace) as tx:
        mine = (Assessment.workspace_id == workspace, Assessment.in_words.is_(False), which)
        query = select(Assessment.id, Assessment.rules, Assessment.instruments).where(*mine)
        rows = tx.session.execute(query.order_by(Assessment.created_at))
        return [(assessment, Law(rules, instruments)) for assessment, rules, instruments in rows]


def _worded(store: Store, workspace: str, actor: str, assessment: str) -> bool:
    with store.read(workspace) as tx:
        row = tx.session.get(Assessment, assessment)
        if row is None or row.in_words:
            return False
        kept = _record_of(tx, row)
    written = store.words(*kept)  # outside of the transaction, which would keep an erasure waiting
    with store.write(workspace, actor) as tx:
        return keep_words(tx, assessment, written)


def assessment_said(tx: Transaction, assessment: str) -> AssessmentSaid:
    """What is known of an assessment without opening its answer; the access is recorded.

    Raises:
        NotFound: there is no such assessment in this workspace.
    """
    row = _row(tx, assessment)
    tx.record("assessment.seen", row.matter_id, assessment=row.id)
    return _said(row, _line(tx, row))


def list_assessments(
    tx: Transaction, matter: str = "", since: str = "", after: tuple[str, str] | None = None, limit: int = 200
) -> list[AssessmentSaid]:
    """Assessments without their answers, in the order of their commits, of one matter or of all.

    The access is recorded. ``after`` is (listed_at, id) of the last one seen.
    """
    query = select(Assessment).where(Assessment.workspace_id == tx.workspace, Assessment.listed_at >= since)
    if matter:
        query = query.where(Assessment.matter_id == matter)
    if after is not None:
        query = query.where(tuple_(Assessment.listed_at, Assessment.id) > after)
    rows = tx.session.scalars(query.order_by(Assessment.listed_at, Assessment.id).limit(limit)).all()
    tx.record("assessments.listed", matter or tx.workspace, **listed("assessments", [row.id for row in rows]))
    lines = summaries(tx, [row.id for row in rows])
    return [_said(row, lines[row.id]) for row in rows]


def _row(tx: Transaction, assessment: str) -> Assessment:
    row = tx.session.get(Assessment, assessment)
    if row is None or row.workspace_id != tx.workspace:
        raise NotFound("there is no such assessment in this workspace")
    return row


def _line(tx: Transaction, row: Assessment) -> Summary:
    return summaries(tx, [row.id])[row.id]


def _said(row: Assessment, line: Summary) -> AssessmentSaid:
    return AssessmentSaid(
        row.id,
        row.matter_id,
        row.matter_version,
        line.receipt or row.receipt,
        row.rules,
        row.instruments,
        row.engine,
        row.reading,
        line.assessed_on or row.assessed_on,
        row.created_at,
        row.hypothetical,
        row.listed_at,
        row.imported,
    )
