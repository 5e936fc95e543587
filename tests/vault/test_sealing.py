"""Sealed fields: bound to their place, proof against change, never twice under one nonce."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.storage.vault.errors import Tampered
from api.storage.vault.sealing import (
    NONCE_BYTES,
    Place,
    blind,
    new_key,
    seal,
    unseal,
)

HOME = Place("wsp_a", "matter_versions", "mat_a", "facts", 3)
KEY = new_key()


@given(st.binary(max_size=4000))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    sealed = seal(KEY, HOME, plain)
    assert unseal(KEY, HOME, sealed) == plain
    assert len(plain) < 8 or plain not in sealed


@pytest.mark.parametrize(
    ("part", "value"),
    [("workspace", "wsp_b"), ("table", "assessments"), ("row", "mat_b"), ("column", "answer"), ("version", 4)],
)
def test_T11_a_field_moved_elsewhere_does_not_open(part: str, value: Any) -> None:
    sealed = seal(KEY, HOME, b"secret")
    with pytest.raises(Tampered):
        unseal(KEY, replace(HOME, **{part: value}), sealed)


@given(st.text(max_size=4), st.text(max_size=4), st.text(max_size=4), st.text(max_size=4))
def test_no_two_places_look_alike(first: str, second: str, third: str, fourth: str) -> None:
    one, other = Place(first, second, "r", "c"), Place(third, fourth, "r", "c")
    assert (one == other) == (one.bound() == other.bound())


def test_every_changed_bit_is_noticed() -> None:
    sealed = seal(KEY, HOME, b"she was tortured")
    for index, bit in itertools.product(range(len(sealed)), range(8)):
        changed = bytearray(sealed)
        changed[index] ^= 1 << bit
        with pytest.raises(Tampered):
            unseal(KEY, HOME, bytes(changed))


def test_every_shortened_field_and_every_other_key_is_refused() -> None:
    sealed = seal(KEY, HOME, b"secret")
    for length in range(len(sealed)):
        with pytest.raises(Tampered):
            unseal(KEY, HOME, sealed[:length])
    with pytest.raises(Tampered):
        unseal(new_key(), HOME, sealed)


def _nonces(number: int) -> int:
    return len({seal(KEY, HOME, b"")[1 : 1 + NONCE_BYTES] for _ in range(number)})


def test_T11_no_nonce_comes_twice() -> None:
    assert _nonces(20_000) == 20_000


@pytest.mark.slow
def test_T11_no_nonce_comes_twice_in_a_million() -> None:
    assert _nonces(1_000_000) == 1_000_000


def test_a_fingerprint_depends_on_key_kind_and_text() -> None:
    assert blind(KEY, "reference", "A") == blind(KEY, "reference", "A")
    others = {
        blind(KEY, "reference", "A"),
        blind(KEY, "reference", "B"),
        blind(KEY, "other", "A"),
        blind(new_key(), "reference", "A"),
    }
    assert len(others) == 4
    assert blind(KEY, "a", "bc") != blind(KEY, "ab", "c")
