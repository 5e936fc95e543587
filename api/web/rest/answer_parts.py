"""Parts of an answer of record, each at an address of its own, and the whole of it as it was given.

All are of one run and never change; each says which assessment, matter and version it belongs to.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.storage.assessments import AssessmentSaid, assessment_said
from api.web.calls import Call
from api.web.conditional import not_modified, unchanged
from api.web.gathering import recording
from api.web.paging import Cursor, Limit, Pages
from api.web.parameters import only
from api.web.problems import Refused, fault
from api.web.proofs import cut, grounds_of
from api.web.rest.assessments import NOT_OURS, AssessmentId, ReadsFacts
from api.web.store_errors import IMPORTED
from engine.answer.model import Answer, FlipSetSaid, QuestionSaid, StepSaid

routes = recording(tags=["assessments"])


class PartOfAnswer(BaseModel):
    """Which assessment a part is of."""

    assessment: str
    matter: str
    version: int = Field(description="The version of the facts that was assessed")


class Proofs(PartOfAnswer):
    """The proofs of the grounds that are met or open, at a depth."""

    depth: str
    proofs: dict[str, dict[str, Any]]


class Steps(PartOfAnswer):
    """A page of the trace: firings of the forward chaining, in their order."""

    steps: list[StepSaid]
    total: int
    next: str


class WhyNot(PartOfAnswer):
    """Of each ground that is not met: the conditions that fail."""

    why_not: dict[str, list[str]]


class FlipSets(PartOfAnswer):
    """Minimal sets of open or disputed facts that would change the outcome, for either side."""

    flip_sets: list[FlipSetSaid]
    complete: bool


class Questions(PartOfAnswer):
    """What is still worth asking, most telling first."""

    questions: list[QuestionSaid]


class NotReliedOn(PartOfAnswer):
    """Facts recorded in the case that no ground that is met or open uses."""

    facts: list[str]


@routes.get("/v1/assessments/{assessment}/answer", response_model=Answer, dependencies=[Depends(only())])
def whole(call: ReadsFacts, request: Request, assessment: AssessmentId) -> Response:
    """The whole answer, as it was given and as the receipt proves it: megabytes. For most the short one will do."""
    tag = f'"{assessment}"'
    if unchanged(request, tag):
        with call.look() as tx:
            assessment_said(tx, assessment)
        return not_modified(tag)
    said, answer = call.gathered.answer(assessment)
    if said.imported:
        answer = _marked(answer)
    return Response(answer, headers={"etag": tag}, media_type="application/json")


def _marked(answer: bytes) -> bytes:
    """An imported answer, whose bottom line says so."""
    found = Answer.model_validate_json(answer)
    return found.model_copy(update={"sentence": f"{NOT_OURS} {found.sentence}"}).model_dump_json().encode()


@routes.get(
    "/v1/assessments/{assessment}/proof", response_model=Proofs, dependencies=[Depends(only("depth", "ground"))]
)
def proof(
    call: ReadsFacts,
    assessment: AssessmentId,
    depth: Annotated[Literal["verdict", "grounds", "full"], Query(description="How deep the trees go")] = "grounds",
    ground: Annotated[str, Query(max_length=200, description="Only this ground")] = "",
) -> Response:
    """Proof trees of the grounds that are met or open, from the same run as the outcome."""
    of, answer = _answer(call, assessment)
    found = grounds_of(answer, ground)
    if ground and not found:
        raise Refused(404, [fault("this answer has no proof of such a ground", parameter="ground")])
    said = Proofs(**of, depth=depth, proofs={name: cut(node, depth) for name, node in found.items()})
    return Response(said.model_dump_json(), media_type="application/json")


@routes.get("/v1/assessments/{assessment}/trace", dependencies=[Depends(only("cursor", "limit"))])
def trace(call: ReadsFacts, assessment: AssessmentId, cursor: Cursor = "", limit: Limit = 50) -> Steps:
    """The firings of the forward chaining, page by page."""
    of, answer = _answer(call, assessment)
    steps = answer.trace
    with call.look() as tx:
        pages = Pages(tx, f"trace of {assessment}")
        start = int(pages.read(cursor, 1)[0]) if cursor else 0
        end = start + limit
        following = pages.sign(str(end)) if end < len(steps) else ""
    return Steps(**of, steps=list(steps[start:end]), total=len(steps), next=following)


@routes.get("/v1/assessments/{assessment}/why-not", dependencies=[Depends(only())])
def why_not(call: ReadsFacts, assessment: AssessmentId) -> WhyNot:
    """Why each ground that is not met is not."""
    of, answer = _answer(call, assessment)
    return WhyNot(**of, why_not={one.id: list(one.why_not) for one in answer.grounds if one.status == "not_met"})


@routes.get("/v1/assessments/{assessment}/flip-sets", dependencies=[Depends(only())])
def flip_sets(call: ReadsFacts, assessment: AssessmentId) -> FlipSets:
    """What would change the outcome."""
    of, answer = _answer(call, assessment)
    return FlipSets(**of, flip_sets=list(answer.flip_sets), complete=answer.flip_sets_complete)


@routes.get("/v1/assessments/{assessment}/questions", dependencies=[Depends(only())])
def questions(call: ReadsFacts, assessment: AssessmentId) -> Questions:
    """What is still worth asking."""
    of, answer = _answer(call, assessment)
    return Questions(**of, questions=list(answer.next_questions))


@routes.get("/v1/assessments/{assessment}/not-relied-on", dependencies=[Depends(only())])
def not_relied_on(call: ReadsFacts, assessment: AssessmentId) -> NotReliedOn:
    """Facts recorded but not relied on."""
    of, answer = _answer(call, assessment)
    return NotReliedOn(**of, facts=list(answer.not_relied_on))


def _answer(call: Call, assessment: str) -> tuple[dict[str, Any], Answer]:
    """Which assessment it is, and the answer of which parts are shown.

    Raises:
        Refused: it was imported.
    """
    said, written = call.gathered.answer(assessment)
    if said.imported:
        raise Refused(409, [IMPORTED])
    return _of(said), Answer.model_validate_json(written)


def _of(said: AssessmentSaid) -> dict[str, Any]:
    return {"assessment": said.id, "matter": said.matter, "version": said.version}
