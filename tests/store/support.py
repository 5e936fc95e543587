"""What the tests of storage share: stores on both databases, a small answer, and what lies on the disk."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from api.storage.settings import StoreSettings
from api.storage.store import Store

SERVER = os.environ.get("DEDERE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
KINDS = ("sqlite", "postgresql")


class Clock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """One microsecond later each time, so that order shows."""
        self.moment += timedelta(microseconds=1)
        return self.moment


def postgres_answers() -> bool:
    """Whether there is a server to test on."""
    try:
        psycopg.connect(SERVER, connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


@contextmanager
def database_url(kind: str, folder: Path) -> Iterator[str]:
    """The address of a fresh database without a schema, dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'dedere.db'}"
        return
    name = f"dedere_test_{secrets.token_hex(6)}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield SERVER.rsplit("/", 1)[0] + f"/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def open_store(url: str, folder: Path, clock: Clock | None = None) -> Store:
    """A store with its master keys in a folder."""
    settings = StoreSettings(data=folder, database_url=url)
    return Store.open(settings, clock) if clock else Store.open(settings)


def bytes_on_disk(folder: Path) -> bytes:
    """Everything in a folder and below, file after file."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
