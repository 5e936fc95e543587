"""Assessments of record: both engines on one version of a matter's facts, stored with their receipt.

An assessment never changes. What both engines agreed on is stored with it; the answer is put into words
when it is first read, and refused if it would say anything else. Its parts are parts of that answer.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.law.shelf import NoSuchPack
from api.service.assessing import Assessed, assessed, keep
from api.storage.assessments import (
    AssessmentSaid,
    assessment_said,
    list_assessments,
)
from api.storage.idempotency import Result, known
from api.storage.matters import (
    Facts,
    read_facts,
    read_matter,
)
from api.storage.store import Transaction
from api.storage.summaries import Gist, Summary, summaries
from api.web.body import envelope
from api.web.calls import (
    Body,
    Call,
    idempotency_key,
    needs,
)
from api.web.conditional import not_modified, unchanged
from api.web.document import takes
from api.web.gathering import recording
from api.web.paging import (
    Cursor,
    Limit,
    Pages,
    Since,
    links,
)
from api.web.parameters import day_of, only
from api.web.problems import Refused, fault
from api.web.proofs import cut, grounds_of
from api.web.rest.matters import MatterId
from api.web.store_errors import IMPORTED
from api.web.tables import CSV_TOO, csv_response, wants_csv
from engine.answer.model import (
    Answer,
    FlipSetSaid,
    QuestionSaid,
    StepSaid,
)
from engine.errors import present
from engine.facts.reading import Reading

routes = recording(tags=["assessments"])
Reads = Annotated[Call, Depends(needs("assessments:read"))]
#: An answer and each part of it tells facts, titles, and who said what.
ReadsFacts = Annotated[Call, Depends(needs("assessments:read", "matters:read"))]
Assesses = Annotated[Call, Depends(needs("assessments:write"))]
#: Before the bottom line of an answer that came by an import.
NOT_OURS = "Imported, not computed here."
AssessmentId = Annotated[str, Path(alias="assessment", description="Id of an assessment", max_length=80)]


class AssessmentSent(BaseModel):
    """What to assess: the latest facts as of the case's own date under the neutral reading, unless said."""

    model_config = {"extra": "forbid", "strict": True}
    version: int | None = Field(
        default=None, ge=1, le=999_999_999, description="The version of the facts; the latest without it"
    )
    on: str | None = Field(default=None, description="Assess as of this day", json_schema_extra={"format": "date"})
    reading: Reading = "neutral"
    pack: str | None = Field(
        default=None,
        max_length=120,
        description="Address of the law content, from GET /v1/packs; the one in use without it",
    )


class AssessmentShown(BaseModel):
    """An assessment in one line, with what it was computed from."""

    id: str
    matter: str
    version: int
    outcome: str
    settled: bool
    sentence: str = Field(
        description="The bottom line, which may say on whose word it rests; empty without the scope matters:read"
    )
    reading: str
    assessed_on: str
    receipt: str
    rules: str
    instruments: str
    engine: str
    created_at: str
    hypothetical: bool = Field(
        description="As of another day than the case's own (before it, or still to come) or under other law than that in use: where the matter stands is not told by it"
    )
    imported: bool = Field(description="It came by an import and was not computed here; nothing is made of it")
    listed_at: str = Field(
        description="When it entered the lists, in whose order they are and which updated_since asks for; empty in the answer to the request that makes it"
    )


class AssessmentList(BaseModel):
    """A page of assessments, in the order in which they entered the list."""

    assessments: list[AssessmentShown]
    next: str = Field(description="The cursor of the next page; empty at the end")


class Proofs(BaseModel):
    """The proofs of the grounds that are met or open, at a depth."""

    depth: str
    proofs: dict[str, dict[str, Any]]


class Steps(BaseModel):
    """A page of the trace: firings of the forward chaining, in their order."""

    steps: list[StepSaid]
    total: int
    next: str


