"""Stores as in the tests of storage, a person in one, and passwords that are cheap to hash."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from api.accounts import passwords
from api.accounts.handles import set_handle
from api.accounts.persons import create_person
from api.storage.store import Store
from tests.people.support import ANNA, HANDLE, PASSWORD
from tests.store.conftest import clock, kind, store, url, workspace
from tests.store.test_databases import restricted

__all__ = ["clock", "kind", "restricted", "store", "url", "workspace"]


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
