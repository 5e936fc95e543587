"""The door: signing in with a password and a code or by a one-time link, and signing out."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api.accounts.devices import new_device
from api.accounts.errors import (
    LinkSpent,
    PeopleError,
    ProviderUnavailable,
    Refused,
)
from api.accounts.links import accept_invitation, use_sign_in_link
from api.accounts.oidc import Provider, begin_visit, finish_visit
from api.accounts.passkey_signin import begin_passkey_as_second, begin_passkey_sign_in, with_passkey
from api.accounts.sessions import SignIn, end_session, open_session
from api.accounts.signin import SecondFactorNeeded, sign_in, with_code
from api.documents.language.catalogues import LANGUAGES
from api.web.body import parsed
from api.web.calls import service_of
from api.web.gathering import recording
from api.web.pages.forms import Fields, Form, ScriptBody, checked
from api.web.pages.parties import DEVICE, TICKET, drop_device, keep_device, keep_ticket, party_of
from api.web.pages.strangers import apart
from api.web.pages.view import LANGUAGE_COOKIE, go, page
from api.web.pages.visit import (
    COOKIE,
    Visit,
    drop_token,
    keep_token,
    visitor,
)

routes = recording(include_in_schema=False)
SignedIn = Annotated[Visit, Depends(visitor())]


@routes.get("/sign-in")
def door(request: Request) -> Response:
    """Where to sign in."""
    return page(request, "door.html", refused=None, ticket="")


@routes.post("/sign-in")
async def enter(request: Request, form: Fields) -> Response:
    """Login and password."""
    return await apart(_enter, request, form)


def _enter(request: Request, form: Form) -> Response:
    store, source, device = service_of(request).store, _source(request), request.cookies.get(DEVICE, "")
    try:
        found = sign_in(store, form.one("login"), form.one("password"), form.one("code") or None, source, device=device)
    except Refused as error:
        return page(request, "door.html", status=403, refused=error.retry_after, ticket="")
    return _next(request, found)


@routes.post("/sign-in/code")
async def code(request: Request, form: Fields) -> Response:
    """The second factor."""
    return await apart(_code, request, form)


def _code(request: Request, form: Form) -> Response:
    ticket, device = form.one("ticket"), request.cookies.get(DEVICE, "")
    try:
        found = with_code(service_of(request).store, ticket, form.one("code"), _source(request), device=device)
    except Refused as error:
        return page(request, "door.html", status=403, refused=error.retry_after, ticket=ticket)
    return _next(request, found)


@routes.get("/link")
def link(request: Request) -> Response:
    """The page of a one-time link. The token stands behind the # of the address, which is never sent or logged."""
    return page(request, "link.html", spent=False)


@routes.post("/link")
async def use_link(request: Request, form: Fields) -> Response:
    """Sign in by a link, once."""
    return await apart(_use_link, request, form)


def _use_link(request: Request, form: Form) -> Response:
    try:
        return _next(request, use_sign_in_link(service_of(request).store, form.one("token")))
    except LinkSpent:
        return page(request, "link.html", status=403, spent=True)


@routes.get("/invitation")
def invitation(request: Request) -> Response:
    """The page of an invitation; its token stands behind the #."""
    return page(request, "invitation.html", refused="", token="")


@routes.post("/invitation")
async def accept(request: Request, form: Fields) -> Response:
    """Set one's own password, then sign in with it."""
    return await apart(_accept, request, form)


def _accept(request: Request, form: Form) -> Response:
    try:
        accept_invitation(service_of(request).store, form.one("token"), form.one("password"))
    except PeopleError as error:
        said = str(error) or "the invitation was used or has run out"
        return page(request, "invitation.html", status=422, refused=said, token=form.one("token"))
    return go("/sign-in")


@routes.post("/sign-in/passkey/begin")
def passkey_begin(request: Request, raw: ScriptBody) -> Response:
    """Options for signing in with a passkey, alone or after the password."""
    store, sent = service_of(request).store, parsed(raw).data
    if not isinstance(sent, dict):
        return JSONResponse({}, 422)
    ticket = str(sent.get("ticket", ""))
    try:
        party = party_of(request)
        begun = begin_passkey_as_second(store, party, ticket) if ticket else begin_passkey_sign_in(store, party)
    except Refused:
        return JSONResponse({}, 403)
    answer = Response(begun.options, media_type="application/json")
    keep_ticket(answer, begun.ticket)
    return answer


@routes.post("/sign-in/passkey")
def passkey(request: Request, raw: ScriptBody) -> Response:
    """Sign in by an authenticator's answer."""
    store = service_of(request).store
    try:
        signed = with_passkey(store, party_of(request), request.cookies.get(TICKET, ""), parsed(raw).data)
    except Refused:
        return JSONResponse({}, 403)
    answer = JSONResponse({"ok": True})
    keep_token(answer, open_session(store, signed, request.cookies.get(COOKIE, "")))
    return answer


@routes.get("/sign-in/elsewhere")
def elsewhere(request: Request, handle: str = "") -> Response:
    """Go to the identity provider of this installation."""
    provider = _provider(request)
    try:
        begun = begin_visit(service_of(request).store, provider, handle)
    except ProviderUnavailable:
        return page(request, "door.html", status=503, refused=0, ticket="")
    answer = RedirectResponse(begun.address, 303)
    keep_ticket(answer, begun.ticket, across_sites=True)
    return answer


@routes.get("/sign-in/back")
def back(request: Request) -> Response:
    """Come back from the identity provider. The page leads on by a link: the cookie is not sent across sites."""
    given = {
        name: request.query_params.get(name, "") for name in ("state", "code", "iss") if name in request.query_params
    }
    try:
        found = finish_visit(service_of(request).store, _provider(request), request.cookies.get(TICKET, ""), given)
    except (PeopleError, ProviderUnavailable):
        return page(request, "door.html", status=403, refused=0, ticket="")
    if isinstance(found, SecondFactorNeeded):
        return page(request, "door.html", refused=None, ticket=found.ticket)
    answer = page(request, "back.html")
    keep_token(answer, open_session(service_of(request).store, found))
    return answer


def _provider(request: Request) -> Provider:
    settings = service_of(request).settings
    if not settings.oidc_issuer:
        raise HTTPException(404)
    where = f"{request.url.scheme}://{request.url.netloc}/sign-in/back"
    secret = settings.oidc_client_secret.get_secret_value()
    return Provider(settings.oidc_issuer, settings.oidc_client_id, where, secret)


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
    drop_device(empty)
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
    answer, store = go("/"), service_of(request).store
    keep_token(answer, open_session(store, found, request.cookies.get(COOKIE, "")))
    keep_device(answer, new_device(store, found.workspace, found.person))
    return answer


def _source(request: Request) -> str:
    return request.client.host if request.client else ""
