"""Programs that work with the workspace: API keys, and webhooks that tell them what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends
from starlette.responses import Response

from api.accounts.access.scopes import SCOPES
from api.accounts.keys.service import issue, list_keys, revoke
from api.operations.webhooks.endpoints import (
    TooMany,
    delete_endpoint,
    disable,
    enable,
    list_endpoints,
    register,
    rotate_secret,
)
from api.operations.webhooks.history import list_failures, replay
from api.operations.webhooks.kinds import KINDS
from api.operations.webhooks.urls import Gate
from api.operations.webhooks.urls import Refused as UrlRefused
from api.storage.store import Transaction
from api.web.gathering import recording
from api.web.pages.forms import Fields, Form, checked, once
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused

routes = recording(include_in_schema=False)
KeyKeeper = Annotated[Visit, Depends(visitor("keys:manage"))]
HookKeeper = Annotated[Visit, Depends(visitor("webhooks:manage"))]


@routes.get("/keys")
def keys(visit: KeyKeeper) -> Response:
    """The keys of the workspace."""
    return _keys(visit)


@routes.post("/keys")
def change_keys(visit: KeyKeeper, form: Fields) -> Response:
    """Issue a key, shown once, or revoke one."""
    checked(visit, form)
    if form.one("act") == "revoke":

        def revoked(tx: Transaction) -> str:
            revoke(tx, form.one("key"))
            return "/keys"

        once(visit, form, revoked)
        return _keys(visit)
    for scope in SCOPES.keys() & form.all("scope"):
        visit.require(scope)  # nobody gives away more than they have
    try:
        days = min(max(int(form.one("days") or "365"), 1), 3650)
        until = visit.service.store.now() + timedelta(days=days)
        text = once(visit, form, lambda tx: issue(tx, form.all("scope"), until)[1])
    except ValueError:
        return _keys(visit, status=422, refused=True)
    return _keys(visit, made=text)


@routes.get("/webhooks")
def hooks(visit: HookKeeper) -> Response:
    """Who is told what."""
    return _hooks(visit)


@routes.post("/webhooks")
def change_hooks(visit: HookKeeper, form: Fields) -> Response:
    """Register an endpoint, or disable, enable, delete it, renew its secret, or send a failure again."""
    checked(visit, form)
    if form.one("act") == "add":
        return _register(visit, form)
    name = form.one("endpoint")
    acts: dict[str, Callable[[Transaction], object]] = {
        "disable": lambda tx: disable(tx, name),
        "enable": lambda tx: enable(tx, name),
        "delete": lambda tx: delete_endpoint(tx, name),
        "secret": lambda tx: rotate_secret(tx, name),
        "replay": lambda tx: replay(tx, form.one("delivery")),
    }
    if form.one("act") not in acts:
        raise Refused(400)
    renews = form.one("act") == "secret"
    secret = once(visit, form, lambda tx: str(acts[form.one("act")](tx)))
    return _hooks(visit, secret=secret if renews else "")


def _register(visit: Visit, form: Form) -> Response:
    gate: Gate = visit.request.app.state.gate
    try:
        checked_url = gate.check(form.one("url"))
        secret = once(visit, form, lambda tx: register(tx, checked_url, form.all("kind"))[1])
    except (UrlRefused, TooMany, ValueError) as error:
        return _hooks(visit, status=422, refused=str(error))
    return _hooks(visit, secret=secret)


def _keys(visit: Visit, *, status: int = 200, **more: Any) -> Response:
    with visit.write() as tx:
        tx.record("apikeys.listed", tx.workspace)
        found = list_keys(tx)
    return visit.page(
        "keys.html",
        status=status,
        **{"keys": found, "scopes": [one for one in SCOPES if visit.may(one)], "made": "", "refused": False, **more},
    )


def _hooks(visit: Visit, *, status: int = 200, **more: Any) -> Response:
    with visit.write() as tx:
        values = _told(tx)
    return visit.page("webhooks.html", status=status, **{**values, "kinds": KINDS, "secret": "", "refused": "", **more})


def _told(tx: Transaction) -> dict[str, Any]:
    tx.record("webhooks.listed", tx.workspace)
    return {"endpoints": list_endpoints(tx), "failures": list_failures(tx)}
