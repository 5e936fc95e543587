"""The interview without a terminal: the order of questions, the way back, contradictions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.cases.casefile import CaseFile
from api.cases.session import Interview, Question
from engine.assess import Engine
from engine.errors import InputProblems
from tests.api.support import write

STARTED = "assessed_on: 1950-06-01\nfacts:\n  requesting_state: AND\n  requested_state: MCO\n"
ANSWERS: dict[str, Any] = {
    "mill_feared": "no",
    "stuffing": "wool",
    "age": 3,
    "marks": [],
    "nap_wanted": "no",
    "homes": [],
    "sleepiness_finding": "none_made",
    "broke_vase": "yes",
}


@pytest.fixture
def interview(tmp_path: Path, toy_engine: Engine) -> Interview:
    return Interview(toy_engine, CaseFile.open(Path(write(tmp_path, STARTED))))


def name(question: Question | None) -> str:
    """What a question asks about."""
    assert question is not None
    return question.fact.id if question.fact else question.part


def answer_all(interview: Interview) -> list[str]:
    """Answer everything as the table says; the names in the order asked."""
    asked = []
    while question := interview.question():
        asked.append(name(question))
        if question.listed:
            items = [{"id": "vase", "title": "The vase"}] if question.listed.needs_items else []
            interview.list_items(question, items)
        else:
            interview.answer(question, ANSWERS.get(asked[-1], "unknown"))
    return asked


def test_what_the_request_names_is_asked_first(interview: Interview) -> None:
    assert name(interview.question()) == "counts"


def test_it_ends_when_nothing_unknown_can_change_the_outcome(interview: Interview) -> None:
    asked = answer_all(interview)
    assert interview.determined
    assert len(asked) == len(set(asked))
    assert "ground_up" not in asked, "closed by the wider question whether the mill is feared"
    assert interview.answers == len(asked) + 1, "a listed offence is one more answer"


def test_a_question_answered_with_unknown_is_not_asked_again(interview: Interview) -> None:
    question = _after_the_list(interview)
    interview.answer(question, "unknown")
    assert name(interview.question()) != name(question)
    again = Interview(interview.engine, CaseFile.open(interview.file.path))
    assert name(again.question()) != name(question)


def test_a_skipped_question_comes_again_another_day(interview: Interview) -> None:
    question = _after_the_list(interview)
    interview.skip(question)
    assert name(interview.question()) != name(question)
    again = Interview(interview.engine, CaseFile.open(interview.file.path))
    assert name(again.question()) == name(question)


def test_back_takes_back_answers_and_skips_one_by_one(interview: Interview) -> None:
    before = interview.file.path.read_text("utf-8")
    first = _after_the_list(interview)
    interview.answer(first, "yes")
    second = interview.question()
    assert second is not None
    interview.skip(second)
    assert interview.back()
    assert interview.question() == second
    assert interview.back()
    assert interview.question() == first
    assert interview.back()
    assert interview.answers == 0
    assert interview.file.path.read_text("utf-8") == before
    assert not interview.back()


def test_going_on_another_day_asks_what_would_have_come_next(interview: Interview) -> None:
    question = _after_the_list(interview)
    interview.answer(question, "no")
    wanted = interview.question()
    again = Interview(interview.engine, CaseFile.open(interview.file.path))
    assert again.question() == wanted


def test_an_answer_that_contradicts_is_not_taken(interview: Interview) -> None:
    question = _after_the_list(interview)
    assert name(question) == "mill_feared"
    interview.answer(question, "no")
    facts = interview.engine.pack.vocabulary.facts
    before = interview.file.path.read_text("utf-8")
    with pytest.raises(InputProblems, match="both cannot be right"):
        interview.answer(Question("case", 0, facts["ground_up"], None), "yes")
    assert interview.file.path.read_text("utf-8") == before


def test_items_that_cannot_stand_are_not_taken(interview: Interview) -> None:
    question = interview.question()
    assert question is not None
    with pytest.raises(InputProblems, match="have the id 'a'"):
        interview.list_items(question, [{"id": "a", "title": "A"}, {"id": "a", "title": "B"}])
    assert interview.answers == 0


def test_items_after_the_date_do_not_shift_the_ones_that_are_asked_about(tmp_path: Path, toy_engine: Engine) -> None:
    text = STARTED + (
        "counts: [{id: vase, broke_vase: yes}]\npromises:\n  - {id: late, promised_on: 1999-01-01}\n  - {id: early, promised_on: 1940-01-01}\n"
    )
    interview = Interview(toy_engine, CaseFile.open(Path(write(tmp_path, text))))
    asked = []
    while question := interview.question():
        asked.append((name(question), question.item))
        value = {"kind_promise": "yes", "mill_feared": "yes", "ground_up": "yes", "mill_closed": "no"}.get(
            name(question), "unknown"
        )
        if question.listed:
            interview.list_items(question, [])
        else:
            interview.answer(question, value)
    assert ("kind_promise", 1) in asked
    assert interview.case.items["promises"][1].findings["kind_promise"].value is True
    assert not interview.case.items["promises"][0].findings.get("kind_promise")


def test_another_day_of_assessment_may_be_given(tmp_path: Path, toy_engine: Engine) -> None:
    interview = Interview(
        toy_engine, CaseFile.open(Path(write(tmp_path, STARTED + "counts: [{id: a}]\n"))), date(1900, 1, 1)
    )
    assert interview.determined
    assert interview.question() is None


def _after_the_list(interview: Interview) -> Question:
    question = interview.question()
    assert question is not None
    interview.list_items(question, [{"id": "vase", "title": "The vase"}])
    following = interview.question()
    assert following is not None
    return following
