"""One-time links: the operator's sign-in link, good for ten minutes, and invitations, good for 72 hours.

A sign-in link is made only where the program is started, by somebody who holds the machine and its
keys; that is why it counts as strong. An invitation lets a person set their own password. Making a
new link voids an earlier one of the same purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from api.accounts import passwords
from api.accounts.errors import LinkSpent, Refused
from api.accounts.persons import (
    Details,
    PersonSaid,
    person_row,
    read_person,
    said,
)
from api.accounts.sessions import SignIn
from api.accounts.signin import accepted
from api.accounts.tokens import hashed, new_token, workspace_in
from api.storage.people_tables import OneTimeLink
from api.storage.store import Store, Transaction, stamp

SIGN_IN_LIVES = timedelta(minutes=10)
INVITATION_LIVES = timedelta(hours=72)
_SIGN_IN, _INVITATION = "sign-in", "invitation"


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom an invitation is for."""

    workspace: str
    person: PersonSaid


def make_sign_in_link(tx: Transaction, person: str) -> str:
    """The token of a link that signs a person in, once.

    Raises:
        NotFound: there is no such person in this workspace.
    """
    return _make(tx, person, _SIGN_IN, SIGN_IN_LIVES)


def use_sign_in_link(store: Store, token: str, request: str = "") -> SignIn:
    """Sign in by a link.

    Raises:
        LinkSpent: it was used, is too old, or never was; or the person is disabled.
    """
    workspace, person = _take(store, token, _SIGN_IN, request)
    try:
        return accepted(store, SignIn(workspace, person, "link", strong=True), request)
    except Refused:
        raise LinkSpent from None


def invite(tx: Transaction, person: str) -> str:
    """The token of an invitation: a new person's, or one who forgot the password.

    Raises:
        NotFound: there is no such person in this workspace.
    """
    return _make(tx, person, _INVITATION, INVITATION_LIVES)


def read_invitation(store: Store, token: str) -> Invited:
    """Whom an invitation is for; it may still be used.

    Raises:
        LinkSpent: it was used, is too old, or never was.
    """
    workspace = workspace_in(token)
    if workspace is None:
        raise LinkSpent
    with store.read(workspace) as tx:
        mine = (OneTimeLink.token_hash == hashed(token), OneTimeLink.purpose == _INVITATION)
        row = tx.session.scalars(select(OneTimeLink).where(*mine)).first()
        if row is None or row.expires_at <= tx.at:
            raise LinkSpent
        return Invited(workspace, said(tx, person_row(tx, row.person_id)))


def accept_invitation(store: Store, token: str, password: str, request: str = "") -> str:
    """Set the person's own password and give their id; a password that is refused leaves the invitation good.

    Raises:
        LinkSpent: it was used, is too old, or never was.
        UnfitPassword: the rules do not allow the password.
    """
    invited = read_invitation(store, token)
    new_hash = passwords.hashed(password, own_words(invited.person.details))
    return _take(store, token, _INVITATION, request, new_hash)[1]


def own_words(details: Details) -> tuple[str, ...]:
    """What everybody knows of a person, and no password of theirs should hold."""
    return details.name, details.login, details.email, details.email.partition("@")[0]


def _make(tx: Transaction, person: str, purpose: str, lives: timedelta) -> str:
    read_person(tx, person)
    token = new_token(tx.workspace)
    earlier = (OneTimeLink.person_id == person) & (OneTimeLink.purpose == purpose)
    void = earlier | (OneTimeLink.expires_at <= tx.at)
    tx.session.execute(delete(OneTimeLink).where(OneTimeLink.workspace_id == tx.workspace, void))
    tx.add(
        OneTimeLink(
            token_hash=hashed(token),
            workspace_id=tx.workspace,
            person_id=person,
            purpose=purpose,
            expires_at=stamp(datetime.fromisoformat(tx.at) + lives),
        )
    )
    tx.record("link.made", person, purpose=purpose)
    return token


def _take(store: Store, token: str, purpose: str, request: str, new_hash: str = "") -> tuple[str, str]:
    """Use a link up, and with it set the password that it was for, in one transaction."""
    workspace = workspace_in(token)
    if workspace is None:
        raise LinkSpent
    with store.write(workspace, purpose, request) as tx:
        mine = (OneTimeLink.token_hash == hashed(token), OneTimeLink.purpose == purpose)
        taken = delete(OneTimeLink).where(*mine, OneTimeLink.expires_at > tx.at).returning(OneTimeLink.person_id)
        person = tx.session.scalars(taken).first()
        if person is None:
            raise LinkSpent
        tx.record("link.used", person, purpose=purpose)
        if new_hash:
            passwords.set_password(tx, person, new_hash)
    return workspace, person
