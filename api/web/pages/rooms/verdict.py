"""The verdict: the newest assessment of record laid out, its board on a sheet to print, and older ones."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from starlette.responses import Response

from api.law.situations import states_with_findings
from api.web.gathering import recording
from api.web.pages.record import Record, record_of
from api.web.pages.verdict_board import board
from api.web.pages.verdict_changes import (
    assumptions,
    flips,
    law_readings,
    not_relied_on,
)
from api.web.pages.verdict_clocks import timeline
from api.web.pages.verdict_front import front_of, turning_questions
from api.web.pages.verdict_grounds import grounds_told
from api.web.pages.verdict_missing import missing_tree
from api.web.pages.verdict_readings import readings
from api.web.pages.verdict_scene import Scene, scene_of
from api.web.pages.verdict_standing import standing_of_grounds
from api.web.pages.verdict_tree import LEVELS, Depth
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused
from engine.facts.columns import HERE

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
    }


def _values(record: Record, scene: Scene, depth: Depth, ground: str) -> dict[str, Any]:
    answer, grounds = record.answer, grounds_told(record, scene, depth, ground)
    return {
        "depth": depth,
        "depths": tuple(LEVELS),
        "ground": ground,
        "grounds": grounds,
        "front": front_of(record, scene, grounds),
        "states": _states(record),
        "turning": turning_questions(record, grounds),
        "standing": standing_of_grounds(record, scene, grounds),
        "missing": missing_tree(grounds),
        "flips": flips(answer, scene),
        "timeline": timeline(answer.clocks, answer.assessed_on),
        "readings": readings(record, scene),
        "assumed": assumptions(answer, scene),
        "law_readings": law_readings(answer, scene),
        "unused": not_relied_on(answer, scene),
    }


def _states(record: Record) -> list[str]:
    """The States of the case of which the law library has a page."""
    if not record.law_is_here:
        return []
    pictures, values = record.engine.pack.pictures.values(), record.weighed.evaluation.record_columns.values[HERE]
    held = [values[one.state][0][0] for one in pictures if one.state in values]
    named = {str(state) for one in held for state in (one if isinstance(one, frozenset) else (one,))}
    return sorted(named & set(states_with_findings(record.engine)))
