"""Secrets of a person that must be read again, sealed: the hash of the password, the secret of an authenticator app."""

from __future__ import annotations

from api.storage.datakeys import current_key
from api.storage.people_tables import PersonSecret
from api.storage.sealed import put, take
from api.storage.store import Transaction


def hold(tx: Transaction, person: str, kind: str, secret: bytes, last_step: int = 0) -> None:
    """Keep a secret, in place of any earlier one of its kind."""
    row = tx.session.get(PersonSecret, (person, kind)) or PersonSecret(person_id=person, kind=kind)
    row.workspace_id, row.last_step, row.created_at = tx.workspace, last_step, tx.at
    put(row, current_key(tx, tx.workspace), secret)
    tx.add(row)


def held(tx: Transaction, person: str, kind: str) -> bytes | None:
    """The secret, or None if there is none."""
    row = tx.session.get(PersonSecret, (person, kind))
    return take(tx, row) if row is not None and row.workspace_id == tx.workspace else None


def let_go(tx: Transaction, person: str, *kinds: str) -> None:
    """Delete secrets."""
    for kind in kinds:
        row = tx.session.get(PersonSecret, (person, kind))
        if row is not None and row.workspace_id == tx.workspace:
            tx.session.delete(row)
    tx.session.flush()
