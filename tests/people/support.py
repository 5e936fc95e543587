"""What the tests of people share."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from api.accounts.errors import Refused
from api.accounts.persons import Details
from api.accounts.sessions import SignIn
from api.accounts.signin import SecondFactorNeeded, sign_in
from api.accounts.totp import begin_totp, confirm_totp
from api.storage.audit.journal import entries
from api.storage.store import Store
from tests.store.support import Clock

HANDLE = "centre"
LOGIN = "centre/anna.k"
PASSWORD = "harbour violin ostrich"
ANNA = Details("Анна Каренина", "anna.k", "anna@canary.example")
SOURCE = "192.0.2.1"


def acts(store: Store, workspace: str) -> list[tuple[str, str]]:
    """Act and subject of every entry of the audit chain."""
    with store.read(workspace) as tx:
        return [(entry.act, entry.subject) for entry in entries(tx.session, workspace)]


def enrolled(store: Store, workspace: str, person: str) -> pyotp.TOTP:
    """A authenticator app, confirmed with the code of the step before now."""
    with store.write(workspace, person) as tx:
        generator = pyotp.TOTP(begin_totp(tx, person).secret)
    with store.write(workspace, person) as tx:
        confirm_totp(tx, person, generator.at(store.now() - timedelta(seconds=30)))
    return generator


def entered(store: Store, password: str = PASSWORD, code: str | None = None, login: str = LOGIN) -> SignIn:
    """A sign-in that succeeds."""
    answer = sign_in(store, login, password, code, SOURCE)
    assert isinstance(answer, SignIn)
    return answer


def asked(store: Store) -> SecondFactorNeeded:
    """A sign-in that needs a second factor."""
    answer = sign_in(store, LOGIN, PASSWORD, None, SOURCE)
    assert isinstance(answer, SecondFactorNeeded)
    return answer


def refused(
    store: Store, login: str = LOGIN, password: str = "wrong", code: str | None = None, source: str = SOURCE
) -> int:
    """A sign-in that is refused; gives the seconds to wait."""
    with pytest.raises(Refused) as error:
        sign_in(store, login, password, code, source)
    return error.value.retry_after


def later(clock: Clock, **units: float) -> None:
    """Move the clock."""
    clock.moment += timedelta(**units)
