"""The text of an API key: ``ddr_live_<id>_<secret>``. It is shown once; only a hash of the secret is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

SECRET_BYTES = 32
_FORM = re.compile(r"ddr_live_([a-z2-7]{26})_([A-Za-z0-9\-_]{43})")


@dataclass(frozen=True, slots=True)
class Token:
    """A key as its holder has it. It never shows in a representation."""

    id: str
    secret: str

    def text(self) -> str:
        """What the holder is shown once."""
        return f"ddr_live_{self.id}_{self.secret}"

    def hashed(self) -> bytes:
        """What is stored. The secret is 256 random bits, so one SHA-256 is enough."""
        return hashlib.sha256(self.secret.encode("ascii")).digest()

    def __repr__(self) -> str:
        return f"Token({self.id})"


def new_token() -> Token:
    """A fresh key: 128 bits of id, 256 of secret."""
    name = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
    return Token(name, secrets.token_urlsafe(SECRET_BYTES))


def parse(text: str) -> Token | None:
    """The key in a header's text, or None if it has not the form of one."""
    found = _FORM.fullmatch(text)
    return Token(found[1], found[2]) if found else None


def fits(token: Token, stored: bytes | None) -> bool:
    """Whether the secret is the stored one, in the same time whether or not there is a stored one."""
    same = hmac.compare_digest(token.hashed(), stored or bytes(32))
    return same and stored is not None
