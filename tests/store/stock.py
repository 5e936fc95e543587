"""Databases that have their schema and nothing in them, lent to one test at a time.

Making the schema takes longer than most tests. On SQLite a file is copied. On PostgreSQL making and
dropping a database makes the server write all it has to its disk; so one that a test gives back is
emptied and lent again, unless the test has changed anything but rows.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

import psycopg

from api.storage.tables import Base
from tests.store.support import database_url, open_store

#: What a test can change of a database besides rows.
_LOOKS = (
    "SELECT version_num FROM alembic_version",
    "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger ORDER BY 1, 2",
    "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
    "SELECT relname, relkind, relowner, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
    "SELECT setconfig FROM pg_db_role_setting WHERE setdatabase IN (SELECT oid FROM pg_database WHERE datname = current_database())",
)
_ALONE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Stock:
    """The databases of a session, and which of those on PostgreSQL are free."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Everything made is dropped when the stack is closed."""
        self.folder, self.stack = folder, stack
        self.free: list[str] = []
        self.looks: list[list[object]] = []

    @contextmanager
    def lent(self, kind: str, folder: Path) -> Iterator[str]:
        """The address of an empty database that nobody else uses; one on SQLite is in this folder."""
        if kind == "sqlite":
            shutil.copy(self.file, folder / self.file.name)
            yield f"sqlite:///{folder / self.file.name}"
            return
        url = self.free.pop() if self.free else self._made()
        yield url
        if self._emptied(url):
            self.free.append(url)

    @cached_property
    def file(self) -> Path:
        """The file that is copied."""
        open_store(f"sqlite:///{self.folder / 'dedere.db'}", self.folder).close()
        return self.folder / "dedere.db"

    def _made(self) -> str:
        url = self.stack.enter_context(database_url("postgresql", self.folder))
        open_store(url, self.folder).close()
        with psycopg.connect(url) as server:
            self.looks = _looks(server)
        return url

    def _emptied(self, url: str) -> bool:
        with psycopg.connect(url) as server:
            server.execute(_ALONE)
            if _looks(server) != self.looks:
                return False
            server.execute("SET session_replication_role = replica")  # no trigger forbids it, no foreign key minds
            for table in Base.metadata.tables:
                server.execute(f'DELETE FROM "{table}"')  # type: ignore[call-overload]
        return True


def _looks(server: psycopg.Connection) -> list[object]:
    return [server.execute(query).fetchall() for query in _LOOKS]
