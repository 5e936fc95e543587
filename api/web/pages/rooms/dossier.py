"""The dossier of one question of a matter: an argument on one screen, and on one page of paper."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.web.gathering import recording
from api.web.pages.dossier_view import entered, helping, view_of
from api.web.pages.record import Record, record_of
from api.web.pages.verdict_scene import scene_of
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused
from api.web.store_errors import LAW_IS_MISSING
from engine.answer.dossier import questions_with_sources
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor("matters:read"))]


@routes.get("/matters/{matter}/questions/{fact}")
def question(visit: Reader, matter: str, fact: str, *, item: str = "", assessment: str = "") -> Response:
    """The dossier of a question in the assessment by which the matter stands, or in another."""
    record = record_of(visit, matter, assessment)
    if not isinstance(record, Record):
        return visit.page("unassessed.html", matter=record, at="/verdict")
    if not record.law_is_here:
        raise Refused(409, [LAW_IS_MISSING])
    if fact not in questions_with_sources(record.engine):
        raise HTTPException(404)
    scene = scene_of(record, visit.speech)
    view = view_of(record, scene, fact, _place(record, fact, item))
    return visit.page(
        "dossier.html",
        matter=record,
        record=record,
        answer=record.answer,
        told=scene.told,
        view=view,
        evidence=entered(scene, view),
        helps=helping(scene, view),
        chosen=assessment,
    )


def _place(record: Record, fact: str, item: str) -> Place:
    scope = record.engine.pack.vocabulary.facts[fact].scope
    if scope == CASE:
        return HERE
    listed = record.weighed.read.items.get(scope, ())
    for place, one in enumerate(listed):
        if one.id == item:
            return scope, place
    raise HTTPException(404)
