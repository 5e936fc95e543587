"""The audit chain of the workspace: who did what to which matter, when; no content, and its head to note down."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from starlette.responses import Response

from api.storage.audit.journal import entries, head
from api.web.gathering import recording
from api.web.pages.visit import Visit, visitor

routes = recording(include_in_schema=False)
Auditor = Annotated[Visit, Depends(visitor("audit:read"))]
SHOWN = 200


@routes.get("/audit")
def audit(visit: Auditor, before: Annotated[int, Query(ge=0, le=10**15)] = 0) -> Response:
    """The last entries, or those before a number."""
    with visit.write() as tx:
        tx.record("audit.read", tx.workspace)
        number, digest = head(tx.session, tx.workspace)
        end = min(before - 1, number) if before else number
        start = max(0, end - SHOWN)
        found = list(entries(tx.session, tx.workspace, start, end - start))
    return visit.page("audit.html", entries=found[::-1], number=number, digest=digest, older=start)
