"""PostgreSQL with two roles: one owns the tables and changes them, the service has the other and only uses them.

A role that owns a table can take away what protects it: the trigger that keeps the audit chain append-only, and
row-level security. So the role whose password a running service holds should not own any.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from api.storage.database import Database
from api.storage.errors import UnfitDatabase
from api.storage.migrate import upgrade
from api.storage.tables import Base

#: What the service does with rows; entries of the audit chain are read and added, and nothing else.
_RIGHTS = {"audit_entries": "SELECT, INSERT", "alembic_version": "SELECT"}
_OTHERS = "SELECT, INSERT, UPDATE, DELETE"
_MINE = "SELECT current_user = :role OR pg_has_role(:role, current_user, 'USAGE')"


def prepare(database: Database, role: str) -> int:
    """As the owner, bring the schema up to date and let a role use the tables; gives their number.

    Raises:
        UnfitDatabase: it is not PostgreSQL; or there is no such role, or it is the owner's own.
        SchemaMismatch: a newer program made the database.
    """
    _require_postgresql(database)
    database.require_text()
    with database.session(writes=False) as session:
        if not session.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": role}):
            raise UnfitDatabase(
                "there is no such role; make it: CREATE ROLE ... LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD ..."
            )
        if session.scalar(text(_MINE), {"role": role}):
            raise UnfitDatabase("the role of the service is the owner, or a member of it; give it one of its own")
    upgrade(database)
    tables = ["alembic_version", *sorted(Base.metadata.tables)]
    with database.session(writes=True) as session:
        quoted = session.get_bind().dialect.identifier_preparer.quote(role)
        session.execute(text(f"GRANT USAGE ON SCHEMA public TO {quoted}"))
        for table in tables:
            session.execute(text(f'REVOKE ALL ON "{table}" FROM {quoted}'))
            session.execute(text(f'GRANT {_RIGHTS.get(table, _OTHERS)} ON "{table}" TO {quoted}'))
    return len(tables)


def tidy(database: Database) -> bool:
    """As the owner, write the table of wrapped keys anew, so that keys that were erased are in no free page of it.

    Raises:
        UnfitDatabase: it is not PostgreSQL, or this role does not own the tables.
    """
    _require_postgresql(database)
    if not owns_tables(database):
        raise UnfitDatabase("this role does not own the tables; give the address of the owner in DEDERE_DATABASE_URL")
    return database.scrub()


def owns_tables(database: Database) -> bool:
    """Whether the role of this connection could take away what protects the tables. On SQLite there are no roles."""
    if database.sqlite:
        return False
    owned = text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'audit_entries'::regclass")
    try:
        with database.session(writes=False) as session:
            return bool(session.scalar(owned))
    except ProgrammingError:  # there are no tables yet
        return False


def _require_postgresql(database: Database) -> None:
    if database.sqlite:
        raise UnfitDatabase("roles are for PostgreSQL; give the address of the owner in DEDERE_DATABASE_URL")
