"""Steps of a sign-in that takes more than one: each has a ticket in the browser, ten minutes, and one use.

The ticket binds the sign-in to the browser that began it. A passkey's challenge and the state,
nonce and verifier of a visit to an identity provider are derived from it, so that none is stored.

What a stranger begins is not stored at all: a *loose* ticket says by itself, signed, until when it is good and what
for. Only who completes the sign-in leaves a row, so that the same answer does not serve twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from api.accounts.tokens import hashed, new_secret, same
from api.storage.people_tables import SignInStep
from api.storage.store import Store, stamp
from api.storage.vault.sealing import blind

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


def loose_ticket(store: Store, purpose: str, note: str = "") -> str:
    """A ticket for a stranger, of which nothing is stored; ``note`` is what he said himself, and he can read it."""
    said = f"{new_secret()}.{int((store.now() + LIVES).timestamp())}.{note.encode().hex()}"
    return f"{said}.{_signature(store, purpose, said)}"


def read_loose(store: Store, ticket: str, purpose: str) -> str | None:
    """The note of a loose ticket that was made here for this purpose and has not run out; None of any other text."""
    said, _, signature = ticket.rpartition(".")
    if not same(signature, _signature(store, purpose, said)):
        return None
    _, until, note = said.split(".")
    return bytes.fromhex(note).decode() if int(until) > store.now().timestamp() else None


def spend_loose(store: Store, ticket: str, purpose: str) -> bool:
    """Use a loose ticket up, which was read before; False if it was used already."""
    now = store.now()
    used = SignInStep(
        token_hash=hashed(ticket),
        purpose=f"{purpose}, spent",
        workspace_id="",
        person_id="",
        expires_at=stamp(now + LIVES),
    )
    try:
        with store.database.session(writes=True) as session:
            session.execute(delete(SignInStep).where(SignInStep.expires_at <= stamp(now)))
            session.add(used)
            session.flush()
    except IntegrityError:
        return False
    return True


def _signature(store: Store, purpose: str, said: str) -> str:
    """A master key that is replaced voids the tickets of its last ten minutes."""
    return blind(store.master.newest()[1], f"ticket: {purpose}", said).hex()
