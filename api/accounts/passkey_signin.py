"""Signing in with a passkey: alone, if the authenticator verified its owner, or after a password.

Alone, the browser offers what it holds and the authenticator names the person, so that nobody can
ask this program who exists. A counter that does not rise is the sign of a copied key and refused.
"""

from __future__ import annotations

from typing import Any

import webauthn
from sqlalchemy import select, update
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import UserVerificationRequirement

from api.accounts.errors import Refused
from api.accounts.passkeys import (
    Ceremony,
    Credential,
    RelyingParty,
    credential_index,
    credential_of,
    rows_of,
)
from api.accounts.sessions import SignIn
from api.accounts.signin import SECOND, accepted, record_refusal
from api.accounts.steps import (
    Step,
    begin_step,
    loose_ticket,
    read_loose,
    spend_loose,
    take_step,
)
from api.accounts.tokens import derived
from api.storage.base import rows_changed
from api.storage.errors import NotFound
from api.storage.people_tables import Passkey
from api.storage.store import Store, Transaction

_ALONE, _AFTER = "passkey", "passkey after password"


def begin_passkey_sign_in(store: Store, party: RelyingParty) -> Ceremony:
    """Begin a sign-in with nothing but a passkey. Anybody may, so that nothing is stored of it."""
    ticket = loose_ticket(store, _ALONE)
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=derived(ticket, "challenge"),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Ceremony(ticket, webauthn.options_to_json(options))


def begin_passkey_as_second(store: Store, party: RelyingParty, ticket: str) -> Ceremony:
    """Begin to complete a sign-in with a passkey, after the password was right; ``ticket`` is what that gave.

    Raises:
        Refused: the ticket is spent or too old.
    """
    step = take_step(store, ticket, SECOND)
    if step is None:
        raise Refused
    with store.read(step.workspace) as tx:
        theirs = [credential_of(tx, row).descriptor() for row in rows_of(tx, step.person)]
    fresh = begin_step(store, _AFTER, step.workspace, step.person)
    options = webauthn.generate_authentication_options(
        rp_id=party.id, challenge=derived(fresh, "challenge"), allow_credentials=theirs
    )
    return Ceremony(fresh, webauthn.options_to_json(options))


def with_passkey(store: Store, party: RelyingParty, ticket: str, answer: dict[str, Any], request: str = "") -> SignIn:
    """Sign in by an authenticator's answer.

    Raises:
        Refused: the answer is wrong, too late, from a copy of the key, or the person is disabled.
    """
    begun = take_step(store, ticket, _AFTER)
    if begun is None and read_loose(store, ticket, _ALONE) is None:
        raise Refused
    whose = begun or _named(answer)
    if not _checked(store, party, ticket, answer, whose, alone=begun is None):
        record_refusal(store, whose, "passkey", request) if _exists(store, whose) else None
        raise Refused
    if begun is None and not spend_loose(store, ticket, _ALONE):
        raise Refused
    return accepted(store, SignIn(whose.workspace, whose.person, "passkey", strong=True), request)


def _named(answer: dict[str, Any]) -> Step:
    """Whom the authenticator names; the signature does not cover it, the key's row does."""
    try:
        workspace, person = base64url_to_bytes(answer["response"]["userHandle"]).decode("ascii").split(".")
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused from None
    return Step(workspace, person)


def _checked(
    store: Store, party: RelyingParty, ticket: str, answer: dict[str, Any], whose: Step, *, alone: bool
) -> bool:
    with store.read(whose.workspace) as tx:
        found = _passkey(tx, whose.person, answer)
    if found is None:
        return False
    row, credential = found
    done = _verified(party, ticket, answer, row, credential, alone=alone)
    if done is None:
        return False
    with store.write(whose.workspace, whose.person) as tx:
        return _counted(tx, row, done.new_sign_count)


def _passkey(tx: Transaction, person: str, answer: dict[str, Any]) -> tuple[Passkey, Credential] | None:
    try:
        index = credential_index(tx, base64url_to_bytes(answer["rawId"]))
    except (KeyError, TypeError, ValueError, AttributeError, NotFound):
        return None
    mine = (Passkey.credential_index == index, Passkey.person_id == person, Passkey.workspace_id == tx.workspace)
    row = tx.session.scalars(select(Passkey).where(*mine)).first()
    return (row, credential_of(tx, row)) if row is not None else None


def _verified(
    party: RelyingParty, ticket: str, answer: dict[str, Any], row: Passkey, credential: Credential, *, alone: bool
) -> VerifiedAuthentication | None:
    try:
        return webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=derived(ticket, "challenge"),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=credential.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=alone,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return None


def _counted(tx: Transaction, row: Passkey, count: int) -> bool:
    """Keep the new count, unless another answer with it or a later one came in between."""
    rises = (Passkey.sign_count < count) | ((Passkey.sign_count == 0) & (count == 0))
    change = update(Passkey).where(Passkey.id == row.id, rises).values(sign_count=count, last_used_at=tx.at)
    result = tx.session.execute(change.execution_options(synchronize_session=False))
    return rows_changed(result) == 1


def _exists(store: Store, whose: Step) -> bool:
    """Whether the person named is one of ours, so that a refusal can be recorded with them."""
    with store.read(whose.workspace) as tx:
        return bool(rows_of(tx, whose.person))
