"""A lesson is the trace: every step follows from what was shown before, and says the same as the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from api.service.service import Here
from api.training.anonymous import anonymised
from api.training.cases import TeachingCase
from api.training.lesson import Lesson
from api.training.making import make_lesson
from engine.assess import Engine
from engine.content.documents import Document
from engine.facts.columns import HERE
from engine.reasoning.wording import place_label

NAMES = ["Baysakov", "Dzhaksybergenov", "Kaboulov"]


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_evaluated_again_to_the_same_conclusion_in_order(
    engine: Engine,
    name: str,
    lesson_of: Callable[[str], Lesson],
    case_of: Callable[[str], TeachingCase],
) -> None:
    lesson, case = lesson_of(name), case_of(name)
    weighed = engine.weigh(engine.read(Document(case.document, "case")), case.on, case.reading)
    columns = weighed.evaluation.strict_columns
    places = {
        place_label(engine.pack, weighed.read, place): place
        for part in engine.pack.vocabulary.parts
        for place in columns.places(part)
    }
    assert len(lesson.steps) > 20
    for step in lesson.steps:
        status = engine.prove(weighed, step.criterion, places.get(step.place, HERE)).status
        assert status == step.status or (status, step.status) == ("not_applicable", "not_met"), step.criterion
    assert [step.firing for step in lesson.steps] == sorted(step.firing for step in lesson.steps)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_no_step_rests_on_a_later_one(name: str, whole: bool, lesson_of: Callable[[str], Lesson]) -> None:
    walked = lesson_of(name).walked(whole=whole)
    assert [step.number for step in walked] == list(range(1, len(walked) + 1))
    for step in walked:
        assert all(premise.step < step.number for premise in step.premises)
    met = [
        (one.name, one.holds, one.step)
        for step in walked
        for one in step.premises
        if one.kind == "criterion" and one.step
    ]
    assert met or name == "Dzhaksybergenov"
    assert all((walked[at - 1].status == "met") is holds for _, holds, at in met)


def test_every_step_has_facts_a_rule_and_a_citation(lesson_of: Callable[[str], Lesson]) -> None:
    for step in lesson_of("Baysakov").steps:
        assert step.premises or step.criterion.startswith("concepts.")
        assert step.rule
        assert step.citations or step.criterion.startswith("concepts.")
        assert step.sentence


@pytest.mark.parametrize(("name", "effect"), [("Baysakov", "absolute_bar"), ("Dzhaksybergenov", "suspension")])
def test_the_main_line_leads_to_every_ground_that_carries_the_outcome(
    name: str, effect: str, lesson_of: Callable[[str], Lesson]
) -> None:
    lesson = lesson_of(name)
    walked = lesson.walked(whole=False)
    assert 6 <= len(walked) <= 10
    carrying = {step.about for step in lesson.steps if step.effect == effect and step.status == "met"}
    assert carrying
    assert carrying <= {step.about for step in walked}


def test_the_main_line_shows_the_branches_that_failed_and_what_would_weigh_more(
    lesson_of: Callable[[str], Lesson],
) -> None:
    ladder = {f"echr.art03_{rung}" for rung in ("general_violence", "detainees", "individual")}
    for name in NAMES:
        walked = {step.criterion: step.status for step in lesson_of(name).walked(whole=False)}
        assert ladder <= walked.keys()
    assert {walked[rung] for rung in ladder} == {"not_met", "met"}


def test_an_anonymised_copy_answers_alike_and_has_no_word_of_the_case(engine: Engine) -> None:
    document = {
        "case": "CANARY-REF",
        "title": "CANARY-TITLE",
        "notes": "CANARY-NOTES",
        "assessed_on": "2020-01-13",
        "exhibits": {"canary-exhibit": {"title": "CANARY-EXHIBIT", "author": "CANARY-AUTHOR"}},
        "facts": {
            "requesting_state": "KAZ",
            "requested_state": "UKR",
            "state_dispelled_doubts": {
                "value": "no",
                "standing": "asserted",
                "by": "CANARY-NAME",
                "note": "CANARY-NOTE",
                "exhibits": ["canary-exhibit"],
            },
        },
        "counts": [{"id": "canary-count", "title": "CANARY-COUNT", "offence_class": ["ordinary_violent"]}],
    }
    copy = anonymised(document, engine.pack.vocabulary)
    assert "canary" not in json.dumps(copy).lower()
    lessons = [make_lesson(engine, Here(engine), one, date(2020, 1, 13)) for one in (document, copy)]
    assert "canary" not in lessons[1].model_dump_json().lower()
    assert [(one.criterion, one.status) for one in lessons[0].steps] == [
        (one.criterion, one.status) for one in lessons[1].steps
    ]
    assert lessons[0].outcome == lessons[1].outcome
