"""The keys of a workspace: made, found, unwrapped. Unwrapped keys live for one transaction only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select, text
from sqlalchemy.orm import Session

from api.storage.errors import NotFound
from api.storage.ids import new_id
from api.storage.tables import DataKey
from api.storage.transaction import Key, Transaction
from api.storage.vault.sealing import (
    Place,
    blind,
    new_key,
    seal,
    unseal,
)


class Wrapped(NamedTuple):
    """A stored key, for whoever only unwraps it."""

    id: str
    workspace_id: str
    subject: str
    master: str | None
    parent_id: str | None
    wrapped: bytes


# Whatever is sealed or opened asks this; columns cost half of what an object of the mapper does.
_KEYS = select(DataKey.id, DataKey.workspace_id, DataKey.subject, DataKey.master, DataKey.parent_id, DataKey.wrapped)
_BY_ID = _KEYS.where(DataKey.id == bindparam("id"))
_CURRENT = _KEYS.where(
    DataKey.workspace_id == bindparam("workspace"),
    DataKey.subject == bindparam("subject"),
    DataKey.retired_at.is_(None),
)
# Whoever seals something keeps the key from being destroyed before the commit.
_HELD = _CURRENT.with_for_update(read=True, key_share=True)


def make_key(tx: Transaction, subject: str) -> Key:
    """Make a fresh current key for a subject: the workspace itself, one of its matters, or an index."""
    key = Key(new_id("key"), new_key())
    row = DataKey(id=key.id, workspace_id=tx.workspace, subject=subject, wrapped=b"", created_at=tx.at)
    rewrap(tx, row, key.secret)
    tx.add(row)
    tx.keys[subject] = tx.keys[key.id] = key
    return key


def rewrap(tx: Transaction, row: DataKey, secret: bytes) -> None:
    """Wrap a key under the newest key above it."""
    if row.subject == row.workspace_id:
        lock_master(tx.session, shared=True)
        row.master, above = tx.master.newest()
    else:
        parent = current_key(tx, tx.workspace)
        row.parent_id, above = parent.id, parent.secret
    row.wrapped = seal(above, _place(row), secret)


def current_key(tx: Transaction, subject: str) -> Key:
    """The key under which a subject's new fields are sealed.

    Raises:
        NotFound: the subject has no key: it never was, or was erased.
    """
    if subject not in tx.keys:
        query, wanted = (
            _HELD if tx.actor and not tx.looks else _CURRENT,
            {"workspace": tx.workspace, "subject": subject},
        )
        # A key retired between the look and the lock is passed over; a second look finds its successor.
        tx.keys[subject] = _opened(tx, _found(tx, query, wanted) or _found(tx, query, wanted))
    return tx.keys[subject]


def key_by_id(tx: Transaction, key_id: str | None) -> Key:
    """The key under which a field was sealed.

    Raises:
        NotFound: it was destroyed.
    """
    if key_id is None or key_id not in tx.keys:
        return _opened(tx, _found(tx, _BY_ID, {"id": key_id}))
    return tx.keys[key_id]


def _found(
    tx: Transaction,
    query: Select[*tuple[str, str, str, str | None, str | None, bytes]],
    wanted: Mapping[str, str | None],
) -> Wrapped | None:
    row = tx.session.execute(query, wanted).first()
    return None if row is None else Wrapped._make(row)


def _opened(tx: Transaction, row: Wrapped | None) -> Key:
    if row is None or row.workspace_id != tx.workspace:
        raise NotFound("there is no such thing in this workspace, or it was erased")
    tx.keys[row.id] = Key(row.id, unwrap(tx, row))
    return tx.keys[row.id]


def unwrap(tx: Transaction, row: DataKey | Wrapped) -> bytes:
    """The secret of a stored key."""
    above = tx.master.key(row.master) if row.master else key_by_id(tx, row.parent_id).secret
    return unwrap_under(above, row)


def unwrap_under(above: bytes, row: DataKey | Wrapped) -> bytes:
    """The secret of a stored key, by the key above it.

    Raises:
        Tampered: the row was changed, or has another key above it.
    """
    return unseal(above, _place(row), row.wrapped)


def index_of(tx: Transaction, kind: str, plain: str) -> bytes:
    """A fingerprint under the workspace's index key: finds a text again without storing it."""
    return blind(current_key(tx, index_subject(tx.workspace)).secret, kind, plain)


def lock_master(session: Session, *, shared: bool) -> None:
    """Keep a master key from being destroyed while another node wraps a key under it.

    SQLite needs nothing: it lets in one writer at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        kind = "_shared" if shared else ""
        session.execute(text(f"SELECT pg_advisory_xact_lock{kind}(hashtextextended('dedere master keys', 0))"))


def index_subject(workspace: str) -> str:
    """The subject of a workspace's index key."""
    return f"index:{workspace}"


def _place(row: DataKey | Wrapped) -> Place:
    return Place(row.workspace_id, f"data_keys:{row.subject}", row.id, "wrapped")


def audit_subject(workspace: str) -> str:
    """The subject of the key under which the entries of a workspace's audit chain are signed."""
    return f"audit:{workspace}"
