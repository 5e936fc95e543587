"""An exercise as a form: what is asked, reading what was given, and saying what was right, missed or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.service.service import Service
from api.training.cases import TeachingCase
from api.training.exercise import Attempt, Exercise, Marked
from api.training.lesson import Lesson
from api.training.making import make_lesson
from api.web.pages.forms import Form
from api.web.pages.training_words import LessonWords

#: Lessons of decided cases by pack and case; each is some hundred kilobytes.
_at_hand: dict[tuple[str, str], Lesson] = {}
MOST_AT_HAND = 16


@dataclass(frozen=True)
class Asked:
    """An exercise in the visitor's language, with what was given so far and how it was marked."""

    exercise: Exercise
    words: LessonWords
    form: Form
    marked: Marked | None = None


def attempt_in(exercise: Exercise, form: Form) -> Attempt:
    """What a form's fields give; what is not one of the choices counts as not given."""
    numbers = {str(number): number for number in range(1, len(exercise.keys) + 1)}
    order: Mapping[int, int] = {
        index: numbers[form.one(f"order-{index}")]
        for index in range(len(exercise.keys))
        if form.one(f"order-{index}") in numbers
    }
    grounds = {one.id: form.one(f"ground-{one.id}") for one in exercise.grounds}
    return Attempt(form.one("outcome"), grounds, order)


def lesson_on(service: Service, case: TeachingCase, whose: str) -> Lesson:
    """The lesson of a decided case, chained once and then at hand."""
    key = (service.engine.pack.digest, case.id)
    if key not in _at_hand:
        if len(_at_hand) >= MOST_AT_HAND:
            _at_hand.pop(next(iter(_at_hand)), None)
        _at_hand[key] = make_lesson(service.engine, service.assessor, case.document, case.on, case.reading, whose=whose)
    return _at_hand[key]
