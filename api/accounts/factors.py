"""Second factors: which a person has, checking one, and taking them away.

An administrator may not take away their own last one. Another administrator may reset somebody's
factors, which ends that person's sessions and shows in the audit chain.
"""

from __future__ import annotations

from api.accounts.errors import FactorRequired
from api.accounts.passkeys import drop_passkey, drop_passkeys, list_passkeys
from api.accounts.persons import person_row
from api.accounts.recovery import drop_recovery_codes, take_recovery_code
from api.accounts.roles import ADMINISTRATOR
from api.accounts.sessions import end_all
from api.accounts.totp import drop_totp, has_totp, take_totp
from api.storage.store import Transaction

_DIGITS = 6


def factors_of(tx: Transaction, person: str) -> tuple[str, ...]:
    """The second factors of a person: ``totp``, ``passkey``, both or none."""
    found = {"totp": has_totp(tx, person), "passkey": bool(list_passkeys(tx, person))}
    return tuple(name for name, there in found.items() if there)


def take_code(tx: Transaction, person: str, code: str) -> bool:
    """Whether a code of the generator or a recovery code fits; then it is spent."""
    plain = code.strip().replace(" ", "")
    if len(plain) == _DIGITS and plain.isascii() and plain.isdigit():
        return take_totp(tx, person, plain)
    return take_recovery_code(tx, person, plain)


def remove_totp(tx: Transaction, person: str) -> None:
    """Take away one's own authenticator app.

    Raises:
        FactorRequired: the person is an administrator and has no other factor.
        NotFound: there is no such person in this workspace.
    """
    if not list_passkeys(tx, person):
        _not_of_an_administrator(tx, person)
        drop_recovery_codes(tx, person)
    drop_totp(tx, person)


def remove_passkey(tx: Transaction, person: str, passkey: str) -> None:
    """Take away one's own passkey.

    Raises:
        FactorRequired: the person is an administrator and has no other factor.
        NotFound: there is no such person or passkey.
    """
    if {said.id for said in list_passkeys(tx, person)} == {passkey} and not has_totp(tx, person):
        _not_of_an_administrator(tx, person)
        drop_recovery_codes(tx, person)
    drop_passkey(tx, person, passkey)


def reset_factors(tx: Transaction, person: str) -> None:
    """Take all second factors of somebody who lost them, and end their sessions.

    Raises:
        NotFound: there is no such person in this workspace.
    """
    person_row(tx, person)
    drop_totp(tx, person)
    drop_passkeys(tx, person)
    drop_recovery_codes(tx, person)
    end_all(tx, person)
    tx.record("factors.reset", person)


def _not_of_an_administrator(tx: Transaction, person: str) -> None:
    if ADMINISTRATOR in person_row(tx, person).roles.split():
        raise FactorRequired
