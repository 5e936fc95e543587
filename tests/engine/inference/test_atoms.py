"""Atoms: each kind of test, on both sides of its boundary."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.content.conditions import Atom
from engine.content.declarations import Declaration
from engine.inference.atoms import Setting, constant, evaluate, facts_of, shifted
from engine.treaties.relations import Relations
from tests.engine.support import ASKS, DAY, HOLDS, make_pack, party, treaty, when

DECLARED = Declaration(state=HOLDS, article="1", kind="declaration", content="C", tags=("keeps",), review="known")
RELATIONS = Relations(
    make_pack(
        [],
        [],
        instruments=[
            treaty(
                "pair",
                {HOLDS: party(), ASKS: party(), "LIE": party(None, status="not_party")},
                declarations={"d": DECLARED},
            ),
            treaty("late", {HOLDS: party("2000-01-01"), ASKS: party(), "SMR": party(None)}),
            treaty(
                "alone",
                {HOLDS: party(), ASKS: party(None, status="not_party"), "SMR": party(None)},
                binds="requested_state",
            ),
        ],
    )
)
SETTING = Setting(DAY, {"v": "x"}, RELATIONS)


def holds(condition: Any, *values: Any) -> bool | None:
    atom = condition if isinstance(condition, Atom) else when(condition)
    assert isinstance(atom, Atom)
    return evaluate(atom, values, SETTING)


@pytest.mark.parametrize(
    ("condition", "values", "answer"),
    [
        ("f", (True,), True),
        ("f", (False,), False),
        ({"is": {"k": "a"}}, ("a",), True),
        ({"is": {"k": "a"}}, ("b",), False),
        ({"in": {"k": ["a", "b"]}}, ("b",), True),
        ({"in": {"k": ["a", "b"]}}, ("c",), False),
        ({"includes": {"s": "a"}}, (frozenset({"a", "b"}),), True),
        ({"includes": {"s": "a"}}, (frozenset({"b"}),), False),
        ({"includes": {"s": "a"}}, (frozenset(),), False),
        ({"includes_any": {"s": ["a", "c"]}}, (frozenset({"c"}),), True),
        ({"nonempty": "s"}, (frozenset({"c"}),), True),
        ({"nonempty": "s"}, (frozenset(),), False),
        ({"same_state": ["p", "q"]}, ("AND", "AND"), True),
        ({"same_state": ["p", "q"]}, ("AND", "MCO"), False),
        ({"state_in": {"state": "p", "set": "q"}}, ("AND", frozenset({"AND"})), True),
        ({"state_in": {"state": "p", "set": "q"}}, ("AND", frozenset()), False),
        ({"bound": {"instrument": "pair"}}, (HOLDS, ASKS), True),
        ({"bound": {"instrument": "pair"}}, (HOLDS, "SMR"), None),
        ({"bound": {"instrument": "alone"}}, (HOLDS,), True),
        ({"bound": {"instrument": "alone"}}, (ASKS,), False),
        ({"bound": {"instrument": "alone"}}, ("SMR",), None),
        ({"bound": {"instrument": "pair", "state": "requesting_state"}}, (ASKS,), True),
        ({"bound": {"instrument": "late", "day": "d"}}, (HOLDS, ASKS, date(2000, 1, 1)), True),
        ({"bound": {"instrument": "late", "day": "d"}}, (HOLDS, ASKS, date(1999, 12, 31)), False),
        ({"bound": {"instrument": "late", "day": "d"}}, (HOLDS, "SMR", date(2000, 1, 1)), None),
        ({"bound": {"instrument": "late", "day": "d", "state": "p"}}, (HOLDS, date(1999, 12, 31)), False),
        ({"declared": {"instrument": "pair", "tag": "keeps", "state": "p"}}, (HOLDS,), True),
        ({"declared": {"instrument": "pair", "tag": "keeps", "state": "p"}}, (ASKS,), None),
        ({"declared": {"instrument": "pair", "tag": "keeps", "state": "p"}}, ("LIE",), False),
        ({"declared": {"instrument": "pair", "tag": "gives", "state": "p"}}, (HOLDS,), None),
        ({"variant": {"v": "x"}}, (), True),
        ({"variant": {"v": "y"}}, (), False),
    ],
)
def test_each_kind_of_test(condition: Any, values: tuple[Any, ...], answer: bool | None) -> None:
    assert holds(condition, *values) is answer


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        (">=", False, True, True),
        (">", False, False, True),
        ("<=", True, True, False),
        ("<", True, False, False),
        ("==", False, True, False),
    ],
)
class TestBoundaries:
    def test_a_number(self, op: str, below: bool, at: bool, above: bool) -> None:
        condition = {"compare": {"fact": "n", "op": op, "value": 12}}
        assert (holds(condition, 11.5), holds(condition, 12), holds(condition, 12.5)) == (below, at, above)

    @pytest.mark.parametrize("than", ["fixed", "fact", "assessed_on"])
    def test_a_date(self, op: str, below: bool, at: bool, above: bool, than: str) -> None:
        other = {"fixed": DAY, "fact": "e", "assessed_on": "assessed_on"}[than]
        condition = {"date": {"fact": "d", "op": op, "than": other}}
        more = (DAY,) if than == "fact" else ()
        answers = [holds(condition, date(2020, 1, day), *more) for day in (12, 13, 14)]
        assert answers == [below, at, above]

    def test_a_shifted_date(self, op: str, below: bool, at: bool, above: bool) -> None:
        condition = {"date": {"fact": "d", "op": op, "than": "assessed_on", "plus_months": 1, "plus_days": 17}}
        answers = [holds(condition, date(2020, *day)) for day in ((2, 29), (3, 1), (3, 2))]
        assert answers == [below, at, above]


class TestWithin:
    @pytest.mark.parametrize(
        ("start", "end", "answer"),
        [
            (None, None, True),
            (DAY, None, True),
            (date(2020, 1, 14), None, False),
            (None, DAY, True),
            (None, date(2020, 1, 12), False),
            (DAY, DAY, True),
        ],
    )
    def test_a_reading_holds_from_its_first_to_its_last_day(self, start: Any, end: Any, answer: bool) -> None:
        assert constant(Atom("within", (), (start, end)), SETTING) is answer


class TestShifted:
    @pytest.mark.parametrize(
        ("day", "days", "months", "moved"),
        [
            ((2020, 1, 31), 0, 1, (2020, 2, 29)),
            ((2021, 1, 31), 0, 1, (2021, 2, 28)),
            ((2020, 1, 30), 0, 1, (2020, 2, 29)),
            ((2020, 2, 29), 0, 12, (2021, 2, 28)),
            ((2020, 2, 29), 0, 48, (2024, 2, 29)),
            ((2020, 3, 31), 0, -1, (2020, 2, 29)),
            ((2020, 1, 15), 0, -1, (2019, 12, 15)),
            ((2020, 1, 15), 0, -13, (2018, 12, 15)),
            ((2020, 8, 31), 0, 1, (2020, 9, 30)),
            ((2020, 12, 31), 0, 2, (2021, 2, 28)),
            ((2020, 2, 28), 1, 0, (2020, 2, 29)),
            ((2021, 2, 28), 1, 0, (2021, 3, 1)),
            ((2020, 1, 31), 1, 1, (2020, 3, 1)),
            ((2020, 1, 1), -1, 0, (2019, 12, 31)),
            ((2020, 1, 1), 366, 0, (2021, 1, 1)),
            ((1900, 2, 28), 1, 0, (1900, 3, 1)),
            ((2000, 2, 28), 1, 0, (2000, 2, 29)),
        ],
    )
    def test_months_then_days_the_end_of_a_month_stays_its_end(
        self, day: tuple[int, int, int], days: int, months: int, moved: tuple[int, int, int]
    ) -> None:
        assert shifted(date(*day), days, months) == date(*moved)

    @pytest.mark.parametrize(
        ("day", "days", "months", "end"),
        [
            (date.max, 1, 0, date.max),
            (date.max, 0, 1, date.max),
            (date.min, -1, 0, date.min),
            (date.min, 0, -1, date.min),
            (date(2020, 1, 1), 10**12, 0, date.max),
            (date(2020, 1, 1), 0, -(10**12), date.min),
        ],
    )
    def test_it_never_leaves_the_calendar(self, day: date, days: int, months: int, end: date) -> None:
        assert shifted(day, days, months) == end


class TestFacts:
    @pytest.mark.parametrize(
        ("condition", "facts"),
        [
            ("f", ("f",)),
            ({"date": {"fact": "d", "op": "<", "than": "assessed_on"}}, ("d",)),
            ({"date": {"fact": "d", "op": "<", "than": "e"}}, ("d", "e")),
            ({"bound": {"instrument": "pair"}}, ("requested_state", "requesting_state")),
            ({"bound": {"instrument": "alone"}}, ("requested_state",)),
            ({"bound": {"instrument": "pair", "state": "p"}}, ("p",)),
            ({"bound": {"instrument": "pair", "day": "d"}}, ("requested_state", "requesting_state", "d")),
            ({"bound": {"instrument": "alone", "day": "d"}}, ("requested_state", "d")),
            ({"declared": {"instrument": "pair", "tag": "keeps", "state": "p"}}, ("p",)),
            ({"variant": {"v": "x"}}, ()),
        ],
    )
    def test_an_atom_reads_its_facts_and_the_states_behind_it(self, condition: Any, facts: tuple[str, ...]) -> None:
        atom = when(condition)
        assert isinstance(atom, Atom)
        assert facts_of(atom, RELATIONS) == facts
