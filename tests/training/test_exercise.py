"""Exercises and votes: what is right comes from the engine, and the way of reasoning is marked."""

from __future__ import annotations

from collections.abc import Callable

from api.training.exercise import Attempt, Exercise
from api.training.lesson import Lesson
from api.training.votes import about_next, about_outcome, next_ground, tally
from engine.reasoning.outcome import Outcome


def right_order(exercise: Exercise) -> dict[int, int]:
    """The order in which the criteria fired."""
    fired = sorted(range(len(exercise.keys)), key=lambda index: exercise.keys[index].firing)
    return {index: place for place, index in enumerate(fired, 1)}


def perfect(exercise: Exercise) -> Attempt:
    """The attempt of somebody who reasons as the engine does."""
    grounds = {one.id: one.status for one in exercise.grounds}
    return Attempt(exercise.lesson.outcome.value, grounds, right_order(exercise))


def test_reasoning_as_the_engine_does_is_all_right(lesson_of: Callable[[str], Lesson]) -> None:
    for name in ("Baysakov", "Dzhaksybergenov", "Kaboulov"):
        exercise = Exercise(lesson_of(name))
        marked = exercise.mark(perfect(exercise))
        assert {mark.verdict for mark in marked.all} == {"right"}


def test_the_right_outcome_on_a_wrong_path_is_not_all_right(lesson_of: Callable[[str], Lesson]) -> None:
    exercise = Exercise(lesson_of("Baysakov"))
    turned = {index: len(exercise.keys) + 1 - place for index, place in right_order(exercise).items()}
    marked = exercise.mark(Attempt("inadmissible", perfect(exercise).grounds, turned))
    assert marked.outcome.verdict == "right"
    assert marked.order
    assert {mark.verdict for mark in marked.order} == {"wrong"}


def test_what_is_not_given_is_missed_and_what_is_no_choice_counts_as_not_given(
    lesson_of: Callable[[str], Lesson],
) -> None:
    exercise = Exercise(lesson_of("Baysakov"))
    marked = exercise.mark(Attempt("perhaps", {exercise.grounds[0].id: "hardly"}, {}))
    assert {mark.verdict for mark in marked.all} == {"missed"}


def test_a_wrong_ground_says_what_was_given_and_what_is_right(lesson_of: Callable[[str], Lesson]) -> None:
    exercise = Exercise(lesson_of("Baysakov"))
    ground = next(one for one in exercise.grounds if one.status == "met")
    marked = exercise.mark(Attempt("", {ground.id: "open"}, {}))
    wrong = [mark for mark in marked.all if mark.verdict == "wrong"]
    assert [(mark.about[0], mark.given, mark.right) for mark in wrong] == [(ground.id, "open", "met")]


def test_the_key_criteria_rest_on_one_another(lesson_of: Callable[[str], Lesson]) -> None:
    exercise = Exercise(lesson_of("Baysakov"))
    assert len(exercise.keys) >= 3
    for before, after in exercise.rests:
        assert exercise.keys[before].firing < exercise.keys[after].firing


def test_the_next_ground_is_the_right_option_and_its_place_says_nothing(lesson_of: Callable[[str], Lesson]) -> None:
    lesson = lesson_of("Baysakov")
    walked = lesson.walked(whole=False)
    for at in range(len(walked)):
        question = about_next(lesson, walked, 1, at)
        right = next_ground(walked, at)
        if question is None or right is None:
            continue
        assert question.options[question.right].id == right.criterion
        assert [one.text for one in question.options] == sorted(one.text for one in question.options)
        assert not {one.criterion for one in walked[:at]} & {one.id for one in question.options}
    assert about_next(lesson, walked, 1, len(walked)) is None


def test_the_outcome_asked_for_is_that_of_the_lesson(lesson_of: Callable[[str], Lesson]) -> None:
    question = about_outcome(lesson_of("Dzhaksybergenov"), 1, 1)
    assert Outcome(question.options[question.right].id) is lesson_of("Dzhaksybergenov").outcome
    assert tally(question, [0, 0, 3, 99]) == [2, 0, 0, 1, 0, 0]
