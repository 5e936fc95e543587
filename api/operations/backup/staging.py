"""A backup brought to life beside the live data: loaded, brought to this program's schema, and checked.

The staging place is a database file of its own, overwritten and removed afterwards. What was erased
since the backup stays erased: its key is not in the newest key file, so its rows are not brought back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, event, text

from api.operations.backup.backup import KIND
from api.operations.backup.container import read_lines, shred, trusted_header
from api.operations.backup.errors import Damaged, Unusable
from api.operations.backup.keyfile import KeyFile
from api.operations.backup.rows import AT_ONCE, decode, our_tables
from api.storage.audit.sources import verify_session
from api.storage.database import Database
from api.storage.datakeys import unwrap
from api.storage.errors import SchemaMismatch
from api.storage.ids import new_id
from api.storage.migrate import upgrade
from api.storage.store import Store
from api.storage.tables import DataKey
from api.storage.vault.errors import Tampered
from api.storage.vault.master import MasterKeys

_FAST = ("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF", "secure_delete = OFF")
_AFTERMATH = ("", "-wal", "-shm", "-journal")


@contextmanager
def staged(file: Path, keys: KeyFile, master: MasterKeys, folder: Path) -> Iterator[Database]:
    """The backup as a database that is whole, verified and of this program's schema.

    Raises:
        Damaged: the backup was changed or cut off, or its audit chain does not hold.
        Unusable: the key file does not fit the backup.
        UnknownMasterKey: a key is sealed under a master key that is not here.
        SchemaMismatch: a newer program made the backup.
    """
    for left in folder.glob("restoring_*"):  # by a machine that stopped midway
        shred(left)
    place = folder / f"{new_id('restoring')}.db"
    database = Database(f"sqlite:///{place}")
    event.listen(database.engine, "connect", _hurry)
    try:
        _load(database, file, keys, master)
        _check(database, master, file)
        yield database
    finally:
        database.close()
        for ending in _AFTERMATH:
            shred(place.with_name(place.name + ending))


def _hurry(connection: Any, _record: Any) -> None:
    """If the machine stops, the staging place is worth nothing anyway."""
    for pragma in _FAST:
        connection.execute(f"PRAGMA {pragma}").close()


def _load(database: Database, file: Path, keys: KeyFile, master: MasterKeys) -> None:
    header = trusted_header(file, KIND, master)
    if keys.created_at < header.created_at:
        raise Unusable("the key file is older than the backup; use the newest key file there is")
    try:
        upgrade(database, header.schema)
    except SchemaMismatch:
        raise SchemaMismatch("a newer program made the backup; update this program") from None
    with database.engine.execution_options(dedere_writes=True).begin() as connection:
        _Loader(connection, keys).load(read_lines(file, KIND, master), file)
    upgrade(database)


class _Loader:
    """Puts the lines of a backup into an empty database of the schema it was made from."""

    def __init__(self, connection: Connection, keys: KeyFile) -> None:
        self.connection, self.keys = connection, keys
        metadata = MetaData()
        metadata.reflect(connection)
        self.tables = {table.name: table for table in our_tables(metadata)}
        self.columns: dict[str, list[str]] = {}
        self.waiting: list[dict[str, Any]] = []
        self.filling = ""
        self.subjects: dict[str, str] = {}
        self.living = {row["subject"] for row in keys.keys.values()}
        self.erased = False

    def load(self, lines: Iterator[bytes], file: Path) -> None:
        """Load all lines."""
        whole = False
        for line in lines:
            if line.startswith(b"["):
                self._row(*decode(line))
            elif line.startswith(b'{"columns"'):
                self.columns = decode(line)["columns"]
            else:
                whole = True
        self._flush()
        if not whole or not self._settled():
            raise Damaged(f"{file.name} does not hold what it says; use another one")

    def _row(self, name: str, values: list[Any]) -> None:
        if name != self.filling or len(self.waiting) >= AT_ONCE:
            self._flush()
            self.filling = name
        row = dict(zip(self.columns[name], values, strict=True))
        kept = self._key(row) if name == "data_keys" else self._unless_erased(name, row)
        if kept is not None:
            at = self.keys.ended.get(name, {}).get(row.get("id", ""))
            column = next((one for one in ("revoked_at", "disabled_at") if one in row), None)
            self.waiting.append({**kept, column: kept[column] or at} if column else kept)

    def _key(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """A key in its newest wrapping; none if it is there no more."""
        self.subjects[row["id"]] = row["subject"]
        newest = self.keys.keys.get(row["id"])
        return None if newest is None else {name: newest[name] for name in row}

    def _unless_erased(self, name: str, row: dict[str, Any]) -> dict[str, Any] | None:
        """A row whose key is still there. Without any key its subject was erased; with another one, it was rotated."""
        key = row.get("key_id")
        if row.get("matter_id") in self.keys.erased:
            self.erased = True
            return None
        if key is None or key in self.keys.keys:
            return row
        subject = self.subjects.get(key, "")
        if name == "workspaces" or subject in self.living:
            raise Unusable("keys were changed after this backup was made, so that it cannot be read; use a newer one")
        self.erased = True
        return self._emptied(row, subject) if name == "matters" else None

    def _emptied(self, row: dict[str, Any], subject: str) -> dict[str, Any]:
        at = self.keys.erased.get(subject, self.keys.created_at)
        return {**row, "reference_index": None, "sealed": None, "key_id": None, "erased_at": at, "updated_at": at}

    def _flush(self) -> None:
        if self.waiting:
            self.connection.execute(self.tables[self.filling].insert(), self.waiting)
        self.waiting = []

    def _settled(self) -> bool:
        """What hung on erased rows goes with them; then nothing may hang in the air."""
        while lost := self.connection.execute(text("PRAGMA foreign_key_check")).all():
            if not self.erased:
                return False
            for name, row in {(row[0], row[1]) for row in lost}:
                _remove(self.connection, self.tables[name], row)
        return True


def _remove(connection: Connection, table: Table, row: int) -> None:
    connection.execute(table.delete().where(text("rowid = :row")), {"row": row})


def _check(database: Database, master: MasterKeys, file: Path) -> None:
    """Every key opens, and every audit chain holds."""
    store = Store(database, master)
    store.check_keys()
    workspaces = store.workspaces()
    with database.session(writes=False) as session:
        if workspaces and not verify_session(session).intact:
            raise Damaged(f"the audit chain in {file.name} does not hold; use another backup")
    for workspace in workspaces:
        with store.read(workspace) as tx:
            try:
                for key in tx.session.query(DataKey).filter_by(workspace_id=workspace):
                    unwrap(tx, key)
            except Tampered:
                raise Unusable("the key file does not fit the backup; use the newest key file there is") from None
