"""Jobs: outcomes or whole answers of many cases, worked on after the request, with progress, results and an end.

One case is one line, one result is one line. The same Idempotency-Key is the same job, so that a
request that broke can be sent again.
"""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.law.shelf import NoSuchPack
from api.operations.jobs.batch import options
from api.operations.jobs.book import (
    JobSaid,
    ResultSaid,
    cancel,
    enqueue,
    forget_job,
    list_jobs,
    read_job,
    read_results,
)
from api.operations.jobs.states import REASONS
from api.web.calls import Call, idempotency_key, needs
from api.web.gathering import recording
from api.web.lines import NDJSON, LinesBody, split
from api.web.paging import (
    Cursor,
    Limit,
    Pages,
    links,
)
from api.web.parameters import (
    On,
    WhoseWord,
    day_of,
    only,
)
from api.web.problems import Refused, fault
from api.web.rest.batch import CASE_LINES

routes = recording(tags=["jobs"])
Assesses = Annotated[Call, Depends(needs("assessments:write"))]
JobId = Annotated[str, Path(alias="job", description="Id of a job", max_length=80)]
PackName = Annotated[str | None, Query(max_length=120, description="Address of the law content, from GET /v1/packs")]
Whole = Annotated[bool, Query(description="Whole answers as results, not only outcome and grounds")]
KIND = "batch"
MOST = 100_000


class JobShown(BaseModel):
    """How far a job is. It ends as done, cancelled or failed; its results are kept for seven days."""

    id: str
    state: str
    reason: str = Field(description="Why it ended otherwise than done")
    total: int = Field(description="Lines in, and so results in the end")
    done: int = Field(description="Results so far")
    refused: int = Field(description="Those of them that are refusals")
    created_at: str
    updated_at: str
    ended_at: str | None


class JobList(BaseModel):
    """A page of jobs, oldest first."""

    jobs: list[JobShown]
    next: str = Field(description="The cursor of the next page; empty at the end")


@routes.post(
    "/v1/jobs",
    status_code=202,
    response_model=JobShown,
    dependencies=[Depends(only("on", "reading", "pack", "answers"))],
    openapi_extra=CASE_LINES,
)
def create(
    call: Assesses,
    raw: LinesBody,
    *,
    on: On = None,
    reading: WhoseWord = "neutral",
    pack: PackName = None,
    answers: Whole = False,
) -> Response:
    """Take cases, one on each line. Its address says how far it is.

    Outcomes are by the compiled engine alone, as in a batch; whole answers by both engines, which takes far longer.
    """
    cases = split(raw, MOST, "Send the file in parts")
    wanted = options(day_of(on, "on") if on is not None else None, reading, _pack(call, pack), answers=answers)
    with call.write() as tx:
        said, _ = enqueue(tx, KIND, wanted, cases, idempotency_key(call.request))
    headers = {"location": f"/v1/jobs/{said.id}"}
    return Response(_shown(said).model_dump_json(), 202, headers, "application/json")


def _pack(call: Call, address: str | None) -> str | None:
    """The place of a pack on the shelf; no other name may reach a worker."""
    if address is None:
        return None
    try:
        path = call.service.shelf.file(address)
    except NoSuchPack:
        raise Refused(422, [fault("there is no such pack", parameter="pack", fix="See GET /v1/packs")]) from None
    return str(path.resolve()) if path is not None else None


@routes.get("/v1/jobs", response_model=JobList, dependencies=[Depends(only("cursor", "limit"))])
def listed(call: Assesses, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """The jobs of the workspace that are still kept."""
    with call.write() as tx:
        pages = Pages(tx, "jobs")
        after = pages.read(cursor, 2) if cursor else None
        page = list_jobs(tx, (after[0], after[1]) if after else None, limit + 1)
        following = pages.sign(page[limit - 1].created_at, page[limit - 1].id) if len(page) > limit else ""
    body = JobList(jobs=[_shown(one) for one in page[:limit]], next=following)
    return Response(body.model_dump_json(), headers=links(call.request, following), media_type="application/json")


@routes.get("/v1/jobs/{job}", dependencies=[Depends(only())])
def one(call: Assesses, job: JobId) -> JobShown:
    """How far a job is."""
    with call.write() as tx:
        return _shown(read_job(tx, job))


@routes.post("/v1/jobs/{job}/cancel", dependencies=[Depends(only())])
def end(call: Assesses, job: JobId) -> JobShown:
    """Cancel a job. Results up to now are kept; one that has ended stays as it is."""
    with call.write() as tx:
        return _shown(cancel(tx, job))


@routes.delete("/v1/jobs/{job}", dependencies=[Depends(only())])
def forget(call: Assesses, job: JobId) -> JobShown:
    """End a job and destroy it with its cases and results. The answer says how far it was; then it is not there."""
    principal = call.principal
    return _shown(forget_job(call.service.store, principal.workspace, job, principal.actor, call.id))


@routes.get(
    "/v1/jobs/{job}/results",
    response_class=Response,
    dependencies=[Depends(only("cursor", "limit"))],
    responses={200: {"description": "One line for each case", "content": {NDJSON: {"schema": {"type": "string"}}}}},
)
def results(call: Assesses, job: JobId, cursor: Cursor = "", limit: Limit = 200) -> Response:
    """Results in the order of the cases, as lines, page by page (see the Link header); what is not done is not there yet."""
    with call.write() as tx:
        pages = Pages(tx, f"results of {job}")
        after = int(pages.read(cursor, 1)[0]) if cursor else 0
        page = read_results(tx, job, after, limit + 1)
        following = pages.sign(str(page[limit - 1].line)) if len(page) > limit else ""
    text = "".join(map(_line, page[:limit]))
    return Response(text, headers=links(call.request, following), media_type=NDJSON)


def _line(one: ResultSaid) -> str:
    body = json.loads(one.body)
    said = {"result": body.get("answer", body)} if one.ok else {"errors": body["problems"]}
    return json.dumps({"line": one.line, "status": 200 if one.ok else 422, **said}, ensure_ascii=False) + "\n"


def _shown(said: JobSaid) -> JobShown:
    return JobShown(
        id=said.id,
        state=said.state,
        reason=REASONS.get(said.reason, ""),
        total=said.total,
        done=said.done,
        refused=said.refused,
        created_at=said.created_at,
        updated_at=said.updated_at,
        ended_at=said.ended_at,
    )
