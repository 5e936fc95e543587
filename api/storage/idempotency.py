"""Idempotency keys: the claim, the act and its result are one transaction, so an act happens once.

A second request with the same key waits for the first to commit and then gets its result.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from api.storage.base import rows_changed
from api.storage.datakeys import current_key, index_of
from api.storage.errors import KeyReused
from api.storage.sealed import put, take
from api.storage.store import Store, Transaction, stamp
from api.storage.tables import IdempotencyKey

KEPT = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Result:
    """What was answered. ``matter`` says whose content it is, so that it is erased with it."""

    status: int
    body: bytes
    matter: str | None = None


def once(tx: Transaction, key: str, request: bytes, act: Callable[[], Result]) -> tuple[Result, bool]:
    """Carry out an act, or give the result of the first time; the flag says that it is a replay.

    ``request`` is everything that must be the same for the key to be used again: operation and body.

    Raises:
        KeyReused: the key came with another request.
        NotFound: the result was erased together with its matter.
    """
    name = _name(tx, key)
    fingerprint = index_of(tx, "idempotent request", request.hex())
    claimed = _claim(tx, name, fingerprint)
    row = tx.session.get_one(IdempotencyKey, name)
    if claimed:
        return _keep(tx, row, act()), False
    if not hmac.compare_digest(row.fingerprint, fingerprint):
        raise KeyReused("the idempotency key was used for another request")
    if row.matter_id:
        tx.record("result.replayed", row.matter_id)
    return Result(row.status, take(tx, row), row.matter_id), True


def known(tx: Transaction, key: str) -> bool:
    """Whether the actor has used a key already, so that the work before the act can be left out."""
    return bool(key) and tx.session.get(IdempotencyKey, _name(tx, key)) is not None


def _name(tx: Transaction, key: str) -> str:
    return index_of(tx, "idempotency key", f"{tx.actor}\x00{key}").hex()


def _claim(tx: Transaction, name: str, fingerprint: bytes) -> bool:
    insert = sqlite.insert if tx.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"id": name, "workspace_id": tx.workspace, "fingerprint": fingerprint, "status": 0, "created_at": tx.at}
    claim = insert(IdempotencyKey).values(values).on_conflict_do_nothing().returning(IdempotencyKey.id)
    return tx.session.execute(claim).first() is not None


def _keep(tx: Transaction, row: IdempotencyKey, result: Result) -> Result:
    row.status, row.matter_id = result.status, result.matter
    put(row, current_key(tx, result.matter or tx.workspace), result.body)
    tx.session.flush()
    return result


def forget_old(store: Store, workspace: str, actor: str) -> int:
    """Delete keys older than they are promised to be kept; gives their number."""
    with store.write(workspace, actor) as tx:
        before = stamp(store.now() - KEPT)
        old = delete(IdempotencyKey).where(IdempotencyKey.workspace_id == workspace, IdempotencyKey.created_at < before)
        return rows_changed(tx.session.execute(old))
