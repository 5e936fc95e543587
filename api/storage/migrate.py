"""Bringing a database to the schema of this program, and refusing one that is newer.

Migrations run in one transaction under a lock, so that nodes that start at once do not meet, and a
node killed midway leaves the old schema whole.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from api.storage.database import Database
from api.storage.errors import SchemaMismatch

_NOT_ALLOWED = "42501"  # PostgreSQL: insufficient_privilege
_ASK_THE_OWNER = (
    "the database has another schema than this program, and this role does not own its tables; "
    "as their owner: dedere database prepare ROLE"
)
_FOLDER = Path(__file__).parent / "migrations"


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_FOLDER))


def newest() -> str:
    """The schema of this program."""
    return _scripts().get_current_head() or ""


def schema_of(database: Database) -> str:
    """The schema of a database; empty if it has none yet."""
    with database.session(writes=False) as session:
        return _stamped(session.connection())


def upgrade(database: Database, to: str = "head") -> None:
    """Bring a database up to date.

    Raises:
        SchemaMismatch: a newer program made it, or this role may not change its tables.
    """
    if schema_of(database) == newest():
        return
    with database.session(writes=True) as session:
        connection = session.connection()
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('dedere migration', 0))"))
        _known(_stamped(connection))
        config = Config()
        config.set_main_option("script_location", str(_FOLDER))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, to)
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", "") == _NOT_ALLOWED:
                raise SchemaMismatch(_ASK_THE_OWNER) from None
            raise


def require_current(database: Database) -> None:
    """Refuse to work on any other schema than this program's.

    Raises:
        SchemaMismatch: it is older or newer.
    """
    found = schema_of(database)
    if found != newest():
        raise SchemaMismatch(f"the database has schema {found or 'none'}, this program needs {newest()}")


def _stamped(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _known(revision: str) -> None:
    if revision and revision not in {script.revision for script in _scripts().walk_revisions()}:
        raise SchemaMismatch(f"a newer program made this database (schema {revision}); update the program")
