"""Participants: they join by a code and vote. Nothing is known of one but the hash of a random token.

The token is the id of the workspace, that of the session, and 256 random bits, so that the database opens this
workspace only. It ends with the session.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from api.accounts.pace import Pace, attempt, succeeded
from api.accounts.tokens import hashed, new_secret
from api.storage.errors import NotFound
from api.storage.store import Store, Transaction, stamp
from api.storage.training_tables import TrainingCode, TrainingParticipant, TrainingVote
from api.training.codes import index_of, typed
from api.training.sessions import Desk, read_session
from api.training.votes import Question, tally

ACTOR = "sys_training"
MOST_PARTICIPANTS = 500
#: A whole class may come from one address, and most of them mistype once; only wrong codes count.
WRONG_CODES = Pace("training code", free=20, longest=timedelta(minutes=1), wiped=False)
_TOKEN = re.compile(r"(wsp_[a-z2-7]{26})\.(trn_[a-z2-7]{26})\.[A-Za-z0-9_\-]{43}")


class WrongCode(Exception):
    """No session that runs has this code."""


class ClassFull(Exception):
    """The session has as many participants as it takes."""


class NotOpen(Exception):
    """The question is closed, or is not the one that is put, or has no such option."""


@dataclass(frozen=True)
class Participant:
    """Somebody in a session."""

    workspace: str
    session: str
    hash: bytes
    desk: Desk


def join(store: Store, text: str, source: str, seat: str = "") -> str:
    """Join the session of a code; gives the participant's token. Whoever has a ``seat`` there already stays on it.

    Raises:
        WrongCode: there is no such session.
        Refused: too many wrong codes came from this source; it has to wait (``api.accounts.errors``).
        ClassFull: nobody more can join.
    """
    tried = attempt(store, (WRONG_CODES, source))
    found = _found(store, typed(text))
    succeeded(store, tried)
    sits = participant_of(store, seat)
    if sits is not None and sits.session == found.session_id:
        return seat
    token = f"{found.workspace_id}.{found.session_id}.{new_secret()}"
    with store.write(found.workspace_id, ACTOR) as tx:
        read_session(tx, found.session_id)
        if participants(tx, found.session_id) >= MOST_PARTICIPANTS:
            raise ClassFull
        tx.add(
            TrainingParticipant(
                session_id=found.session_id, token_hash=hashed(token), workspace_id=tx.workspace, joined_at=tx.at
            )
        )
    return token


def _found(store: Store, code: str) -> TrainingCode:
    with store.database.session(writes=False) as session:
        row = session.get(TrainingCode, index_of(code)) if code else None
        if row is None or row.expires_at <= stamp(store.now()):
            raise WrongCode
        session.expunge(row)
        return row


def participant_of(store: Store, token: str) -> Participant | None:
    """Who holds a token, if the session still runs."""
    form = _TOKEN.fullmatch(token)
    if form is None:
        return None
    with store.read(form[1]) as tx:
        row = tx.session.get(TrainingParticipant, (form[2], hashed(token)))
        if row is None or row.workspace_id != tx.workspace:
            return None
        try:
            return Participant(form[1], form[2], row.token_hash, read_session(tx, form[2]).desk)
        except NotFound:
            return None


def vote(store: Store, who: Participant, question: int, choice: int) -> None:
    """Choose an option of the question that is open; the last choice counts.

    Raises:
        NotOpen: it cannot be chosen, or not any more.
        NotFound: the session has ended.
    """
    with store.write(who.workspace, ACTOR) as tx:
        put = latest(read_session(tx, who.session).desk)
        if put is None or not put.open or put.number != question or not 0 <= choice < len(put.options):
            raise NotOpen
        insert = sqlite.insert if store.database.sqlite else postgresql.insert
        key = {"session_id": who.session, "question": question, "token_hash": who.hash}
        row = insert(TrainingVote).values(**key, workspace_id=tx.workspace, choice=choice)
        tx.session.execute(row.on_conflict_do_update(index_elements=list(key), set_={"choice": choice}))


def latest(desk: Desk) -> Question | None:
    """The question that was put last."""
    return desk.questions[-1] if desk.questions else None


def chosen(tx: Transaction, who: Participant, question: int) -> int | None:
    """What a participant chose, if anything."""
    row = tx.session.get(TrainingVote, (who.session, question, who.hash))
    return row.choice if row is not None and row.workspace_id == tx.workspace else None


def votes(tx: Transaction, session: str, question: Question) -> list[int]:
    """How many chose each option."""
    mine = (TrainingVote.session_id == session, TrainingVote.workspace_id == tx.workspace)
    query = select(TrainingVote.choice).where(*mine, TrainingVote.question == question.number)
    return tally(question, tx.session.scalars(query))


def participants(tx: Transaction, session: str) -> int:
    """How many have joined."""
    mine = (TrainingParticipant.session_id == session, TrainingParticipant.workspace_id == tx.workspace)
    return tx.session.scalar(select(func.count()).select_from(TrainingParticipant).where(*mine)) or 0
