"""What is typed: values in every type, and words that steer."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cases.replies import (
    NotUnderstood,
    Value,
    how_to_answer,
    reply,
    value_typed,
)
from engine.facts.values import parse
from engine.facts.vocabulary import Fact


def fact(kind: str, **more: Any) -> Fact:
    """A fact of one type."""
    values = {"rag": "Rags", "wool": "Wool from sheep", "straw": "Straw"} if kind in ("choice", "set") else {}
    return Fact(id="f", question="?", type=kind, values=values, review="known", theme="t", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "written"),
    [
        ("yes_no", "yes", "yes"),
        ("yes_no", " Y ", "yes"),
        ("yes_no", "N", "no"),
        ("choice", "wool", "wool"),
        ("choice", "2", "wool"),
        ("choice", "wool fr", "wool"),
        ("choice", "STRAW", "straw"),
        ("set", "rag, 3", ["rag", "straw"]),
        ("set", "1,1", ["rag"]),
        ("set", "none", []),
        ("number", "12", 12),
        ("number", "2,5", 2.5),
        ("date", "2020-01-13", date(2020, 1, 13)),
        ("state", "Monaco", "MCO"),
        ("state", "mco", "MCO"),
        ("states", "Monaco, AND", ["MCO", "AND"]),
        ("states", "none", []),
    ],
)
def test_a_value_is_read_as_a_case_file_writes_it(kind: str, typed: str, written: Any) -> None:
    assert reply(typed, fact(kind)) == Value(written)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("?", "unknown"),
        ("Not known", "unknown"),
        ("d", "disputed"),
        ("SKIP", "skip"),
        ("b", "back"),
        ("q", "quit"),
        ("why", "why"),
        ("h", "help"),
    ],
)
@pytest.mark.parametrize("kind", ["yes_no", "choice", "set", "number", "date", "state", "states"])
def test_words_that_steer_do_so_at_every_question(kind: str, typed: str, means: str) -> None:
    assert reply(typed, fact(kind)) == means


def test_a_value_of_the_fact_wins_over_a_word_that_steers() -> None:
    asked = fact("choice").model_copy(update={"values": {"disputed": "Disputed", "clear": "Clear"}})
    assert reply("disputed", asked) == Value("disputed")


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("yes_no", "perhaps", "Write yes, no"),
        ("yes_no", "", "Type an answer"),
        ("choice", "9", "from 1 to 3"),
        ("choice", "0", "from 1 to 3"),
        ("choice", "x", "from 1 to 3"),
        ("set", "rag, silk", "from 1 to 3"),
        ("number", "many", "is not a number"),
        ("number", "nan", "is not a number"),
        ("number", "1e999", "is not a number"),
        ("date", "13.1.2020", "is not a date"),
        ("date", "2020-13-01", "is not a date"),
        ("state", "Atlantis", "is not a State"),
        ("states", "MCO, Atlantis", "is not a State"),
    ],
)
def test_what_is_no_answer_is_said(kind: str, typed: str, words: str) -> None:
    with pytest.raises(NotUnderstood, match=words):
        reply(typed, fact(kind))


@given(st.text(max_size=30), st.sampled_from(["yes_no", "choice", "set", "number", "date", "state", "states"]))
def test_anything_typed_is_a_value_the_engine_takes_or_is_refused_in_words(typed: str, kind: str) -> None:
    with contextlib.suppress(NotUnderstood):
        parse(fact(kind), value_typed(typed.strip(), fact(kind)))


def test_each_type_says_how_to_answer() -> None:
    assert how_to_answer(fact("number", unit="months")) == "a number of months"
