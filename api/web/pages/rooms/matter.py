"""A matter's front page: where it stands, the instruments between its States, assessing and erasing it."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from api.cases.document import without_place
from api.documents.language.retelling import retold
from api.operations.erasure import erase_matter
from api.service.assessing import assessed, keep
from api.storage.assessments import list_assessments
from api.storage.summaries import summaries
from api.storage.written import tidy
from api.web.gathering import recording
from api.web.pages.forms import Fields, checked, once
from api.web.pages.open_matter import open_matter, opened, save
from api.web.pages.view import go
from api.web.pages.visit import Visit, visitor
from engine.facts.vocabulary import REQUESTED, REQUESTING

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor("matters:read"))]
Writer = Annotated[Visit, Depends(visitor("matters:write"))]
Assessor = Annotated[Visit, Depends(visitor("assessments:write"))]
Eraser = Annotated[Visit, Depends(visitor("matters:erase"))]


@routes.get("/matters/{matter}")
def front(visit: Reader, matter: str) -> Response:
    """Where the matter stands, and its assessments of record."""
    with visit.look() as tx:
        held = opened(visit.service.engine, tx, matter)
        found = list_assessments(tx, matter)
        lines = summaries(tx, [one.id for one in found])
    rows = [(one, lines[one.id]) for one in reversed(found)]
    return visit.page("matter.html", matter=held, rows=rows)


@routes.get("/matters/{matter}/relations")
def relations(visit: Reader, matter: str) -> Response:
    """Which instruments bind the two States on the day, and why."""
    held = open_matter(visit, matter)
    states = [held.case.findings.get(name) for name in (REQUESTING, REQUESTED)]
    values = [str(one.value) if one is not None and one.value else "" for one in states]
    day, pack, speech = held.weighed.read.assessed_on, visit.service.engine.pack, visit.speech
    found = visit.service.catalogue.relations(values[0], values[1], day) if all(values) else []
    told = partial(retold, speech, pack)
    return visit.page("relations.html", matter=held, states=values, day=day, relations=found, told=told)


@routes.post("/matters/{matter}/unreadable")
def take_out(visit: Writer, matter: str, form: Fields) -> Response:
    """Take out what cannot be read under the law in use."""
    checked(visit, form)
    place = form.one("place")
    held = open_matter(visit, matter)
    if place in held.unreadable:
        save(visit, matter, lambda document: without_place(document, place), form, held)
    return go(f"/matters/{matter}")


@routes.post("/matters/{matter}/assess")
def assess(visit: Assessor, matter: str, form: Fields) -> Response:
    """Assess the latest facts for the record, and show the verdict."""
    checked(visit, form)
    held = open_matter(visit, matter)
    answer = assessed(visit.service, held.document, whose=visit.session.workspace)
    once(visit, form, lambda tx: keep(tx, matter, held.version, answer).id, matter, held.version)
    return go(f"/matters/{matter}/verdict")


@routes.post("/matters/{matter}/erase")
def erase(visit: Eraser, matter: str, form: Fields) -> Response:
    """Erase the matter for good, once the visitor has typed its reference."""
    checked(visit, form)
    held = open_matter(visit, matter)
    if tidy(form.one("reference")) != tidy(held.reference):
        return go(f"/matters/{matter}#erase")
    request = str(visit.request.state.request_id)
    erase_matter(visit.service.store, visit.session.workspace, matter, visit.session.person, request)
    return go("/")
