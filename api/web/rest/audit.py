"""The audit chain of a workspace: who did what to which matter, each entry bound to the one before.

As lines (Accept: application/x-ndjson) the entries are an export that ``dedere audit verify`` checks
offline. Note the head elsewhere, every day: only an earlier head shows that the end was cut off.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.storage.audit.chain import Entry
from api.storage.audit.journal import entries, head
from api.web.calls import Call, needs
from api.web.gathering import recording
from api.web.lines import NDJSON
from api.web.paging import (
    Cursor,
    Limit,
    Pages,
    links,
)
from api.web.parameters import only

routes = recording(tags=["audit"])
Reads = Annotated[Call, Depends(needs("audit:read"))]
AS_LINES: dict[int | str, dict[str, object]] = {200: {"content": {NDJSON: {"schema": {"type": "string"}}}}}


class EntryShown(BaseModel):
    """One act. It holds ids only, nothing of a case."""

    chain: str
    seq: int
    at: str
    actor: str
    act: str
    subject: str
    ids: dict[str, str | int | list[str]]
    request: str
    previous: str
    hash: str = Field(description="SHA-256 over the canonical JSON (RFC 8785) of all the rest")


class AuditPage(BaseModel):
    """A page of the chain, oldest first."""

    entries: list[EntryShown]
    next: str = Field(description="The cursor of the next page; empty at the end")


class Head(BaseModel):
    """The last entry of the chain; number 0 and zeros of an empty one."""

    chain: str
    seq: int
    hash: str


@routes.get("/v1/audit", response_model=AuditPage, dependencies=[Depends(only("cursor", "limit"))], responses=AS_LINES)
def listed(call: Reads, request: Request, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """The entries of the workspace's chain, as JSON or as lines. Reading them is an entry too."""
    with call.write() as tx:
        pages = Pages(tx, "audit")
        after = int(pages.read(cursor, 1)[0]) if cursor else 0
        page = list(entries(tx.session, tx.workspace, after, limit + 1))
        found = page[:limit]
        following = pages.sign(str(found[-1].seq)) if len(page) > limit else ""
        tx.record("audit.read", tx.workspace, after=after, entries=len(found))
    if NDJSON in request.headers.get("accept", ""):
        return Response(b"".join(one.line() for one in found), headers=links(request, following), media_type=NDJSON)
    body = AuditPage(entries=[_shown(one) for one in found], next=following).model_dump_json()
    return Response(body, headers=links(request, following), media_type="application/json")


@routes.get("/v1/audit/head", dependencies=[Depends(only())])
def last(call: Reads) -> Head:
    """Number and hash of the last entry, to be noted elsewhere."""
    with call.service.store.read(call.principal.workspace) as tx:
        seq, digest = head(tx.session, tx.workspace)
    return Head(chain=call.principal.workspace, seq=seq, hash=digest)


def _shown(entry: Entry) -> EntryShown:
    return EntryShown(**asdict(entry))
