"""The verdict: the newest assessment of record laid out, its board on a sheet to print, and older ones."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from starlette.responses import Response

from api.web.gathering import recording
from api.web.pages.record import Record, record_of
from api.web.pages.verdict_board import board, tally
from api.web.pages.verdict_changes import (
    assumptions,
    flips,
    law_readings,
    not_relied_on,
)
from api.web.pages.verdict_clocks import timeline
from api.web.pages.verdict_grounds import grounds_told
from api.web.pages.verdict_missing import missing_tree
from api.web.pages.verdict_readings import readings
from api.web.pages.verdict_scene import Scene, scene_of
from api.web.pages.verdict_tree import LEVELS, Depth
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor("matters:read"))]


@routes.get("/matters/{matter}/verdict")
def verdict(
    visit: Reader, matter: str, *, assessment: str = "", depth: Depth = "grounds", ground: str = ""
) -> Response:
    """The whole verdict; ``depth`` is that of the proofs, ``ground`` the one that is told to its end."""
    record = record_of(visit, matter, assessment)
    if not isinstance(record, Record):
        return visit.page("unassessed.html", matter=record, at="/verdict")
    if ground and ground not in record.proofs:
        raise Refused(404)
    scene = scene_of(record, visit.speech)
    values = _values(record, scene, depth, ground)
    return visit.page("verdict.html", **_head(record, scene), chosen=assessment, **values)


@routes.get("/matters/{matter}/board")
def sheet(visit: Reader, matter: str, assessment: str = "") -> Response:
    """The board alone, to read at a glance and to print."""
    record = record_of(visit, matter, assessment)
    if not isinstance(record, Record):
        return visit.page("unassessed.html", matter=record, at="/verdict")
    return visit.page("board.html", **_head(record, scene_of(record, visit.speech)), chosen=assessment)


def _head(record: Record, scene: Scene) -> dict[str, Any]:
    """What stands above everything else: the answer in one sentence, and the board."""
    return {
        "matter": record,
        "record": record,
        "answer": record.answer,
        "told": scene.told,
        "board": board(record.answer, scene),
        "tally": tally(record.answer),
    }


def _values(record: Record, scene: Scene, depth: Depth, ground: str) -> dict[str, Any]:
    answer, grounds = record.answer, grounds_told(record, scene, depth, ground)
    return {
        "depth": depth,
        "depths": tuple(LEVELS),
        "ground": ground,
        "grounds": grounds,
        "missing": missing_tree(grounds),
        "flips": flips(answer, scene),
        "timeline": timeline(answer.clocks, answer.assessed_on),
        "readings": readings(record, scene),
        "assumed": assumptions(answer, scene),
        "law_readings": law_readings(answer, scene),
        "unused": not_relied_on(answer, scene),
    }
