"""Tokens of sessions and links: the id of their workspace, a dot, and 256 random bits.

The workspace in front lets the database open that workspace only (row-level security). A token is
kept as SHA-256; it has as many random bits as the hash, so that nothing slower is needed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

SECRET_BYTES = 32
_FORM = re.compile(r"(wsp_[a-z2-7]{26})\.[A-Za-z0-9_\-]{43}")


def new_secret() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_token(workspace: str) -> str:
    """A fresh token of a workspace."""
    return f"{workspace}.{new_secret()}"


def workspace_in(token: str) -> str | None:
    """The workspace that a token names; None if the text has not the form of one."""
    found = _FORM.fullmatch(token)
    return found[1] if found else None


def hashed(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def derived(token: str, purpose: str) -> bytes:
    """32 bytes that only the token's holder and this program can compute, one value for each purpose."""
    return hmac.new(token.encode("utf-8", "replace"), purpose.encode(), hashlib.sha256).digest()


def derived_text(token: str, purpose: str) -> str:
    """The same as 43 characters for an address or a form."""
    return base64.urlsafe_b64encode(derived(token, purpose)).decode().rstrip("=")


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, in the same time wherever they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