class WhyNot(BaseModel):
    """Of each ground that is not met: the conditions that fail."""

    why_not: dict[str, list[str]]


class FlipSets(BaseModel):
    """Minimal sets of open or disputed facts that would change the outcome, for either side."""

    flip_sets: list[FlipSetSaid]
    complete: bool


class Questions(BaseModel):
    """What is still worth asking, most telling first."""

    questions: list[QuestionSaid]


class NotReliedOn(BaseModel):
    """Facts recorded in the case that no ground that is met or open uses."""

    facts: list[str]


@routes.post(
    "/v1/matters/{matter}/assessments",
    status_code=201,
    response_model=AssessmentShown,
    dependencies=[Depends(only())],
    openapi_extra=takes(AssessmentSent),
)
def create(call: Assesses, matter: MatterId, raw: Body) -> Response:
    """Assess a version of a matter's facts, and keep the answer."""
    sent, _ = envelope(raw, AssessmentSent)
    on = day_of(sent.on, "on") if sent.on is not None else None
    facts = _facts(call, matter, sent.version)
    made = None if facts is None else _assessed(call, facts, on, sent)

    def act(tx: Transaction) -> Result:
        read, now = present(facts, "the facts of an act not done yet"), present(made, "its assessment")
        shown = _line(call, keep(tx, matter, read.version, now), now.gist)
        return Result(201, shown.model_dump_json().encode(), matter)

    result, _ = call.once(matter.encode() + b"\n" + raw, act)
    where = f"/v1/assessments/{json.loads(result.body)['id']}"
    return Response(result.body, result.status, {"location": where}, "application/json")


def _facts(call: Call, matter: str, version: int | None) -> Facts | None:
    """The facts to assess; none if that was done already."""
    with call.look() as tx:
        return None if known(tx, idempotency_key(call.request)) else read_facts(tx, matter, version)


def _assessed(call: Call, facts: Facts, on: date | None, sent: AssessmentSent) -> Assessed:
    try:
        whose = call.principal.workspace
        return assessed(call.service, facts.content, on, sent.reading, whose=whose, pack=sent.pack)
    except NoSuchPack:
        raise Refused(422, [fault("there is no such pack", pointer="/pack", fix="See GET /v1/packs")]) from None


