"""Matters: a case file under the tracker's own reference, in numbered versions that never change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.operations.erasure import erase_matter
from api.storage.errors import Conflict, NotFound
from api.storage.idempotency import Result, known
from api.storage.matters import (
    Facts,
    MatterSaid,
    add_version,
    create_matter,
    find_matter,
    list_matters,
    list_versions,
    read_facts,
    read_matter,
)
from api.storage.store import Transaction
from api.storage.summaries import Standing, Summary, standing_of, summaries
from api.web.body import case_in, envelope, merge_patch, parsed
from api.web.calls import Body, Call, PatchBody, idempotency_key, needs
from api.web.conditional import (
    expected_version,
    not_modified,
    tag_of_version,
    unchanged,
)
from api.web.document import CASE_BODY, PATCH_BODY, takes
from api.web.gathering import recording
from api.web.paging import (
    Cursor,
    Limit,
    Pages,
    Since,
    links,
)
from api.web.parameters import only
from api.web.problems import Refused, fault
from api.web.tables import CSV_TOO, csv_response, wants_csv
from engine.content.documents import Document
from engine.errors import present

routes = recording(tags=["matters"])
Reads = Annotated[Call, Depends(needs("matters:read"))]
Writes = Annotated[Call, Depends(needs("matters:write"))]
Erases = Annotated[Call, Depends(needs("matters:erase"))]
MatterId = Annotated[str, Path(alias="matter", description="Id of a matter", max_length=80)]


class MatterSent(BaseModel):
    """A new matter."""

    model_config = {"extra": "forbid", "strict": True}
    reference: str = Field(min_length=1, max_length=200, description="The tracker's own reference, once in a workspace")
    case: dict[str, Any] = Field(description="The case file", json_schema_extra={"x-schema": "Case"})


class ReferenceSent(BaseModel):
    """Which matter is looked for."""

    model_config = {"extra": "forbid", "strict": True}
    reference: str = Field(min_length=1, max_length=200, description="The tracker's own reference")


class DueShown(BaseModel):
    """A time limit that runs."""

    clock: str
    title: str
    on: str
    state: str


class MatterShown(BaseModel):
    """A matter without its facts, and where it stands: by the newest assessment of its newest assessed facts.

    That is one under the neutral reading, as of the case's own day and under the law in use.
    """

    id: str
    reference: str = Field(description="The tracker's own reference; empty where the row that holds it is damaged")
    version: int
    created_at: str
    updated_at: str
    assessment: str | None = None
    outcome: str | None = None
    settled: bool | None = None
    assessed_version: int | None = Field(default=None, description="The version of the facts that the outcome is of")
    outdated: bool | None = Field(default=None, description="Whether the facts have changed since")
    due: list[DueShown] = []


class MatterList(BaseModel):
    """A page of matters, in the order of their last change."""

    matters: list[MatterShown]
    next: str = Field(description="The cursor of the next page; empty at the end")


class VersionShown(BaseModel):
    """That a version was saved, when and by whom."""

    version: int
    created_at: str
    actor: str


class VersionList(BaseModel):
    """The versions of a matter's facts, oldest first."""

    versions: list[VersionShown]


class FactsShown(BaseModel):
    """One version of a matter's facts."""

    matter: str
    version: int
    created_at: str
    actor: str
    case: dict[str, Any]


@routes.post(
    "/v1/matters",
    status_code=201,
    response_model=MatterShown,
    dependencies=[Depends(only())],
    openapi_extra=takes(MatterSent),
)
def create(call: Writes, raw: Body) -> Response:
    """Make a matter with version 1 of its facts. The facts must be a case that can be read."""
    sent, document = envelope(raw, MatterSent)
    case_in(call.service.engine, document, ("case",))

    def act(tx: Transaction) -> Result:
        made = create_matter(tx, sent.reference, sent.case)
        return Result(201, _shown(made).model_dump_json().encode(), made.id)

    result, _ = call.once(raw, act)
    headers = {"location": f"/v1/matters/{result.matter}", "etag": tag_of_version(1)}
    return Response(result.body, result.status, headers, "application/json")


