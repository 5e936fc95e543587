"""Assessments of record: both engines on one version of a matter's facts, stored with their receipt.

An assessment never changes. What both engines agreed on is stored with it; the answer is put into words
when it is first read, and refused if it would say anything else. What is shown of it is short; see ``answer_parts``.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Request
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
from api.web.rest.matters import MatterId
from api.web.rest.short_answers import Include, ShortAnswer, short_answer, wanted_parts
from api.web.tables import CSV_TOO, csv_response, wants_csv
from engine.errors import present
from engine.facts.reading import Reading

routes = recording(tags=["assessments"])
Reads = Annotated[Call, Depends(needs("assessments:read"))]
#: An answer and each part of it tells facts, titles, and who said what.
ReadsFacts = Annotated[Call, Depends(needs("assessments:read", "matters:read"))]
Assesses = Annotated[Call, Depends(needs("assessments:write"))]
#: What a short answer says of its assessment besides the answer.
_ABOUT = (
    *("id", "matter", "version", "created_at", "hypothetical", "imported"),
    *("receipt", "rules", "instruments", "engine"),
)
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


@routes.get("/v1/assessments/{assessment}", response_model=ShortAnswer, dependencies=[Depends(only("include"))])
def one(call: ReadsFacts, request: Request, assessment: AssessmentId, include: Include = "") -> Response:
    """What it comes to and why, in a few sentences; further parts by name. It tells facts: needs matters:read as well."""
    parts = wanted_parts(include)
    tag = (
        f'"{assessment}.{call.service.engine.pack.identity[:12]}"'  # which grounds are raised depends on the law in use
    )
    if unchanged(request, tag):
        with call.look() as tx:
            assessment_said(tx, assessment)
        return not_modified(tag)
    said, written = call.gathered.answer(assessment)
    about = {name: getattr(said, name) for name in _ABOUT}
    if said.imported:
        about["sentence"] = f"{NOT_OURS} {Gist.model_validate_json(written).sentence}"
    body = short_answer(about, written, call.service.engine.pack.vocabulary.facts, parts)
    return Response(body, headers={"etag": tag}, media_type="application/json")


@routes.get("/v1/assessments/{assessment}/summary", dependencies=[Depends(only())])
def summary(call: Reads, assessment: AssessmentId) -> AssessmentShown:
    """The assessment in one line, with what it was computed from."""
    with call.look() as tx:
        return _shown(call, tx, [assessment_said(tx, assessment)])[0]


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
