"""Passwords: argon2id at or above OWASP's minimum, rules, and no difference for a login that nobody has."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY
from sqlalchemy import Connection, event

from api.accounts import passwords
from api.accounts.errors import Refused, UnfitPassword
from api.accounts.links import own_words
from api.accounts.own_password import change_password
from api.accounts.passwords import (
    check,
    fits,
    hashed,
    password_of,
    renewed,
)
from api.accounts.persons import Details, create_person, disable
from api.accounts.sessions import open_session, session_of
from api.storage.store import Store
from tests.people.support import ANNA, PASSWORD, SOURCE, acts, entered, refused

REAL = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def test_the_parameters_are_above_the_minimum(monkeypatch: pytest.MonkeyPatch) -> None:
    """OWASP's minimum is argon2id with 19 MiB, two passes, one lane. T16."""
    monkeypatch.undo()
    stored = hashed(PASSWORD)
    used = extract_parameters(stored)
    assert used.type is Type.ID
    assert used.memory_cost >= 19 * 1024
    assert used.time_cost >= 2
    assert fits(stored, PASSWORD)
    assert not fits(stored, PASSWORD + "x")
    assert not fits(None, PASSWORD)
    nobodys = extract_parameters(passwords._nobodys())
    assert (nobodys.memory_cost, nobodys.time_cost, nobodys.parallelism, nobodys.hash_len) == (
        used.memory_cost,
        used.time_cost,
        used.parallelism,
        used.hash_len,
    )


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "x" * 11,
        "a long sentence " * 9,
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "098765432109",
        "abcdefghijklm",
        "Password123!",
        "Qwertyuiop2026!!",
        "letmein letmein",
        "Kazakhstan2020!",
        "P@ssw0rd-P@ssw0rd",
        "liverpool manchester",
        "November2026!",
        "Пароль123456",
        "correct horse battery staple",
        "karenina karenina 1",
        "my name is Анна",
        "anna@canary.example",
        "ANNA.K and more",
        "half a pair \ud800",
        "z" * 100_000,
        "",
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(UnfitPassword) as error:
        check(password, [*own_words(ANNA), "Anna Karenina"])
    assert password not in str(error.value) or not password


@pytest.mark.parametrize(
    "password", [PASSWORD, "пять ворон на крыше", "x7#Kq!mB2$vZ", "w" + "ünïcödé " * 15, "9f8b2c61d0a4"]
)
def test_length_is_enough_and_any_script_will_do(password: str) -> None:
    assert fits(hashed(password, own_words(ANNA)), password)


def test_the_same_password_from_another_keyboard_fits() -> None:
    assert fits(hashed("cafe\u0301 harbour ostrich"), "caf\u00e9 harbour ostrich")


def test_a_password_of_old_parameters_is_hashed_anew_at_the_next_sign_in(
    store: Store, workspace: str, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.read(workspace) as tx:
        old = password_of(tx, anna)
    entered(store)
    with store.read(workspace) as tx:
        assert password_of(tx, anna) == old
    monkeypatch.setattr(passwords, "HASHER", REAL)
    refused(store)
    entered(store)
    with store.read(workspace) as tx:
        new = password_of(tx, anna)
    assert old is not None
    assert new is not None
    assert extract_parameters(new).memory_cost == RFC_9106_LOW_MEMORY.memory_cost > CHEAPEST.memory_cost
    assert renewed(new, PASSWORD) is None
    entered(store)


def test_an_unknown_login_costs_the_same_work_and_says_the_same(
    store: Store, workspace: str, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T16: each refusal verifies one hash of today's cost and commits the same number of writes."""
    spy = Mock(wraps=passwords.HASHER)
    spy.memory_cost, spy.time_cost, spy.parallelism = CHEAPEST.memory_cost, CHEAPEST.time_cost, CHEAPEST.parallelism
    monkeypatch.setattr(passwords, "HASHER", spy)
    commits: list[bool] = []

    def note(connection: Connection) -> None:
        commits.append(bool(connection.get_execution_options().get("dedere_writes")))

    event.listen(store.database.engine, "commit", note)
    seen = []
    for login in ("centre/anna.k", "centre/nobody", "nowhere/anna.k"):
        commits.clear()
        refused(store, login)
        (stored, tried), _ = spy.verify.call_args
        seen.append((spy.verify.call_count, extract_parameters(stored).memory_cost, tried, sum(commits)))
        spy.verify.reset_mock()
    assert seen == [(1, CHEAPEST.memory_cost, "wrong", 2)] * 3
    assert acts(store, workspace).count(("signin.refused", anna)) == 1


def test_a_person_without_a_password_cannot_sign_in(store: Store, workspace: str, anna: str) -> None:
    with store.write(workspace, anna) as tx:
        create_person(tx, Details("Boris", "boris"), ["administrator"])
        disable(tx, anna)
    refused(store, "centre/boris", "")
    refused(store, "centre/boris", PASSWORD)
    refused(store, "centre/anna.k", PASSWORD)


def test_ones_own_password_is_changed_with_the_old_one(store: Store, workspace: str, anna: str) -> None:
    mine, other = (open_session(store, entered(store)) for _ in range(2))
    said = session_of(store, mine)
    assert said is not None
    for old, new, error in (
        ("wrong", "another harbour violin", Refused),
        (PASSWORD, "short", UnfitPassword),
        (PASSWORD, "anna@canary.example", UnfitPassword),
    ):
        with pytest.raises(error):
            change_password(store, said, old, new, SOURCE)
    assert session_of(store, other) is not None
    change_password(store, said, PASSWORD, "another harbour violin", SOURCE)
    assert session_of(store, mine) is not None
    assert session_of(store, other) is None
    refused(store, password=PASSWORD)
    assert entered(store, "another harbour violin").person == anna
    for _ in range(4):
        with pytest.raises(Refused):
            change_password(store, said, "wrong", "another harbour violin", SOURCE)
    with pytest.raises(Refused) as error:
        change_password(store, said, "another harbour violin", PASSWORD, SOURCE)
    assert error.value.retry_after == 2
