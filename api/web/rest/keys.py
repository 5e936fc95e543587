"""API keys: issued with scopes and an expiry, shown once, revoked at once.

Nobody gives away more than they have: a key gets no scope that its maker lacks.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.accounts.access.scopes import SCOPES
from api.accounts.keys.service import (
    KeySaid,
    issue,
    list_keys,
    revoke,
)
from api.storage.idempotency import Result
from api.storage.store import Transaction, stamp
from api.web.body import envelope
from api.web.calls import Body, Call, needs
from api.web.document import takes
from api.web.gathering import recording
from api.web.parameters import only
from api.web.problems import Refused, fault
from engine.facts.values import hint

routes = recording(tags=["keys"])
Manages = Annotated[Call, Depends(needs("keys:manage"))]
_MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
_ENDS = "The moment it ends, in UTC; without it, when it is revoked"


class KeySent(BaseModel):
    """What a new key may do, and until when."""

    model_config = {"extra": "forbid", "strict": True}
    scopes: list[Annotated[str, Field(json_schema_extra={"enum": list(SCOPES)})]] = Field(
        min_length=1, max_length=len(SCOPES), description="What it may do"
    )
    expires_at: str | None = Field(
        default=None, pattern=_MOMENT, description=_ENDS, json_schema_extra={"format": "date-time"}
    )


class KeyShown(BaseModel):
    """A key without its secret."""

    id: str
    scopes: list[str]
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None


class KeyMade(KeyShown):
    """A new key. A repeated request with the same Idempotency-Key gets everything but the key itself."""

    key: str = Field(description="The key; it is shown here once and kept nowhere")


class KeyList(BaseModel):
    """The keys of the workspace, oldest first."""

    keys: list[KeyShown]


@routes.get("/v1/keys", dependencies=[Depends(only())])
def listed(call: Manages) -> KeyList:
    """The keys of the workspace, also those that have ended."""
    with call.write() as tx:
        tx.record("apikeys.listed", tx.workspace)
        return KeyList(keys=[_shown(one) for one in list_keys(tx)])


@routes.post(
    "/v1/keys",
    status_code=201,
    response_model=KeyMade,
    dependencies=[Depends(only())],
    openapi_extra=takes(KeySent, example={"scopes": ["assessments:read"], "expires_at": "2099-12-31T00:00:00Z"}),
)
def create(call: Manages, raw: Body) -> Response:
    """Issue a key. Its text is in this answer and never shown again."""
    sent, _ = envelope(raw, KeySent)
    _check_scopes(call, sent.scopes)
    text = ""

    def act(tx: Transaction) -> Result:
        nonlocal text
        said, text = issue(tx, sent.scopes, _moment(tx, sent.expires_at))
        return Result(201, _shown(said).model_dump_json().encode())

    result, _ = call.once(raw, act)
    made = json.loads(result.body) | {"key": text}
    return Response(json.dumps(made), result.status, {"location": f"/v1/keys/{made['id']}"}, "application/json")


@routes.delete("/v1/keys/{key}", status_code=204, response_class=Response, dependencies=[Depends(only())])
def end(call: Manages, key: Annotated[str, Path(max_length=80, description="Id of a key")]) -> Response:
    """Revoke a key; it ends at once and for good."""
    with call.write() as tx:
        revoke(tx, key)
    return Response(status_code=204)


def _check_scopes(call: Call, scopes: list[str]) -> None:
    """Known scopes, and none that the caller has not.

    Raises:
        Refused: 422 or 403.
    """
    unknown = [
        fault("there is no such scope", pointer=f"/scopes/{number}", fix=hint(scope[:40], SCOPES))
        for number, scope in enumerate(scopes)
        if scope not in SCOPES
    ]
    if unknown:
        raise Refused(422, unknown)
    beyond = [
        fault("the caller does not have this scope and cannot give it", pointer=f"/scopes/{number}")
        for number, scope in enumerate(scopes)
        if not call.principal.may(scope)
    ]
    if beyond:
        with call.write() as tx:
            tx.record("access.refused", tx.workspace, scope="keys:manage")
        raise Refused(403, beyond)


def _moment(tx: Transaction, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(422, [fault("is not a moment", pointer="/expires_at")]) from None
    if stamp(moment) <= tx.at:
        raise Refused(422, [fault("is past", pointer="/expires_at")])
    return moment


def _shown(said: KeySaid) -> KeyShown:
    return KeyShown(
        id=said.id,
        scopes=list(said.scopes),
        created_at=said.created_at,
        expires_at=said.expires_at,
        revoked_at=said.revoked_at,
        last_used_at=said.last_used_at,
    )
