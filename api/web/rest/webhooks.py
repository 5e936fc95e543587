"""Webhooks: endpoints, their secrets and deliveries. What is sent holds ids only (Standard Webhooks)."""

from __future__ import annotations

import json
from typing import Annotated, Literal, get_args

from fastapi import Depends, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.operations.webhooks.endpoints import (
    EndpointSaid,
    TooMany,
    change,
    delete_endpoint,
    disable,
    enable,
    list_endpoints,
    read_endpoint,
    register,
    rotate_secret,
)
from api.operations.webhooks.history import DeliverySaid, list_deliveries, replay
from api.operations.webhooks.kinds import KINDS
from api.operations.webhooks.urls import Checked, Gate
from api.operations.webhooks.urls import Refused as UrlRefused
from api.storage.idempotency import Result
from api.storage.store import Transaction
from api.web.body import envelope
from api.web.calls import Body, Call, needs
from api.web.document import takes
from api.web.gathering import recording
from api.web.paging import (
    Cursor,
    Limit,
    Pages,
    links,
)
from api.web.parameters import only
from api.web.problems import Refused, fault

routes = recording(tags=["webhooks"])
Manages = Annotated[Call, Depends(needs("webhooks:manage"))]
EndpointId = Annotated[str, Path(alias="endpoint", description="Id of an endpoint", max_length=80)]
Kind = Literal["assessment.created", "outcome.changed", "deadline.near", "matter.erased"]
if set(get_args(Kind)) != set(KINDS):
    raise RuntimeError("the kinds of events that the API describes are not those that are sent")


class EndpointSent(BaseModel):
    """A new endpoint."""

    model_config = {"extra": "forbid", "strict": True}
    url: str = Field(min_length=1, max_length=2000, description="Where to send: https, to a public address")
    kinds: list[Kind] = Field(min_length=1, max_length=10)


