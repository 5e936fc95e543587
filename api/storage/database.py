"""One database, SQLite or PostgreSQL, set up so that what is committed stays and what is erased goes.

SQLite: write-ahead log, ``synchronous=FULL``, foreign keys, secure_delete, no trusted schema, and
``BEGIN IMMEDIATE`` for every writing transaction, so that no writer ever has to be undone midway.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from api.storage.errors import Full, NotFound, Unavailable, UnfitDatabase
from api.storage.reserve import Reserve

_PRAGMAS = (
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "temp_store = MEMORY",
)
_SQLITE_UNWELL = tuple(
    f"SQLITE_{name}"
    for name in ("BUSY", "LOCKED", "FULL", "READONLY", "IOERR", "CANTOPEN", "NOMEM", "PERM", "CORRUPT", "NOTADB")
)
_PROBE = (
    "INSERT INTO sign_in_paces (name, failures, counted_at, free_at) VALUES (:name, 0, '', '')",
    "DELETE FROM sign_in_paces WHERE counted_at = ''",
)
_READ_ONLY = "25006"  # PostgreSQL: read_only_sql_transaction
_OWNED = "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = '{table}'::regclass"


class Database:
    """Sessions on one database. ``statement parameters`` never appear in its errors."""

    def __init__(self, url: str, patience: float = 10.0) -> None:
        self.patience = patience  # seconds to wait for a lock
        self.url = _with_driver(url)
        self.sqlite = self.url.startswith("sqlite")
        self.file = Path(make_url(self.url).database or "") if self.sqlite else None
        if self.file is not None:
            _private(self.file)
        self.reserve = Reserve(self.file)
        self.engine: Engine = create_engine(self.url, hide_parameters=True, **self._pool())
        self._reader = self.engine.execution_options(**({} if self.sqlite else {"postgresql_readonly": True}))
        self._writer = self.engine.execution_options(dedere_writes=True)
        self._turn = threading.Lock()
        if self.sqlite:
            event.listen(self.engine, "connect", self._prepare)
            event.listen(self.engine, "begin", _begin)
        else:
            event.listen(self.engine, "checkin", _as_the_server_has_it)

    def _pool(self) -> dict[str, Any]:
        if self.sqlite:
            arguments: dict[str, Any] = {"check_same_thread": False, "timeout": self.patience}
        else:
            options = f"-c lock_timeout={int(self.patience * 1000)} -c synchronous_commit=on -c client_encoding=UTF8"
            arguments = {"connect_timeout": 5, "options": options}
        return {"pool_pre_ping": not self.sqlite, "pool_size": 8, "max_overflow": 32, "connect_args": arguments}

    def _prepare(self, connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.text_factory = _text  # a damaged byte makes one row another one, and not every list unreadable
        _write_ahead(connection, self.patience)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @contextmanager
    def session(self, *, writes: bool) -> Iterator[Session]:
        """One transaction, committed at the end of the block and rolled back if anything is raised.

        Raises:
            Unavailable: the database cannot be reached or written just now.
        """
        if writes:
            self.reserve.look()
        session = Session(self._writer if writes else self._reader, expire_on_commit=False)
        with self._its_turn(writes), translated(), session, session.begin():
            yield session

    @contextmanager
    def _its_turn(self, writes: bool) -> Iterator[None]:
        """SQLite: writers of this process queue here, which is fairer and cheaper than trying again and again."""
        if not (writes and self.sqlite):
            yield
            return
        if not self._turn.acquire(timeout=self.patience):
            raise Unavailable("the database is busy with another writer")
        try:
            yield
        finally:
            self._turn.release()

    def probe(self) -> None:
        """Write something to the disk, and take it away again.

        Raises:
            Unavailable: the database takes no writes just now.
            Full: the disk is nearly full.
        """
        with self.session(writes=True) as session:
            for statement in _PROBE:
                session.execute(text(statement), {"name": secrets.token_bytes(16)})
        if self.reserve.low():
            raise Full("the disk is nearly full")

    def require_text(self) -> None:
        """Refuse a database that does not know what a letter is: names would come back as other ones, or not at all.

        Raises:
            UnfitDatabase: it keeps text in another form than UTF-8; what to do.
        """
        if self.sqlite:
            return
        with self.session(writes=False) as session:
            encoding = session.execute(text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise UnfitDatabase(
                f"the PostgreSQL database keeps text as {encoding}, and Dedere needs UTF8; nothing was changed. "
                "Make one for it: CREATE DATABASE dedere OWNER dedere TEMPLATE template0 ENCODING 'UTF8'"
            )

    def scrub(self, table: str = "data_keys") -> bool:
        """After an erasure: nothing of it stays in the write-ahead log or in free pages.

        SQLite: False means that readers kept the log from being cut; the next scrub cuts it.
        PostgreSQL: the table (of wrapped keys) is written anew, so that an erased key is not in it; False
        means that it was in use, or that this role does not own it and the owner has to
        (``VACUUM FULL data_keys``).
        """
        with suppress(Unavailable), translated(), self.engine.connect() as connection:
            free = connection.execution_options(isolation_level="AUTOCOMMIT")
            return _scrub_sqlite(free) if self.sqlite else _scrub_postgresql(free, table)
        return False

    def sound(self) -> bool:
        """Whether the database itself finds no fault in its structure."""
        if not self.sqlite:
            return True
        with self.session(writes=False) as session:
            fine = session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            return fine and not session.execute(text("PRAGMA foreign_key_check")).all()

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _scrub_sqlite(connection: Connection) -> bool:
    """Cut the log. secure_delete has overwritten the pages already, so that no VACUUM is needed."""
    busy: int = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
    return busy == 0


def _scrub_postgresql(connection: Connection, table: str) -> bool:
    """Rewrite a table; give way after a second, because whoever comes after would have to wait too."""
    owned: bool = connection.exec_driver_sql(_OWNED.format(table=table)).scalar_one()
    if owned:
        connection.exec_driver_sql("SET lock_timeout = '1s'")
        try:
            connection.exec_driver_sql(f"VACUUM FULL {table}")
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
    return owned


@contextmanager
def translated() -> Iterator[None]:
    """Turn the failures of a database that is not well into ``Unavailable``; our own mistakes stay what they are."""
    try:
        yield
    except DBAPIError as error:
        if _holds_nul(error):
            raise NotFound("no text that is kept here holds the character NUL") from None
        if error.connection_invalidated or _unwell(error):
            raise Unavailable(f"the database is not available ({_name(error)})") from None
        raise


def _holds_nul(error: DBAPIError) -> bool:
    """Whether PostgreSQL was asked for a text with NUL in it, which it cannot have; SQLite just finds none."""
    return _name(error) == "DataError" and "NUL" in str(error.orig)


def _unwell(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return _name(error).startswith(_SQLITE_UNWELL)
    return isinstance(error, OperationalError | InterfaceError) or getattr(error.orig, "sqlstate", "") == _READ_ONLY


def _name(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlite_errorname", type(error.orig).__name__))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _with_driver(url: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url[len(plain) :]
    return url


def _private(file: Path) -> None:
    """The folder and the file are the owner's alone; SQLite gives its log the mode of the file."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def _write_ahead(connection: Any, patience: float) -> None:
    """Wait for others that open a new file at the same moment: for this switch SQLite itself does not wait."""
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _as_the_server_has_it(connection: Any, _record: Any) -> None:
    """After a reader the driver would ask for READ WRITE, even where an operator has made the database read-only."""
    if connection is not None:
        connection.read_only = None


def _begin(connection: Any) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("dedere_writes") else "BEGIN")
