"""Random ids, never sequential: 128 bits, so that they cannot be guessed and are never used twice."""

from __future__ import annotations

import base64
import secrets


def new_id(kind: str) -> str:
    """A fresh id such as ``mat_4k7q…``."""
    return f"{kind}_{base64.b32encode(secrets.token_bytes(16)).decode().rstrip('=').lower()}"
