"""Two cases or assessments side by side: outcomes, grounds that differ, missing facts, where the traces part."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Self

from fastapi import Depends
from pydantic import BaseModel, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from api.storage.errors import NotFound
from api.web.body import case_in, envelope
from api.web.calls import Body, Call, needs
from api.web.document import takes
from api.web.gathering import recording
from api.web.parameters import day_of, only
from api.web.problems import Refused, fault
from api.web.store_errors import IMPORTED
from engine.answer.compare import Comparison, compare
from engine.answer.model import Answer, Status, StepSaid
from engine.content.documents import Document
from engine.facts.reading import Reading
from engine.reasoning.outcome import Outcome

routes = recording(tags=["compare"])
Reads = Annotated[Call, Depends(needs("assessments:read"))]
_ONE_OF_BOTH: list[JsonValue] = [
    {"required": ["case"], "properties": {"assessment": {"type": "null"}}},
    {"required": ["assessment"], "properties": {"case": {"type": "null"}, "assessment": {"type": "string"}}},
]


class SideSent(BaseModel):
    """One side: a case, with a day and a reading if wanted; or the id of an assessment of record."""

    model_config = {"extra": "forbid", "strict": True, "json_schema_extra": {"oneOf": _ONE_OF_BOTH}}
    case: dict[str, Any] | None = Field(default=None, json_schema_extra={"x-schema": "Case"})
    on: str | None = Field(default=None, json_schema_extra={"format": "date"})
    reading: Reading = "neutral"
    assessment: str | None = Field(default=None, max_length=80)

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """A side is one thing."""
        if (self.case is None) == (self.assessment is None):
            raise PydanticCustomError("side", "a side has either a case or the id of an assessment")
        return self


class CompareSent(BaseModel):
    """What to compare."""

    model_config = {"extra": "forbid", "strict": True}
    before: SideSent
    after: SideSent


class SideShown(BaseModel):
    """What one side says as a whole."""

    outcome: Outcome
    settled: bool
    sentence: str
    range: tuple[Outcome, Outcome]
    range_on_record: tuple[Outcome, Outcome]
    reading: Reading
    assessed_on: date
    receipt: str
    rules: str


class GroundShown(BaseModel):
    """A ground whose status differs, on the record or strictly or for some offence."""

    id: str
    title: str
    before: Status
    after: Status
    before_strict: Status
    after_strict: Status
    counts_before: dict[str, Status]
    counts_after: dict[str, Status]


class DivergenceShown(BaseModel):
    """The first firing in which the traces part; a side whose trace has ended has none."""

    number: int
    before: StepSaid | None
    after: StepSaid | None


class Compared(BaseModel):
    """What differs between two answers."""

    same: bool
    same_outcome: bool
    before: SideShown
    after: SideShown
    grounds: list[GroundShown]
    no_longer_missing: list[str]
    newly_missing: list[str]
    divergence: DivergenceShown | None


@routes.post("/v1/compare", response_model=Compared, dependencies=[Depends(only())], openapi_extra=takes(CompareSent))
def compared(call: Reads, raw: Body) -> Response:
    """Compare two cases or assessments. Nothing is stored.

    A case needs the scope assessments:write as well, an assessment matters:read.
    """
    sent, document = envelope(raw, CompareSent)
    if sent.before.case is not None or sent.after.case is not None:
        call.require("assessments:write")
    if sent.before.assessment is not None or sent.after.assessment is not None:
        call.require("matters:read")
    before = _answer(call, document, sent.before, "before")
    found = compare(before, _answer(call, document, sent.after, "after"))
    return Response(_shown(found).model_dump_json(), media_type="application/json")


def _answer(call: Call, document: Document, side: SideSent, name: str) -> Answer:
    if side.assessment is not None:
        return _kept(call, side.assessment, f"/{name}/assessment")
    case_in(call.service.engine, document, (name, "case"))
    on = day_of(side.on, f"{name}/on") if side.on is not None else None
    case, whose = json.dumps(side.case, ensure_ascii=False).encode(), call.principal.workspace
    return Answer.model_validate_json(call.service.assessor.assess(case, on, side.reading, whose=whose))


def _kept(call: Call, assessment: str, pointer: str) -> Answer:
    try:
        said, written = call.gathered.answer(assessment)
    except NotFound:
        raise Refused(422, [fault("there is no such assessment here", pointer=pointer)]) from None
    if said.imported:
        raise Refused(409, [IMPORTED])
    return Answer.model_validate_json(written)


def _shown(found: Comparison) -> Compared:
    parting = found.divergence
    return Compared(
        same=found.same,
        same_outcome=found.same_outcome,
        before=_side(found.before),
        after=_side(found.after),
        grounds=[
            GroundShown(
                id=one.before.id,
                title=one.before.title,
                before=one.before.status,
                after=one.after.status,
                before_strict=one.before.status_strict,
                after_strict=one.after.status_strict,
                counts_before=one.before.counts,
                counts_after=one.after.counts,
            )
            for one in found.grounds
        ],
        no_longer_missing=list(found.no_longer_missing),
        newly_missing=list(found.newly_missing),
        divergence=DivergenceShown(number=parting.number, before=parting.before, after=parting.after)
        if parting
        else None,
    )


def _side(answer: Answer) -> SideShown:
    names = set(SideShown.model_fields) - {"receipt", "rules"}
    said = {name: getattr(answer, name) for name in names}
    return SideShown(**said, receipt=answer.receipt.digest, rules=answer.receipt.rules)
