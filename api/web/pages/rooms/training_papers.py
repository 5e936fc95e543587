"""What a class takes along: hand-outs with and without the solution, and the trace as one file for use offline."""

from __future__ import annotations

import base64
from typing import Any

from starlette.responses import Response

from api.documents.graph.svg import render as drawn
from api.training.exercise import Exercise
from api.web.gathering import recording
from api.web.pages.rooms.training import Trainer
from api.web.pages.training_view import Shown, shown
from api.web.pages.view import HERE, templates

routes = recording(include_in_schema=False)


@routes.get("/training/{session}/handout")
def handout(visit: Trainer, session: str) -> Response:
    """All steps with their questions, to print; conclusions are left to be filled in."""
    return visit.page("training_handout.html", solution=False, **_paper(shown(visit, session)))


@routes.get("/training/{session}/handout/solution")
def solution(visit: Trainer, session: str) -> Response:
    """The same with the conclusions, the outcome and the order."""
    return visit.page("training_handout.html", solution=True, **_paper(shown(visit, session)))


def _paper(found: Shown) -> dict[str, Any]:
    return {"shown": found, "desk": found.desk, "words": found.words, "exercise": Exercise(found.lesson)}


@routes.get("/training/{session}/export")
def export(visit: Trainer, session: str) -> Response:
    """The stepped trace as one HTML file that needs no network, no server and nothing beside it."""
    headers = {"content-disposition": 'attachment; filename="trace.html"'}
    return Response(offline(shown(visit, session)), headers=headers, media_type="text/html; charset=utf-8")


def offline(found: Shown) -> str:
    """The file: every step, its picture as data, style and script inside."""
    speech, static = found.speech, HERE / "static"
    pictures = [_as_data(found, number) for number in range(1, found.end)]
    return (
        templates()
        .get_template("training_offline.html")
        .render(
            say=speech.say,
            count=speech.count,
            law=speech.law,
            speech=speech,
            shown=found,
            desk=found.desk,
            words=found.words,
            pictures=pictures,
            style=(static / "training_offline.css").read_text("utf-8"),
            script=(static / "training_offline.js").read_text("utf-8"),
        )
    )


def _as_data(found: Shown, number: int) -> str:
    return (
        "data:image/svg+xml;base64," + base64.b64encode(drawn(found.graph(number), found.speech.say).encode()).decode()
    )
