"""A backup brought to life beside the live data: loaded, brought to this program's schema, and checked.

The staging place is a database file without a name, so that nothing of it is left whatever happens. What
was erased since the backup stays erased: its key is not in the newest key file, so its rows are not brought back.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, event

from api.operations.backup.container import overwrite, read_lines, trusted_header
from api.operations.backup.damage import Damage, damage_in, dangling, remove
from api.operations.backup.errors import Damaged, Unusable
from api.operations.backup.keyfile import KeyFile
from api.operations.backup.rows import AT_ONCE, decode, our_tables
from api.storage.database import Database
from api.storage.errors import SchemaMismatch
from api.storage.ids import new_id
from api.storage.migrate import upgrade
from api.storage.store import Store
from api.storage.vault.master import MasterKeys

KIND = "backup"
_FAST = ("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF", "secure_delete = OFF")
_BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Staged:
    """A backup as a database of this program's schema: how many rows each table has in it, and what cannot be read."""

    id: str
    created_at: str
    database: Database
    rows: dict[str, int]
    damage: tuple[Damage, ...]


@contextmanager
def staged(file: Path, keys: KeyFile, master: MasterKeys, folder: Path) -> Iterator[Staged]:
    """Bring a backup to life in a folder for as long as it is looked at.

    Raises:
        Damaged: the backup was changed or cut off.
        Unusable: the key file does not fit the backup.
        UnknownMasterKey: it was made under a master key that is not here.
        SchemaMismatch: a newer program made the backup.
    """
    deque(read_lines(file, KIND, master), maxlen=0)  # nothing is made of a file that is not whole
    place = folder / f"{new_id('restoring')}.db"
    database = Database(f"sqlite:///{place}")
    with place.open("r+b") as handle:
        try:
            event.listen(database.engine, "connect", _hurry)
            event.listen(database.engine, "connect", lambda *_: _unname(place))
            rows = _load(database, file, keys, master)
            header = trusted_header(file, KIND, master)
            yield Staged(header.id, header.created_at, database, rows, tuple(damage_in(Store(database, master))))
        finally:
            database.close()
            _unname(place)
            overwrite(handle)


def sweep(folder: Path) -> int:
    """Overwrite and remove what restores of older programs left when they were interrupted; gives how many files."""
    left = sorted(folder.expanduser().glob("restoring_*.db*"))
    for place in left:
        with suppress(FileNotFoundError):  # another node has swept it
            with place.open("r+b") as handle:
                overwrite(handle)
            place.unlink()
    return len(left)


def _hurry(connection: Any, _record: Any) -> None:
    """If the machine stops, the staging place is worth nothing anyway."""
    for pragma in _FAST:
        connection.execute(f"PRAGMA {pragma}").close()


def _unname(place: Path) -> None:
    """Only whoever has the file open reaches it from now on."""
    for ending in _BESIDE:
        place.with_name(place.name + ending).unlink(missing_ok=True)


def _load(database: Database, file: Path, keys: KeyFile, master: MasterKeys) -> dict[str, int]:
    header = trusted_header(file, KIND, master)
    if keys.created_at < header.created_at:
        raise Unusable("the key file is older than the backup; use the newest key file there is")
    try:
        upgrade(database, header.schema)
    except SchemaMismatch:
        raise SchemaMismatch("a newer program made the backup; update this program") from None
    with database.engine.execution_options(dedere_writes=True).begin() as connection:
        rows = _Loader(connection, keys).load(read_lines(file, KIND, master), file)
    upgrade(database)
    return rows


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
        self.counted: Counter[str] = Counter()
        self.erased = False

    def load(self, lines: Iterator[bytes], file: Path) -> dict[str, int]:
        """Load all lines; gives how many rows of each table the backup has.

        Raises:
            Damaged: they are not what the last line says.
        """
        rows: dict[str, int] = {}
        for line in lines:
            if line.startswith(b"["):
                self._row(*decode(line))
            elif line.startswith(b'{"columns"'):
                self.columns = decode(line)["columns"]
            else:
                rows = decode(line)["rows"]
        self._flush()
        if not rows or Counter(rows) != self.counted:
            raise Damaged(f"{file.name} does not hold what it says; use another one")
        if self.erased:  # what hung on erased rows goes with them
            while lost := dangling(self.connection, but_keys=True):
                remove(self.connection, lost)
        return rows

    def _row(self, name: str, values: list[Any]) -> None:
        self.counted[name] += 1
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
        """A row unless it was erased: with another key now it was rotated; without any its key is damaged, or gone."""
        key, matter = row.get("key_id"), row["id"] if name == "matters" else row.get("matter_id")
        if matter in self.keys.erased:
            self.erased = True
            return self._emptied(row) if name == "matters" else None
        if key is None or key in self.keys.keys:
            return row
        if name == "workspaces" or self.subjects.get(key) in self.living:
            raise Unusable("keys were changed after this backup was made, so that it cannot be read; use a newer one")
        if matter is not None:
            return row
        self.erased = True
        return None

    def _emptied(self, row: dict[str, Any]) -> dict[str, Any]:
        at = self.keys.erased[row["id"]]
        return {**row, "reference_index": None, "sealed": None, "key_id": None, "erased_at": at, "updated_at": at}

    def _flush(self) -> None:
        if self.waiting:
            self.connection.execute(self.tables[self.filling].insert(), self.waiting)
        self.waiting = []
