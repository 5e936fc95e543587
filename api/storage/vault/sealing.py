"""Sealing one field: AES-256-GCM, a fresh random nonce, and the field's place as associated data.

Layout of a sealed field: one byte for the form, twelve for the nonce, then ciphertext and tag. A
field moved to another row, column, version or workspace does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.storage.vault.errors import Tampered

KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
_FORM = b"\x01"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed field lives. Every part is an id of ours, never content."""

    workspace: str
    table: str
    row: str
    column: str
    version: int = 0

    def bound(self) -> bytes:
        """The place as associated data; lengths come first, so that no two places look alike."""
        parts = (self.workspace, self.table, self.row, self.column, str(self.version))
        return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)


def new_key() -> bytes:
    """A fresh key."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, place: Place, plain: bytes) -> bytes:
    """Seal one field for one place."""
    nonce = os.urandom(NONCE_BYTES)
    return _FORM + nonce + AESGCM(key).encrypt(nonce, plain, _FORM + place.bound())


def unseal(key: bytes, place: Place, sealed: bytes) -> bytes:
    """Open a sealed field.

    Raises:
        Tampered: it was changed, is not at its place, or was sealed under another key.
    """
    start = 1 + NONCE_BYTES
    if sealed[:1] != _FORM or len(sealed) < start + TAG_BYTES:
        raise Tampered("not a sealed field")
    try:
        return AESGCM(key).decrypt(sealed[1:start], sealed[start:], _FORM + place.bound())
    except InvalidTag:
        raise Tampered("a sealed field was changed, moved, or has another key") from None


def blind(key: bytes, kind: str, text: str) -> bytes:
    """A keyed fingerprint: finds equal texts again without storing them."""
    kinded = len(kind.encode()).to_bytes(4, "big") + kind.encode()
    return hmac.new(key, kinded + text.encode(), hashlib.sha256).digest()