@routes.get(
    "/v1/matters/{matter}/assessments",
    response_model=AssessmentList,
    dependencies=[Depends(only("cursor", "limit"))],
    responses=CSV_TOO,
)
def of_matter(call: Reads, request: Request, matter: MatterId, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """The assessments of a matter, oldest first."""
    return _page(call, request, matter, cursor=cursor, limit=limit)


@routes.get(
    "/v1/assessments",
    response_model=AssessmentList,
    dependencies=[Depends(only("updated_since", "cursor", "limit"))],
    responses=CSV_TOO,
)
def listed(
    call: Reads, request: Request, updated_since: Since = "", cursor: Cursor = "", limit: Limit = 50
) -> Response:
    """All assessments, in the order in which they entered the list, as JSON or (Accept: text/csv) as CSV."""
    return _page(call, request, since=updated_since, cursor=cursor, limit=limit)


@routes.get("/v1/assessments/{assessment}", response_model=Answer, dependencies=[Depends(only())])
def whole(call: ReadsFacts, request: Request, assessment: AssessmentId) -> Response:
    """The whole answer, as it was given. It tells facts: needs the scope matters:read as well, as do all its parts."""
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


@routes.get("/v1/assessments/{assessment}/summary", dependencies=[Depends(only())])
def summary(call: Reads, assessment: AssessmentId) -> AssessmentShown:
    """The assessment in one line, with what it was computed from."""
    with call.look() as tx:
        return _shown(call, tx, [assessment_said(tx, assessment)])[0]


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
    answer = _answer(call, assessment)
    found = grounds_of(answer, ground)
    if ground and not found:
        raise Refused(404, [fault("this answer has no proof of such a ground", parameter="ground")])
    said = Proofs(depth=depth, proofs={name: cut(node, depth) for name, node in found.items()})
    return Response(said.model_dump_json(), media_type="application/json")


@routes.get("/v1/assessments/{assessment}/trace", dependencies=[Depends(only("cursor", "limit"))])
def trace(call: ReadsFacts, assessment: AssessmentId, cursor: Cursor = "", limit: Limit = 50) -> Steps:
    """The firings of the forward chaining, page by page."""
    steps = _answer(call, assessment).trace
    with call.look() as tx:
        pages = Pages(tx, f"trace of {assessment}")
        start = int(pages.read(cursor, 1)[0]) if cursor else 0
        end = start + limit
        following = pages.sign(str(end)) if end < len(steps) else ""
    return Steps(steps=list(steps[start:end]), total=len(steps), next=following)


@routes.get("/v1/assessments/{assessment}/why-not", dependencies=[Depends(only())])
def why_not(call: ReadsFacts, assessment: AssessmentId) -> WhyNot:
    """Why each ground that is not met is not."""
    answer = _answer(call, assessment)
    return WhyNot(why_not={one.id: list(one.why_not) for one in answer.grounds if one.status == "not_met"})


@routes.get("/v1/assessments/{assessment}/flip-sets", dependencies=[Depends(only())])
def flip_sets(call: ReadsFacts, assessment: AssessmentId) -> FlipSets:
    """What would change the outcome."""
    answer = _answer(call, assessment)
    return FlipSets(flip_sets=list(answer.flip_sets), complete=answer.flip_sets_complete)


@routes.get("/v1/assessments/{assessment}/questions", dependencies=[Depends(only())])
def questions(call: ReadsFacts, assessment: AssessmentId) -> Questions:
    """What is still worth asking."""
    return Questions(questions=list(_answer(call, assessment).next_questions))


@routes.get("/v1/assessments/{assessment}/not-relied-on", dependencies=[Depends(only())])
def not_relied_on(call: ReadsFacts, assessment: AssessmentId) -> NotReliedOn:
    """Facts recorded but not relied on."""
    return NotReliedOn(facts=list(_answer(call, assessment).not_relied_on))


def _answer(call: Call, assessment: str) -> Answer:
    """An answer of which parts are shown.

    Raises:
        Refused: it was imported.
    """
    said, written = call.gathered.answer(assessment)
    if said.imported:
        raise Refused(409, [IMPORTED])
    return Answer.model_validate_json(written)


def _page(call: Call, request: Request, matter: str = "", *, since: str = "", cursor: str, limit: int) -> Response:
    with call.write() as tx:
        if matter:
            read_matter(tx, matter)
        pages = Pages(tx, f"assessments of {matter or 'all'}")
        position = pages.read(cursor, 2) if cursor else None
        page = list_assessments(tx, matter, since, (position[0], position[1]) if position else None, limit + 1)
        found = page[:limit]
        after = pages.sign(found[-1].listed_at, found[-1].id) if len(page) > limit else ""
        shown = _shown(call, tx, found)
    if wants_csv(request):
        return csv_response([one.model_dump() for one in shown], links(request, after))
    body = AssessmentList(assessments=shown, next=after).model_dump_json()
    return Response(body, headers=links(request, after), media_type="application/json")


def _shown(call: Call, tx: Transaction, found: list[AssessmentSaid]) -> list[AssessmentShown]:
    lines = summaries(tx, [each.id for each in found])
    return [_line(call, each, lines[each.id]) for each in found]


def _line(call: Call, said: AssessmentSaid, summary: Summary | Gist) -> AssessmentShown:
    sentence = summary.sentence if call.principal.may("matters:read") else ""
    if said.imported:
        sentence = f"{NOT_OURS} {sentence}".strip()
    return AssessmentShown(outcome=summary.outcome, settled=summary.settled, sentence=sentence, **asdict(said))
