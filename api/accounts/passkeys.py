"""Passkeys (WebAuthn): registering, listing and removing the public keys of a person's authenticators.

A person may have several. No attestation is asked for: which make of key somebody uses is nobody's
business. Signing in with one is in ``passkey_signin.py``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import webauthn
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from api.accounts.errors import UnfitDetails, UnfitPasskey
from api.accounts.persons import LONGEST, read_person
from api.accounts.steps import begin_step, take_step
from api.accounts.tokens import derived
from api.storage.datakeys import current_key, index_of
from api.storage.errors import NotFound
from api.storage.ids import new_id
from api.storage.people_tables import Passkey
from api.storage.sealed import put, take
from api.storage.store import Store, Transaction

_PURPOSE = "passkey registration"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """This installation as browsers know it: its host name, and the origin its pages are served from."""

    id: str
    origin: str
    name: str = "Dedere"


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What was begun: a ticket for the browser's cookie, and options (JSON) for the authenticator."""

    ticket: str = field(repr=False)
    options: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasskeySaid:
    """A passkey as it is listed, under the label its owner gave it."""

    id: str
    label: str = field(repr=False)
    created_at: str
    last_used_at: str | None


@dataclass(frozen=True, slots=True)
class Credential:
    """The public half of a passkey."""

    id: bytes
    public_key: bytes
    label: str = field(default="", repr=False)

    def descriptor(self) -> PublicKeyCredentialDescriptor:
        """How browsers are told of it."""
        return PublicKeyCredentialDescriptor(id=self.id)


def begin_passkey(store: Store, party: RelyingParty, workspace: str, person: str) -> Ceremony:
    """Begin to register a passkey for a person who is signed in.

    Raises:
        NotFound: there is no such person in this workspace.
    """
    with store.read(workspace) as tx:
        details = read_person(tx, person).details
        known = [credential_of(tx, row).descriptor() for row in rows_of(tx, person)]
    ticket = begin_step(store, _PURPOSE, workspace, person)
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_name=details.login,
        user_display_name=details.name,
        user_id=user_handle(workspace, person),
        challenge=derived(ticket, "challenge"),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=known,
    )
    return Ceremony(ticket, webauthn.options_to_json(options))


def register_passkey(
    store: Store,
    party: RelyingParty,
    ticket: str,
    answer: dict[str, Any],
    *,
    person: str,
    label: str,
    request: str = "",
) -> str:
    """Keep the passkey that an authenticator made, and give its id. ``person`` is the one who is signed in.

    Raises:
        UnfitDetails: the label cannot be taken.
        UnfitPasskey: the answer is not right, too late, somebody else's, or the passkey is known already.
    """
    if not 1 <= len(label) <= LONGEST or not label.isprintable():
        raise UnfitDetails(f"a label is 1 to {LONGEST} visible characters")
    step = take_step(store, ticket, _PURPOSE)
    if step is None or step.person != person:
        raise UnfitPasskey
    made = _verified(party, ticket, answer)
    with store.write(step.workspace, person, request) as tx:
        return _keep(tx, person, made, label)


def list_passkeys(tx: Transaction, person: str) -> list[PasskeySaid]:
    """The passkeys of a person, oldest first."""
    return [
        PasskeySaid(row.id, credential_of(tx, row).label, row.created_at, row.last_used_at)
        for row in rows_of(tx, person)
    ]


def drop_passkey(tx: Transaction, person: str, passkey: str) -> None:
    """Forget a passkey of a person.

    Raises:
        NotFound: the person has no such passkey.
    """
    if passkey not in {row.id for row in rows_of(tx, person)}:
        raise NotFound("the person has no such passkey")
    tx.session.execute(delete(Passkey).where(Passkey.id == passkey))
    tx.record("passkey.removed", passkey, person=person)


def drop_passkeys(tx: Transaction, person: str) -> None:
    """Forget every passkey of a person."""
    for row in rows_of(tx, person):
        drop_passkey(tx, person, row.id)


def rows_of(tx: Transaction, person: str) -> list[Passkey]:
    """The rows of a person's passkeys, oldest first."""
    theirs = (Passkey.person_id == person, Passkey.workspace_id == tx.workspace)
    return list(tx.session.scalars(select(Passkey).where(*theirs).order_by(Passkey.created_at, Passkey.id)))


def credential_of(tx: Transaction, row: Passkey) -> Credential:
    """What a row holds."""
    kept = json.loads(take(tx, row))
    return Credential(base64url_to_bytes(kept["id"]), base64url_to_bytes(kept["public_key"]), kept["label"])


def credential_index(tx: Transaction, credential: bytes) -> bytes:
    """By what a passkey is found in its workspace."""
    return index_of(tx, "passkey", credential.hex())


def user_handle(workspace: str, person: str) -> bytes:
    """How an authenticator names the person: random ids of ours, so that it learns and tells nothing."""
    return f"{workspace}.{person}".encode()


def _verified(party: RelyingParty, ticket: str, answer: dict[str, Any]) -> VerifiedRegistration:
    try:
        return webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=derived(ticket, "challenge"),
            expected_rp_id=party.id,
            expected_origin=party.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise UnfitPasskey from None


def _keep(tx: Transaction, person: str, made: VerifiedRegistration, label: str) -> str:
    passkey = new_id("psk")
    row = Passkey(
        id=passkey,
        workspace_id=tx.workspace,
        person_id=person,
        credential_index=credential_index(tx, made.credential_id),
        sign_count=made.sign_count,
        created_at=tx.at,
    )
    kept = {
        "id": bytes_to_base64url(made.credential_id),
        "public_key": bytes_to_base64url(made.credential_public_key),
        "label": label,
    }
    put(row, current_key(tx, tx.workspace), json.dumps(kept).encode())
    try:
        tx.add(row)
    except IntegrityError:
        raise UnfitPasskey from None
    tx.record("passkey.registered", passkey, person=person)
    return passkey
