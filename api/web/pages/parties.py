"""This service as authenticators and identity providers know it, the ticket of what was begun, and the mark of a device."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.accounts.devices import LIVES
from api.accounts.passkeys import RelyingParty

TICKET, DEVICE = "__Host-dedere-step", "__Host-dedere-device"
_SECONDS = 600


def party_of(request: Request) -> RelyingParty:
    """The host and origin under which the browser has the page; the guard let only known hosts through."""
    return RelyingParty(request.url.hostname or "localhost", f"{request.url.scheme}://{request.url.netloc}")


def keep_ticket(answer: Response, ticket: str, *, across_sites: bool = False) -> None:
    """Keep a ticket in the browser for ten minutes; a visit to a provider comes back from another site."""
    same = "lax" if across_sites else "strict"
    answer.set_cookie(TICKET, ticket, max_age=_SECONDS, path="/", secure=True, httponly=True, samesite=same)  # type: ignore[arg-type]


def keep_device(answer: Response, token: str) -> None:
    """Have the browser know that somebody has signed in with it before; it tells ids, and signs nobody in."""
    seconds = int(LIVES.total_seconds())
    answer.set_cookie(DEVICE, token, max_age=seconds, path="/", secure=True, httponly=True, samesite="strict")


def drop_device(answer: Response) -> None:
    """Leave no mark on the device of somebody who leaves quickly."""
    answer.delete_cookie(DEVICE, path="/", secure=True, httponly=True, samesite="strict")
