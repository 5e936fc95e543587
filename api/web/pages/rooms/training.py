"""The training room: sessions on decided cases or anonymised matters, walked through step by step."""

from __future__ import annotations

import io
from datetime import date
from typing import Annotated, Any

import segno
from fastapi import Depends
from starlette.responses import Response

from api.documents.graph.svg import render as drawn
from api.documents.graph.text import render as told
from api.storage.finding import newest_matters
from api.storage.matters import read_facts
from api.storage.store import Transaction
from api.training.anonymous import anonymised
from api.training.cases import teaching_cases
from api.training.codes import spelled
from api.training.lesson import Lesson
from api.training.making import make_lesson
from api.training.rewind import Row, step_to_show
from api.training.sessions import Desk, Kept, change_desk, end_session, list_sessions, open_session
from api.web.gathering import recording
from api.web.pages.forms import Fields, checked, once
from api.web.pages.training_view import (
    Shown,
    parting_of,
    poll,
    shown,
    shown_in,
)
from api.web.pages.view import go
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused, fault
from engine.errors import InputProblems, Problem
from engine.facts.reading import Reading
from engine.facts.values import parse_date

routes = recording(include_in_schema=False)
Trainer = Annotated[Visit, Depends(visitor("training:run"))]
SHOWN_MATTERS = 500


@routes.get("/training")
def home(visit: Trainer, case: str = "") -> Response:
    """The sessions that run, and what to begin one with; ``case`` is chosen already."""
    return _home(visit, [], 200, case)


def _home(visit: Visit, problems: list[Problem], status: int, chosen: str = "") -> Response:
    with visit.look() as tx:
        sessions = list_sessions(tx)
        matters = newest_matters(tx, limit=SHOWN_MATTERS).matters if visit.may("matters:read") else []
    cases = list(teaching_cases(visit.service.settings).values())
    values: dict[str, Any] = {
        "sessions": sessions,
        "matters": matters,
        "cases": cases,
        "problems": problems,
        "chosen": chosen,
    }
    return visit.page("training.html", status=status, **values)


@routes.post("/training")
def begin(visit: Trainer, form: Fields) -> Response:
    """Begin a session on a decided case or on an anonymised copy of a matter."""
    checked(visit, form)
    matter = form.one("matter")
    try:
        desk, kept = _of_matter(visit, matter) if matter else _of_case(visit, form.one("case"))
    except InputProblems as error:
        return _home(visit, list(error.problems), 422)
    return go(once(visit, form, lambda tx: f"/training/{open_session(tx, desk, kept, matter)}", matter or None))


def _of_case(visit: Visit, name: str) -> tuple[Desk, Kept]:
    case = teaching_cases(visit.service.settings).get(name)
    if case is None:
        raise InputProblems([Problem("choose a case", pointer="/case")])
    lesson = chained(visit, case.document, case.on, case.reading)
    return Desk(title=case.title, about=case.about, decided=case.id), Kept(lesson=lesson, document=case.document)


def _of_matter(visit: Visit, matter: str) -> tuple[Desk, Kept]:
    if not visit.may("matters:read"):
        raise Refused(403, [fault("this needs the scope matters:read")])
    with visit.write() as tx:
        document = anonymised(read_facts(tx, matter).document, visit.service.engine.pack.vocabulary)
    lesson = chained(visit, document, _day_of(document))
    return Desk(title="", names=False), Kept(lesson=lesson, document=document)


def chained(visit: Visit, document: dict[str, Any], on: date, reading: Reading = "neutral") -> Lesson:
    """The lesson of a case, chained when it is the turn of the visitor's workspace.

    Raises:
        InputProblems: the case cannot be assessed as it stands.
    """
    service, whose = visit.service, visit.session.workspace
    return make_lesson(service.engine, service.assessor, document, on, reading, whose=whose)


def _day_of(document: dict[str, Any]) -> date:
    if not document.get("assessed_on"):
        raise InputProblems([Problem("the matter has no date of assessment", pointer="/assessed_on")])
    return parse_date(str(document["assessed_on"]))


@routes.get("/training/{session}")
def front(visit: Trainer, session: str) -> Response:
    """The trainer's own page of a session: the code, the settings, the ways to go."""
    found = shown(visit, session)
    with visit.service.store.read(visit.session.workspace) as tx:
        asked = poll(tx, found)
    address = str(visit.request.base_url) + f"join/{found.desk.code}"
    return visit.page(
        "training_session.html", shown=found, desk=found.desk, address=address, code=spelled(found.desk.code), **asked
    )


