"""Values of facts: what may be written for each type, and what is said about anything else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from engine.assess import Engine
from engine.facts.values import BadValue, hint, nearest, parse, parse_date, plain, show, state_code, state_name
from tests.engine.support import fact

NUMBER = fact("term", "number", unit="months", minimum=0, maximum=600)
CHOICE = fact("stage", "choice", values={"first": "First stage", "final": "Final stage", "no": "None"})
SET = fact("marks", "set", values={"red": "Red", "blue": "Blue"})


@pytest.mark.parametrize(
    ("of", "raw", "value"),
    [
        (fact("f"), True, True),
        (fact("f"), "no", False),
        (fact("f"), "yes", True),
        (CHOICE, "final", "final"),
        (CHOICE, False, "no"),
        (SET, ["red", "blue", "red"], frozenset({"red", "blue"})),
        (SET, [], frozenset()),
        (SET, ["none"], frozenset()),
        (NUMBER, 12, 12),
        (NUMBER, 12.0, 12),
        (NUMBER, 0.5, 0.5),
        (NUMBER, 0, 0),
        (NUMBER, 600, 600),
        (fact("d", "date"), "2020-02-29", date(2020, 2, 29)),
        (fact("d", "date"), date(2020, 2, 29), date(2020, 2, 29)),
        (fact("s", "state"), "AND", "AND"),
        (fact("s", "states"), ["MCO", "AND"], frozenset({"AND", "MCO"})),
        (fact("s", "states"), [], frozenset()),
    ],
)
def test_what_may_be_written(of: Any, raw: Any, value: Any) -> None:
    parsed = parse(of, raw)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("of", "raw", "said"),
    [
        (fact("f"), 1, "'1' is not an answer to a yes/no question. Write yes, no or unknown"),
        (fact("f"), ["yes"], "is not an answer to a yes/no question"),
        (fact("f"), "Yes", "is not an answer to a yes/no question"),
        (CHOICE, "finale", "'finale' is not a value of this fact. Did you mean 'final'?"),
        (CHOICE, "zzz", "Use one of: first, final, no"),
        (CHOICE, True, "is not a value of this fact"),
        (CHOICE, 3, "'3' is not a value of this fact"),
        (SET, "red", "needs a list, for example [red], or [] for none"),
        (SET, ["rd"], "'rd' is not a value of this fact. Did you mean 'red'?"),
        (SET, [["red"]], "is not a value of this fact"),
        (NUMBER, True, "'True' is not a number (of months)"),
        (NUMBER, "12", "'12' is not a number (of months)"),
        (NUMBER, float("nan"), "'nan' is not a number (of months)"),
        (NUMBER, float("inf"), "'inf' is not a number (of months)"),
        (NUMBER, -1, "'-1' is below 0 months"),
        (NUMBER, 600.5, "'600.5' is above the largest value accepted"),
        (NUMBER, 10**400, "is above the largest value accepted"),
        (NUMBER, None, "'None' is not a number (of months)"),
        (fact("n", "number"), 1e9 + 1, "is above the largest value accepted"),
        (fact("n", "number"), -(10**400), "is above the largest value accepted"),
        (fact("d", "date"), "2020-2-1", "is not a date. Write it as year-month-day, for example 2020-01-13"),
        (fact("d", "date"), "2021-02-29", "'2021-02-29' is not a date"),
        (fact("d", "date"), "2020-W03-1", "'2020-W03-1' is not a date"),
        (fact("d", "date"), datetime(2020, 1, 1, 10, 0), "is not a date"),  # noqa: DTZ001
        (fact("d", "date"), 20200113, "is not a date"),
        (fact("s", "state"), "and", "'and' is not a State code of three letters (ISO 3166). Did you mean AND?"),
        (fact("s", "state"), "Monaco", "Did you mean MCO?"),
        (fact("s", "state"), "MC", "Did you mean MCO?"),
        (fact("s", "state"), "ZZZ", "'ZZZ' is not a State code"),
        (fact("s", "state"), 7, "'7' is not a State code"),
        (fact("s", "states"), "AND", "needs a list of State codes, for example [KAZ], or [] for none"),
        (fact("s", "states"), ["AND", "Andora"], "Did you mean AND?"),
    ],
)
def test_what_is_said_about_anything_else(of: Any, raw: Any, said: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse(of, raw)
    assert said in str(caught.value)


def test_a_long_input_is_not_repeated_in_full() -> None:
    with pytest.raises(BadValue) as caught:
        parse(fact("f"), "x" * 10_000)
    assert "x" * 41 not in str(caught.value)


def test_dates_are_strict() -> None:
    assert parse_date("1999-12-31") == date(1999, 12, 31)
    with pytest.raises(BadValue):
        parse_date("19991231")


@pytest.mark.parametrize(
    ("value", "of", "words"),
    [
        (None, None, "not known"),
        (True, None, "yes"),
        (False, None, "no"),
        ("final", CHOICE, "Final stage"),
        (frozenset({"red", "blue"}), SET, "Blue, Red"),
        (frozenset(), SET, "none"),
        (12, NUMBER, "12 months"),
        (date(2020, 1, 13), fact("d", "date"), "2020-01-13"),
        (frozenset({"MCO"}), None, "MCO"),
    ],
)
def test_values_are_shown_in_words(value: Any, of: Any, words: str) -> None:
    assert show(value, of) == words


def test_the_json_form_of_a_set_is_sorted_and_of_a_date_is_text() -> None:
    assert plain(frozenset({"b", "a"})) == ["a", "b"]
    assert plain(date(2020, 1, 13)) == "2020-01-13"
    assert plain(3) == 3


class TestHints:
    def test_the_nearest_name_is_offered(self) -> None:
        assert hint("torure_risk", ["torture_risk", "age"]) == "Did you mean 'torture_risk'?"

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("tortur_risk", "torture_risk_real"),
            ("arested_on", "arrested_on"),
            ("arrest_date", "arrested_on"),
            ("political", "political_profile"),
            ("stateless", "is_stateless"),
            ("asylum_state", "asylum_status"),
            ("nofact", ""),
        ],
    )
    def test_what_was_meant_among_the_facts_of_the_law(self, engine: Engine, typed: str, meant: str) -> None:
        assert nearest(typed, engine.pack.vocabulary.facts) == meant

    @pytest.mark.parametrize(
        ("typed", "article"),
        [("cat.art3", "cat.art03"), ("echr.art3", "echr.art03"), ("minsk.art57", "minsk-1993.art57")],
    )
    def test_an_article_as_lawyers_write_it_leads_to_that_article(
        self, engine: Engine, typed: str, article: str
    ) -> None:
        assert nearest(typed, engine.pack.criteria).startswith(article)

    def test_a_short_list_is_given_in_full_when_nothing_is_near(self) -> None:
        assert hint("zzzz", ["alpha", "beta"]) == "Use one of: alpha, beta"

    def test_a_long_list_is_not(self) -> None:
        assert hint("zzzz", [f"alpha{number}" for number in range(17)]) == ""

    @pytest.mark.parametrize("name", ["", "???", "💥", 12, None])
    def test_nothing_that_is_typed_breaks_it(self, name: object) -> None:
        assert isinstance(nearest(name, ["alpha", "beta"]), str)

    def test_no_names_no_hint(self) -> None:
        assert hint("x", []) == ""


class TestStates:
    def test_a_code_has_its_common_name(self) -> None:
        assert state_name("MCO") == "Monaco"

    def test_an_unknown_code_names_itself(self) -> None:
        assert state_name("XXX") == "XXX"

    def test_lower_case_is_not_a_code(self) -> None:
        with pytest.raises(BadValue):
            state_code("mco")
