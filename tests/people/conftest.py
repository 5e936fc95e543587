"""Stores as in the tests of storage, a person in one, and passwords that are cheap to hash.

The schema is made once for each database and copied, because there are many small tests.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from api.people import passwords
from api.people.handles import set_handle
from api.people.persons import create_person
from api.store.store import Store
from tests.people.support import ANNA, HANDLE, PASSWORD
from tests.store.conftest import clock, kind, store, workspace
from tests.store.support import SERVER, database_url, open_store
from tests.store.test_databases import restricted

__all__ = ["clock", "kind", "restricted", "store", "url", "workspace"]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """An empty database of each kind, with its schema."""
    with ExitStack() as stack:

        @cache
        def made(kind: str) -> str:
            folder = tmp_path_factory.mktemp(kind)
            address = stack.enter_context(database_url(kind, folder))
            open_store(address, folder).close()
            return address

        yield made


@pytest.fixture
def url(kind: str, template: Callable[[str], str], tmp_path: Path) -> Iterator[str]:
    """A fresh database, copied."""
    if kind == "sqlite":
        shutil.copy(template(kind).removeprefix("sqlite:///"), tmp_path / "dedere.db")
        yield f"sqlite:///{tmp_path / 'dedere.db'}"
        return
    base, _, original = template(kind).rpartition("/")
    name = f"dedere_test_{secrets.token_hex(6)}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
        try:
            yield f"{base}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing that takes no time; the real parameters have a test of their own."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher.from_parameters(CHEAPEST))


@pytest.fixture
def anna(store: Store, workspace: str) -> str:
    """A lawyer and administrator with a password."""
    with store.write(workspace, "usr_one") as tx:
        set_handle(tx, HANDLE)
        person = create_person(tx, ANNA, ["lawyer", "administrator"]).id
        passwords.set_password(tx, person, passwords.hashed(PASSWORD))
    return person
