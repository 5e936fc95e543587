"""T9: people of one workspace are no rows in another, and the role of the service can do everything here."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from api.accounts.handles import set_handle
from api.accounts.links import accept_invitation, invite
from api.accounts.persons import create_person, list_people
from api.accounts.recovery import make_recovery_codes
from api.accounts.sessions import (
    end_all,
    open_session,
    rotate_session,
    session_of,
)
from api.storage.migrations.versions.m0002_people import ISOLATED
from api.storage.people_tables import Person
from api.storage.rotation import rotate_workspace
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from tests.people.support import ANNA, HANDLE, PASSWORD, enrolled, entered, refused
from tests.people.test_passkeys import Authenticator, alone, register

ME = "usr_one"


def settled(store: Store, handle: str) -> tuple[str, str]:
    """A workspace with a person who has everything a person can have."""
    workspace = create_workspace(store, "x", ME)
    with store.write(workspace, ME) as tx:
        set_handle(tx, handle)
        person = create_person(tx, ANNA, ["lawyer", "administrator"]).id
        link = invite(tx, person)
    accept_invitation(store, link, PASSWORD)
    with store.write(workspace, ME) as tx:
        invite(tx, person)
        make_recovery_codes(tx, person)
    return workspace, person


def test_T9_the_role_of_the_service_can_do_everything(restricted: Store) -> None:
    workspace, person = settled(restricted, HANDLE)
    generator, key = enrolled(restricted, workspace, person), Authenticator()
    register(restricted, workspace, person, key)
    token = open_session(restricted, entered(restricted, code=generator.at(restricted.now())))
    refused(restricted)
    assert alone(restricted, key).person == person
    fresh = rotate_session(restricted, token) or ""
    rotate_workspace(restricted, workspace, ME)
    assert session_of(restricted, fresh) is not None
    with restricted.write(workspace, person) as tx:
        end_all(tx, person)
    assert session_of(restricted, fresh) is None


def test_T9_without_a_workspace_and_in_another_there_are_no_rows(restricted: Store) -> None:
    workspace, person = settled(restricted, HANDLE)
    register(restricted, workspace, person, Authenticator())
    other = create_workspace(restricted, "y", ME)
    with restricted.database.session(writes=False) as session:
        for table in ISOLATED:
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table
    with restricted.read(other) as tx:
        assert tx.session.scalars(select(Person)).all() == []
        assert list_people(tx) == []
    with restricted.read(workspace) as tx:
        assert [said.id for said in list_people(tx)] == [person]


def test_T9_a_person_of_another_workspace_cannot_be_written(restricted: Store) -> None:
    workspace, _ = settled(restricted, HANDLE)
    other = create_workspace(restricted, "y", ME)
    with restricted.read(workspace) as tx:
        row = tx.session.scalars(select(Person)).one()
    copy = Person(
        id="usr_copy",
        workspace_id=workspace,
        login_index=b"x",
        roles="",
        key_id=row.key_id,
        sealed=row.sealed,
        created_at="",
    )
    with pytest.raises(DBAPIError, match="row-level security"), restricted.write(other, ME) as tx:
        tx.add(copy)


def test_the_same_login_in_two_workspaces_is_two_people(store: Store) -> None:
    """T8, for people: a password opens the workspace that its login names, and no other."""
    one, anna = settled(store, HANDLE)
    two, namesake = settled(store, "bureau")
    assert entered(store, login="centre/anna.k").person == anna
    assert entered(store, login="bureau/anna.k").person == namesake
    assert (one, anna) != (two, namesake)
    assert entered(store, login="anna.k").person == anna  # without a name it is the oldest workspace
