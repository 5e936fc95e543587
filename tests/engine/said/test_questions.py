"""Next questions in words."""

from __future__ import annotations

from engine.assess import Engine
from tests.engine.said.toy import PLAIN, ask


def test_a_question_says_what_is_asked_what_proves_it_and_what_hangs_on_it(toy_engine: Engine) -> None:
    facts = {k: v for k, v in PLAIN.items() if k not in ("nap_wanted", "sleepiness_finding")}
    answer = ask(toy_engine, {**facts, "nap_status": "over", "sleepiness_finding": "none_made"})
    (sleepy,) = answer.next_questions
    assert (sleepy.fact, sleepy.question, sleepy.help, sleepy.theme, sleepy.type) == (
        "sleepy",
        "Is the doll sleepy?",
        "Yawning is a sign.",
        "Naps",
        "yes_no",
    )
    assert sleepy.proof == ("yawns",)
    assert sleepy.hangs == ("toy-1900.sleepy_doll",)


def test_a_gate_is_asked_before_what_hangs_on_it_and_carries_its_grounds(toy_engine: Engine) -> None:
    questions = {question.fact: question for question in ask(toy_engine).next_questions}
    order = list(questions)
    assert order.index("mill_feared") < order.index("ground_up")
    assert questions["mill_feared"].hangs == ("toy-1900.mill",)


def test_a_choice_offers_its_values_and_a_number_its_unit(toy_engine: Engine) -> None:
    questions = {question.fact: question for question in ask(toy_engine).next_questions}
    assert questions["stuffing"].values == {"rag": "Rags", "wool": "Wool"}
    assert questions["age"].unit == "years"


def test_a_whole_list_can_be_asked_for(toy_engine: Engine) -> None:
    facts = {**PLAIN, "mill_feared": True, "ground_up": True, "mill_closed": False}
    questions = ask(toy_engine, facts).next_questions
    assert [(q.fact, q.type, q.question) for q in questions] == [("promises", "list", "Which promises?")]
    assert questions[0].hangs == ("toy-1900.mill",)


def test_a_list_from_which_a_fact_follows_carries_the_grounds_of_that_fact(toy_engine: Engine) -> None:
    facts = {name: value for name, value in PLAIN.items() if name not in ("nap_wanted", "sleepiness_finding")}
    questions = ask(toy_engine, {**facts, "nap_wanted": True, "sleepiness_finding": "not_met"}).next_questions
    assert [(question.fact, question.type) for question in questions] == [("nap_steps", "list")]
    assert questions[0].hangs == ("toy-1900.nap",)


def test_a_question_about_a_count_names_it(toy_engine: Engine) -> None:
    assert [q.fact for q in ask(toy_engine, PLAIN, counts=[{"id": "cup"}]).next_questions] == ["counts[cup].broke_vase"]


def test_a_settled_case_leaves_nothing_to_ask(toy_engine: Engine) -> None:
    assert ask(toy_engine, PLAIN).next_questions == ()