class EndpointChanged(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = {"extra": "forbid", "strict": True}
    url: str | None = Field(default=None, min_length=1, max_length=2000)
    kinds: list[Kind] | None = Field(default=None, min_length=1, max_length=10)
    enabled: bool | None = None


class EndpointShown(BaseModel):
    """An endpoint without its secrets; ``because`` says why it is disabled."""

    id: str
    url: str
    kinds: list[str]
    enabled: bool
    because: str | None
    created_at: str
    failing_since: str | None
    old_secret_until: str | None


class EndpointMade(EndpointShown):
    """A new endpoint with its secret, which is shown here and never again."""

    secret: str


class EndpointList(BaseModel):
    """The endpoints of the workspace."""

    endpoints: list[EndpointShown]


class SecretShown(BaseModel):
    """A new secret, shown once; the old one signs too for a day."""

    secret: str


class DeliveryShown(BaseModel):
    """One event on its way to one endpoint."""

    id: str
    endpoint: str
    event: str
    kind: str
    state: str
    attempts: int
    due_at: str
    status: int | None
    reason: str | None
    created_at: str
    finished_at: str | None


class DeliveryList(BaseModel):
    """A page of deliveries, newest first."""

    deliveries: list[DeliveryShown]
    next: str


@routes.post(
    "/v1/webhooks",
    status_code=201,
    response_model=EndpointMade,
    dependencies=[Depends(only())],
    openapi_extra=takes(EndpointSent),
)
def create(call: Manages, raw: Body) -> Response:
    """Register an endpoint. Its secret is in this answer and never shown again; the same Idempotency-Key gives none."""
    sent, _ = envelope(raw, EndpointSent)
    checked = _checked(call, sent.url)
    secret = ""

    def act(tx: Transaction) -> Result:
        nonlocal secret
        try:
            said, secret = register(tx, checked, sent.kinds)
        except TooMany as error:
            raise Refused(409, [fault(str(error))]) from None
        return Result(201, _shown(said).model_dump_json().encode())

    result, _ = call.once(raw, act)
    made = EndpointMade(**json.loads(result.body), secret=secret)
    return Response(made.model_dump_json(), 201, {"location": f"/v1/webhooks/{made.id}"}, "application/json")


@routes.get("/v1/webhooks", dependencies=[Depends(only())])
def listed(call: Manages) -> EndpointList:
    """The endpoints of the workspace, oldest first."""
    with call.write() as tx:
        tx.record("webhooks.listed", tx.workspace)
        return EndpointList(endpoints=[_shown(one) for one in list_endpoints(tx)])


@routes.get("/v1/webhooks/{endpoint}", dependencies=[Depends(only())])
def one(call: Manages, endpoint: EndpointId) -> EndpointShown:
    """One endpoint."""
    with call.write() as tx:
        return _shown(read_endpoint(tx, endpoint))


@routes.patch(
    "/v1/webhooks/{endpoint}",
    response_model=EndpointShown,
    dependencies=[Depends(only())],
    openapi_extra=takes(EndpointChanged),
)
def changed(call: Manages, endpoint: EndpointId, raw: Body) -> EndpointShown:
    """Change URL or kinds; disable or enable."""
    sent, _ = envelope(raw, EndpointChanged)
    checked = _checked(call, sent.url) if sent.url is not None else None
    with call.write() as tx:
        change(tx, endpoint, checked, sent.kinds)
        if sent.enabled is not None:
            (enable if sent.enabled else disable)(tx, endpoint)
        return _shown(read_endpoint(tx, endpoint))


@routes.delete("/v1/webhooks/{endpoint}", status_code=204, response_class=Response, dependencies=[Depends(only())])
def delete(call: Manages, endpoint: EndpointId) -> Response:
    """Forget an endpoint and what waits for it."""
    with call.write() as tx:
        delete_endpoint(tx, endpoint)
    return Response(status_code=204)


@routes.post("/v1/webhooks/{endpoint}/secret", dependencies=[Depends(only())])
def new_secret(call: Manages, endpoint: EndpointId) -> SecretShown:
    """Give an endpoint a new secret. For a day, what is sent is signed with both."""
    with call.write() as tx:
        return SecretShown(secret=rotate_secret(tx, endpoint))


@routes.get(
    "/v1/webhooks/{endpoint}/deliveries", response_model=DeliveryList, dependencies=[Depends(only("cursor", "limit"))]
)
def deliveries(
    call: Manages, request: Request, endpoint: EndpointId, cursor: Cursor = "", limit: Limit = 50
) -> Response:
    """What was sent to an endpoint and what came of it, newest first."""
    with call.write() as tx:
        read_endpoint(tx, endpoint)
        pages = Pages(tx, f"deliveries of {endpoint}")
        position = pages.read(cursor, 2) if cursor else None
        after = (position[0], position[1]) if position else None
        page = list_deliveries(tx, endpoint, after=after, limit=limit + 1)
        found = page[:limit]
        following = pages.sign(found[-1].created_at, found[-1].id) if len(page) > limit else ""
    body = DeliveryList(deliveries=[_delivery(each) for each in found], next=following).model_dump_json()
    return Response(body, headers=links(request, following), media_type="application/json")


@routes.post("/v1/deliveries/{delivery}/replay", dependencies=[Depends(only())])
def again(call: Manages, delivery: Annotated[str, Path(max_length=80)]) -> DeliveryShown:
    """Send a failed delivery again, under the same id."""
    with call.write() as tx:
        return _delivery(replay(tx, delivery))


def _checked(call: Call, url: str) -> Checked:
    gate: Gate = call.request.app.state.gate
    try:
        return gate.check(url)
    except UrlRefused as error:
        raise Refused(422, [fault(str(error), pointer="/url")]) from None


def _shown(said: EndpointSaid) -> EndpointShown:
    return EndpointShown(
        id=said.id,
        url=said.url,
        kinds=list(said.kinds),
        enabled=said.enabled,
        because=said.because,
        created_at=said.created_at,
        failing_since=said.failing_since,
        old_secret_until=said.old_secret_until,
    )


def _delivery(said: DeliverySaid) -> DeliveryShown:
    return DeliveryShown(**{name: getattr(said, name) for name in DeliveryShown.model_fields})
