"""The caller of one request: a workspace, an actor named in the audit chain, and scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts. ``actor`` is the id of a key (``key_…``) or of a person (``usr_…``)."""

    workspace: str
    actor: str
    scopes: frozenset[str]
    kind: Literal["key", "person"]

    def may(self, scope: str) -> bool:
        """Whether this caller has a scope."""
        return scope in self.scopes
