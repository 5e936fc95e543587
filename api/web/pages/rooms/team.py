"""The people of the workspace: invite, give roles, shut out. Only an administrator comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends
from starlette.responses import Response

from api.accounts import second
from api.accounts.errors import PeopleError
from api.accounts.factors import reset_factors
from api.accounts.identities import link_identity, list_identities, unlink_identity
from api.accounts.links import invite
from api.accounts.persons import (
    Details,
    change_roles,
    create_person,
    disable,
    enable,
    list_people,
)
from api.accounts.roles import ROLES
from api.storage.store import Transaction
from api.web.gathering import recording
from api.web.pages.forms import Fields, checked, once
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused

routes = recording(include_in_schema=False)
SECOND = (
    "This concerns access to matters that you have not, or of somebody who can sign in, so it needs two: it is noted, and "
    "is done once another administrator does the same within 72 hours. Where there is no other: dedere people link, "
    "or dedere people identity"
)
Administrator = Annotated[Visit, Depends(visitor("people:manage"))]


@routes.get("/people")
def people(visit: Administrator) -> Response:
    """Everybody, with roles."""
    return _people(visit)


@routes.post("/people")
def add(visit: Administrator, form: Fields) -> Response:
    """Add somebody and show the invitation, once."""
    checked(visit, form)
    details = Details(form.one("name"), form.one("login"), form.one("email"))

    def invited(tx: Transaction) -> str:
        """The token of the invitation; none where that needs two."""
        made = create_person(tx, details, form.all("role"))
        return invite(tx, made.id) if second.for_invitation(tx, visit.session.scopes, made.id) else ""

    try:
        token = once(visit, form, invited)
    except (PeopleError, ValueError) as error:
        return _people(visit, status=422, refused=str(error))
    return _people(visit, invitation=token, invited=details.name, refused="" if token else SECOND)


@routes.post("/people/{person}")
def change(visit: Administrator, person: str, form: Fields) -> Response:
    """Change roles, shut out, let in again, invite anew, reset lost sign-in methods, or link to the identity provider."""
    checked(visit, form)
    issuer, subject = visit.service.settings.oidc_issuer, form.one("subject")
    acts: dict[str, Callable[[Transaction], str | None]] = {
        "roles": lambda tx: change_roles(tx, person, form.all("role")),
        "disable": lambda tx: disable(tx, person),
        "enable": lambda tx: enable(tx, person),
        "invite": lambda tx: invite(tx, person),
        "reset": lambda tx: reset_factors(tx, person),
        "unlink": lambda tx: unlink_identity(tx, person, form.one("identity")),
    }
    if issuer:
        acts["link"] = lambda tx: _link(tx, person, issuer, subject)
    act, scopes = form.one("act"), visit.session.scopes
    alone: dict[str, Callable[[Transaction], bool]] = {
        "roles": lambda tx: second.for_roles(tx, scopes, person, form.all("role")),
        "invite": lambda tx: second.for_invitation(tx, scopes, person),
        "reset": lambda tx: second.for_reset(tx, scopes, person),
        "link": lambda tx: second.for_identity(tx, scopes, person, issuer, subject),
    }
    if act not in acts:
        raise Refused(400)

    def done(tx: Transaction) -> str:
        """What there is to show, and whether it was done or is noted until another does the same."""
        goes_on = act not in alone or alone[act](tx)
        return json.dumps([acts[act](tx) or "" if goes_on else "", goes_on])

    try:
        token, goes_on = json.loads(once(visit, form, done))
    except (PeopleError, ValueError) as error:
        return _people(visit, status=422, refused=str(error))
    return _people(visit, invitation=token, refused="" if goes_on else SECOND)


def _link(tx: Transaction, person: str, issuer: str, subject: str) -> None:
    link_identity(tx, person, issuer, subject)


def _people(visit: Visit, *, status: int = 200, **more: Any) -> Response:
    with visit.write() as tx:
        found = list_people(tx)
        identities = {one.id: list_identities(tx, one.id) for one in found}
        tx.record("people.listed", tx.workspace)
    shown = {
        "people": found,
        "identities": identities,
        "roles": ROLES,
        "refused": "",
        "invitation": "",
        "invited": "",
        **more,
    }
    return visit.page("team.html", status=status, **shown)
