"""States in the law library: a line of what tribunals have held of each, and the decided cases on it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.law.situations import country_findings, decisions_on, states_with_findings
from api.web.gathering import recording
from api.web.pages.rooms.law import shown
from api.web.pages.visit import Visit, visitor
from api.web.parameters import day_of

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor())]


@routes.get("/law/states")
def states(visit: Reader) -> Response:
    """All States of which anything is listed."""
    engine = visit.service.engine
    precedents = engine.pack.precedents.values()
    rows = [
        (code, len(engine.situations.by_state.get(code, ())), len(decisions_on(precedents, code)))
        for code in sorted(states_with_findings(engine), key=visit.speech.state)
    ]
    return shown(visit, "law_states.html", rows=rows)


@routes.get("/law/states/{code}")
def state(visit: Reader, code: str, on: str = "") -> Response:
    """One State: its findings before a day, oldest first, and its decided cases; as of today without a day."""
    engine = visit.service.engine
    if code not in states_with_findings(engine):
        raise HTTPException(404)
    day = day_of(on, "on") if on else datetime.now(UTC).date()
    held = groupby(country_findings(engine, code, day), attrgetter("picture"))
    decisions = decisions_on(engine.pack.precedents.values(), code, day)
    return shown(
        visit,
        "law_state.html",
        code=code,
        on=day,
        groups=[(picture, list(found)) for picture, found in held],
        decisions=decisions,
        shown_decisions={one.id for one in decisions},
    )
