"""Codes of a generator on the phone (TOTP, RFC 6238): six digits, 30 seconds, one step of tolerance each way.

The step of the last code that was taken is kept, and neither it nor an earlier one is taken again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from sqlalchemy import update

from api.accounts.errors import WrongCode
from api.accounts.held import held, hold, let_go
from api.accounts.persons import read_person
from api.accounts.tokens import same
from api.storage.base import rows_changed
from api.storage.people_tables import PersonSecret
from api.storage.store import Transaction

KIND, _NEW = "totp", "totp-new"
ISSUER = "Dedere"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the person enters into the generator: the secret, or the address as a QR code."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def begin_totp(tx: Transaction, person: str) -> Enrolment:
    """Offer a new secret. It counts once a code of it was entered; until then an earlier one stays.

    Raises:
        NotFound: there is no such person in this workspace.
    """
    login = read_person(tx, person).details.login
    secret = pyotp.random_base32()
    hold(tx, person, _NEW, secret.encode())
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER))


def confirm_totp(tx: Transaction, person: str, code: str) -> None:
    """Make the offered secret the person's, shown by a code of it.

    Raises:
        WrongCode: the code does not fit, or nothing was offered.
    """
    offered = held(tx, person, _NEW)
    step = _step(offered, code, tx.at)
    if offered is None or step is None:
        raise WrongCode
    let_go(tx, person, _NEW)
    hold(tx, person, KIND, offered, last_step=step)
    tx.record("totp.enrolled", person)


def take_totp(tx: Transaction, person: str, code: str) -> bool:
    """Whether a code fits and is later than the last one; then it is spent."""
    step = _step(held(tx, person, KIND), code, tx.at)
    if step is None:
        return False
    mine = (PersonSecret.person_id == person, PersonSecret.workspace_id == tx.workspace, PersonSecret.kind == KIND)
    spent = update(PersonSecret).where(*mine, PersonSecret.last_step < step).values(last_step=step)
    result = tx.session.execute(spent.execution_options(synchronize_session=False))
    return rows_changed(result) == 1


def drop_totp(tx: Transaction, person: str) -> None:
    """Forget the generator, and one that was only offered."""
    let_go(tx, person, KIND, _NEW)
    tx.record("totp.removed", person)


def has_totp(tx: Transaction, person: str) -> bool:
    """Whether the person has a generator."""
    return tx.session.get(PersonSecret, (person, KIND)) is not None


def _step(secret: bytes | None, code: str, at: str) -> int | None:
    """The 30-second step whose code this is, among the one before, now and the one after."""
    if secret is None:
        return None
    generator, now = pyotp.TOTP(secret.decode()), datetime.fromisoformat(at)
    fitting = [near for near in (-1, 0, 1) if same(generator.at(now, counter_offset=near), code)]
    return generator.timecode(now) + fitting[0] if fitting else None