@routes.get(
    "/v1/matters",
    response_model=MatterList,
    dependencies=[Depends(only("reference", "updated_since", "cursor", "limit"))],
    responses=CSV_TOO,
)
def listed(
    call: Reads,
    request: Request,
    *,
    reference: Annotated[
        str,
        Query(
            max_length=200,
            deprecated=True,
            description="Only the matter under this reference. Servers on the way may log addresses: use matters:find",
        ),
    ] = "",
    updated_since: Since = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Matters in the order of their last change, as JSON or (Accept: text/csv) as CSV."""
    with call.write() as tx:
        pages = Pages(tx, "matters")
        if reference:
            found, after = _under(tx, reference), ""
        else:
            position = pages.read(cursor, 2) if cursor else None
            page = list_matters(tx, updated_since, (position[0], position[1]) if position else None, limit + 1)
            found = page[:limit]
            after = pages.sign(found[-1].updated_at, found[-1].id) if len(page) > limit else ""
        shown = _with_outcomes(tx, found)
    if wants_csv(request):
        return csv_response([_row(one) for one in shown], links(request, after))
    body = MatterList(matters=shown, next=after).model_dump_json()
    return Response(body, headers=links(request, after), media_type="application/json")


@routes.post(
    "/v1/matters:find",
    response_model=MatterList,
    dependencies=[Depends(only())],
    openapi_extra=takes(ReferenceSent),
)
def found_under(call: Reads, raw: Body) -> MatterList:
    """The matter under a reference, as a list of one or none. The reference is in the body: addresses are logged on the way."""
    sent, _ = envelope(raw, ReferenceSent)
    with call.write() as tx:
        return MatterList(matters=_with_outcomes(tx, _under(tx, sent.reference)), next="")


def _under(tx: Transaction, reference: str) -> list[MatterSaid]:
    """The matter under a reference, if there is one."""
    try:
        return [find_matter(tx, reference)]
    except NotFound:
        return []


@routes.get("/v1/matters/{matter}", response_model=MatterShown, dependencies=[Depends(only())])
def one(call: Reads, request: Request, matter: MatterId) -> Response:
    """A matter without its facts. Its ETag is that of its version and of where it stands; a change may start from it."""
    with call.look() as tx:
        shown = _with_outcomes(tx, [read_matter(tx, matter)])[0]
    tag = tag_of_version(shown.version, shown.assessment or "")
    if unchanged(request, tag):
        return not_modified(tag)
    return Response(shown.model_dump_json(), headers={"etag": tag}, media_type="application/json")


@routes.delete("/v1/matters/{matter}", status_code=204, response_class=Response, dependencies=[Depends(only())])
def erase(call: Erases, request: Request, matter: MatterId) -> Response:
    """Erase a matter for good: facts, assessments, its key. What remains is its id in the audit chain."""
    expected = expected_version(request)
    principal = call.principal
    erase_matter(call.service.store, principal.workspace, matter, principal.actor, call.id, expected=expected)
    return Response(status_code=204)


@routes.get("/v1/matters/{matter}/versions", dependencies=[Depends(only())])
def versions(call: Reads, matter: MatterId) -> VersionList:
    """The versions of a matter's facts: when they were saved, and by whom."""
    with call.look() as tx:
        found = list_versions(tx, matter)
    return VersionList(
        versions=[VersionShown(version=each.version, created_at=each.created_at, actor=each.actor) for each in found]
    )


@routes.get("/v1/matters/{matter}/versions/{version}", response_model=FactsShown, dependencies=[Depends(only())])
def facts_of(
    call: Reads, request: Request, matter: MatterId, version: Annotated[int, Path(ge=1, le=999_999_999)]
) -> Response:
    """One version of the facts; it never changes."""
    return _facts(call, request, matter, version)


@routes.get("/v1/matters/{matter}/facts", response_model=FactsShown, dependencies=[Depends(only())])
def facts(call: Reads, request: Request, matter: MatterId) -> Response:
    """The latest version of the facts."""
    return _facts(call, request, matter, None)


@routes.put(
    "/v1/matters/{matter}/facts",
    response_model=VersionShown,
    dependencies=[Depends(only())],
    openapi_extra=CASE_BODY,
)
def save(call: Writes, request: Request, matter: MatterId, raw: Body) -> Response:
    """Save the next version of the facts. If-Match says which version it starts from; the body is a case."""
    expected = expected_version(request)
    document = parsed(raw)
    case_in(call.service.engine, document)

    def act(tx: Transaction) -> Result:
        version = add_version(tx, matter, expected, document.data)
        said = VersionShown(version=version, created_at=tx.at, actor=tx.actor)
        return Result(200, said.model_dump_json().encode(), matter)

    result, _ = call.once(raw, act)
    tag = tag_of_version(json.loads(result.body)["version"])
    return Response(result.body, result.status, {"etag": tag}, "application/json")


@routes.patch(
    "/v1/matters/{matter}/facts",
    response_model=VersionShown,
    dependencies=[Depends(only())],
    openapi_extra=PATCH_BODY,
)
def change(call: Writes, request: Request, matter: MatterId, raw: PatchBody) -> Response:
    """Change some facts: a JSON Merge Patch (RFC 7396) on the version that If-Match names; null takes a fact away.

    A list, such as the offences, is replaced whole. What changes nothing makes no version.
    """
    expected = expected_version(request)
    patch = parsed(raw).data
    with call.look() as tx:
        again = known(tx, idempotency_key(request))
        stands = None if again else read_facts(tx, matter, None)
    changed = None if stands is None else _patched(call, stands, expected, patch)

    def act(tx: Transaction) -> Result:
        before, after = present(stands, "the facts that are changed"), present(changed, "the changed facts")
        same = after == before.document and before.version == expected
        version = expected if same else add_version(tx, matter, expected, after)
        made = (before.created_at, before.actor) if same else (tx.at, tx.actor)
        said = VersionShown(version=version, created_at=made[0], actor=made[1])
        return Result(200, said.model_dump_json().encode(), matter)

    result, _ = call.once(raw, act)
    tag = tag_of_version(json.loads(result.body)["version"])
    return Response(result.body, result.status, {"etag": tag}, "application/json")


def _patched(call: Call, stands: Facts, expected: int, patch: Any) -> dict[str, Any]:
    """The facts with a patch, which must be a case.

    Raises:
        Conflict: somebody saved in between.
        Refused: the patch is no object, or no case comes of it.
    """
    if stands.version != expected:
        raise Conflict(stands.version)
    if not isinstance(patch, dict):
        fix = 'Send the facts that change, such as {"facts": {"NAME": "yes"}}'
        raise Refused(422, [fault("is not an object with what changes", fix=fix)])
    changed: dict[str, Any] = merge_patch(stands.document, patch)
    case_in(call.service.engine, Document(changed, "case"))
    return changed


def _facts(call: Call, request: Request, matter: str, version: int | None) -> Response:
    with call.look() as tx:
        read = read_facts(tx, matter, version)
    tag = tag_of_version(read.version)
    if unchanged(request, tag):
        return not_modified(tag)
    said = FactsShown(
        matter=matter, version=read.version, created_at=read.created_at, actor=read.actor, case=read.document
    )
    return Response(said.model_dump_json(), headers={"etag": tag}, media_type="application/json")


def _with_outcomes(tx: Transaction, found: list[MatterSaid]) -> list[MatterShown]:
    standing = standing_of(tx, [each.id for each in found])
    lines = summaries(tx, [one.assessment for one in standing.values()])
    return [_shown(each, standing.get(each.id), lines) for each in found]


def _shown(said: MatterSaid, standing: Standing | None = None, lines: Mapping[str, Summary] = {}) -> MatterShown:
    shown = MatterShown(
        id=said.id,
        reference=said.reference,
        version=said.version,
        created_at=said.created_at,
        updated_at=said.updated_at,
    )
    if standing is not None:
        summary, shown.assessment = lines[standing.assessment], standing.assessment
        if summary.outcome:
            shown.outcome, shown.settled = summary.outcome, summary.settled
        shown.assessed_version, shown.outdated = standing.version, standing.version != said.version
        shown.due = [DueShown(clock=due.clock, title=due.title, on=due.on, state=due.state) for due in summary.due]
    return shown


def _row(shown: MatterShown) -> dict[str, Any]:
    row = shown.model_dump(exclude={"due"})
    return {**row, "due": "|".join(f"{due.on} {due.clock}" for due in shown.due)}
