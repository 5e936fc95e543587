"""Persons: made, listed, read, given roles, disabled. Name, e-mail and login are sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from api.accounts.errors import LastAdministrator, LoginTaken, UnfitDetails
from api.accounts.handles import normal
from api.accounts.roles import ADMINISTRATOR, ROLES, checked
from api.accounts.sessions import end_all
from api.storage.datakeys import current_key, index_of
from api.storage.errors import NotFound
from api.storage.ids import new_id
from api.storage.people_tables import Person
from api.storage.sealed import put, readable, take
from api.storage.store import Transaction

LONGEST = 254


@dataclass(frozen=True, slots=True)
class Details:
    """What a person is called and signs in with. None of it shows in a representation."""

    name: str = field(repr=False)
    login: str = field(repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """A person as read."""

    id: str
    details: Details
    roles: tuple[str, ...]
    created_at: str
    disabled_at: str | None


def create_person(tx: Transaction, details: Details, roles: Iterable[str]) -> PersonSaid:
    """Make a person, who cannot sign in before being invited (``links.invite``).

    Raises:
        LoginTaken: somebody of the workspace has this login.
        UnfitDetails: name, login or e-mail cannot be taken.
        ValueError: there is no such role.
    """
    row = Person(id=new_id("usr"), workspace_id=tx.workspace, created_at=tx.at, roles=" ".join(checked(roles)))
    _describe(tx, row, details)
    tx.record("person.created", row.id, roles=row.roles.split())
    return said(tx, row)


def create_first(tx: Transaction, details: Details) -> PersonSaid:
    """Make the installation's first person, who has every role.

    Raises:
        LoginTaken: the workspace has people already.
        UnfitDetails: name, login or e-mail cannot be taken.
    """
    if tx.session.scalars(select(Person.id).where(Person.workspace_id == tx.workspace)).first() is not None:
        raise LoginTaken("the workspace has people already; an administrator invites more")
    return create_person(tx, details, ROLES)


def change_details(tx: Transaction, person: str, details: Details) -> PersonSaid:
    """Change name, login or e-mail.

    Raises:
        LoginTaken, UnfitDetails: as when a person is made.
        NotFound: there is no such person in this workspace.
    """
    row = person_row(tx, person)
    _describe(tx, row, details)
    tx.record("person.changed", person)
    return said(tx, row)


def list_people(tx: Transaction) -> list[PersonSaid]:
    """The people of the workspace, oldest first, the disabled too."""
    query = select(Person).where(Person.workspace_id == tx.workspace).order_by(Person.created_at, Person.id)
    return [_listed(tx, row) for row in tx.session.scalars(query).all()]


def _listed(tx: Transaction, row: Person) -> PersonSaid:
    """A row as it is read; one that is damaged has no name and no login, and keeps nobody else from being read."""
    kept = readable(tx, row)
    details = Details("", "") if kept is None else Details(**json.loads(kept))
    return PersonSaid(row.id, details, tuple(row.roles.split()), row.created_at, row.disabled_at)


def read_person(tx: Transaction, person: str) -> PersonSaid:
    """One person.

    Raises:
        NotFound: there is no such person in this workspace.
    """
    return said(tx, person_row(tx, person))


def change_roles(tx: Transaction, person: str, roles: Iterable[str]) -> None:
    """Give a person other roles. Their sessions end, so that no old session has new rights.

    Raises:
        LastAdministrator: nobody would be left to manage people.
        NotFound: there is no such person in this workspace.
        ValueError: there is no such role.
    """
    wanted = checked(roles)
    row = person_row(tx, person)
    if ADMINISTRATOR not in wanted:
        _keep_an_administrator(tx, row)
    row.roles = " ".join(wanted)
    end_all(tx, person)
    tx.record("roles.changed", person, roles=list(wanted))


def disable(tx: Transaction, person: str) -> None:
    """Shut a person out at once: no sign-in, no session. What they did stays theirs.

    Raises:
        LastAdministrator: nobody would be left to manage people.
        NotFound: there is no such person in this workspace.
    """
    row = person_row(tx, person)
    _keep_an_administrator(tx, row)
    row.disabled_at = row.disabled_at or tx.at
    end_all(tx, person)
    tx.record("person.disabled", person)


def enable(tx: Transaction, person: str) -> None:
    """Let a disabled person sign in again.

    Raises:
        NotFound: there is no such person in this workspace.
    """
    person_row(tx, person).disabled_at = None
    tx.record("person.enabled", person)


def person_row(tx: Transaction, person: str) -> Person:
    """The row of a person of this workspace.

    Raises:
        NotFound: there is none.
    """
    row = tx.session.get(Person, person)
    if row is None or row.workspace_id != tx.workspace:
        raise NotFound("there is no such person in this workspace")
    return row


def by_login(tx: Transaction, login: str) -> Person | None:
    """The person who signs in under a login, found without reading anybody's."""
    index = index_of(tx, "login", normal(login))
    query = select(Person).where(Person.workspace_id == tx.workspace, Person.login_index == index)
    return tx.session.scalars(query).first()


def said(tx: Transaction, row: Person) -> PersonSaid:
    """A row as it is read."""
    return PersonSaid(
        row.id, Details(**json.loads(take(tx, row))), tuple(row.roles.split()), row.created_at, row.disabled_at
    )


def _describe(tx: Transaction, row: Person, details: Details) -> None:
    _fit(details)
    known = by_login(tx, details.login)
    if known is not None and known.id != row.id:
        raise LoginTaken("somebody of the workspace has this login")
    row.login_index = index_of(tx, "login", normal(details.login))
    put(row, current_key(tx, tx.workspace), json.dumps(asdict(details)).encode())
    try:
        tx.add(row)
    except IntegrityError:
        raise LoginTaken("somebody of the workspace has this login") from None


def _fit(details: Details) -> None:
    login = normal(details.login)
    if not 1 <= len(login) <= LONGEST or "/" in login or " " in login or not login.isprintable():
        raise UnfitDetails(f"a login is 1 to {LONGEST} visible characters without spaces and slashes")
    if not 1 <= len(details.name.strip()) <= LONGEST or not details.name.isprintable():
        raise UnfitDetails(f"a name is 1 to {LONGEST} visible characters")
    if len(details.email) > LONGEST or not details.email.isprintable():
        raise UnfitDetails(f"an e-mail address has at most {LONGEST} visible characters")


def _keep_an_administrator(tx: Transaction, row: Person) -> None:
    """Refuse to lose the last one. All rows are locked, so that two cannot remove each other at once."""
    query = select(Person).where(Person.workspace_id == tx.workspace, Person.disabled_at.is_(None))
    active = tx.session.scalars(query.order_by(Person.id).with_for_update().execution_options(populate_existing=True))
    administrators = {person.id for person in active if ADMINISTRATOR in person.roles.split()}
    if administrators == {row.id}:
        raise LastAdministrator
