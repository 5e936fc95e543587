"""Changing keys while the service runs. Old and new keys both open what they sealed until the old one is unused.

The foreign key from every sealed row to its key makes the last step safe: the database refuses to
delete a key while anything, even a row written this instant by another node, is sealed under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError

from api.storage.datakeys import (
    current_key,
    key_by_id,
    lock_master,
    make_key,
    rewrap,
    unwrap,
)
from api.storage.errors import NotFound
from api.storage.sealed import put, take
from api.storage.store import Store, Transaction, enter_workspace
from api.storage.tables import (
    HOLDERS,
    DataKey,
    Holder,
    Matter,
    Workspace,
)

BATCH = 100


def rotate_master(store: Store, actor: str, *, make: bool = True) -> str:
    """Wrap every workspace key under a new master key and destroy the old ones; gives the new name.

    One that was stopped midway is finished: no further key is made. With ``make=False`` the newest of
    the keys given by the setting is used, and the old ones are left for the administrator to take
    out of the setting.
    """
    newest = store.master.add() if make and not unfinished(store) else store.master.newest()[0]
    _wrap_all(store, newest, actor)
    while make and not _dropped(store, newest):
        _wrap_all(store, newest, actor)
    store.database.scrub()
    return newest


def unfinished(store: Store) -> bool:
    """Whether a change of the master key was begun and stopped: the old key is still there."""
    store.master.newest()
    return len(store.master.ids) > 1


def _wrap_all(store: Store, newest: str, actor: str) -> None:
    for workspace in store.workspaces():
        _wrap_anew(store, workspace, newest, actor)


def _dropped(store: Store, newest: str) -> bool:
    """Destroy all other master keys, unless a workspace was made under one of them meanwhile."""
    with store.database.session(writes=True) as session:
        lock_master(session, shared=False)
        for workspace in session.scalars(select(Workspace.id)).all():
            enter_workspace(session, workspace)
            used = select(DataKey.id).where(DataKey.workspace_id == workspace, DataKey.master != newest)
            if session.scalars(used).first() is not None:
                return False
        store.master.drop(name for name in store.master.ids if name != newest)
    return True


def _wrap_anew(store: Store, workspace: str, newest: str, actor: str) -> None:
    with store.write(workspace, actor) as tx:
        under = (DataKey.workspace_id == workspace, DataKey.master.is_not(None), DataKey.master != newest)
        for row in tx.session.scalars(select(DataKey).where(*under)).all():
            rewrap(tx, row, unwrap(tx, row))
        tx.record("keys.rewrapped", workspace, master=newest)


def rotate_workspace(store: Store, workspace: str, actor: str, *, matters: bool = False) -> None:
    """Give a workspace a new key, and with ``matters`` every one of its matters too."""
    rotate_key(store, workspace, workspace, actor)
    if matters:
        with store.read(workspace) as tx:
            wanted = select(Matter.id).where(Matter.workspace_id == workspace, Matter.erased_at.is_(None))
            names = tx.session.scalars(wanted).all()
        for matter in names:
            with suppress(NotFound):  # erased meanwhile
                rotate_key(store, workspace, matter, actor, scrub=False)
        store.database.scrub()


def rotate_key(store: Store, workspace: str, subject: str, actor: str, *, scrub: bool = True) -> None:
    """Give a workspace or a matter a new key and seal everything anew, a batch per transaction."""
    with store.write(workspace, actor) as tx:
        _retire(tx, subject)
        tx.record("key.rotated", subject)
    while not _destroyed(store, workspace, subject, actor):
        while _seal_anew(store, workspace, subject, actor):
            pass
    if scrub:
        store.database.scrub()


def _retire(tx: Transaction, subject: str) -> None:
    old = tx.session.get_one(DataKey, current_key(tx, subject).id)
    old.retired_at = tx.at
    tx.session.flush()
    del tx.keys[subject]
    make_key(tx, subject)


def _seal_anew(store: Store, workspace: str, subject: str, actor: str) -> int:
    """Move one batch of rows and wrapped keys from retired keys of the subject to the current one."""
    with store.write(workspace, actor) as tx:
        retired = _retired(tx, subject)
        moved = 0
        for row in _sealed_under(tx, retired):
            put(row, current_key(tx, subject), take(tx, row))
            moved += 1
        for child in tx.session.scalars(
            select(DataKey).where(DataKey.parent_id.in_(retired)).limit(BATCH).with_for_update(key_share=True)
        ).all():
            rewrap(tx, child, key_by_id(tx, child.id).secret)
            moved += 1
        return moved


def _sealed_under(tx: Transaction, keys: list[str]) -> Iterator[Holder]:
    """At most a batch of each table's rows under these keys, locked."""
    for table in HOLDERS:
        query: Select[Any] = select(table).where(table.key_id.in_(keys)).limit(BATCH).with_for_update(key_share=True)
        yield from tx.session.scalars(query).all()


def _retired(tx: Transaction, subject: str) -> list[str]:
    query = select(DataKey.id).where(
        DataKey.workspace_id == tx.workspace, DataKey.subject == subject, DataKey.retired_at.is_not(None)
    )
    return list(tx.session.scalars(query))


def _destroyed(store: Store, workspace: str, subject: str, actor: str) -> bool:
    """Delete the retired keys of a subject, unless something is still sealed under one."""
    try:
        with store.write(workspace, actor) as tx:
            tx.session.execute(delete(DataKey).where(DataKey.id.in_(_retired(tx, subject))))
            tx.record("key.destroyed", subject)
    except IntegrityError:
        return False
    return True
