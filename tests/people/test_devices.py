"""M5: the right person is let in from a device known before, however many others fail at the same login."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.accounts.devices import LIVES, device_of, new_device
from api.accounts.errors import Refused
from api.accounts.sessions import SignIn
from api.accounts.signin import SecondFactorNeeded, sign_in, with_code
from api.storage.store import Store
from tests.people.support import LOGIN, PASSWORD, enrolled, refused
from tests.store.support import Clock


def flooded(store: Store, source: str = "198.51.100.{}") -> None:
    """Somebody tries the login from changing addresses until it has to wait."""
    assert [refused(store, source=source.format(number)) for number in range(8)][-1] > 0


def test_M5_the_owner_gets_in_from_a_device_of_hers_while_others_guess(store: Store, workspace: str, anna: str) -> None:
    device = new_device(store, workspace, anna)
    flooded(store)
    with pytest.raises(Refused):
        sign_in(store, LOGIN, PASSWORD, None, "192.0.2.7")
    found = sign_in(store, LOGIN, PASSWORD, None, "192.0.2.7", device=device)
    assert isinstance(found, SignIn)
    assert found.person == anna


def test_M5_also_her_code_does_not_wait_for_those_behind_the_same_address(
    store: Store, workspace: str, anna: str, clock: Clock
) -> None:
    device, generator = new_device(store, workspace, anna), enrolled(store, workspace, anna)
    for number in range(30):
        with pytest.raises(Refused):
            sign_in(store, f"centre/nobody{number}", "wrong", None, "192.0.2.7")
    asked = sign_in(store, LOGIN, PASSWORD, None, "192.0.2.7", device=device)
    assert isinstance(asked, SecondFactorNeeded)
    code = generator.at(store.now())
    assert with_code(store, asked.ticket, code, "192.0.2.7", device=device).person == anna


def test_M5_guesses_on_the_device_itself_are_slowed(store: Store, workspace: str, anna: str) -> None:
    device = new_device(store, workspace, anna)
    waits = []
    for _ in range(6):
        with pytest.raises(Refused) as error:
            sign_in(store, LOGIN, "wrong", None, "192.0.2.7", device=device)
        waits.append(error.value.retry_after)
    assert waits[0] == 0
    assert waits[-1] > 0


@pytest.mark.parametrize("change", ["", "x", "forged", "another's", "old"])
def test_M5_only_a_device_that_is_hers_and_not_too_old_is_known(
    store: Store, workspace: str, anna: str, clock: Clock, change: str
) -> None:
    right = new_device(store, workspace, anna)
    assert device_of(store, right) is not None
    if change == "old":
        clock.moment += LIVES + timedelta(seconds=1)
    given = {"forged": right[:-1] + "zz", "another's": new_device(store, workspace, "usr_other"), "old": right}
    flooded(store)
    with pytest.raises(Refused):
        sign_in(store, LOGIN, PASSWORD, None, "192.0.2.7", device=given.get(change, change))
