"""M13: people who are not signed in leave nothing that grows, and passwords are checked in threads of their own."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from api.accounts import passwords
from api.accounts.errors import Refused
from api.accounts.passkey_signin import begin_passkey_sign_in, with_passkey
from api.accounts.passkeys import RelyingParty
from api.accounts.steps import LIVES, loose_ticket, read_loose, spend_loose
from api.storage.people_tables import SignInStep
from api.storage.store import Store
from tests.store.support import Clock

PARTY = RelyingParty("localhost", "https://localhost")


def rows(store: Store) -> int:
    with store.database.session(writes=False) as session:
        return session.scalar(select(func.count()).select_from(SignInStep)) or 0


def test_M13_a_passkey_sign_in_that_is_only_begun_leaves_no_row(store: Store) -> None:
    tickets = [begin_passkey_sign_in(store, PARTY).ticket for _ in range(5)]
    with pytest.raises(Refused):
        with_passkey(store, PARTY, tickets[0], {"response": {}})
    assert rows(store) == 0


def test_M13_a_loose_ticket_is_good_for_its_purpose_once_and_for_ten_minutes(store: Store, clock: Clock) -> None:
    ticket = loose_ticket(store, "visit", "centre")
    assert read_loose(store, ticket, "visit") == "centre"
    assert read_loose(store, ticket, "another") is None
    assert read_loose(store, ticket.replace(".", "0.", 1), "visit") is None
    assert read_loose(store, "", "visit") is None
    assert (spend_loose(store, ticket, "visit"), spend_loose(store, ticket, "visit")) == (True, False)
    clock.moment += LIVES + timedelta(seconds=1)
    assert read_loose(store, ticket, "visit") is None


def test_M13_passwords_are_checked_in_few_threads_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int]] = []
    inside = threading.Semaphore(0)

    def verify(stored: str, password: str) -> bool:
        seen.append((threading.current_thread().name, threading.get_native_id()))
        inside.acquire(timeout=5)
        return False

    monkeypatch.setattr(passwords, "HASHER", type("", (), {"verify": staticmethod(verify)}))
    crowd = [threading.Thread(target=passwords.fits, args=("stored", "wrong")) for _ in range(12)]
    for one in crowd:
        one.start()
    threading.Event().wait(0.05)
    at_once = len(seen)
    for _ in crowd:
        inside.release()
    for one in crowd:
        one.join()
    assert at_once <= passwords.AT_ONCE
    assert len(seen) == 12
    assert all(name.startswith("argon2") for name, _ in seen)
