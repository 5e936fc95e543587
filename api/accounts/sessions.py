"""Sessions: idle 30 minutes, at most 12 hours, a new token at sign-in and whenever rights change.

The browser holds the token; a hash of it is kept. The CSRF token is derived from it, so that one
session's cannot serve another. An administrator's rights need a session that was opened with two
factors ("strong").
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update

from api.accounts.roles import ADMINISTRATOR, scopes_of
from api.accounts.tokens import (
    derived_text,
    hashed,
    new_token,
    same,
    workspace_in,
)
from api.storage.base import rows_changed
from api.storage.errors import Unavailable
from api.storage.ids import new_id
from api.storage.people_tables import Person, PersonSession
from api.storage.store import Store, Transaction, stamp

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person who proved who they are: how, and whether with two factors."""

    workspace: str
    person: str
    method: str
    strong: bool


@dataclass(frozen=True, slots=True)
class SessionSaid:
    """Who is behind a request, what they may do, and the CSRF token of their forms."""

    id: str
    person: str
    workspace: str
    scopes: frozenset[str]
    roles: tuple[str, ...]
    strong: bool
    opened_at: str
    csrf: str = field(repr=False)

    @property
    def factor_missing(self) -> bool:
        """Whether rights are withheld until the person uses a second factor."""
        return ADMINISTRATOR in self.roles and not self.strong


def open_session(store: Store, signed: SignIn, instead_of: str = "", request: str = "") -> str:
    """Open a session and give its token; the session of an earlier token in the same browser ends."""
    token = new_token(signed.workspace)
    if instead_of:
        end_session(store, instead_of, request)
    with store.write(signed.workspace, signed.person, request) as tx:
        row = PersonSession(
            id=new_id("ses"),
            token_hash=hashed(token),
            workspace_id=signed.workspace,
            person_id=signed.person,
            method=signed.method,
            strong=signed.strong,
            opened_at=tx.at,
            last_seen_at=tx.at,
        )
        tx.add(row)
        tx.record("session.opened", row.id, person=signed.person, method=signed.method)
    return token


def session_of(store: Store, token: str) -> SessionSaid | None:
    """The session of a token; None if it ended. One read, and at most one write a minute."""
    workspace = workspace_in(token)
    if workspace is None:
        return None
    now = store.now()
    with store.read(workspace) as tx:
        query = select(PersonSession, Person.roles, Person.disabled_at).join(Person)
        found = tx.session.execute(query.where(_is(workspace, token))).first()
    if found is None:
        return None
    row: PersonSession = found[0]
    if found.disabled_at or row.last_seen_at <= stamp(now - IDLE) or row.opened_at <= stamp(now - LONGEST):
        end_session(store, token)
        return None
    if row.last_seen_at <= stamp(now - _NOTED_EVERY):
        _note(store, row, stamp(now))
    return _said(row, found.roles.split(), token)


def csrf_fits(said: SessionSaid, given: str) -> bool:
    """Whether a form or request carries the CSRF token of this session; behind a point it names its page."""
    return same(said.csrf, given.partition(".")[0])


def end_session(store: Store, token: str, request: str = "") -> None:
    """End one session; ending it again changes nothing."""
    workspace = workspace_in(token)
    if workspace is None:
        return
    with store.read(workspace) as tx:
        row = tx.session.scalars(select(PersonSession).where(_is(workspace, token))).first()
    if row is not None:
        with store.write(workspace, row.person_id, request) as tx:
            _end(tx, row)


def end_one(tx: Transaction, person: str, session: str) -> None:
    """End a session of a person by its id; one that is not theirs is left alone."""
    mine = (PersonSession.id == session, PersonSession.person_id == person)
    row = tx.session.scalars(select(PersonSession).where(*mine, PersonSession.workspace_id == tx.workspace)).first()
    if row is not None:
        _end(tx, row)


def end_all(tx: Transaction, person: str, keep: str = "") -> None:
    """End every session of a person, but for the one with the id ``keep``."""
    theirs = (PersonSession.person_id == person, PersonSession.workspace_id == tx.workspace)
    for row in tx.session.scalars(select(PersonSession).where(*theirs, PersonSession.id != keep)).all():
        _end(tx, row)


def rotate_session(store: Store, token: str, *, strong: bool = False, request: str = "") -> str | None:
    """Give a session a new token, with ``strong`` after a second factor was proved; its 12 hours run on.

    None means that the session had ended.
    """
    said = session_of(store, token)
    if said is None:
        return None
    fresh, workspace = new_token(said.workspace), said.workspace
    values = {"token_hash": hashed(fresh), "strong": said.strong or strong}
    with store.write(workspace, said.person, request) as tx:
        result = tx.session.execute(update(PersonSession).where(_is(workspace, token)).values(values))
        rotated = rows_changed(result) == 1
        if rotated:
            tx.record("session.rotated", said.id, person=said.person)
    return fresh if rotated else None


def list_sessions(tx: Transaction, person: str) -> list[tuple[str, str, str, str]]:
    """Id, way in, opening and last use of each session of a person, oldest first; no address, no browser."""
    theirs = (PersonSession.person_id == person, PersonSession.workspace_id == tx.workspace)
    query = select(PersonSession).where(*theirs).order_by(PersonSession.opened_at)
    return [(row.id, row.method, row.opened_at, row.last_seen_at) for row in tx.session.scalars(query).all()]


def end_old(store: Store, workspace: str, actor: str) -> int:
    """End the sessions that ran out without being used again; gives their number."""
    now = store.now()
    with store.write(workspace, actor) as tx:
        over = (PersonSession.last_seen_at <= stamp(now - IDLE)) | (PersonSession.opened_at <= stamp(now - LONGEST))
        rows = tx.session.scalars(select(PersonSession).where(PersonSession.workspace_id == workspace, over)).all()
        for row in rows:
            _end(tx, row)
    return len(rows)


def _is(workspace: str, token: str) -> ColumnElement[bool]:
    return (PersonSession.workspace_id == workspace) & (PersonSession.token_hash == hashed(token))


def _end(tx: Transaction, row: PersonSession) -> None:
    result = tx.session.execute(delete(PersonSession).where(PersonSession.id == row.id))
    if rows_changed(result) == 1:
        tx.record("session.ended", row.id, person=row.person_id)


def _note(store: Store, row: PersonSession, now: str) -> None:
    """Write down the use. If the database cannot be written just now, reading goes on and the session idles sooner."""
    with suppress(Unavailable), store.write(row.workspace_id, row.person_id) as tx:
        tx.session.execute(update(PersonSession).where(PersonSession.id == row.id).values(last_seen_at=now))


def _said(row: PersonSession, roles: list[str], token: str) -> SessionSaid:
    allowed = [role for role in roles if row.strong or role != ADMINISTRATOR]
    return SessionSaid(
        id=row.id,
        person=row.person_id,
        workspace=row.workspace_id,
        scopes=scopes_of(allowed),
        roles=tuple(roles),
        strong=row.strong,
        opened_at=row.opened_at,
        csrf=derived_text(token, "csrf"),
    )
