"""Signatures after Standard Webhooks: HMAC-SHA256 over id, time and body, by its own library.

A secret is shown once. After a rotation the old one signs beside the new one for a day, so that a
receiver can change over without losing anything.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from standardwebhooks import Webhook

OVERLAP = timedelta(hours=24)
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """A signing secret; ``until`` is when an old one ends, and is empty for the current one."""

    text: str = field(repr=False)
    until: str = ""

    def signs(self, at: str) -> bool:
        """Whether it still signs at a moment."""
        return not self.until or at < self.until


def new_secret() -> Secret:
    """A fresh secret, ``whsec_`` and 32 random bytes in base64."""
    return Secret("whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode())


def headers(event: str, at: datetime, body: str, signing: Sequence[Secret]) -> dict[str, str]:
    """The three headers of a delivery; the signature has one entry for each secret.

    ``at`` is in UTC. ``event`` stays the same over all tries, the time does not.
    """
    signatures = [Webhook(one.text).sign(event, at, body) for one in signing]
    return {
        "webhook-id": event,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
