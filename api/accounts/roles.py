"""Roles of people and the scopes they give. An administrator manages people and keys, and reads no matter."""

from __future__ import annotations

from collections.abc import Iterable

_SCOPES_OF = {
    "lawyer": (
        "matters:read",
        "matters:write",
        "matters:erase",
        "assessments:read",
        "assessments:write",
        "training:run",
    ),
    "trainer": ("training:run",),
    "auditor": ("audit:read",),
    "administrator": ("people:manage", "keys:manage", "webhooks:manage", "audit:read"),
}
ADMINISTRATOR = "administrator"
ROLES = tuple(_SCOPES_OF)


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """What the roles allow together.

    Raises:
        ValueError: there is no such role.
    """
    return frozenset(scope for role in checked(roles) for scope in _SCOPES_OF[role])


def checked(roles: Iterable[str]) -> tuple[str, ...]:
    """The roles, each once and in the order of ``ROLES``.

    Raises:
        ValueError: there is no such role.
    """
    wanted = set(roles)
    if not wanted <= set(ROLES):
        raise ValueError(f"roles are {', '.join(ROLES)}")
    return tuple(role for role in ROLES if role in wanted)
