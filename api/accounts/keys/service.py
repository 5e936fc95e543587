"""Issuing, checking and revoking API keys. Each act is in the audit chain of the key's workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, bindparam, select, update

from api.accounts.access.principal import Principal
from api.accounts.access.scopes import SCOPES
from api.accounts.keys.token import fits, new_token, parse
from api.storage.errors import NotFound
from api.storage.store import Store, Transaction, stamp
from api.storage.tables import ApiKey

_NOTED_EVERY = timedelta(minutes=1)
_Found = Row[str, str, bytes, str, str | None, str | None, str | None]
# Every request asks this; columns cost half of what an object of the mapper does.
_FOUND = select(
    ApiKey.id,
    ApiKey.workspace_id,
    ApiKey.secret_hash,
    ApiKey.scopes,
    ApiKey.expires_at,
    ApiKey.revoked_at,
    ApiKey.last_used_at,
).where(ApiKey.id == bindparam("id"))


class Refused(Exception):
    """A key that is unknown, wrong, expired or revoked; which of these is not said."""


@dataclass(frozen=True, slots=True)
class KeySaid:
    """A key as it is listed, without its secret."""

    id: str
    scopes: tuple[str, ...]
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None


def issue(tx: Transaction, scopes: Collection[str], expires: datetime | None = None) -> tuple[KeySaid, str]:
    """Make a key for the transaction's workspace. The text is given here and never again.

    Raises:
        ValueError: a scope is unknown, there is none, or the expiry is past.
    """
    until = stamp(expires) if expires else None
    if not scopes or not set(scopes) <= SCOPES.keys() or (until is not None and until <= tx.at):
        raise ValueError("a key needs known scopes and an expiry in the future")
    token = new_token()
    row = ApiKey(
        id=token.id,
        workspace_id=tx.workspace,
        secret_hash=token.hashed(),
        scopes=_joined(scopes),
        created_at=tx.at,
        expires_at=until,
    )
    tx.add(row)
    tx.record("apikey.issued", actor_of(row.id))
    return _said(row), token.text()


def authenticate(store: Store, text: str) -> Principal:
    """Who is behind a key's text.

    Raises:
        Refused: it is not a key that is valid now.
    """
    token = parse(text)
    if token is None:
        raise Refused
    with store.database.session(writes=False) as session:
        row = session.execute(_FOUND, {"id": token.id}).first()
    now = stamp(store.now())
    if not fits(token, row.secret_hash if row else None) or row is None or not _valid(row, now):
        raise Refused
    _note_use(store, row, now)
    return Principal(row.workspace_id, actor_of(row.id), frozenset(row.scopes.split()), "key")


def revoke(tx: Transaction, key: str) -> None:
    """End a key at once; revoking it again changes nothing.

    Raises:
        NotFound: there is no such key in this workspace.
    """
    row = tx.session.get(ApiKey, key)
    if row is None or row.workspace_id != tx.workspace:
        raise NotFound("there is no such key in this workspace")
    row.revoked_at = row.revoked_at or tx.at
    tx.record("apikey.revoked", actor_of(key))


def list_keys(tx: Transaction) -> list[KeySaid]:
    """The keys of the workspace, oldest first."""
    query = select(ApiKey).where(ApiKey.workspace_id == tx.workspace).order_by(ApiKey.created_at, ApiKey.id)
    return [_said(row) for row in tx.session.scalars(query)]


def actor_of(key: str) -> str:
    """How a key is named in the audit chain."""
    return f"key_{key}"


def _valid(row: _Found, now: str) -> bool:
    return row.revoked_at is None and (row.expires_at is None or now < row.expires_at)


def _note_use(store: Store, row: _Found, now: str) -> None:
    """Write down the use, at most once a minute, so that reading does not become writing."""
    if row.last_used_at is not None and row.last_used_at > stamp(store.now() - _NOTED_EVERY):
        return
    with store.database.session(writes=True) as session:
        session.execute(update(ApiKey).where(ApiKey.id == row.id).values(last_used_at=now))


def _joined(scopes: Iterable[str]) -> str:
    return " ".join(sorted(set(scopes)))


def _said(row: ApiKey) -> KeySaid:
    return KeySaid(row.id, tuple(row.scopes.split()), row.created_at, row.expires_at, row.revoked_at, row.last_used_at)
