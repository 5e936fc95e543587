"""Whom an outside identity provider means: an administrator links issuer and subject to a person.

Nobody is made by signing in at a provider. Issuer and subject are sealed and found by a blind index.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from api.accounts.errors import UnfitDetails
from api.accounts.persons import person_row
from api.storage.datakeys import current_key, index_of
from api.storage.errors import NotFound
from api.storage.ids import new_id
from api.storage.people_tables import Identity
from api.storage.sealed import put, take
from api.storage.store import Transaction

_LONGEST = 255


@dataclass(frozen=True, slots=True)
class IdentitySaid:
    """A link as it is listed."""

    id: str
    issuer: str = field(repr=False)
    subject: str = field(repr=False)


def link_identity(tx: Transaction, person: str, issuer: str, subject: str) -> str:
    """Link a provider's subject to a person, and give the link's id.

    Raises:
        NotFound: there is no such person in this workspace.
        UnfitDetails: issuer or subject is empty or too long, or linked already.
    """
    person_row(tx, person)
    if not (1 <= len(issuer) <= _LONGEST and 1 <= len(subject) <= _LONGEST):
        raise UnfitDetails(f"issuer and subject are 1 to {_LONGEST} characters")
    identity = new_id("idy")
    row = Identity(
        id=identity,
        workspace_id=tx.workspace,
        person_id=person,
        subject_index=fingerprint(tx, issuer, subject),
        created_at=tx.at,
    )
    put(row, current_key(tx, tx.workspace), json.dumps([issuer, subject]).encode())
    try:
        tx.add(row)
    except IntegrityError:
        raise UnfitDetails("the subject is linked already; remove that link first") from None
    tx.record("identity.linked", identity, person=person)
    return identity


def unlink_identity(tx: Transaction, person: str, identity: str) -> None:
    """Remove a link.

    Raises:
        NotFound: the person has no such link.
    """
    row = tx.session.get(Identity, identity)
    if row is None or row.workspace_id != tx.workspace or row.person_id != person:
        raise NotFound("the person has no such link")
    tx.session.execute(delete(Identity).where(Identity.id == identity))
    tx.record("identity.unlinked", identity, person=person)


def list_identities(tx: Transaction, person: str) -> list[IdentitySaid]:
    """The links of a person, oldest first."""
    theirs = (Identity.person_id == person, Identity.workspace_id == tx.workspace)
    rows = tx.session.scalars(select(Identity).where(*theirs).order_by(Identity.created_at, Identity.id)).all()
    return [IdentitySaid(row.id, *json.loads(take(tx, row))) for row in rows]


def person_of(tx: Transaction, issuer: str, subject: str) -> str | None:
    """The person that a provider means."""
    mine = (Identity.workspace_id == tx.workspace, Identity.subject_index == fingerprint(tx, issuer, subject))
    return tx.session.scalars(select(Identity.person_id).where(*mine)).first()


def fingerprint(tx: Transaction, issuer: str, subject: str) -> bytes:
    """What a link is found by: it tells nothing without the workspace's index key."""
    return index_of(tx, "identity", json.dumps([issuer, subject]))
