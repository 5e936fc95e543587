"""Many cases at once: one case a line, one result a line, as many results as cases, nothing stored.

A line that cannot be assessed says why and hurts no other. The compiled engine alone runs, as for a
preview; the full reasoning on many cases is a job (see ``jobs``).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Depends
from pydantic import BaseModel
from starlette.responses import Response

from api.web.body import parsed
from api.web.calls import Call, needs
from api.web.gathering import recording
from api.web.lines import (
    NDJSON,
    LinesBody,
    answered,
    split,
)
from api.web.parameters import (
    On,
    WhoseWord,
    day_of,
    only,
)
from api.web.problems import (
    Fault,
    Refused,
    fault,
    from_engine,
)
from api.web.rest.previews import Preview, previewed
from engine.assess import Engine
from engine.errors import InputProblems
from engine.facts.reading import Reading

routes = recording(tags=["batch"])
Assesses = Annotated[Call, Depends(needs("assessments:write"))]
MOST = 1_000
CASE_LINES = {
    "requestBody": {
        "required": True,
        "content": {NDJSON: {"schema": {"type": "string", "description": "One case as JSON on each line"}}},
    }
}


class LineSaid(BaseModel):
    """What came of one line: a preview, or the faults."""

    line: int
    status: Literal[200, 422]
    case: str | None = None
    result: Preview | None = None
    errors: list[Fault] | None = None


LINES_SAID = {
    200: {
        "description": f"One line for each case: {', '.join(LineSaid.model_fields)}",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    }
}


@routes.post(
    "/v1/batch",
    response_class=Response,
    dependencies=[Depends(only("on", "reading"))],
    openapi_extra=CASE_LINES,
    responses=LINES_SAID,  # type: ignore[arg-type]
)
def batch(call: Assesses, raw: LinesBody, on: On = None, reading: WhoseWord = "neutral") -> Response:
    """Assess up to 1,000 cases, one on each line. Result n is that of line n. Nothing is stored."""
    day = day_of(on, "on") if on is not None else None
    cases = split(raw, MOST, "Send larger files to POST /v1/jobs")
    limit = call.service.settings.max_body_bytes
    return answered(
        _said(call.service.engine, number, case, (day, reading), limit) for number, case in enumerate(cases, 1)
    )


def _said(engine: Engine, number: int, raw: bytes, wanted: tuple[date | None, Reading], limit: int) -> LineSaid:
    try:
        if not raw.strip() or len(raw) > limit:
            raise Refused(422, [fault(f"a line is a case of at most {limit} bytes of JSON")])
        case = engine.read(parsed(raw))
        result = previewed(engine, case, *wanted)
    except Refused as refused:
        return LineSaid(line=number, status=422, errors=refused.faults)
    except InputProblems as error:
        return LineSaid(line=number, status=422, errors=[from_engine(problem) for problem in error.problems])
    return LineSaid(line=number, status=200, case=case.reference, result=result)
