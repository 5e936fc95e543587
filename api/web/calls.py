"""One request: who calls, in which workspace, under which request id, with which body.

Every route takes a ``Call`` made by ``needs(scope)``; there is no other way to the store, so that no
route can forget to ask who is calling.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from api.accounts.access.principal import Principal
from api.accounts.keys.service import Refused as KeyRefused
from api.accounts.keys.service import authenticate
from api.service.service import Service
from api.storage.idempotency import Result, once
from api.storage.store import Transaction
from api.web.body import MERGE_PATCH, received, taken
from api.web.gathering import Gathering, gather
from api.web.limits import Limits
from api.web.problems import Refused, fault
from engine.errors import expected

#: Shown in the description only; ``_caller`` reads the header itself, so that its answer is a problem detail.
BEARER = HTTPBearer(auto_error=False, description="An API key: `Authorization: Bearer ddr_live_…`")


@dataclass(frozen=True)
class Call(Gathering):
    """An authenticated request."""

    service: Service
    principal: Principal

    @property
    def id(self) -> str:
        """The request's id, as it is in the answer's header and in the audit chain."""
        return str(self.request.state.request_id)

    def require(self, scope: str) -> None:
        """Go on only if the caller has a scope; a refusal is recorded too.

        Raises:
            Refused: 403; the scope is missing.
        """
        if self.principal.may(scope):
            return
        with self.write() as tx:
            tx.record("access.refused", self.principal.workspace, scope=scope)
        raise Refused(403, [fault(f"this needs the scope {scope}", fix="Ask an administrator for a key that has it")])

    def once(self, body: bytes, act: Callable[[Transaction], Result]) -> tuple[Result, bool]:
        """Carry out an act in one transaction, once for each Idempotency-Key; the flag says that it is a replay."""
        key = idempotency_key(self.request)
        with self.write() as tx:
            if not key:
                return act(tx), False
            same = f"{self.request.method} {self.request.url.path}?{self.request.url.query}\n".encode() + body
            return once(tx, key, same, lambda: act(tx))


def service_of(request: Request) -> Service:
    """The service of the application that a request came to."""
    return expected(request.app.state.service, Service)


def idempotency_key(request: Request) -> str:
    """The Idempotency-Key of a request, without its quotes; empty if there is none.

    Raises:
        Refused: it is not printable ASCII of at most 200 characters.
    """
    key = request.headers.get("idempotency-key", "").strip()
    bare = key[1:-1] if len(key) >= 2 and key[0] == key[-1] == '"' else key
    if len(bare) > 200 or not (bare.isascii() and bare.isprintable()) or (key and not bare):
        raise Refused(
            400,
            [fault("the Idempotency-Key is not one", fix="Send up to 200 printable ASCII characters, such as a UUID")],
        )
    return bare


def needs(*scopes: str) -> Callable[..., Call]:
    """A dependency: the call, from a caller who has all these scopes (any valid key without one)."""

    async def call(request: Request, _shown: Annotated[object, Depends(BEARER)] = None) -> Call:
        service = service_of(request)
        principal = await run_in_threadpool(_caller, service, request)
        limits = expected(request.app.state.limits, Limits)
        request.state.whose = principal.workspace
        limits.spend(principal)
        gather(request, service.store, principal.workspace, principal.actor)
        made = Call(request, service, principal)
        for scope in scopes:
            if not principal.may(scope):
                await run_in_threadpool(made.require, scope)
        return made

    return call  # type: ignore[return-value]


def _caller(service: Service, request: Request) -> Principal:
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    try:
        if kind.lower() != "bearer":
            raise KeyRefused
        return authenticate(service.store, text.strip())
    except KeyRefused:
        fix = "Send 'Authorization: Bearer' with a key of this service that is valid"
        raise Refused(
            401, [fault("no valid key came with the request", fix=fix)], {"www-authenticate": "Bearer"}
        ) from None


async def body(request: Request) -> bytes:
    """The body of a request, as JSON that is not yet parsed."""
    return await received(request, service_of(request).settings.max_body_bytes)


Body = Annotated[bytes, Depends(body)]


async def patch(request: Request) -> bytes:
    """The body of a request that changes something, as a JSON Merge Patch that is not yet parsed."""
    limit = service_of(request).settings.max_body_bytes
    return (await taken(request, limit, (MERGE_PATCH, "application/json"))).raw


PatchBody = Annotated[bytes, Depends(patch)]
