"""M5: one subscriber is one source, however many addresses he has."""

from __future__ import annotations

from contextlib import suppress

import pytest

from api.accounts.errors import Refused
from api.accounts.pace import SOURCE, attempt
from api.storage.store import Store


def _tried(store: Store, addresses: list[str]) -> int:
    """How many tries from these addresses, all of which fail, were let through."""
    let = 0
    for address in addresses:
        with suppress(Refused):
            attempt(store, (SOURCE, address))
            let += 1
    return let


@pytest.mark.parametrize(
    "form",
    ["2001:db8:1:2::{:x}", "2001:db8:1:2:{:x}::1", "::ffff:192.0.2.1", "192.0.2.1"],
    ids=["host", "part", "mapped", "v4"],
)
def test_M5_tries_from_one_network_wait(store: Store, form: str) -> None:
    assert _tried(store, [form.format(number + 1) for number in range(40)]) <= SOURCE.free + 1


def test_M5_other_networks_do_not_wait_for_them(store: Store) -> None:
    assert _tried(store, [f"2001:db8:{number:x}:1::1" for number in range(1, 41)]) == 40