@routes.get("/training/{session}/code.svg")
def code(visit: Trainer, session: str) -> Response:
    """The address to join as a QR code."""
    found = shown(visit, session)
    out = io.BytesIO()
    address = str(visit.request.base_url) + f"join/{found.desk.code}"
    segno.make(address, micro=False).save(out, kind="svg", scale=8, border=4, dark="#000", light="#fff", svgns=True)
    return Response(out.getvalue(), media_type="image/svg+xml")


@routes.get("/training/{session}/step/{number}")
def step(
    visit: Trainer, session: str, number: int, *, side: str = "main", present: int = 0, rewound: int = 0
) -> Response:
    """One step: facts used, rule, conclusion, and the graph so far. The session stands at the step shown last."""
    found = shown(visit, session, side)
    at = found.at(number)
    if found.side == "main":
        found = _standing_at(visit, found, number)
    with visit.service.store.read(visit.session.workspace) as tx:
        asked = poll(tx, found)
        parting = _parting(tx, visit, found, number, rewound=bool(rewound))
    values: dict[str, Any] = {"shown": found, "desk": found.desk, "words": found.words, "number": number, "step": at}
    return visit.page(
        "training_step.html",
        **values,
        **asked,
        side=found.side,
        present=bool(present),
        code=spelled(found.desk.code),
        parting=parting,
        in_words=told(found.graph(number)),
        keep=_kept_query(found.side, bool(present)),
    )


def _kept_query(side: str, present: bool) -> str:
    """What an address of a step keeps when one goes on from it."""
    parts = ([f"side={side}"] if side != "main" else []) + (["present=1"] if present else [])
    return "?" + "&".join(parts) if parts else ""


def _standing_at(visit: Visit, found: Shown, number: int) -> Shown:
    """Remember the step, and close a question about what is now seen."""

    def stand(desk: Desk) -> Desk:
        questions = tuple(
            one.model_copy(update={"open": False}) if one.kind == "ground" and one.step < number else one
            for one in desk.questions
        )
        return desk.model_copy(update={"step": number, "questions": questions})

    if stand(found.desk) == found.desk:
        return found
    with visit.write() as tx:
        change_desk(tx, found.id, stand)
        return shown_in(tx, visit, found.id)


def _parting(tx: Transaction, visit: Visit, found: Shown, number: int, *, rewound: bool) -> Row | None:
    """At the first step that differs after a change of a fact: what it was and what it is."""
    if found.desk.changed is None or (found.side != "changed" and not rewound):
        return None
    first = parting_of(shown_in(tx, visit, found.id), shown_in(tx, visit, found.id, "changed"))
    return first if first and step_to_show(first) == (found.side == "changed", number) else None


@routes.get("/training/{session}/graph/{number}.svg")
def graph(visit: Trainer, session: str, number: int, side: str = "main") -> Response:
    """What has fired up to a step, as a picture."""
    found = shown(visit, session, side)
    found.at(number)
    return Response(drawn(found.graph(number), visit.speech.say), media_type="image/svg+xml")


@routes.post("/training/{session}/set")
def settle(visit: Trainer, session: str, form: Fields) -> Response:
    """Show or hide names, walk all firings or the main line, show the outcome, hand out the exercise."""
    checked(visit, form)
    changes: dict[str, dict[str, Any]] = {
        "hide-names": {"names": False},
        "show-names": {"names": True},
        "whole": {"whole": True, "step": 1},
        "main-line": {"whole": False, "step": 1},
        "predict": {"predict": True},
        "at-once": {"predict": False},
        "reveal": {"revealed": True},
        "hide-outcome": {"revealed": False},
        "exercise": {"exercise": True},
        "no-exercise": {"exercise": False},
    }
    change = changes.get(form.one("set"))
    if change is None:
        raise Refused(422, [fault("there is no such setting")])
    with visit.write() as tx:
        change_desk(tx, session, lambda desk: _opened(desk.model_copy(update=change)))
    return go(back_to(session, form.one("back")))


def _opened(desk: Desk) -> Desk:
    """Once the outcome is shown, questions about it are closed, with the right answer."""
    if not desk.revealed:
        return desk
    closed = {"open": False, "revealed": True}
    questions = tuple(one.model_copy(update=closed) if one.kind == "outcome" else one for one in desk.questions)
    return desk.model_copy(update={"questions": questions})


def back_to(session: str, back: str) -> str:
    """Where a form of a session leads back to: a page of the same session."""
    own = f"/training/{session}"
    return back if back == own or back.startswith((f"{own}/", f"{own}?")) else own


@routes.post("/training/{session}/end")
def end(visit: Trainer, session: str, form: Fields) -> Response:
    """End a session for good."""
    checked(visit, form)
    with visit.write() as tx:
        end_session(tx, session)
    visit.service.store.database.scrub()
    return go("/training")
