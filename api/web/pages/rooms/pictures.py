"""The reasoning as a picture: on a page with the same in words, and as files to take away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import Depends
from starlette.responses import Response

from api.documents.graph import png, svg, text
from api.documents.graph.drawn import drawn
from api.documents.graph.model import Graph
from api.web.gathering import recording
from api.web.pages.picture_words import boxes
from api.web.pages.record import Record, record_of
from api.web.pages.verdict_scene import scene_of
from api.web.pages.view import CSP
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor("matters:read"))]
_FILES: dict[str, tuple[Callable[[Graph], bytes], str]] = {
    "svg": (lambda graph: svg.render(graph).encode(), "image/svg+xml"),
    "png": (png.render, "image/png"),
    "txt": (lambda graph: text.render(graph).encode(), "text/plain; charset=utf-8"),
}


@routes.get("/matters/{matter}/graph")
def show(
    visit: Reader, matter: str, *, assessment: str = "", ground: str = "", size: Literal["", "fit", "large"] = ""
) -> Response:
    """The picture of the whole verdict, at first as wide as the page; or of one ground, at first in its own size."""
    record = record_of(visit, matter, assessment)
    if not isinstance(record, Record):
        return visit.page("unassessed.html", matter=record, at="/graph")
    graph, scene = _graph(record, ground), scene_of(record, visit.speech)
    order = {"met": 0, "open": 1, "not_met": 2, "not_applicable": 3}
    grounds = sorted(record.answer.grounds, key=lambda one: order[one.status])
    return visit.page(
        "graph.html",
        matter=record,
        record=record,
        answer=record.answer,
        chosen=assessment,
        ground=ground,
        grounds=grounds,
        boxes=boxes(graph, scene),
        many=len(graph.nodes),
        large=size == "large" or (bool(ground) and not size),
        query=_query(assessment, ground),
    )


@routes.get("/matters/{matter}/graph.{kind}")
def file(visit: Reader, matter: str, kind: str, *, assessment: str = "", ground: str = "", take: str = "") -> Response:
    """The picture as a file; with ``take``, to keep."""
    if kind not in _FILES:
        raise Refused(404)
    record = record_of(visit, matter, assessment)
    if not isinstance(record, Record):
        raise Refused(404)
    render, media = _FILES[kind]
    headers = {"content-security-policy": CSP}
    if take:
        headers["content-disposition"] = f'attachment; filename="graph.{kind}"'
    return Response(render(_graph(record, ground)), headers=headers, media_type=media)


def _graph(record: Record, ground: str) -> Graph:
    kept = record.kept
    if ground and ground not in kept.engine.pack.criteria:
        raise Refused(404)
    return drawn(kept.engine, kept.answer, record.weighed if ground else None, ground)


def _query(assessment: str, ground: str) -> str:
    """The query that leads to the same picture as a file."""
    return "&".join(f"{name}={value}" for name, value in (("assessment", assessment), ("ground", ground)) if value)
