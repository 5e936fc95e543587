"""The key file of backups: what must always be the newest, however old the backup is.

It holds the wrapped data keys, which are left out of the backup itself; which matters were erased;
and which accesses were ended. Each new one replaces the one before, so that an erased matter's key is
nowhere any more and the matter stays erased in every older backup. A key that the database has lost to
damage is taken over from the one before, so that no new key file opens less than the old one did.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, suppress
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
from api.operations.backup.errors import InTheWay, SafekeepingError, Unusable
from api.operations.backup.rows import (
    decode,
    encode,
    our_tables,
    rows_of,
)
from api.storage.datakeys import Wrapped, unwrap_under
from api.storage.tables import DataKey, Matter
from api.storage.vault.errors import VaultError
from api.storage.vault.master import MasterKeys

KIND = "key file"
ENDED = ("revoked_at", "disabled_at")

Ended = dict[str, dict[str, str]]
Row = dict[str, Any]


@dataclass(slots=True)
class KeyFile:
    """What a key file says. ``keys`` are rows of data_keys by id, ``erased`` and ``ended`` times by id."""

    id: str
    created_at: str
    keys: dict[str, Row] = field(default_factory=dict, repr=False)
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


class Ring:
    """The wrapped keys of a snapshot; one that does not open is taken from the key file before, where it does."""

    def __init__(
        self, rows: Iterable[Row], earlier: dict[str, Row], referenced: Collection[str], master: MasterKeys
    ) -> None:
        self.rows = {row["id"]: row for row in rows}
        self.mended: list[str] = []
        self._earlier, self._master = earlier, master
        self._secrets: dict[str, bytes | None] = {}
        closed = {row["subject"] for row in list(self.rows.values()) if self._secret(row["id"]) is None}
        for name, row in earlier.items():
            if name in referenced or row["subject"] in closed:
                self._secret(name)

    def _secret(self, name: str) -> bytes | None:
        if name not in self._secrets:
            self._secrets[name] = None  # a key that is above itself opens nothing
            self._secrets[name] = self._opened(self.rows.get(name)) or self._mend(name)
        return self._secrets[name]

    def _mend(self, name: str) -> bytes | None:
        row = self._earlier.get(name)
        secret = self._opened(row)
        if row is not None and secret is not None:
            self.rows[name] = row
            self.mended.append(row["subject"])
        return secret

    def _opened(self, row: Row | None) -> bytes | None:
        if row is None:
            return None
        with suppress(VaultError):
            above = self._master.key(row["master"]) if row["master"] else self._secret(row["parent_id"])
            if above is not None:
                return unwrap_under(above, Wrapped(*(row[name] for name in Wrapped._fields)))
        return None


@dataclass(frozen=True, slots=True)
class Renewal:
    """A new key file beside the one that it is to replace, and whose keys it has from that one."""

    path: Path
    beside: Path
    mended: tuple[str, ...]

    def put_in_place(self, *, keep: bool = False) -> None:
        """Replace the key file, and overwrite the blocks of the one before unless it is to be kept.

        Raises:
            OSError: it cannot be written.
        """
        kept = previous(self.path)
        spared = keep and self.path.exists() and not kept.exists()
        if spared:
            kept.hardlink_to(self.path)
        with ExitStack() as stack:
            old = stack.enter_context(self.path.open("r+b")) if self.path.exists() and not spared else None
            self.beside.replace(self.path)
            settle(self.path.parent)
            if old is not None:
                overwrite(old)
        if not keep:
            shred(kept)

    def give_up(self) -> None:
        """Leave the key file as it is."""
        shred(self.beside)


def previous(path: Path) -> Path:
    """Where the key file before is kept while the newest backup is not whole."""
    return path.with_name(f"{path.name}.previous")


def renew(path: Path, look: Connection, master: MasterKeys, head: tuple[str, str, str]) -> Renewal:
    """Write a new key file (``head``: id, time, schema) beside the old one.

    Raises:
        InTheWay: the old one is of another installation.
        OSError: it cannot be written.
    """
    if path.exists() and read_header(path, KIND).master not in master.ids:
        raise InTheWay(
            f"{path.name} was made under another master key; if that was this installation's, before a rotation, "
            "remove the file, otherwise give another place with --keys"
        )
    rows = (dict(row._mapping) for row in rows_of(look, DataKey.__table__))  # type: ignore[arg-type]
    ring = Ring(rows, _keys_before(path, master), _referenced(look), master)
    beside = path.with_name(f".{path.name}.new")
    shred(beside)
    write(beside, bare(KIND, *head), master, _lines(ring, look))
    return Renewal(path, beside, tuple(ring.mended))


def _keys_before(path: Path, master: MasterKeys) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for file in (path, previous(path)):
        with suppress(FileNotFoundError, SafekeepingError, VaultError):
            found = {**read(file, master).keys, **found}
    return found


def _referenced(look: Connection) -> set[str]:
    """The keys that something is sealed under."""
    return {
        row.key_id
        for table in our_tables()
        if "key_id" in table.c
        for row in rows_of(look, table, "key_id")
        if row.key_id is not None
    }


def _lines(ring: Ring, look: Connection) -> Iterator[bytes]:
    for row in ring.rows.values():
        yield encode(row).encode() + b"\n"
    last = {"erased": erased_in(look), "ended": ended_in(look)}
    yield json.dumps(last, separators=(",", ":")).encode() + b"\n"


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
