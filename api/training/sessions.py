"""Sessions as they are kept: opened, looked at, changed, and gone after twelve hours or when the trainer ends them.

Each has a key of its own; ending it destroys the key, so that backups made meanwhile hold nothing readable of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, select

from api.storage.datakeys import current_key, make_key
from api.storage.errors import NotFound
from api.storage.ids import new_id
from api.storage.sealed import put, take
from api.storage.store import Store, Transaction, stamp
from api.storage.training_tables import TrainingCode, TrainingLesson, TrainingSession
from api.storage.trainings import OPENED, forget_training
from api.training.codes import index_of, new_code
from api.training.lesson import Lesson
from api.training.votes import Question

LASTS = timedelta(hours=12)
Side = Literal["main", "changed", "beside"]


class Desk(BaseModel):
    """What the trainer sees and sets: names, the step shown, what is hidden, the questions put so far."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str = ""
    title: str
    about: str = ""
    decided: str = ""
    whole: bool = False
    names: bool = True
    predict: bool = False
    revealed: bool = False
    exercise: bool = False
    step: int = 1
    questions: tuple[Question, ...] = ()
    changed: tuple[str, str, str] | None = None
    beside: str = ""


class Kept(BaseModel):
    """A lesson with the case it was made from."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lesson: Lesson
    document: dict[str, Any]


@dataclass(frozen=True)
class SessionSaid:
    """A session that runs."""

    id: str
    desk: Desk
    created_at: str
    expires_at: str


def open_session(tx: Transaction, desk: Desk, kept: Kept, matter: str = "") -> str:
    """Begin a session on a lesson; gives its id. ``matter`` is named in the audit chain only."""
    session = new_id("trn")
    key = make_key(tx, session)
    ends = stamp(datetime.fromisoformat(tx.at) + LASTS)
    desk = desk.model_copy(update={"code": _free_code(tx, session, ends)})
    row = TrainingSession(id=session, workspace_id=tx.workspace, created_at=tx.at, expires_at=ends)
    put(row, key, desk.model_dump_json().encode())
    tx.add(row)
    keep_lesson(tx, session, "main", kept)
    tx.record(OPENED, session, **({"matter": matter} if matter else {}))
    return session


def _free_code(tx: Transaction, session: str, ends: str) -> str:
    tx.session.execute(delete(TrainingCode).where(TrainingCode.expires_at <= tx.at))
    code = new_code()
    while tx.session.get(TrainingCode, index_of(code)) is not None:
        code = new_code()
    tx.add(TrainingCode(code_index=index_of(code), session_id=session, workspace_id=tx.workspace, expires_at=ends))
    return code


def read_session(tx: Transaction, session: str) -> SessionSaid:
    """A session of this workspace.

    Raises:
        NotFound: there is none of this id, or it has ended.
    """
    row = _row(tx, session)
    return SessionSaid(row.id, Desk.model_validate_json(take(tx, row)), row.created_at, row.expires_at)


def list_sessions(tx: Transaction) -> list[SessionSaid]:
    """The sessions that run, newest first."""
    mine = (TrainingSession.workspace_id == tx.workspace, TrainingSession.expires_at > tx.at)
    rows = tx.session.scalars(select(TrainingSession).where(*mine).order_by(TrainingSession.created_at.desc()))
    return [
        SessionSaid(row.id, Desk.model_validate_json(take(tx, row)), row.created_at, row.expires_at) for row in rows
    ]


def change_desk(tx: Transaction, session: str, change: Callable[[Desk], Desk]) -> Desk:
    """Change what the trainer sets.

    Raises:
        NotFound: there is no such session.
    """
    row = _row(tx, session, lock=True)
    before = Desk.model_validate_json(take(tx, row))
    after = change(before)
    if after != before:
        put(row, current_key(tx, session), after.model_dump_json().encode())
        tx.session.flush()
    return after


def keep_lesson(tx: Transaction, session: str, side: Side, kept: Kept) -> None:
    """Keep a lesson at a side of a session, in place of the one before."""
    mine = (TrainingLesson.session_id == session, TrainingLesson.side == side)
    tx.session.execute(delete(TrainingLesson).where(*mine, TrainingLesson.workspace_id == tx.workspace))
    row = TrainingLesson(session_id=session, side=side, workspace_id=tx.workspace)
    put(row, current_key(tx, session), kept.model_dump_json().encode())
    tx.add(row)


def read_lesson(tx: Transaction, session: str, side: Side = "main") -> Kept:
    """A lesson of a session that runs.

    Raises:
        NotFound: there is none at this side.
    """
    row = tx.session.get(TrainingLesson, (session, side))
    if row is None or row.workspace_id != tx.workspace:
        raise NotFound("there is no such trace in this session")
    return Kept.model_validate_json(take(tx, row))


def end_session(tx: Transaction, session: str) -> None:
    """End a session: all of it goes, and its key.

    Raises:
        NotFound: there is no such session.
    """
    _row(tx, session)
    forget_training(tx, session)
    tx.record("training.ended", session)


def forget_ended(store: Store, workspace: str, actor: str) -> int:
    """Forget the sessions whose time is over; gives how many there were."""
    with store.write(workspace, actor) as tx:
        over = (TrainingSession.workspace_id == workspace, TrainingSession.expires_at <= tx.at)
        ended = list(tx.session.scalars(select(TrainingSession.id).where(*over)))
        for session in ended:
            forget_training(tx, session)
            tx.record("training.expired", session)
    if ended:
        store.database.scrub()
    return len(ended)


def _row(tx: Transaction, session: str, *, lock: bool = False) -> TrainingSession:
    query = select(TrainingSession).where(TrainingSession.id == session, TrainingSession.workspace_id == tx.workspace)
    row = tx.session.scalars(query.with_for_update() if lock else query).first()
    if row is None or row.expires_at <= tx.at:
        raise NotFound("there is no such session, or it has ended")
    return row
