"""Bringing a backup back: verified whole first, then put in place in one transaction, or not at all.

By default into an empty place only. Onto existing data, matters erased there and accesses ended
there stay so, and the new audit chain names the head of the one it replaces.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from api.operations.backup import keyfile
from api.operations.backup.backup import ACTOR
from api.operations.backup.container import trusted_header
from api.operations.backup.damage import MATTER, Damage, leave_out, listed
from api.operations.backup.errors import Damaged, InTheWay, Unusable
from api.operations.backup.rows import (
    AT_ONCE,
    our_tables,
    rows_of,
    snapshot,
)
from api.operations.backup.staging import KIND, Staged, staged
from api.storage.audit.journal import (
    Act,
    By,
    append,
    head,
)
from api.storage.audit.signing import signer
from api.storage.database import Database
from api.storage.migrate import upgrade
from api.storage.settings import StoreSettings
from api.storage.store import (
    Now,
    Store,
    enter_workspace,
    stamp,
    utc_now,
)
from api.storage.tables import Matter, Workspace
from api.storage.vault.errors import UnknownMasterKey
from api.storage.vault.master import MasterKeys

Heads = dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: the backup, its time, how many rows of each table; and what could not be read."""

    id: str
    created_at: str
    rows: dict[str, int]
    damage: tuple[Damage, ...]


def restore(
    settings: StoreSettings,
    file: Path,
    keys: Path,
    *,
    replace: bool = False,
    despite_damage: bool = False,
    now: Now = utc_now,
) -> Restored:
    """Verify a backup, then put it in place; with ``despite_damage`` without what in it cannot be read.

    Raises:
        Damaged: something in it cannot be read.
        SafekeepingError: the backup cannot be used, or there is data already and ``replace`` is not set.
        VaultError: the master keys are missing or others.
        StoreError: the database cannot be used.
    """
    master = held(settings)
    header = trusted_header(file, KIND, master)
    newest = keyfile.read(keys, master)
    database = Database(settings.url)
    try:
        _place(database, newest, replace=replace)
        settings.data.expanduser().mkdir(mode=0o700, parents=True, exist_ok=True)
        with staged(file, newest, master, settings.data.expanduser().resolve()) as stage:
            if stage.damage and not despite_damage:
                raise Damaged(
                    f"in {file.name} cannot be read: {listed(stage.damage)}; nothing was changed. "
                    "Try an older backup with the same key file, or bring back everything else: --despite-damage"
                )
            leave_out(stage.database, stage.damage, stamp(now()))
            counted = _put(stage, database, master, stamp(now()))
        database.scrub()
    finally:
        database.close()
    return Restored(header.id, header.created_at, counted, stage.damage)


def held(settings: StoreSettings) -> MasterKeys:
    """The master keys of an installation, which are never made here.

    Raises:
        UnknownMasterKey: there are none.
    """
    if not settings.master_keys.get_secret_value() and not (settings.data.expanduser() / "master.keys").exists():
        raise UnknownMasterKey("there are no master keys here; put master.keys in place, or: dedere keys recover")
    return settings.master()


def _place(database: Database, newest: keyfile.KeyFile, *, replace: bool) -> None:
    """Make the place ready, and heed what is known there."""
    upgrade(database)
    with snapshot(database) as look:
        if not look.scalar(select(func.count()).select_from(Workspace)):
            return
        if not replace:
            raise InTheWay("there is data already; nothing was changed. To replace all of it: --replace")
        newest.heed(keyfile.erased_in(look), keyfile.ended_in(look))


def _put(stage: Staged, database: Database, master: MasterKeys, at: str) -> dict[str, int]:
    try:
        with snapshot(stage.database) as source, database.session(writes=True) as session:
            heads = _heads(session)
            with yielding(session.connection()) as target:
                _empty(target)
                counted = {table.name: _copy(source, target, table) for table in our_tables()}
            _tell(Store(database, master), session, heads, stage, at)
    except ProgrammingError:
        raise Unusable("this role may not replace the tables; restore as the role that owns them") from None
    return counted


def _copy(source: Connection, target: Connection, table: Table) -> int:
    counted, coming = 0, rows_of(source, table)
    while rows := list(islice(coming, AT_ONCE)):
        target.execute(insert(table), [dict(row._mapping) for row in rows])
        counted += len(rows)
    return counted


def _heads(session: Session) -> Heads:
    """The heads of the chains that are about to be replaced."""
    found: Heads = {}
    for workspace in session.scalars(select(Workspace.id)).all():
        enter_workspace(session, workspace)
        found[workspace] = head(session, workspace)
    return found


def _tell(store: Store, session: Session, heads: Heads, stage: Staged, at: str) -> None:
    left_out = [one.key[0] for one in stage.damage if one.what == MATTER]
    for workspace in session.scalars(select(Workspace.id)).all():
        enter_workspace(session, workspace)
        number, digest = heads.get(workspace, (0, ""))
        ids: dict[str, Any] = {"backup": stage.id, "replaced": number, "head": digest, "damage": len(stage.damage)}
        acts = [Act("backup.restored", workspace, ids)]
        for matter in session.scalars(
            select(Matter.id).where(Matter.workspace_id == workspace, Matter.id.in_(left_out))
        ):
            acts.append(Act("matter.left_out", matter, {"backup": stage.id}))
        tx = store.entered(session, workspace, ACTOR)
        append(session, workspace, acts, By(ACTOR, lambda _: at, signer=partial(signer, tx)))


@contextmanager
def yielding(connection: Connection) -> Iterator[Connection]:
    """Within the transaction, tables let their owner replace them: append-only triggers and row-level security."""
    bolts = _bolts_sqlite(connection) if connection.dialect.name == "sqlite" else _bolts_postgresql(connection)
    for opened, _ in bolts:
        connection.exec_driver_sql(opened)
    yield connection
    for _, closed in bolts:
        connection.exec_driver_sql(closed)


def _bolts_sqlite(connection: Connection) -> list[tuple[str, str]]:
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    return [(f'DROP TRIGGER "{name}"', made) for name, made in found]


def _bolts_postgresql(connection: Connection) -> list[tuple[str, str]]:
    query = "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relnamespace = current_schema()::regnamespace"
    forced = [f'ALTER TABLE "{name}"' for name in connection.exec_driver_sql(query).scalars()]
    bolts = [(f"{alter} NO FORCE ROW LEVEL SECURITY", f"{alter} FORCE ROW LEVEL SECURITY") for alter in forced]
    query = "SELECT tgrelid::regclass, tgname FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    for table, name in connection.exec_driver_sql(query).all():
        bolts.append((f'ALTER TABLE {table} DISABLE TRIGGER "{name}"', f'ALTER TABLE {table} ENABLE TRIGGER "{name}"'))
    return bolts


def _empty(connection: Connection) -> None:
    tables = our_tables()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("TRUNCATE " + ", ".join(f'"{table.name}"' for table in tables))
        return
    for table in reversed(tables):
        for column in table.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                connection.execute(table.delete().where(column.is_not(None)))
        connection.execute(table.delete())
