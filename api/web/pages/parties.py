"""This service as authenticators and identity providers know it, and the ticket of what was begun with them."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.accounts.passkeys import RelyingParty

TICKET = "__Host-dedere-step"
_SECONDS = 600


def party_of(request: Request) -> RelyingParty:
    """The host and origin under which the browser has the page; the guard let only known hosts through."""
    return RelyingParty(request.url.hostname or "localhost", f"{request.url.scheme}://{request.url.netloc}")


def keep_ticket(answer: Response, ticket: str, *, across_sites: bool = False) -> None:
    """Keep a ticket in the browser for ten minutes; a visit to a provider comes back from another site."""
    same = "lax" if across_sites else "strict"
    answer.set_cookie(TICKET, ticket, max_age=_SECONDS, path="/", secure=True, httponly=True, samesite=same)  # type: ignore[arg-type]
