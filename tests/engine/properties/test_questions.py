"""Asking in order always comes to an end, and at the end nothing more could be learnt by asking."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess import Engine, Weighed
from engine.errors import InputProblems
from engine.reasoning.variations import UNLISTED, Candidate
from tests.engine.properties.strategies import DATED, DAYS, STATES, engines, raw_values, weigh_data, weighings


def answered(engine: Engine, data: dict[str, Any], asked: Candidate, answer: Any) -> dict[str, Any]:
    """The case data with one more answer, as an interview would write it down."""
    part, index = asked.place
    if index == UNLISTED:
        return {**data, part: answer}
    if part == "case":
        return {**data, "facts": {**data["facts"], asked.fact: answer}}
    items = [dict(item) for item in data.get(part) or [{"id": "first"}]]
    items[index][asked.fact] = answer
    return {**data, part: items}


def accept(engine: Engine, data: dict[str, Any], asked: Candidate, answer: Any) -> tuple[dict[str, Any], Weighed]:
    """Take the answer, or *unknown* (or no list) where it contradicts what was said before."""
    more = answered(engine, data, asked, answer)
    try:
        return more, weigh_data(engine, more)
    except InputProblems:
        more = answered(engine, data, asked, [] if asked.place[1] == UNLISTED else "unknown")
        return more, weigh_data(engine, more)


@settings(max_examples=120)
@given(st.data())
def test_asking_and_answering_in_order_ends_when_nothing_more_can_be_learnt(data: Any) -> None:
    engine = data.draw(engines())
    case = data.draw(weighings(engine, readings=False))
    facts, weighed = case.data, case.weighed
    vocabulary = engine.pack.vocabulary
    asked: list[tuple[Any, str]] = []
    while ranked := engine.ranked(weighed):
        first = ranked[0].candidate
        assert (first.place, first.fact) not in asked, "asked twice"
        asked.append((first.place, first.fact))
        if first.place[1] == UNLISTED:
            item = {
                "id": "new",
                **{
                    name: DAYS[0]
                    for name in DATED
                    if name in vocabulary.facts and vocabulary.facts[name].scope == first.place[0]
                },
            }
            answer = data.draw(st.sampled_from([[], [item]]))
        else:
            of = vocabulary.facts[first.fact]
            answer = data.draw(st.sampled_from(STATES) if of.type == "state" else raw_values(of) | st.just("unknown"))
        facts, weighed = accept(engine, facts, first, answer)
    assert nothing_left(engine, weighed)


def nothing_left(engine: Engine, weighed: Weighed) -> bool:
    """The outcome is settled, or what is left was asked and is not known, or only the register could tell."""
    both = weighed.evaluation
    low, high = engine.judge.range(both.strict, both.strict_columns).bounds()
    if low is high:
        return True
    needs = weighed.relevance.needs
    return all(need.instrument or weighed.read.finding(need.place, need.fact) is not None for need in needs)


@settings(max_examples=60)
@given(st.data())
def test_every_question_names_grounds_that_hang_on_it(data: Any) -> None:
    engine = data.draw(engines())
    case = data.draw(weighings(engine))
    for question in engine.questions(case.weighed):
        assert question.hangs
        assert question.question
