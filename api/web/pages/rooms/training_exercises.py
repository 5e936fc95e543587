"""Exercises on decided cases that mark the way of reasoning, not only the outcome."""

from __future__ import annotations

from starlette.responses import Response

from api.training.cases import TeachingCase, teaching_cases
from api.training.exercise import Exercise
from api.web.gathering import recording
from api.web.pages.forms import Fields, Form, checked
from api.web.pages.rooms.training import Trainer
from api.web.pages.training_exercise import Asked, attempt_in, lesson_on
from api.web.pages.training_words import LessonWords
from api.web.pages.visit import Visit
from api.web.problems import Refused, fault

routes = recording(include_in_schema=False)


@routes.get("/training/exercises")
def listed(visit: Trainer) -> Response:
    """The set: every decided case, by group."""
    groups: dict[str, list[TeachingCase]] = {}
    for case in teaching_cases(visit.service.settings).values():
        groups.setdefault(case.group, []).append(case)
    return visit.page("training_exercises.html", groups=groups)


@routes.get("/training/exercises/{case}")
def exercise(visit: Trainer, case: str) -> Response:
    """One exercise: facts, and what is asked."""
    found, asked = _asked(visit, case, Form([]))
    return visit.page("training_exercise.html", case=found, asked=asked, address=visit.request.url.path)


@routes.post("/training/exercises/{case}")
def marked(visit: Trainer, case: str, form: Fields) -> Response:
    """The same, marked. Nothing is kept of it."""
    checked(visit, form)
    found, asked = _asked(visit, case, form)
    told = Asked(asked.exercise, asked.words, form, asked.exercise.mark(attempt_in(asked.exercise, form)))
    return visit.page("training_exercise.html", case=found, asked=told, address=visit.request.url.path)


def _asked(visit: Visit, name: str, form: Form) -> tuple[TeachingCase, Asked]:
    case = teaching_cases(visit.service.settings).get(name)
    if case is None:
        raise Refused(404, [fault("there is no such exercise")])
    words = LessonWords(visit.speech, visit.service.engine.pack)
    return case, Asked(Exercise(lesson_on(visit.service, case, visit.session.workspace)), words, form)
