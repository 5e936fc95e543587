"""Making a backup while the service runs: every row of one snapshot, encrypted, without the data keys.

A long look at the snapshot holds up nobody: SQLite's log and PostgreSQL's versions let others write on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from api.operations.backup import keyfile
from api.operations.backup.container import (
    bare,
    trusted_header,
    write,
)
from api.operations.backup.damage import Damage, listed
from api.operations.backup.errors import Damaged
from api.operations.backup.rows import (
    encode,
    our_tables,
    rows_of,
    snapshot,
)
from api.operations.backup.staging import KIND, staged
from api.storage.ids import new_id
from api.storage.migrate import newest
from api.storage.store import Store, stamp
from api.storage.vault.master import MasterKeys

KEYS = "data_keys"
ACTOR = "operator"
#: What is worth nothing after a restore: whoever was signed in, or was about to, signs in again.
PASSING = frozenset({"sessions", "one_time_links", "sign_in_steps", "sign_in_paces"})


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made or read: how many rows each table has in it, and what of it cannot be read.

    ``mended`` are the workspaces and matters whose key is damaged in the database, but not in the key file.
    """

    id: str
    created_at: str
    rows: dict[str, int]
    damage: tuple[Damage, ...] = ()
    mended: tuple[str, ...] = ()


def back_up(store: Store, file: Path, keys: Path) -> Made:
    """Write a backup and a new key file from one snapshot, bring both to life, and only then replace the key file.

    If anything cannot be read, the key file before is kept beside the new one until a backup is whole again.

    Raises:
        InTheWay: there is a file of this name, or the key file is of another installation.
        Damaged: what was written does not come to life; the key file is as it was.
        Unavailable: the database cannot be reached.
        OSError: the file cannot be written.
    """
    name, at = new_id("bak"), stamp(store.now())
    _note(store, "backup.begun", name)
    with ExitStack() as undo:
        with snapshot(store.database) as look:
            write(file, bare(KIND, name, at, newest()), store.master, _lines(look))
            undo.callback(file.unlink)  # a backup without its keys would be worth nothing
            renewal = keyfile.renew(keys, look, store.master, (name, at, newest()))
        undo.callback(renewal.give_up)
        made = _read(file, renewal.beside, store.master, file.parent)
        renewal.put_in_place(keep=bool(made.damage))
        undo.pop_all()
    return replace(made, mended=renewal.mended)


def refresh_keys(store: Store, keys: Path) -> str:
    """Replace the key file alone, so that what was just erased is erased in all backups; gives its time."""
    name, at = new_id("bak"), stamp(store.now())
    _note(store, "backup.keys_replaced", name)
    with snapshot(store.database) as look:
        keyfile.renew(keys, look, store.master, (name, at, newest())).put_in_place()
    return at


def _note(store: Store, act: str, name: str) -> None:
    for workspace in store.workspaces():
        with store.write(workspace, ACTOR) as tx:
            tx.record(act, workspace, backup=name)


def _lines(look: Connection) -> Iterator[bytes]:
    tables = [table for table in our_tables() if table.name not in PASSING]
    yield _line({"columns": {table.name: table.columns.keys() for table in tables}})
    counted = {table.name: 0 for table in tables}
    for table in tables:
        for row in rows_of(look, table):
            counted[table.name] += 1
            values = {**row._mapping, "wrapped": b""} if table.name == KEYS else row._mapping
            yield f'["{table.name}",{encode(list(values.values()))}]\n'.encode()
    yield _line({"rows": counted})


def _line(data: object) -> bytes:
    return json.dumps(data, separators=(",", ":")).encode() + b"\n"


def verify(file: Path, keys: Path, master: MasterKeys, folder: Path) -> Made:
    """Do with a backup what a restore does before it replaces anything, in a folder with room for it.

    Raises:
        Damaged: it was changed or cut off, or something in it cannot be read.
        Unusable: the key file does not fit the backup.
        UnknownMasterKey: it was made under a master key that is not here.
    """
    made = _read(file, keys, master, folder)
    if made.damage:
        raise Damaged(f"{file.name} is not whole; in it cannot be read: {listed(made.damage)}")
    return made


def _read(file: Path, keys: Path, master: MasterKeys, folder: Path) -> Made:
    trusted_header(file, KIND, master)
    with staged(file, keyfile.read(keys, master), master, folder) as stage:
        return Made(stage.id, stage.created_at, stage.rows, stage.damage)
