"""Making a backup while the service runs: every row of one snapshot, encrypted, without the data keys.

A long look at the snapshot holds up nobody: SQLite's log and PostgreSQL's versions let others write on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from api.operations.backup import keyfile
from api.operations.backup.container import (
    bare,
    read_lines,
    trusted_header,
    write,
)
from api.operations.backup.errors import Damaged
from api.operations.backup.rows import (
    encode,
    our_tables,
    rows_of,
    snapshot,
)
from api.storage.ids import new_id
from api.storage.migrate import newest
from api.storage.store import Store, stamp
from api.storage.vault.master import MasterKeys

KIND = "backup"
KEYS = "data_keys"
ACTOR = "operator"
#: What is worth nothing after a restore: whoever was signed in, or was about to, signs in again.
PASSING = frozenset({"sessions", "one_time_links", "sign_in_steps", "sign_in_paces"})


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and how many rows each table has in it."""

    id: str
    created_at: str
    rows: dict[str, int]


def back_up(store: Store, file: Path, keys: Path) -> Made:
    """Write a backup and replace the key file, both from one snapshot; then read the backup back.

    Raises:
        InTheWay: there is a file of this name, or the key file is of another installation.
        Unavailable: the database cannot be reached.
        OSError: the file cannot be written.
    """
    name, at = new_id("bak"), stamp(store.now())
    _note(store, "backup.begun", name)
    with snapshot(store.database) as look, ExitStack() as undo:
        write(file, bare(KIND, name, at, newest()), store.master, _lines(look))
        undo.callback(file.unlink)  # a backup without its keys would be worth nothing
        keyfile.replace(keys, look, store.master, (name, at, newest()))
        undo.pop_all()
    return verify(file, store.master)


def refresh_keys(store: Store, keys: Path) -> str:
    """Replace the key file alone, so that what was just erased is erased in all backups; gives its time."""
    name, at = new_id("bak"), stamp(store.now())
    _note(store, "backup.keys_replaced", name)
    with snapshot(store.database) as look:
        keyfile.replace(keys, look, store.master, (name, at, newest()))
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


def verify(file: Path, master: MasterKeys) -> Made:
    """Read a backup to its end; what it says of itself must fit what is in it.

    Raises:
        Damaged: it was changed or cut off.
        UnknownMasterKey: it was made under a master key that is not here.
    """
    header, counted, said = trusted_header(file, KIND, master), dict[str, int](), None
    for line in read_lines(file, KIND, master):
        if line.startswith(b"["):
            name = line[2 : line.index(b'"', 2)].decode()
            counted[name] = counted.get(name, 0) + 1
        elif line.startswith(b'{"rows":'):
            said = json.loads(line)["rows"]
    if said is None or {name: number for name, number in said.items() if number} != counted:
        raise Damaged(f"{file.name} does not hold what it says; use another one")
    return Made(header.id, header.created_at, said)
