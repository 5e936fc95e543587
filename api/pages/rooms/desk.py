"""The desk: the matters of the workspace, with where each stands and what is due next."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.pages.visit import Visit, visitor
from api.store.matters import list_matters
from api.store.summaries import latest_assessments, summaries

routes = APIRouter(include_in_schema=False)
Lawyer = Annotated[Visit, Depends(visitor("matters:read"))]


@routes.get("/")
def desk(visit: Lawyer) -> Response:
    """All matters, last changed first."""
    with visit.write() as tx:
        matters = list_matters(tx, limit=200)
        latest = latest_assessments(tx, [one.id for one in matters])
        lines = summaries(tx, latest.values())
    rows = [(one, lines.get(latest.get(one.id, ""))) for one in reversed(matters)]
    return visit.page("desk.html", rows=rows)
