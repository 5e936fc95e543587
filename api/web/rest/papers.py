"""Papers on an assessment of record: the memo to take away and the picture of the reasoning.

They tell the answer that was stored, with the facts of its version and the law content it was made
under. A memo whose profile reads the facts otherwise is reasoned anew under that same law.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Query
from starlette.responses import Response

from api.documents.graph import svg, text
from api.documents.graph.model import overview
from api.law.shelf import NoSuchPack
from api.service.papers import (
    MEMOS,
    Kept,
    Wanted,
    memo_file,
)
from api.storage.assessments import answer_of
from api.storage.matters import read_facts
from api.web.calls import Call, needs
from api.web.gathering import recording
from api.web.parameters import only
from api.web.problems import Refused
from api.web.rest.assessments import AssessmentId
from api.web.store_errors import IMPORTED, LAW_IS_MISSING
from engine.answer.model import Answer

routes = recording(tags=["papers"])
Reads = Annotated[Call, Depends(needs("assessments:read"))]
Format = Annotated[Literal["docx", "pdf", "md"], Query(alias="format", description="Word, PDF or Markdown")]
Picture = Annotated[Literal["svg", "text"], Query(alias="format", description="A picture, or the same in words")]
ProfileName = Annotated[
    Literal["neutral", "person", "training", "requesting_state"], Query(description="For whom the memo is written")
]
StyleName = Annotated[Literal["court", "oscola"], Query(description="How authorities are cited")]
Language = Annotated[Literal["en", "uk", "ru"], Query(description="English, Ukrainian or Russian")]
PICTURES = {"svg": (svg.render, "image/svg+xml"), "text": (text.render, "text/plain")}


def _file(*types: str) -> dict[int | str, dict[str, object]]:
    """What the description says of a file."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "The file", "content": dict.fromkeys(types, binary)}}


@routes.get(
    "/v1/assessments/{assessment}/memo",
    response_class=Response,
    dependencies=[Depends(only("format", "profile", "style", "language"))],
    responses=_file(*(media for _, media in MEMOS.values())),
)
def memo(
    call: Reads,
    assessment: AssessmentId,
    *,
    form: Format = "docx",
    profile: ProfileName = "neutral",
    style: StyleName = "court",
    language: Language = "en",
) -> Response:
    """The memo on an assessment of record. Needs the scope matters:read as well, for the memo tells the facts."""
    wanted, whose = Wanted(form, profile, style, language), call.principal.workspace
    made, media = memo_file(call.service, _kept(call, assessment), wanted, whose=whose)
    headers = {"content-disposition": f'attachment; filename="{assessment}.{form}"'}
    return Response(made, headers=headers, media_type=media)


@routes.get(
    "/v1/assessments/{assessment}/graph",
    response_class=Response,
    dependencies=[Depends(only("format"))],
    responses=_file(*(media for _, media in PICTURES.values())),
)
def graph(call: Reads, assessment: AssessmentId, form: Picture = "svg") -> Response:
    """The reasoning of an assessment as a picture. Needs the scope matters:read as well."""
    kept = _kept(call, assessment)
    render, media = PICTURES[form]
    drawn = render(overview(kept.answer, kept.engine.pack))
    return Response(drawn.encode(), media_type=media)


def _kept(call: Call, assessment: str) -> Kept:
    call.require("matters:read")
    with call.look() as tx:
        said, kept = answer_of(tx, assessment)
        facts = read_facts(tx, said.matter, said.version).document
    if said.imported:
        raise Refused(409, [IMPORTED])
    written = call.gathered.worded(kept)
    try:
        engine = call.service.shelf.engine_for(said.rules, said.instruments)
    except NoSuchPack:
        raise Refused(409, [LAW_IS_MISSING]) from None
    return Kept(said, Answer.model_validate_json(written), facts, engine)
