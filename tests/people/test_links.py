"""One-time links and invitations: used once, in time, and stored as a hash. T16."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.accounts import passwords
from api.accounts.errors import LinkSpent, UnfitPassword
from api.accounts.links import (
    accept_invitation,
    invite,
    make_sign_in_link,
    read_invitation,
    use_sign_in_link,
)
from api.accounts.persons import (
    ROLES,
    Details,
    create_first,
    create_person,
    disable,
    list_people,
)
from api.accounts.sessions import SignIn, open_session, session_of
from api.storage.errors import NotFound
from api.storage.store import Store
from api.web.serving import first_link
from tests.people.support import PASSWORD, acts, entered, later
from tests.store.support import Clock, bytes_on_disk

ME = "usr_one"


def link(store: Store, workspace: str, person: str) -> str:
    with store.write(workspace, ME) as tx:
        return make_sign_in_link(tx, person)


def invited(store: Store, workspace: str) -> tuple[str, str]:
    with store.write(workspace, ME) as tx:
        person = create_person(tx, Details("Boris Godunov", "boris"), ["lawyer"]).id
        return person, invite(tx, person)


def test_the_first_start_signs_in_by_a_link(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        person = create_first(tx, Details("Owner", "owner")).id
    signed = use_sign_in_link(store, link(store, workspace, person))
    assert signed == SignIn(workspace, person, "link", strong=True)
    said = session_of(store, open_session(store, signed))
    assert said is not None
    assert said.roles == ROLES
    assert {"matters:read", "people:manage"} <= said.scopes


def test_a_link_signs_in_once(store: Store, workspace: str, anna: str) -> None:
    token = link(store, workspace, anna)

    def use(_: int) -> bool:
        try:
            return use_sign_in_link(store, token).person == anna
        except LinkSpent:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(8))) == 1
    assert acts(store, workspace).count(("link.used", anna)) == 1


def test_a_link_is_good_for_ten_minutes(store: Store, workspace: str, anna: str, clock: Clock) -> None:
    token = link(store, workspace, anna)
    later(clock, minutes=10)
    with pytest.raises(LinkSpent, match="ask for a new one"):
        use_sign_in_link(store, token)
    token = link(store, workspace, anna)
    later(clock, minutes=9, seconds=59)
    assert use_sign_in_link(store, token).person == anna


def test_a_newer_link_voids_the_older(store: Store, workspace: str, anna: str) -> None:
    first, second = link(store, workspace, anna), link(store, workspace, anna)
    with pytest.raises(LinkSpent):
        use_sign_in_link(store, first)
    assert use_sign_in_link(store, second).person == anna


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", ["", "x", "wsp_" + "a" * 26 + "." + "A" * 43, "\ud800"])
def test_what_is_no_link_is_refused(store: Store, workspace: str, text: str) -> None:
    for use in (use_sign_in_link, read_invitation):
        with pytest.raises(LinkSpent):
            use(store, text)
    with pytest.raises(LinkSpent):
        accept_invitation(store, text, PASSWORD)


def test_a_link_of_one_purpose_serves_no_other(store: Store, workspace: str, anna: str) -> None:
    person, token = invited(store, workspace)
    with pytest.raises(LinkSpent):
        use_sign_in_link(store, token)
    signs_in = link(store, workspace, anna)
    with pytest.raises(LinkSpent):
        accept_invitation(store, signs_in, PASSWORD)
    assert accept_invitation(store, token, PASSWORD) == person


def test_an_invited_person_sets_a_password_once(store: Store, workspace: str, anna: str) -> None:
    person, token = invited(store, workspace)
    assert read_invitation(store, token).person.details.login == "boris"
    for bad in ("short", "boris and godunov"):
        with pytest.raises(UnfitPassword):
            accept_invitation(store, token, bad)
    assert accept_invitation(store, token, PASSWORD) == person
    with pytest.raises(LinkSpent):
        accept_invitation(store, token, "another harbour violin")
    assert entered(store, login="centre/boris").person == person
    assert {("link.made", person), ("link.used", person), ("password.set", person)} <= set(acts(store, workspace))


def test_an_invitation_is_good_for_three_days(store: Store, workspace: str, clock: Clock) -> None:
    _, token = invited(store, workspace)
    later(clock, hours=71, minutes=59)
    assert read_invitation(store, token).person.details.name == "Boris Godunov"
    later(clock, minutes=1)
    for use in (lambda: read_invitation(store, token), lambda: accept_invitation(store, token, PASSWORD)):
        with pytest.raises(LinkSpent):
            use()


def test_nobody_is_invited_who_is_not_there_and_a_disabled_person_gets_in_by_no_link(
    store: Store, workspace: str, anna: str
) -> None:
    with pytest.raises(NotFound), store.write(workspace, ME) as tx:
        invite(tx, "usr_nobody")
    token = link(store, workspace, anna)
    with store.write(workspace, ME) as tx:
        create_person(tx, Details("Boris", "boris"), ["administrator"])
        disable(tx, anna)
    with pytest.raises(LinkSpent):
        use_sign_in_link(store, token)


def test_only_a_hash_of_the_link_is_kept(store: Store, workspace: str, anna: str, tmp_path: Path) -> None:
    secret = link(store, workspace, anna).partition(".")[2]
    if store.database.sqlite:
        assert secret.encode() not in bytes_on_disk(tmp_path)


def test_H4_no_sign_in_link_is_made_at_the_start_once_there_is_a_password(store: Store) -> None:
    assert first_link(store)
    (workspace,) = store.workspaces()
    with store.write(workspace, "usr_first") as tx:
        (owner,) = list_people(tx)
    assert first_link(store), "until then each start makes one"
    with store.write(workspace, "usr_first") as tx:
        passwords.set_password(tx, owner.id, passwords.hashed("correct horse battery"))
    assert first_link(store) == ""
