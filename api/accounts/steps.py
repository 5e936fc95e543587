"""Steps of a sign-in that takes more than one: each has a ticket in the browser, ten minutes, and one use.

The ticket binds the sign-in to the browser that began it. A passkey's challenge and the state,
nonce and verifier of a visit to an identity provider are derived from it, so that none is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from api.accounts.tokens import hashed, new_secret
from api.storage.people_tables import SignInStep
from api.storage.store import Store, stamp

LIVES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Step:
    """What was begun, and for whom if that is known."""

    workspace: str
    person: str


def begin_step(store: Store, purpose: str, workspace: str = "", person: str = "") -> str:
    """Begin a step and give its ticket; steps that ran out are forgotten."""
    ticket, now = new_secret(), store.now()
    with store.database.session(writes=True) as session:
        session.execute(delete(SignInStep).where(SignInStep.expires_at <= stamp(now)))
        session.add(
            SignInStep(
                token_hash=hashed(ticket),
                purpose=purpose,
                workspace_id=workspace,
                person_id=person,
                expires_at=stamp(now + LIVES),
            )
        )
    return ticket


def look_at_step(store: Store, ticket: str, purpose: str) -> Step | None:
    """The step of a ticket, if it was begun for this purpose and has not run out."""
    with store.database.session(writes=False) as session:
        row = session.get(SignInStep, hashed(ticket))
    return _valid(store, row, purpose)


def take_step(store: Store, ticket: str, purpose: str) -> Step | None:
    """The same, once: whoever takes it first has it."""
    with store.database.session(writes=True) as session:
        mine = (SignInStep.token_hash == hashed(ticket), SignInStep.purpose == purpose)
        row = session.scalars(delete(SignInStep).where(*mine).returning(SignInStep)).first()
    return _valid(store, row, purpose)


def _valid(store: Store, row: SignInStep | None, purpose: str) -> Step | None:
    if row is None or row.purpose != purpose or row.expires_at <= stamp(store.now()):
        return None
    return Step(row.workspace_id, row.person_id)
