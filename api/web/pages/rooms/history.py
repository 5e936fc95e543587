"""The history of a matter: versions of its facts and what differs, assessments and where their outcomes part."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.responses import Response

from api.accounts.persons import read_person
from api.storage.assessments import AssessmentSaid, list_assessments
from api.storage.errors import NotFound
from api.storage.matters import (
    MatterSaid,
    VersionSaid,
    list_versions,
    read_facts,
    read_matter,
)
from api.storage.store import Transaction
from api.storage.summaries import summaries
from api.web.gathering import recording
from api.web.pages.record import record_in
from api.web.pages.verdict_labels import named
from api.web.pages.verdict_scene import scene_of
from api.web.pages.version_changes import changes
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused, fault
from engine.answer.compare import compare

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor("matters:read"))]
Version = Annotated[int, Query(ge=0, le=1_000_000)]


@routes.get("/matters/{matter}/history")
def history(
    visit: Reader, matter: str, *, first: Version = 0, second: Version = 0, before: str = "", after: str = ""
) -> Response:
    """Versions and assessments; two versions compared (the last two unless chosen), two assessments when chosen."""
    if not visit.may("assessments:read"):
        raise Refused(403, [fault("this needs the scope assessments:read")])
    with visit.look() as tx:
        said = read_matter(tx, matter)
        versions, found = list_versions(tx, matter), list_assessments(tx, matter)
        two = (first or max(1, said.version - 1), second or said.version)
        values = {
            "matter": said,
            "versions": list(reversed(versions)),
            "names": _names(tx, versions),
            "rows": _rows(tx, found),
            "two": two,
            "changes": _changes(visit, tx, matter, two),
        }
    return visit.page("history.html", **values, **_outcomes(visit, said, before, after))


def _rows(tx: Transaction, found: list[AssessmentSaid]) -> list[tuple[AssessmentSaid, Any]]:
    lines = summaries(tx, [one.id for one in found])
    return [(one, lines[one.id]) for one in reversed(found)]


def _changes(visit: Visit, tx: Transaction, matter: str, two: tuple[int, int]) -> Any:
    ours, theirs = (read_facts(tx, matter, number).document for number in two)
    return changes(visit.service.engine.pack, visit.speech, ours, theirs)


def _outcomes(visit: Visit, matter: MatterSaid, before: str, after: str) -> dict[str, Any]:
    """What differs between two assessments; nothing until two are chosen."""
    if not (before and after):
        return {"compared": None, "sides": (before, after)}
    ours, theirs = record_in(visit, matter, before), record_in(visit, matter, after)
    scene = scene_of(theirs, visit.speech)
    found = compare(ours.with_trace(), theirs.with_trace())
    return {
        "compared": found,
        "sides": (before, after),
        "told": scene.told,
        "gone": [named(scene, label) for label in found.no_longer_missing],
        "come": [named(scene, label) for label in found.newly_missing],
        "imported": ours.said.imported or theirs.said.imported,
        "same_law": (ours.said.rules, ours.said.instruments) == (theirs.said.rules, theirs.said.instruments),
    }


def _names(tx: Transaction, versions: list[VersionSaid]) -> dict[str, str]:
    """What those who saved are called; who is no person of the workspace (a key, say) goes by its id."""
    names = {}
    for actor in {one.actor for one in versions}:
        try:
            names[actor] = read_person(tx, actor).details.name
        except NotFound:
            names[actor] = actor
    return names
