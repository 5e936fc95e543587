"""What in a database cannot be read: keys and sealed rows that do not open, references to nothing, broken chains.

Damage is named by the least that has to be left out for the rest to be whole: a row, a matter, or a workspace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, select, text

from api.operations.backup.rows import AT_ONCE, our_tables
from api.storage.audit.sources import broken_chains
from api.storage.database import Database
from api.storage.datakeys import index_subject, unwrap
from api.storage.sealed import UNREADABLE, take
from api.storage.store import Store, Transaction
from api.storage.tables import HOLDERS, DataKey, Holder, Matter, Workspace

WORKSPACE, MATTER, CHAIN = "workspace", "matter", "audit chain"
#: Tables of which no row can be spared: without it the matter, or the assessment, is another one.
_PARTS = {"matters": "id", "matter_versions": "matter_id"}
_WITH_PARENT = {"assessment_summaries": "assessments"}
_NAMED_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that cannot be read: a workspace, a matter, an audit chain, or else a row of a table."""

    what: str
    key: tuple[object, ...]

    def __str__(self) -> str:
        return " ".join([self.what, *(part.hex() if isinstance(part, bytes) else str(part) for part in self.key)])


def listed(damage: Iterable[Damage]) -> str:
    """Damage in one line."""
    names = [str(one) for one in damage]
    more = len(names) - _NAMED_AT_MOST
    return ", ".join(names[:_NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def damage_in(store: Store) -> list[Damage]:
    """Open everything there is in a staged backup; gives each damage once."""
    found: dict[Damage, None] = {}
    with store.database.session(writes=False) as session:
        connection = session.connection()
        for name, row in dangling(connection):
            table = _tables()[name]
            found[_damage(table, connection.execute(select(table).where(_ROWID), {"row": row}).one()._mapping)] = None
    workspaces = store.workspaces()
    for workspace in workspaces:
        with store.read(workspace) as tx:
            found |= dict.fromkeys(_unreadable(tx))
    if workspaces:
        with store.database.session(writes=False) as session:
            found |= dict.fromkeys(Damage(CHAIN, (name,)) for name in broken_chains(session))
    return list(found)


def _unreadable(tx: Transaction) -> Iterator[Damage]:
    lost: set[object] = set()
    for damage, matter in _closed(tx):
        if matter not in lost:
            yield damage
        if damage.what == MATTER:
            lost.add(damage.key[0])
        if damage.what == WORKSPACE:
            return


def _closed(tx: Transaction) -> Iterator[tuple[Damage, str | None]]:
    """What does not open, the workspace's key and then its matters first, and the matter that it is of."""
    keys = tx.session.scalars(select(DataKey).where(DataKey.workspace_id == tx.workspace)).all()
    for key in sorted(keys, key=lambda key: key.parent_id is not None):
        try:
            unwrap(tx, key)
        except UNREADABLE:
            yield _above(tx, key), None
    for table in HOLDERS:
        query: Select[Any] = select(table).where(_owner(table) == tx.workspace).execution_options(yield_per=AT_ONCE)
        for row in tx.session.scalars(query):
            try:
                if row.key_id is not None:
                    take(tx, row)
            except UNREADABLE:
                yield _damage(_tables()[table.__tablename__], vars(row)), getattr(row, "matter_id", None)


def _above(tx: Transaction, key: DataKey) -> Damage:
    """What a key is of."""
    if key.subject in (tx.workspace, index_subject(tx.workspace)):
        return Damage(WORKSPACE, (tx.workspace,))
    if tx.session.get(Matter, key.subject) is not None:
        return Damage(MATTER, (key.subject,))
    return Damage("data_keys", (key.id,))


def _owner(table: type[Holder]) -> Any:
    return Workspace.id if table is Workspace else table.__table__.c.workspace_id


def _damage(table: Table, row: Mapping[Any, object]) -> Damage:
    name = _WITH_PARENT.get(table.name, table.name)
    if name == "workspaces":
        return Damage(WORKSPACE, (row["id"],))
    if name in _PARTS:
        return Damage(MATTER, (row[_PARTS[name]],))
    return Damage(name, tuple(row[column.name] for column in table.primary_key.columns))


_ROWID = text("rowid = :row")


def dangling(connection: Connection, *, but_keys: bool = False) -> set[tuple[str, int]]:
    """The rows, by table and number, that refer to something that is not there."""
    lost = connection.execute(text("PRAGMA foreign_key_check")).all()
    return {(name, row) for name, row, parent, _ in lost if not (but_keys and parent == "data_keys")}


def remove(connection: Connection, rows: Iterable[tuple[str, int]]) -> None:
    """Remove rows, by table and number."""
    for name, row in rows:
        connection.execute(text(f'DELETE FROM "{name}" WHERE rowid = :row'), {"row": row})  # noqa: S608 - our own names


def leave_out(database: Database, damage: Iterable[Damage], at: str) -> None:
    """Take what cannot be read out of a staged backup; audit chains stay as they are."""
    with database.engine.execution_options(dedere_writes=True).begin() as connection:
        for one in damage:
            if one.what == WORKSPACE:
                _leave_out_workspace(connection, one.key[0])
            elif one.what == MATTER:
                _leave_out_matter(connection, one.key[0], at)
            elif one.what != CHAIN:
                table = _tables()[one.what]
                own = (column == value for column, value in zip(table.primary_key.columns, one.key, strict=True))
                connection.execute(table.delete().where(*own))
        while lost := dangling(connection):
            remove(connection, lost)


def _leave_out_workspace(connection: Connection, workspace: object) -> None:
    for table in our_tables():
        column = table.c.id if table.name == "workspaces" else table.c.get("workspace_id")
        if column is not None:
            connection.execute(table.delete().where(column == workspace))


def _leave_out_matter(connection: Connection, matter: object, at: str) -> None:
    """As if it had been erased, so that its id does not come back."""
    keys = DataKey.__table__
    own = select(keys.c.id).where(keys.c.subject == matter)
    for table in our_tables():
        if "matter_id" in table.c:
            connection.execute(table.delete().where(table.c.matter_id == matter))
        elif "key_id" in table.c and table.name != "matters":
            connection.execute(table.delete().where(table.c.key_id.in_(own)))
    connection.execute(keys.delete().where(keys.c.subject == matter))  # type: ignore[attr-defined]
    bare = {"reference_index": None, "sealed": None, "key_id": None, "erased_at": at, "updated_at": at}
    connection.execute(Matter.__table__.update().where(Matter.__table__.c.id == matter).values(bare))  # type: ignore[attr-defined]


def _tables() -> dict[str, Table]:
    return {table.name: table for table in our_tables()}
