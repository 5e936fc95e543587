"""Assessments that are not kept: a preview in a millisecond, or the whole answer with both engines."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.responses import Response

from api.http.body import parsed
from api.http.calls import Body, Call, needs
from api.http.document import CASE_BODY
from api.http.parameters import On, WhoseWord, day_of, only
from engine.answer import Answer, Status
from engine.assess import Engine
from engine.facts.casefile import Case
from engine.facts.reading import Reading
from engine.said.grounds import Grounds
from engine.verdict.outcome import Outcome

routes = APIRouter(tags=["previews"])
Assesses = Annotated[Call, Depends(needs("assessments:write"))]


class Preview(BaseModel):
    """The outcome and the status of every ground, by the compiled engine alone and without proof."""

    outcome: Outcome
    settled: bool
    range: tuple[Outcome, Outcome]
    reading: Reading
    assessed_on: str
    grounds: dict[str, Status]


@routes.post(
    "/v1/previews", response_model=Preview, dependencies=[Depends(only("on", "reading"))], openapi_extra=CASE_BODY
)
def preview(call: Assesses, raw: Body, on: On = None, reading: WhoseWord = "neutral") -> Response:
    """Where a case stands. Nothing is stored. The body is a case, as in a case file."""
    engine = call.service.engine
    said = previewed(engine, engine.read(parsed(raw)), day_of(on, "on") if on is not None else None, reading)
    return Response(said.model_dump_json(), media_type="application/json")


def previewed(engine: Engine, case: Case, on: date | None, reading: Reading) -> Preview:
    """The preview of a case.

    Raises:
        InputProblems: the case cannot be assessed as it stands.
    """
    weighed = engine.weigh(case, on, reading)
    low, high = engine.judge.range(weighed.evaluation.strict, weighed.evaluation.strict_columns).bounds()
    return Preview.model_construct(
        outcome=weighed.outcome,
        settled=low == high,
        range=(low, high),
        reading=reading,
        assessed_on=weighed.read.assessed_on.isoformat(),
        grounds=dict(Grounds(engine, weighed).statuses()),
    )


@routes.post(
    "/v1/answers", response_model=Answer, dependencies=[Depends(only("on", "reading"))], openapi_extra=CASE_BODY
)
def answer(call: Assesses, raw: Body, on: On = None, reading: WhoseWord = "neutral") -> Response:
    """The reasoned answer to a case, agreed by both engines. Nothing is stored. The body is a case."""
    parsed(raw)  # refuses here what is not well formed, with the errors of a body
    found = call.service.assessor.assess(raw, day_of(on, "on") if on is not None else None, reading)
    return Response(found, media_type="application/json")
