"""Asking the class: a question is put, phones vote, the projector shows bars; and the speaker's second window."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from api.storage.store import Transaction
from api.training.joining import latest
from api.training.sessions import Desk, change_desk
from api.training.votes import Question, about_next, about_outcome
from api.web.gathering import recording
from api.web.pages.forms import Fields, checked, once
from api.web.pages.rooms.training import Trainer, back_to
from api.web.pages.training_view import (
    Shown,
    poll,
    shown,
    shown_in,
)
from api.web.pages.view import go
from api.web.pages.visit import Visit
from api.web.problems import Refused, fault

routes = recording(include_in_schema=False)
MOST_QUESTIONS = 200


@routes.post("/training/{session}/ask")
def ask(visit: Trainer, session: str, form: Fields) -> Response:
    """Put a question at the step where the session stands; the one before is closed."""
    checked(visit, form)

    def put(tx: Transaction) -> str:
        found = shown_in(tx, visit, session)
        question = _question(found, form.one("kind"))
        closed = tuple(one.model_copy(update={"open": False}) for one in found.desk.questions[-MOST_QUESTIONS:])
        change_desk(tx, session, lambda desk: desk.model_copy(update={"questions": (*closed, question)}))
        return back_to(session, form.one("back"))

    return go(once(visit, form, put))


def _question(found: Shown, kind: str) -> Question:
    before = latest(found.desk)
    number = before.number + 1 if before else 1
    if kind == "outcome":
        return about_outcome(found.lesson, number, found.desk.step)
    question = about_next(found.lesson, found.steps, number, found.desk.step)
    if question is None:
        raise Refused(409, [fault("no ground comes after this step")])
    return question


@routes.post("/training/{session}/close")
def close(visit: Trainer, session: str, form: Fields) -> Response:
    """Close the question; with ``reveal`` the right answer is shown."""
    checked(visit, form)
    reveal = form.one("reveal") == "yes"

    def closed(desk: Desk) -> Desk:
        if not desk.questions:
            return desk
        last = desk.questions[-1].model_copy(update={"open": False, "revealed": reveal})
        open_now = desk.revealed or (reveal and last.kind == "outcome")
        return desk.model_copy(update={"questions": (*desk.questions[:-1], last), "revealed": open_now})

    with visit.write() as tx:
        change_desk(tx, session, closed)
    return go(back_to(session, form.one("back")))


@routes.get("/training/{session}/votes")
def results(visit: Trainer, session: str) -> Response:
    """The votes as a piece of a page, for the projector to ask for again and again."""
    with visit.service.store.read(visit.session.workspace) as tx:
        found = shown_in(tx, visit, session)
        asked = poll(tx, found)
    return visit.page("training_votes.html", shown=found, **asked)


@routes.get("/training/{session}/notes")
def notes(visit: Trainer, session: str) -> Response:
    """The speaker's notes to the step where the session stands, for a window of their own."""
    return visit.page("training_notes.html", **_notes(visit, session))


@routes.get("/training/{session}/notes/now")
def notes_now(visit: Trainer, session: str) -> Response:
    """The same as a piece of a page."""
    return visit.page("training_notes_now.html", **_notes(visit, session))


def _notes(visit: Visit, session: str) -> dict[str, Any]:
    found = shown(visit, session)
    number = min(found.desk.step, found.end)
    step = found.at(number)
    after = found.steps[number] if number < len(found.steps) else None
    with visit.service.store.read(visit.session.workspace) as tx:
        asked = poll(tx, found)
    return {
        "shown": found,
        "desk": found.desk,
        "words": found.words,
        "number": number,
        "step": step,
        "after": after,
    } | asked
