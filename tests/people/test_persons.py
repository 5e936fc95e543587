"""Persons: roles, sealed details found by a blind index, and always an administrator left."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from api.accounts.access.scopes import SCOPES
from api.accounts.errors import LastAdministrator, LoginTaken, UnfitDetails
from api.accounts.handles import (
    handle_of,
    set_handle,
    split_login,
    workspace_of,
)
from api.accounts.passwords import password_of
from api.accounts.persons import (
    Details,
    by_login,
    change_details,
    change_roles,
    create_first,
    create_person,
    disable,
    enable,
    list_people,
    read_person,
)
from api.accounts.roles import ROLES, scopes_of
from api.accounts.sessions import list_sessions, open_session, session_of
from api.storage.errors import NotFound
from api.storage.people_tables import Person, PersonSecret
from api.storage.rotation import rotate_master, rotate_workspace
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from tests.people.support import ANNA, HANDLE, LOGIN, acts, enrolled, entered, refused
from tests.store.support import bytes_on_disk

ME = "usr_one"
BORIS = Details("Boris", "boris")


def test_an_administrator_reads_no_matter_and_every_scope_is_somebodys() -> None:
    assert scopes_of(["administrator"]) == {"people:manage", "keys:manage", "webhooks:manage", "audit:read"}
    assert scopes_of(["auditor"]) == {"audit:read"}
    assert scopes_of(["trainer"]) == {"training:run"}
    assert scopes_of(ROLES) == set(SCOPES)
    assert scopes_of([]) == frozenset()
    with pytest.raises(ValueError, match="roles are lawyer"):
        scopes_of(["root"])


def test_a_person_is_found_by_login_whatever_the_keyboard(store: Store, workspace: str, anna: str) -> None:
    with store.read(workspace) as tx:
        for typed in ("anna.k", " ANNA.K ", "ａｎｎａ.ｋ"):
            found = by_login(tx, typed)
            assert found is not None
            assert found.id == anna
        assert by_login(tx, "anna") is None
        said = read_person(tx, anna)
    assert said.details == ANNA
    assert said.roles == ("lawyer", "administrator")
    assert ANNA.name not in repr(said)
    assert ANNA.login not in repr(said)


def test_a_login_is_unique_in_its_workspace_only(store: Store, workspace: str, anna: str) -> None:
    with pytest.raises(LoginTaken), store.write(workspace, ME) as tx:
        create_person(tx, Details("Another", "Anna.K"), ["lawyer"])
    other = create_workspace(store, "Other", ME)
    with store.write(other, ME) as tx:
        create_person(tx, ANNA, ["lawyer"])
        with pytest.raises(NotFound):
            read_person(tx, anna)


def test_the_first_person_has_every_role_and_is_the_only_first(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        assert create_first(tx, BORIS).roles == ROLES
    with pytest.raises(LoginTaken), store.write(workspace, ME) as tx:
        create_first(tx, ANNA)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "details",
    [
        Details("x", ""),
        Details("x", "a/b"),
        Details("x", "a b"),
        Details("x", "a\x00b"),
        Details("x", "a" * 255),
        Details(" ", "a"),
        Details("x\n", "a"),
        Details("x", "a", "b" * 255),
    ],
)
def test_details_that_cannot_be_taken_are_refused_without_repeating_them(
    store: Store, workspace: str, details: Details
) -> None:
    with pytest.raises(UnfitDetails, match="characters"), store.write(workspace, ME) as tx:
        create_person(tx, details, ["lawyer"])


def test_names_logins_and_hashes_are_nowhere_on_the_disk(
    store: Store, workspace: str, anna: str, tmp_path: Path
) -> None:
    """T11, for the columns of people."""
    generator = enrolled(store, workspace, anna)
    refused(store, "centre/someone.unknown")
    if store.database.sqlite:
        found = bytes_on_disk(tmp_path)
        for secret in (
            ANNA.name,
            ANNA.login,
            ANNA.email,
            "someone.unknown",
            "$argon2id$",
            generator.secret,
            "192.0.2.1",
        ):
            assert secret.encode() not in found
        assert anna.encode() in found


def test_rotation_covers_people_and_their_secrets(store: Store, workspace: str, anna: str) -> None:
    generator = enrolled(store, workspace, anna)
    with store.read(workspace) as tx:
        before = {*tx.session.scalars(select(Person.sealed)), *tx.session.scalars(select(PersonSecret.sealed))}
    rotate_workspace(store, workspace, ME)
    rotate_master(store, ME)
    with store.read(workspace) as tx:
        after = {*tx.session.scalars(select(Person.sealed)), *tx.session.scalars(select(PersonSecret.sealed))}
        assert read_person(tx, anna).details == ANNA
        assert (password_of(tx, anna) or "").startswith("$argon2id$")
    assert len(before) == len(after) == 3
    assert not before & after
    assert entered(store, code=generator.at(store.now())).person == anna


def test_people_are_listed_and_changed(store: Store, workspace: str, anna: str) -> None:
    with store.write(workspace, anna) as tx:
        boris = create_person(tx, BORIS, ["trainer", "trainer"]).id
        with pytest.raises(LoginTaken):
            change_details(tx, boris, Details("Boris", "ANNA.K"))
    with store.write(workspace, anna) as tx:
        change_details(tx, anna, Details("Anna K.", "anna", "a@b.example"))
        change_roles(tx, boris, ["auditor"])
        assert [(said.id, said.details.login, said.roles) for said in list_people(tx)] == [
            (anna, "anna", ("lawyer", "administrator")),
            (boris, "boris", ("auditor",)),
        ]
    assert ("roles.changed", boris) in acts(store, workspace)
    assert ("person.created", boris) in acts(store, workspace)
    assert entered(store, login="centre/anna").person == anna


def test_disabling_ends_sessions_and_shuts_out(store: Store, workspace: str, anna: str) -> None:
    with store.write(workspace, ME) as tx:
        create_person(tx, BORIS, ["administrator"])
    token = open_session(store, entered(store))
    with store.write(workspace, ME) as tx:
        disable(tx, anna)
    with store.read(workspace) as tx:
        assert list_sessions(tx, anna) == []
    assert session_of(store, token) is None
    refused(store, password="harbour violin ostrich")
    assert acts(store, workspace).count(("signin.refused", anna)) == 1
    with store.write(workspace, ME) as tx:
        enable(tx, anna)
    assert session_of(store, token) is None
    assert entered(store).person == anna
    assert ("person.disabled", anna) in acts(store, workspace)
    assert ("person.enabled", anna) in acts(store, workspace)


def test_other_roles_end_sessions(store: Store, workspace: str, anna: str) -> None:
    token = open_session(store, entered(store))
    with store.write(workspace, ME) as tx:
        change_roles(tx, anna, ["lawyer", "administrator", "auditor"])
    assert session_of(store, token) is None


def test_the_last_administrator_stays(store: Store, workspace: str, anna: str) -> None:
    for act in (disable, lambda tx, person: change_roles(tx, person, ["lawyer"])):
        with pytest.raises(LastAdministrator, match="make somebody else"), store.write(workspace, ME) as tx:
            act(tx, anna)
    with store.write(workspace, ME) as tx:
        boris = create_person(tx, BORIS, ["administrator"]).id
        disable(tx, anna)
    with pytest.raises(LastAdministrator), store.write(workspace, ME) as tx:
        disable(tx, boris)


def test_a_login_names_its_workspace(store: Store, workspace: str, anna: str) -> None:
    assert split_login(" Centre/Anna@b.example ") == ("centre", "anna@b.example")
    assert split_login("anna") == ("", "anna")
    assert workspace_of(store, "") == workspace_of(store, HANDLE) == workspace
    assert entered(store, login="anna.k").person == entered(store, login=LOGIN).person == anna
    other = create_workspace(store, "Other", ME)
    assert workspace_of(store, "") == workspace, "M6: a second workspace shuts out nobody of the first"
    assert entered(store, login="anna.k").person == anna
    with pytest.raises(UnfitDetails, match="choose another"), store.write(other, ME) as tx:
        set_handle(tx, HANDLE)
    with pytest.raises(UnfitDetails, match="Latin"), store.write(other, ME) as tx:
        set_handle(tx, "Центр")
    with store.write(workspace, ME) as tx:
        set_handle(tx, "renamed")
        set_handle(tx, "renamed")
        assert handle_of(tx) == "renamed"
    assert workspace_of(store, HANDLE) is None
