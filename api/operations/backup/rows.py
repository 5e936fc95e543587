"""All tables of a database, row by row, in one consistent snapshot, the same from SQLite and PostgreSQL.

The order is that of the foreign keys, so that what is written in the same order always finds what
it refers to. Fields stay sealed; nothing here opens one.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, MetaData, Row, Select, Table, select, text

from api.storage.database import Database, translated
from api.storage.tables import Base

VERSIONS = "alembic_version"
_SEES_ALL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_ISOLATED = "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = current_schema()::regnamespace"
_ENTER = text("SELECT set_config('dedere.workspace', :id, true)")
AT_ONCE = 500

Values = Sequence[Any] | Mapping[Any, Any]


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """One look at the whole database while others go on writing; what they commit meanwhile is not in it.

    Raises:
        Unavailable: the database cannot be reached.
    """
    options: dict[str, Any] = {} if database.sqlite else {"isolation_level": "REPEATABLE READ"}
    with translated(), database.engine.connect() as connection:
        if not database.sqlite:
            options["postgresql_readonly"] = True
        with connection.execution_options(**options).begin():
            yield connection


def our_tables(metadata: MetaData = Base.metadata) -> list[Table]:
    """All tables in the order of their foreign keys."""
    return [table for table in metadata.sorted_tables if table.name != VERSIONS]


def rows_of(connection: Connection, table: Table, *columns: str) -> Iterator[Row[Any]]:
    """The rows of a table, or certain columns of them, those without a parent in the same table first."""
    query = _ordered(table)
    if columns:
        query = query.with_only_columns(*(table.c[name] for name in columns))
    column = _hidden_behind(connection, table)
    if column is None:
        yield from _streamed(connection, query)
        return
    for workspace in _workspaces(connection):
        connection.execute(_ENTER, {"id": workspace})
        yield from _streamed(connection, query.where(table.c[column] == workspace))


def _ordered(table: Table) -> Select[Any]:
    own = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    return select(table).order_by(*(column.is_not(None) for column in own), *table.primary_key.columns)


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    yield from connection.execute(query.execution_options(yield_per=AT_ONCE))


def _hidden_behind(connection: Connection, table: Table) -> str | None:
    """The column of the row-level security that hides other workspaces from this role, if it is bound by it."""
    if connection.dialect.name != "postgresql" or connection.exec_driver_sql(_SEES_ALL).scalar_one():
        return None
    if table.name not in connection.exec_driver_sql(_ISOLATED).scalars().all():
        return None
    return "workspace_id" if "workspace_id" in table.c else "chain"


def _workspaces(connection: Connection) -> list[str]:
    table = Base.metadata.tables["workspaces"]
    return list(connection.scalars(select(table.c.id).order_by(table.c.id)))


def encode(values: Values) -> str:
    """A row as JSON; bytes as an object with their base64."""
    return json.dumps(values, default=_bytes, ensure_ascii=False, separators=(",", ":"))


def _bytes(value: object) -> dict[str, str]:
    if not isinstance(value, bytes):
        raise TypeError("a column holds a type that a backup does not know")
    return {"b": base64.b64encode(value).decode()}


def decode(line: str | bytes) -> Any:
    """What ``encode`` wrote."""
    return json.loads(line, object_hook=lambda found: base64.b64decode(found["b"]) if set(found) == {"b"} else found)
