"""The door: signing in with a password and a code or by a one-time link, and signing out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, Response

from api.http.calls import service_of
from api.languages.catalogues import LANGUAGES
from api.pages.forms import Fields, checked
from api.pages.view import LANGUAGE_COOKIE, go, page
from api.pages.visit import COOKIE, Visit, drop_token, keep_token, visitor
from api.people.errors import LinkSpent, Refused
from api.people.links import use_sign_in_link
from api.people.sessions import SignIn, end_session, open_session
from api.people.signin import SecondFactorNeeded, sign_in, with_code

routes = APIRouter(include_in_schema=False)
SignedIn = Annotated[Visit, Depends(visitor())]


@routes.get("/sign-in")
def door(request: Request) -> Response:
    """Where to sign in."""
    return page(request, "door.html", refused=None, ticket="")


@routes.post("/sign-in")
def enter(request: Request, form: Fields) -> Response:
    """Login and password."""
    store, source = service_of(request).store, _source(request)
    try:
        found = sign_in(store, form.one("login"), form.one("password"), form.one("code") or None, source)
    except Refused as error:
        return page(request, "door.html", status=403, refused=error.retry_after, ticket="")
    return _next(request, found)


@routes.post("/sign-in/code")
def code(request: Request, form: Fields) -> Response:
    """The second factor."""
    ticket = form.one("ticket")
    try:
        found = with_code(service_of(request).store, ticket, form.one("code"), _source(request))
    except Refused as error:
        return page(request, "door.html", status=403, refused=error.retry_after, ticket=ticket)
    return _next(request, found)


@routes.get("/link")
def link(request: Request) -> Response:
    """The page of a one-time link. The token stands behind the # of the address, which is never sent or logged."""
    return page(request, "link.html", spent=False)


@routes.post("/link")
def use_link(request: Request, form: Fields) -> Response:
    """Sign in by a link, once."""
    try:
        return _next(request, use_sign_in_link(service_of(request).store, form.one("token")))
    except LinkSpent:
        return page(request, "link.html", status=403, spent=True)


@routes.post("/sign-out")
def leave(visit: SignedIn, form: Fields) -> Response:
    """End the session."""
    checked(visit, form)
    end_session(visit.service.store, visit.request.cookies[COOKIE])
    away = go("/sign-in")
    drop_token(away)
    return away


@routes.get("/leave")
def leave_quickly(request: Request) -> Response:
    """End the session and show an empty page that says nothing of what was here."""
    end_session(service_of(request).store, request.cookies.get(COOKIE, ""))
    empty = HTMLResponse("<!doctype html><html lang=en><title>New tab</title><body></body></html>")
    drop_token(empty)
    return empty


@routes.post("/language")
def language(request: Request, form: Fields) -> Response:
    """Choose the language of the pages, and stay where one was."""
    back = form.one("back")
    answer = go(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")
    if form.one("language") in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, form.one("language"), max_age=31_536_000, secure=True, samesite="strict")
    return answer


def _next(request: Request, found: SignIn | SecondFactorNeeded) -> Response:
    if isinstance(found, SecondFactorNeeded):
        return page(request, "door.html", refused=None, ticket=found.ticket)
    answer = go("/")
    keep_token(answer, open_session(service_of(request).store, found, request.cookies.get(COOKIE, "")))
    return answer


def _source(request: Request) -> str:
    return request.client.host if request.client else ""
