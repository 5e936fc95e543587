"""Who is looking: the session behind the cookie, and what they may do.

Every room takes a ``Visit`` made by ``visitor(scope)``. Whoever is not signed in is led to the door;
whoever may not enter is told so, and that is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api.accounts.changed import changed_before
from api.accounts.sessions import SessionSaid, session_of
from api.documents.language.catalogues import Speech
from api.service.service import Service
from api.service.within import within
from api.web.calls import service_of
from api.web.gathering import Gathering, gather
from api.web.pages.view import page, speech_of
from api.web.problems import Refused, fault

COOKIE = "__Host-dedere"
#: Where somebody is led who has signed in.
FIRST = frozenset({"/", "/training", "/you"})


class SignInFirst(Exception):
    """Nobody is signed in; the door is at /sign-in."""


@dataclass(frozen=True)
class Visit(Gathering):
    """A request of somebody who is signed in."""

    service: Service
    session: SessionSaid

    @property
    def speech(self) -> Speech:
        """The visitor's language."""
        return speech_of(self.request)

    def may(self, scope: str) -> bool:
        """Whether the visitor has a scope."""
        return scope in self.session.scopes

    def require(self, scope: str) -> None:
        """Go no further without a scope; that it was asked for is recorded.

        Raises:
            Refused: 403; the scope is missing.
        """
        if self.may(scope):
            return
        with self.write() as tx:
            tx.record("access.refused", self.session.workspace, scope=scope)
        raise Refused(403, [fault(f"this needs the scope {scope}")])

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page for this visitor; those that one comes to first tell what was changed in how the visitor signs in."""
        if self.request.url.path in FIRST:
            with self.service.store.read(self.session.workspace) as tx:
                values["sign_in_changes"] = changed_before(tx, self.session)
        with within():
            return page(self.request, template, self.session, status=status, **values)


def visitor(scope: str = "") -> Callable[[Request], Any]:
    """A dependency: the visit of somebody who has a scope (anybody signed in without one)."""

    async def visit(request: Request) -> Visit:
        service = service_of(request)
        token = request.cookies.get(COOKIE, "")
        session = await run_in_threadpool(session_of, service.store, token) if token else None
        if session is None:
            raise SignInFirst
        request.state.whose = session.workspace
        gather(request, service.store, session.workspace, session.person)
        found = Visit(request, service, session)
        if scope:
            await run_in_threadpool(found.require, scope)
        return found

    return visit


def keep_token(response: Response, token: str) -> None:
    """Give the browser its session: for this host and path only, out of reach of scripts, never across sites."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="strict")


def drop_token(response: Response) -> None:
    """Take the session from the browser, and all that it may have kept of these pages."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    response.headers["clear-site-data"] = '"cache", "storage"'
