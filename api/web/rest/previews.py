"""Assessments that are not kept: a preview in a millisecond, or the whole answer with both engines."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel
from starlette.responses import Response

from api.service.within import within
from api.web.body import parsed
from api.web.calls import Body, Call, needs
from api.web.document import CASE_BODY
from api.web.gathering import recording
from api.web.parameters import (
    On,
    WhoseWord,
    day_of,
    only,
)
from engine.answer.grounds import Grounds
from engine.answer.model import (
    Answer,
    ProofNode,
    Status,
    StepSaid,
)
from engine.answer.trace import trace_said
from engine.assess import Engine, Weighed
from engine.facts.casefile import Case
from engine.facts.reading import Reading
from engine.reasoning.outcome import Outcome

routes = recording(tags=["previews"])
Assesses = Annotated[Call, Depends(needs("assessments:write"))]


class Preview(BaseModel):
    """The outcome and the status of every ground, by the compiled engine alone and without proof."""

    outcome: Outcome
    determined: bool
    range: tuple[Outcome, Outcome]
    reading: Reading
    assessed_on: str
    grounds: dict[str, Status]


class ExplainedPreview(Preview):
    """A preview with its reasons, by the compiled engine alone.

    The trace is in the order of the program and holds all that follows; an assessment of record is fired by both
    engines, and its trace leaves out what no open criterion hangs on. ``proof`` has each ground that is met or open.
    """

    trace: tuple[StepSaid, ...]
    proof: dict[str, ProofNode]


Explain = Annotated[bool, Query(description="Also say why: what follows from what, in order, and each proof")]


@routes.post(
    "/v1/previews",
    response_model=ExplainedPreview | Preview,
    dependencies=[Depends(only("on", "reading", "explain"))],
    openapi_extra=CASE_BODY,
)
def preview(
    call: Assesses, raw: Body, on: On = None, reading: WhoseWord = "neutral", *, explain: Explain = False
) -> Response:
    """Where a case stands, and why if you ask. Nothing is stored. The body is a case, as in a case file."""
    engine, day = call.service.engine, day_of(on, "on") if on is not None else None
    document = parsed(raw)
    with within():
        said = (explained if explain else previewed)(engine, engine.read(document), day, reading).model_dump_json()
    return Response(said, media_type="application/json")


def previewed(engine: Engine, case: Case, on: date | None, reading: Reading) -> Preview:
    """The preview of a case.

    Raises:
        InputProblems: the case cannot be assessed as it stands.
    """
    return _preview(engine, engine.weigh(case, on, reading))


def explained(engine: Engine, case: Case, on: date | None, reading: Reading) -> ExplainedPreview:
    """The preview of a case with its reasons.

    Raises:
        InputProblems: the case cannot be assessed as it stands.
    """
    why = engine.explain(case, on, reading)
    trace = trace_said(engine, why.weighed, why.firings)
    return ExplainedPreview.model_construct(**dict(_preview(engine, why.weighed)), trace=trace, proof=why.proofs)


def _preview(engine: Engine, weighed: Weighed) -> Preview:
    low, high = engine.judge.range(weighed.evaluation.strict, weighed.evaluation.strict_columns).bounds()
    return Preview.model_construct(
        outcome=weighed.outcome,
        determined=low == high,
        range=(low, high),
        reading=weighed.read.reading,
        assessed_on=weighed.read.assessed_on.isoformat(),
        grounds=dict(Grounds(engine, weighed).statuses()),
    )


@routes.post(
    "/v1/answers", response_model=Answer, dependencies=[Depends(only("on", "reading"))], openapi_extra=CASE_BODY
)
def answer(call: Assesses, raw: Body, on: On = None, reading: WhoseWord = "neutral") -> Response:
    """The reasoned answer to a case, agreed by both engines. Nothing is stored. The body is a case."""
    parsed(raw)  # refuses here what is not well formed, with the errors of a body
    day = day_of(on, "on") if on is not None else None
    found = call.service.assessor.assess(raw, day, reading, whose=call.principal.workspace)
    return Response(found, media_type="application/json")
