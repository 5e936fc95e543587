"""Papers on an assessment of record: the memo to take away and the picture of the reasoning.

They tell the answer that was stored, with the facts of its version and the law content it was made
under. A memo whose profile reads the facts otherwise is reasoned anew under that same law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.assessing import assessed
from api.graph import svg, text
from api.graph.model import overview
from api.http.calls import Call, needs
from api.http.parameters import only
from api.http.problems import Refused, fault
from api.http.resources.assessments import AssessmentId
from api.memo.compose import memo_of
from api.memo.profiles import PROFILES
from api.memo.tree import Memo
from api.shelf import NoSuchPack
from api.store.assessments import AssessmentSaid, read_answer
from api.store.matters import Document as Facts
from api.store.matters import read_facts
from engine.answer import Answer
from engine.assess import Engine
from engine.content.digest import address_of
from engine.content.documents import Document
from engine.facts.reading import Reading

routes = APIRouter(tags=["papers"])
Reads = Annotated[Call, Depends(needs("assessments:read"))]
Format = Annotated[Literal["docx", "pdf", "md"], Query(alias="format", description="Word, PDF or Markdown")]
Picture = Annotated[Literal["svg", "text"], Query(alias="format", description="A picture, or the same in words")]
ProfileName = Annotated[
    Literal["neutral", "person", "training", "requesting_state"], Query(description="For whom the memo is written")
]
StyleName = Annotated[Literal["court", "oscola"], Query(description="How authorities are cited")]
Language = Annotated[Literal["en", "uk", "ru"], Query(description="English, Ukrainian or Russian")]
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEMOS = {"docx": ("docx", _WORD), "pdf": ("pdf", "application/pdf"), "md": ("markdown", "text/markdown")}
PICTURES = {"svg": (svg.render, "image/svg+xml"), "text": (text.render, "text/plain")}


def _file(*types: str) -> dict[int | str, dict[str, object]]:
    """What the description says of a file."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "The file", "content": dict.fromkeys(types, binary)}}


@dataclass(frozen=True)
class _Kept:
    """An assessment of record with all it was made from."""

    said: AssessmentSaid
    answer: Answer
    facts: Facts
    engine: Engine


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
    kept, chosen = _kept(call, assessment), PROFILES[profile]
    answer = _read_as(call, kept, chosen.reading if chosen.reading != "neutral" else kept.answer.reading)
    written = memo_of(
        kept.engine,
        kept.engine.read(Document(kept.facts, "case")),
        on=answer.assessed_on,
        reading=answer.reading,
        profile=chosen,
        style=style,
        language=language,
        answer=answer,
    )
    module, media = MEMOS[form]
    render: Callable[[Memo], bytes] = import_module(f"api.memo.{module}").render
    headers = {"content-disposition": f'attachment; filename="{assessment}.{form}"'}
    return Response(render(written), headers=headers, media_type=media)


def _read_as(call: Call, kept: _Kept, reading: Reading) -> Answer:
    """The stored answer, or for another reading one on the same facts, day and law."""
    if reading == kept.answer.reading:
        return kept.answer
    pack = address_of(kept.engine.pack)
    return Answer.model_validate_json(assessed(call.service, kept.facts, kept.answer.assessed_on, reading, pack=pack))


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


def _kept(call: Call, assessment: str) -> _Kept:
    call.require("matters:read")
    with call.write() as tx:
        said, written = read_answer(tx, assessment)
        facts = read_facts(tx, said.matter, said.version).document
    try:
        engine = call.service.shelf.engine_for(said.rules, said.instruments)
    except NoSuchPack:
        fix = "Put its pack file into the folder that DEDERE_PACKS names, or assess again"
        raise Refused(409, [fault("the law content that it was made under is not here", fix=fix)]) from None
    return _Kept(said, Answer.model_validate_json(written), facts, engine)
