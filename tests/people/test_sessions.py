"""T16: sessions end when idle and at twelve hours, tokens rotate, and a CSRF token fits its session only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, select

from api.accounts.passwords import hashed, set_password
from api.accounts.sessions import (
    SignIn,
    csrf_fits,
    end_all,
    end_old,
    end_one,
    end_session,
    list_sessions,
    open_session,
    rotate_session,
    session_of,
)
from api.storage.errors import Unavailable
from api.storage.people_tables import PersonSession
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from tests.people.support import acts, entered, later
from tests.store.support import Clock, bytes_on_disk


@pytest.fixture
def token(store: Store, anna: str) -> str:
    """A session of Anna's."""
    return open_session(store, entered(store))


def test_a_session_says_who_and_what_they_may(store: Store, workspace: str, anna: str, token: str) -> None:
    said = session_of(store, token)
    assert said is not None
    assert (said.person, said.workspace, said.strong) == (anna, workspace, False)
    assert "matters:read" in said.scopes
    assert said.csrf not in repr(said)
    assert re.fullmatch(r"wsp_[a-z2-7]{26}\.[A-Za-z0-9_-]{43}", token)


def test_an_idle_session_ends_after_half_an_hour(store: Store, workspace: str, token: str, clock: Clock) -> None:
    for _ in range(5):
        later(clock, minutes=29)
        assert session_of(store, token) is not None
    later(clock, minutes=30)
    assert session_of(store, token) is None
    later(clock, minutes=-30)
    assert session_of(store, token) is None
    assert [act for act, _ in acts(store, workspace)].count("session.ended") == 1


def test_a_session_ends_after_twelve_hours_however_busy(store: Store, token: str, clock: Clock) -> None:
    for _ in range(71):
        later(clock, minutes=10)
        assert session_of(store, token) is not None
    later(clock, minutes=10)
    assert session_of(store, token) is None


def test_a_new_token_does_not_give_new_hours(store: Store, token: str, clock: Clock) -> None:
    for _ in range(71):
        later(clock, minutes=10)
        rotated = rotate_session(store, token)
        assert rotated is not None
        token = rotated
    later(clock, minutes=10)
    assert session_of(store, token) is None
    assert rotate_session(store, token) is None


def test_rotation_ends_the_old_token_and_may_make_the_session_strong(store: Store, token: str) -> None:
    before = session_of(store, token)
    fresh = rotate_session(store, token, strong=True)
    assert before is not None
    assert fresh is not None
    assert session_of(store, token) is None
    after = session_of(store, fresh)
    assert after is not None
    assert (after.id, after.strong, after.csrf != before.csrf) == (before.id, True, True)
    assert "people:manage" in after.scopes - before.scopes
    again = session_of(store, rotate_session(store, fresh) or "")
    assert again is not None
    assert again.strong


def test_signing_in_again_ends_the_session_of_this_browser(store: Store, token: str) -> None:
    fresh = open_session(store, entered(store), instead_of=token)
    assert fresh != token
    assert session_of(store, token) is None
    assert session_of(store, fresh) is not None


def test_one_session_or_all_are_ended(store: Store, workspace: str, anna: str, token: str) -> None:
    others = [open_session(store, entered(store)) for _ in range(3)]
    end_session(store, token)
    end_session(store, token)
    assert session_of(store, token) is None
    with store.write(workspace, anna) as tx:
        listed = list_sessions(tx, anna)
        assert [method for _, method, _, _ in listed] == ["password"] * 3
        end_one(tx, anna, listed[0][0])
        end_one(tx, "usr_other", listed[1][0])
    assert [session_of(store, one) is not None for one in others] == [False, True, True]
    with store.write(workspace, anna) as tx:
        end_all(tx, anna, keep=listed[2][0])
    assert [session_of(store, one) is not None for one in others] == [False, False, True]
    assert [act for act, _ in acts(store, workspace)].count("session.ended") == 3


def test_a_new_password_ends_the_other_sessions(store: Store, workspace: str, anna: str, token: str) -> None:
    mine = open_session(store, entered(store))
    said = session_of(store, mine)
    assert said is not None
    with store.write(workspace, anna) as tx:
        set_password(tx, anna, hashed("another harbour violin"), keep=said.id)
    assert session_of(store, token) is None
    assert session_of(store, mine) is not None


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", ["", "x", "wsp_x.y", "\ud800", "wsp_" + "a" * 26 + "." + "A" * 43, "A" * 100_000])
def test_what_is_no_token_is_nobody(store: Store, token: str, text: str) -> None:
    assert session_of(store, text) is None
    end_session(store, text)
    assert rotate_session(store, text) is None


def test_a_token_opens_its_own_workspace_only(store: Store, token: str) -> None:
    other = create_workspace(store, "Other", "usr_one")
    assert session_of(store, f"{other}.{token.partition('.')[2]}") is None


def test_a_csrf_token_fits_its_session_only(store: Store, token: str) -> None:
    said, other = session_of(store, token), session_of(store, open_session(store, entered(store)))
    assert said is not None
    assert other is not None
    assert csrf_fits(said, said.csrf)
    for wrong in (other.csrf, "", said.csrf[:-1], said.csrf + "x", "é", "\ud800"):
        assert not csrf_fits(said, wrong)


def test_only_a_hash_of_the_token_is_kept(store: Store, token: str, tmp_path: Path) -> None:
    secret = token.partition(".")[2]
    said = session_of(store, token)
    assert said is not None
    if store.database.sqlite:
        found = bytes_on_disk(tmp_path)
        assert secret.encode() not in found
        assert said.csrf.encode() not in found
        assert said.id.encode() in found


def test_reading_a_session_writes_at_most_once_a_minute(store: Store, token: str, clock: Clock) -> None:
    writes: list[bool] = []

    def note(connection: Connection) -> None:
        writes.append(bool(connection.get_execution_options().get("dedere_writes")))

    event.listen(store.database.engine, "commit", note)
    for _ in range(60):
        later(clock, seconds=5)
        assert session_of(store, token) is not None
    assert sum(writes) == 5


def test_a_database_that_cannot_be_written_still_reads_sessions(
    store: Store, token: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = store.database.session

    def read_only(*, writes: bool):  # type: ignore[no-untyped-def]
        if writes:
            raise Unavailable("read-only")
        return real(writes=False)

    monkeypatch.setattr(store.database, "session", read_only)
    later(clock, minutes=5)
    assert session_of(store, token) is not None


def test_sessions_that_ran_out_unseen_are_swept(store: Store, workspace: str, token: str, clock: Clock) -> None:
    later(clock, minutes=20)
    kept = open_session(store, SignIn(workspace, entered(store).person, "link", strong=True))
    later(clock, minutes=10)
    assert end_old(store, workspace, "sweeper") == 1
    assert end_old(store, workspace, "sweeper") == 0
    with store.read(workspace) as tx:
        assert len(tx.session.scalars(select(PersonSession)).all()) == 1
    assert session_of(store, kept) is not None
