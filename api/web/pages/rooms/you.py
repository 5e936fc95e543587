"""One's own account: password, authenticator app, recovery codes, passkeys, sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import segno
from fastapi import Depends, Request
from starlette.responses import JSONResponse, Response

from api.accounts.errors import PeopleError
from api.accounts.factors import factors_of, remove_passkey, remove_totp
from api.accounts.own_password import change_password
from api.accounts.passkeys import begin_passkey, list_passkeys, register_passkey
from api.accounts.persons import read_person
from api.accounts.recovery import make_recovery_codes, recovery_codes_left
from api.accounts.sessions import (
    csrf_fits,
    end_all,
    list_sessions,
    rotate_session,
)
from api.accounts.totp import begin_totp, confirm_totp
from api.storage.store import stamp
from api.web.body import parsed
from api.web.gathering import recording
from api.web.pages.forms import Fields, ScriptBody, checked
from api.web.pages.parties import TICKET, keep_ticket, party_of
from api.web.pages.view import go
from api.web.pages.visit import (
    COOKIE,
    Visit,
    keep_token,
    visitor,
)
from api.web.problems import Refused, fault

routes = recording(include_in_schema=False)
#: For so long after signing in one may change how one signs in; an unlocked browser is not enough for it.
FRESH = timedelta(minutes=5)
STALE = "to change how you sign in, sign out and in again first; that is good for five minutes"
Anybody = Annotated[Visit, Depends(visitor())]


@routes.get("/you")
def you(visit: Anybody) -> Response:
    """What belongs to the visitor's account."""
    return _you(visit)


@routes.post("/you/password")
def password(visit: Anybody, form: Fields) -> Response:
    """Change the password; all other sessions end."""
    checked(visit, form)
    source = visit.request.client.host if visit.request.client else ""
    try:
        change_password(visit.service.store, visit.session, form.one("old"), form.one("new"), source)
    except PeopleError as error:
        return _you(visit, status=422, refused=str(error) or "the old password is not right")
    return _you(visit, done="password")


@routes.post("/you/generator")
def generator(visit: Anybody, form: Fields) -> Response:
    """Offer a secret for an authenticator app, then make it count by a code of it."""
    checked(visit, form)
    if not _fresh(visit):
        return _you(visit, status=403, refused=STALE)
    code = form.one("code")
    if not code:
        with visit.write() as tx:
            offered = begin_totp(tx, visit.session.person)
        return _you(visit, offered=offered.secret, picture=segno.make(offered.address).svg_data_uri(scale=4))
    try:
        with visit.write() as tx:
            confirm_totp(tx, visit.session.person, code)
            codes = make_recovery_codes(tx, visit.session.person)
    except PeopleError as error:
        return _you(visit, status=422, refused=str(error))
    return _stronger(visit, _you(visit, codes=codes))


@routes.post("/you/recovery")
def recovery(visit: Anybody, form: Fields) -> Response:
    """New recovery codes, shown once."""
    checked(visit, form)
    if not _fresh(visit):
        return _you(visit, status=403, refused=STALE)
    with visit.write() as tx:
        codes = make_recovery_codes(tx, visit.session.person)
    return _you(visit, codes=codes)


@routes.post("/you/remove")
def remove(visit: Anybody, form: Fields) -> Response:
    """Take away the generator or a passkey."""
    checked(visit, form)
    if not _fresh(visit):
        return _you(visit, status=403, refused=STALE)
    try:
        with visit.write() as tx:
            if form.one("passkey"):
                remove_passkey(tx, visit.session.person, form.one("passkey"))
            else:
                remove_totp(tx, visit.session.person)
    except PeopleError as error:
        return _you(visit, status=422, refused=str(error))
    return go("/you")


@routes.post("/you/sessions")
def sessions(visit: Anybody, form: Fields) -> Response:
    """End all other sessions."""
    checked(visit, form)
    with visit.write() as tx:
        end_all(tx, visit.session.person, keep=visit.session.id)
    return go("/you")


@routes.post("/you/passkeys/begin")
def passkey_begin(visit: Anybody, request: Request) -> Response:
    """Options for the authenticator; a script hands them over."""
    _from_our_script(visit)
    begun = begin_passkey(visit.service.store, party_of(request), visit.session.workspace, visit.session.person)
    answer = Response(begun.options, media_type="application/json")
    keep_ticket(answer, begun.ticket)
    return answer


@routes.post("/you/passkeys")
def passkey(visit: Anybody, request: Request, raw: ScriptBody) -> Response:
    """What the authenticator answered."""
    _from_our_script(visit)
    sent = parsed(raw).data
    ticket = request.cookies.get(TICKET, "")
    try:
        mine, label = visit.session.person, str(sent["label"])
        register_passkey(visit.service.store, party_of(request), ticket, sent["answer"], person=mine, label=label)
    except (PeopleError, KeyError, TypeError):
        raise Refused(422, [fault("the passkey was not accepted")]) from None
    return _stronger(visit, JSONResponse({"ok": True}))


def _from_our_script(visit: Visit) -> None:
    if not csrf_fits(visit.session, visit.request.headers.get("x-csrf", "")):
        raise Refused(403, [fault("load the page again")])
    if not _fresh(visit):
        raise Refused(403, [fault(STALE)])


def _fresh(visit: Visit) -> bool:
    return visit.session.opened_at > stamp(visit.service.store.now() - FRESH)


def _stronger(visit: Visit, answer: Response) -> Response:
    """A session in which a factor was proved has the rights that need one, under a new token."""
    token = rotate_session(visit.service.store, visit.request.cookies[COOKIE], strong=True)
    if token:
        keep_token(answer, token)
    return answer


def _you(visit: Visit, *, status: int = 200, **more: Any) -> Response:
    person = visit.session.person
    with visit.write() as tx:
        values = {
            "person": read_person(tx, person),
            "factors": factors_of(tx, person),
            "passkeys": list_passkeys(tx, person),
            "codes_left": recovery_codes_left(tx, person),
            "sessions": list_sessions(tx, person),
        }
    shown = {"refused": "", "done": "", "offered": "", "picture": "", "codes": [], **values, **more}
    return visit.page("you.html", status=status, **shown)
