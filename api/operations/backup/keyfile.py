"""The key file of backups: what must always be the newest, however old the backup is.

It holds the wrapped data keys, which are left out of the backup itself; which matters were erased;
and which accesses were ended. Each new one replaces the one before, so that an erased matter's key is
nowhere any more and the matter stays erased in every older backup.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from api.operations.backup.container import (
    bare,
    overwrite,
    read_header,
    read_lines,
    settle,
    shred,
    trusted_header,
    write,
)
from api.operations.backup.errors import InTheWay, Unusable
from api.operations.backup.rows import (
    decode,
    encode,
    our_tables,
    rows_of,
)
from api.storage.tables import DataKey, Matter
from api.storage.vault.master import MasterKeys

KIND = "key file"
ENDED = ("revoked_at", "disabled_at")

Ended = dict[str, dict[str, str]]


@dataclass(slots=True)
class KeyFile:
    """What a key file says. ``keys`` are rows of data_keys by id, ``erased`` and ``ended`` times by id."""

    id: str
    created_at: str
    keys: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    erased: dict[str, str] = field(default_factory=dict)
    ended: Ended = field(default_factory=dict)

    def heed(self, erased: dict[str, str], ended: Ended) -> None:
        """Add what a live database knows to be erased or ended since."""
        self.erased.update(erased)
        self.keys = {name: row for name, row in self.keys.items() if row["subject"] not in erased}
        for table, rows in ended.items():
            self.ended.setdefault(table, {}).update(rows)


def erased_in(connection: Connection) -> dict[str, str]:
    """The matters that were erased, and when."""
    rows = rows_of(connection, Matter.__table__)  # type: ignore[arg-type]
    return {row.id: row.erased_at for row in rows if row.erased_at is not None}


def ended_in(connection: Connection) -> Ended:
    """For each table whose rows can be revoked or disabled: which are, and since when."""
    found: Ended = {}
    for table in our_tables():
        for column in (table.c[name] for name in ENDED if name in table.c):
            rows = (row._mapping for row in rows_of(connection, table))
            found[table.name] = {row["id"]: row[column.name] for row in rows if row[column.name] is not None}
    return found


def lines(connection: Connection) -> Iterator[bytes]:
    """The content of a key file, from one snapshot."""
    table = DataKey.__table__
    for row in rows_of(connection, table):  # type: ignore[arg-type]
        yield encode(dict(row._mapping)).encode() + b"\n"
    last = {"erased": erased_in(connection), "ended": ended_in(connection)}
    yield json.dumps(last, separators=(",", ":")).encode() + b"\n"


def replace(path: Path, snapshot: Connection, master: MasterKeys, head: tuple[str, str, str]) -> None:
    """Put a new key file (``head``: id, time, schema) in place of the old one, whose blocks are overwritten.

    Raises:
        InTheWay: the old one is of another installation.
        OSError: it cannot be written.
    """
    if path.exists() and read_header(path, KIND).master not in master.ids:
        raise InTheWay(
            f"{path.name} was made under another master key; if that was this installation's, before a rotation, "
            "remove the file, otherwise give another place with --keys"
        )
    beside = path.with_name(f".{path.name}.new")
    shred(beside)
    write(beside, bare(KIND, *head), master, lines(snapshot))
    with ExitStack() as stack:
        old = stack.enter_context(path.open("r+b")) if path.exists() else None
        beside.replace(path)
        settle(path.parent)
        if old is not None:
            overwrite(old)


def read(path: Path, master: MasterKeys) -> KeyFile:
    """A key file, verified whole.

    Raises:
        Damaged: it was changed or cut off.
        UnknownMasterKey: it was made under a master key that is not here.
    """
    header = trusted_header(path, KIND, master)
    found, last = KeyFile(header.id, header.created_at), None
    for line in read_lines(path, KIND, master):
        last = decode(line)
        if "erased" not in last:
            found.keys[last["id"]] = last
    if last is None or "erased" not in last:
        raise Unusable(f"{path.name} has no end")
    found.erased, found.ended = last["erased"], last["ended"]
    return found
