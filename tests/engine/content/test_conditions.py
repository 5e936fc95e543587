"""The closed vocabulary of conditions: each form has one meaning, and nothing else can be written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.content.conditions import (
    All,
    AnyOf,
    Applies,
    Atom,
    Condition,
    ConditionParser,
    Not,
    Quantified,
    Ref,
    walk,
    word,
)
from engine.content.documents import Document, read_bytes


def parse(data: Any) -> Condition:
    parser = ConditionParser(Document(data, "f"))
    condition = parser.parse(data, ())
    assert not parser.problems
    return condition


def problems(data: Any) -> list[str]:
    parser = ConditionParser(Document(data, "f"))
    parser.parse(data, ())
    return [f"{problem.pointer}: {problem.message}" for problem in parser.problems]


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("risk", Atom("yes", ("risk",))),
        ({"not": "risk"}, Not(Atom("yes", ("risk",)))),
        ({"all": ["a", "b"]}, All((Atom("yes", ("a",)), Atom("yes", ("b",))))),
        ({"any": ["a"]}, AnyOf((Atom("yes", ("a",)),))),
        ({"criterion": "cat.risk"}, Ref("cat.risk")),
        ({"presumption": "cat.past_harm"}, Applies("cat.past_harm")),
        ({"is": {"kind": "rag"}}, Atom("in", ("kind",), ("rag",))),
        ({"is": {"kind": True}}, Atom("in", ("kind",), ("yes",))),
        ({"in": {"kind": ["wool", "rag", False]}}, Atom("in", ("kind",), ("no", "rag", "wool"))),
        ({"includes": {"marks": "red"}}, Atom("includes", ("marks",), ("red",))),
        ({"includes_any": {"marks": ["red", "blue"]}}, Atom("includes", ("marks",), ("blue", "red"))),
        ({"nonempty": "marks"}, Atom("nonempty", ("marks",))),
        ({"compare": {"fact": "age", "op": ">=", "value": 10}}, Atom("compare", ("age",), (">=", 10))),
        ({"same_state": ["a", "b"]}, Atom("same_state", ("a", "b"))),
        ({"state_in": {"state": "a", "set": "b"}}, Atom("state_in", ("a", "b"))),
        ({"bound": {"instrument": "toy"}}, Atom("bound", (), ("toy", "pair"))),
        ({"bound": {"instrument": "toy", "state": "a"}}, Atom("bound", (), ("toy", "a"))),
        ({"bound": {"instrument": "toy", "day": "d"}}, Atom("bound", ("d",), ("toy", "pair"))),
        ({"declared": {"instrument": "toy", "tag": "t", "state": "a"}}, Atom("declared", (), ("toy", "t", "a"))),
        ({"variant": {"q": False}}, Atom("variant", (), ("q", "no"))),
        ({"some": {"in": "counts", "that": "a"}}, Quantified("some", "counts", Atom("yes", ("a",)))),
        ({"every": {"in": "counts", "that": "a"}}, Quantified("every", "counts", Atom("yes", ("a",)))),
        ({"latest": {"in": "steps", "that": "a"}}, Quantified("latest", "steps", Atom("yes", ("a",)))),
        (
            {"date": {"fact": "d", "op": "<", "than": date(2000, 1, 1)}},
            Atom("date", ("d",), ("<", date(2000, 1, 1), 0, 0)),
        ),
        (
            {"date": {"fact": "d", "op": ">", "than": "assessed_on", "plus_days": 3, "plus_months": -2}},
            Atom("date", ("d", "assessed_on"), (">", None, 3, -2)),
        ),
    ],
)
def test_each_form_has_one_meaning(written: Any, meaning: Condition) -> None:
    assert parse(written) == meaning


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (5, ": a condition is a fact name or a mapping with one key"),
        ({}, ": a condition is a fact name or a mapping with one key"),
        ({"all": ["a"], "any": ["b"]}, ": a condition is a fact name or a mapping with one key"),
        ({"maybe": "a"}, ": 'maybe' is not a condition"),
        ({"all": []}, "/all: needs a list with at least one condition"),
        ({"any": "a"}, "/any: needs a list with at least one condition"),
        ({"criterion": ["a"]}, "/criterion: needs the id of a criterion"),
        ({"is": "rag"}, "/is: needs exactly one fact with its value"),
        ({"is": {"a": "x", "b": "y"}}, "/is: needs exactly one fact with its value"),
        ({"is": {"kind": 5}}, "/is: 'kind' is tested for words; this is something else"),
        ({"is": {"kind": ["rag"]}}, "/is: 'kind' is tested for words; this is something else"),
        ({"in": {"kind": ["rag", 3]}}, "/in: 'kind' is tested for words; this is something else"),
        ({"in": {"kind": "rag"}}, "/in: 'kind' needs a list of values"),
        ({"includes_any": {"marks": []}}, "/includes_any: 'marks' needs a list of values"),
        ({"nonempty": ["marks"]}, "/nonempty: needs a fact name"),
        ({"compare": {"fact": "age", "op": ">="}}, "/compare: needs fact, op, value"),
        ({"compare": ["age"]}, "/compare: needs fact, op, value"),
        ({"compare": {"fact": ["age"], "op": ">=", "value": 1}}, "/compare/fact: 'fact' needs one word"),
        (
            {"compare": {"fact": "age", "op": "=>", "value": 1}},
            "/compare: compares a number fact with a number by one of >=, >, <=, <, ==",
        ),
        (
            {"compare": {"fact": "age", "op": ">=", "value": True}},
            "/compare: compares a number fact with a number by one of >=, >, <=, <, ==",
        ),
        (
            {"compare": {"fact": "age", "op": ">=", "value": "12"}},
            "/compare: compares a number fact with a number by one of >=, >, <=, <, ==",
        ),
        (
            {"date": {"fact": "d", "op": "<", "than": 5}},
            "/date: compares a date fact with a date, a date fact or assessed_on",
        ),
        (
            {"date": {"fact": "d", "op": "<", "than": "e", "plus_days": "3"}},
            "/date: compares a date fact with a date, a date fact or assessed_on",
        ),
        (
            {"date": {"fact": "d", "op": "<", "than": "e", "plus_years": 3}},
            "/date: needs fact, op, than; may have plus_days, plus_months",
        ),
        ({"date": {"fact": 3, "op": "<", "than": "e"}}, "/date/fact: 'fact' needs one word"),
        ({"same_state": ["a"]}, "/same_state: needs two State facts"),
        ({"same_state": "a"}, "/same_state: needs two State facts"),
        ({"state_in": {"state": "a"}}, "/state_in: needs set, state"),
        ({"state_in": {"state": "a", "set": ["b"]}}, "/state_in/set: 'set' needs one word"),
        ({"bound": "toy"}, "/bound: needs instrument; may have day, state"),
        ({"bound": {"instrument": "toy", "state": 1}}, "/bound/state: 'state' needs one word"),
        ({"declared": {"instrument": "toy", "tag": "t"}}, "/declared: needs instrument, state, tag"),
        ({"variant": {"q": ["x"]}}, "/variant: needs one word"),
        ({"variant": "q"}, "/variant: needs exactly one fact with its value"),
        ({"some": {"in": "counts"}}, "/some: needs in, that"),
        ({"every": {"in": ["counts"], "that": "a"}}, "/every/in: 'in' needs one word"),
        ({"not": {"perhaps": "a"}}, "/not: 'perhaps' is not a condition"),
        ({"some": {"in": "counts", "that": {"all": []}}}, "/some/that/all: needs a list with at least one condition"),
    ],
)
def test_anything_else_is_refused_at_its_place(written: Any, said: str) -> None:
    assert problems(written) == [said]


def test_several_problems_of_one_condition_are_all_reported() -> None:
    assert problems({"all": [5, {"maybe": 1}, {"not": {"all": []}}]}) == [
        "/all/0: a condition is a fact name or a mapping with one key",
        "/all/1: 'maybe' is not a condition",
        "/all/2/not/all: needs a list with at least one condition",
    ]


def test_a_problem_has_the_line_of_the_condition() -> None:
    document = read_bytes(b"when:\n  all:\n    - risk\n    - perhaps: x\n", "f")
    parser = ConditionParser(document)
    parser.parse(document.data["when"], ("when",))
    assert [(problem.line, problem.pointer) for problem in parser.problems] == [(4, "/when/all/1")]


def test_the_fix_lists_every_word_there_is() -> None:
    parser = ConditionParser(Document(5, "f"))
    parser.parse(5, ())
    assert parser.problems[0].fix == (
        "Use one of all, any, bound, compare, criterion, date, declared, every, in, includes, includes_any, is, "
        "latest, nonempty, not, presumption, same_state, some, state_in, variant"
    )


def test_walking_visits_every_part_once_from_the_top() -> None:
    condition = parse({"all": [{"not": "a"}, {"some": {"in": "counts", "that": {"any": ["b", {"criterion": "c"}]}}}]})
    assert [type(node).__name__ for node in walk(condition)] == [
        "All",
        "Not",
        "Atom",
        "Quantified",
        "AnyOf",
        "Atom",
        "Ref",
    ]


def test_yes_and_no_are_words_again() -> None:
    assert (word(True), word(False), word("yes"), word(3)) == ("yes", "no", "yes", 3)
