"""Lint: remarks that protect lawyers, each with the day or the word that is wrong."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.content.conditions import Atom
from engine.content.declarations import Declaration
from engine.content.lint import Remark, lint
from engine.content.loader import load_located
from engine.content.models import Authority, Pack, Suspension
from engine.content.unread import unread
from tests.engine.support import criterion, fact, make_pack, party, treaty, variant

CHECKED = date(2026, 1, 1)
ROOT = Path(__file__).parents[3]


def remarks(pack: Pack, today: date = CHECKED) -> list[str]:
    return [f"{remark.level}: {remark.message}" for remark in lint(pack, today)]


def authority(**more: Any) -> Authority:
    words = {"id": "a", "name": "A v B", "body": "Court", "number": "1/50", "year": 1950, "holding": "A nap is a nap."}
    return Authority(**{**words, "review": "known", **more})


def test_the_law_content_has_no_remark_that_stops_a_release() -> None:
    pack, located = load_located(ROOT / "rules", ROOT / "instruments")
    newest = max(instrument.last_checked_on for instrument in pack.instruments.values())
    assert [str(remark) for remark in lint(pack, newest, located) if remark.level == "release"] == []


def test_a_clean_pack_has_no_remark_but_on_what_bears_on_nothing(toyland: Pack) -> None:
    assert remarks(toyland, date(2026, 11, 23)) == [
        f"warning: {name}: bears on nothing" for name in ("broken_on", "maker_state")
    ]


def test_a_remark_says_file_and_line() -> None:
    pack, located = load_located(ROOT / "tests/toyland/rules", ROOT / "tests/toyland/instruments")
    remark = next(one for one in lint(pack, date(2028, 1, 1), located) if "last checked" in one.message)
    assert isinstance(remark, Remark)
    assert remark.source.endswith("instrument.yaml")
    assert remark.line > 1


def test_every_fact_bears_on_something_or_is_background() -> None:
    pack, _ = load_located(ROOT / "rules", ROOT / "instruments")
    assert list(unread(pack)) == []


def test_a_fact_that_only_closes_what_is_read_bears_on_it_and_one_that_closes_nothing_bears_on_nothing() -> None:
    facts = [
        fact("gate"),
        fact("asleep", closed_by=({"fact": "gate", "is": False, "then": False},)),
        fact("colour"),
        fact("shape", background=True),
    ]
    pack = make_pack(facts, [criterion("rest", Atom("yes", ("asleep",)))])
    assert list(unread(pack)) == ["colour"]
    assert "warning: colour: bears on nothing" in remarks(pack)


class TestAuthorities:
    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"number": ""}, "a: has no number"),
            ({"number_absent": "It is cited by name"}, "a: has a number and a reason for having none"),
            ({"holding": " "}, "a: its holding is not one line"),
            ({"holding": "One.\nTwo."}, "a: its holding is not one line"),
            ({"holding": "x" * 201}, "a: its holding has 201 characters"),
        ],
    )
    def test_number_and_holding(self, more: dict[str, Any], message: str) -> None:
        assert remarks(make_pack([], [], authorities=[authority(**more)])) == [f"release: {message}"]

    def test_a_reason_stands_for_a_number_and_200_characters_are_a_line(self) -> None:
        fine = authority(number="", number_absent="It is cited by name", holding="x" * 200)
        assert remarks(make_pack([], [], authorities=[fine])) == []


class TestQuestions:
    def test_two_that_read_alike_are_reported_with_their_likeness(self) -> None:
        pack = make_pack([_asks("a", "Is the doll asleep now?"), _asks("b", "Is the doll now asleep?")], [])
        assert remarks(pack) == ["release: b: its question is nearly that of a (100 of 100 alike)"]

    def test_a_stated_difference_settles_it_from_either_side(self) -> None:
        for one, other in (({"b": "The other doll"}, {}), ({}, {"a": "The other doll"})):
            facts = [_asks("a", "Is it asleep?", distinct_from=one), _asks("b", "Is it asleep?", distinct_from=other)]
            assert remarks(make_pack(facts, [])) == []

    def test_the_difference_must_be_said(self) -> None:
        facts = [_asks("a", "Is it asleep?"), _asks("b", "Is it asleep?", distinct_from={"a": " "})]
        assert remarks(make_pack(facts, [])) == ["release: b: does not say how it differs from a"]

    def test_a_difference_nobody_needs_any_more_is_reported(self) -> None:
        facts = [_asks("a", "Is it asleep?"), _asks("b", "How old is the vase?", distinct_from={"a": "Another thing"})]
        assert remarks(make_pack(facts, [])) == ["release: b: is explained to differ from a, which is not like it"]

    def test_the_same_question_of_the_case_and_of_each_item_is_no_confusion(self) -> None:
        facts = [_asks("a", "Is it asleep?"), _asks("b", "Is it asleep?", scope="counts")]
        assert remarks(make_pack(facts, [])) == []


class TestEvents:
    def test_a_date_says_what_happens_that_day(self) -> None:
        day = _asks("day", "When was it broken?", type="date")
        assert remarks(make_pack([day], [])) == ["release: day: does not say what happens that day"]
        assert remarks(make_pack([_asks("day", "When was it broken?", type="date", event="It breaks")], [])) == []

    def test_nothing_happens_on_a_day_that_is_none(self) -> None:
        asked = _asks("a", "Is it broken?", event="It breaks")
        assert remarks(make_pack([asked], [])) == ["release: a: is no date, so nothing happens that day"]


def _asks(name: str, question: str, **more: Any) -> Any:
    return fact(name, question=question, **more)


class TestAge:
    @pytest.mark.parametrize(
        ("days", "level"), [(0, ""), (366, ""), (367, "warning"), (731, "warning"), (732, "release")]
    )
    def test_a_check_warns_after_a_year_and_stops_a_release_after_two(self, days: int, level: str) -> None:
        said = remarks(make_pack([], []), CHECKED + timedelta(days=days))
        assert said == ([f"{level}: toy: was last checked on 2026-01-01, {days} days ago"] if level else [])

    def test_a_check_that_is_yet_to_come_is_reported(self) -> None:
        assert remarks(make_pack([], []), CHECKED - timedelta(days=1)) == [
            "warning: toy: was last checked on 2026-01-01, which is yet to come"
        ]


def _reading(name: str, **more: Any) -> Any:
    return criterion(name, "f", **{"series": "s", **more})


class TestSeries:
    def test_a_reading_for_a_time_belongs_to_a_series(self) -> None:
        pack = make_pack([fact("f")], [criterion("c", "f", **{"from": date(2000, 1, 1)})])
        assert remarks(pack) == ["release: c: holds only for a time but belongs to no series"]

    def test_readings_that_follow_each_other_are_fine(self) -> None:
        old = _reading("old", until=date(1999, 12, 31))
        new = _reading("new", **{"from": date(2000, 1, 1)})
        assert remarks(make_pack([fact("f")], [old, new])) == []

    def test_an_overlap_names_the_first_day_of_both(self) -> None:
        old = _reading("old", until=date(2000, 1, 1))
        new = _reading("new", **{"from": date(2000, 1, 1)})
        assert "release: new: holds on 2000-01-01 beside old of the same series" in remarks(
            make_pack([fact("f")], [old, new])
        )

    def test_a_gap_names_the_first_day_without_a_reading(self) -> None:
        old = _reading("old", until=date(1999, 12, 30))
        new = _reading("new", **{"from": date(2000, 1, 1)})
        assert remarks(make_pack([fact("f")], [old, new])) == [
            "release: old: no reading of its series holds on 1999-12-31"
        ]

    def test_every_combination_of_variants_is_swept(self) -> None:
        """Under the loose reading two criteria hold; under the strict one a single criterion does."""
        plain = _reading("plain", **{"from": date(2000, 1, 1)})
        loose = _reading("loose", variant={"way": "loose"}, **{"from": date(2010, 1, 1)})
        pack = make_pack([fact("f")], [plain, loose], variants=[variant("way", "strict", "loose")])
        assert remarks(pack) == ["release: loose: holds on 2010-01-01 beside plain of the same series"]

    def test_what_holds_under_several_variants_is_said_once(self) -> None:
        readings = [_reading(name, **{"from": date(2000, 1, 1)}) for name in ("one", "two")]
        third = _reading("third", variant={"way": "loose"}, **{"from": date(2020, 1, 1)})
        pack = make_pack([fact("f")], [*readings, third], variants=[variant("way", "strict", "loose")])
        assert remarks(pack)[0] == "release: two: holds on 2000-01-01 beside one of the same series"
        assert len(remarks(pack)) == 2


def _with_party(**more: Any) -> list[str]:
    known = treaty("t", {"AND": party(**{"since": None, **more})}, adopted="1900-01-01", in_force_from="1900-06-01")
    return remarks(make_pack([], [], instruments=[known]))


class TestRegister:
    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"signed": "1899-12-31"}, "t/AND: signed 1899-12-31 is before adopted 1900-01-01"),
            ({"since": "1900-05-31"}, "t/AND: in_force_from 1900-05-31 is before the treaty's own 1900-06-01"),
            (
                {"since": "1901-01-01", "signed": "1902-01-01"},
                "t/AND: in_force_from 1901-01-01 is before signed 1902-01-01",
            ),
            ({"status": "former_party"}, "t/AND: is a former party without the day on which it ceased"),
            ({"since": "1901-01-01", "not_before": "1901-01-01"}, "t/AND: has both in_force_from and not_before"),
        ],
    )
    def test_the_days_of_a_party_run_forward(self, more: dict[str, Any], message: str) -> None:
        assert _with_party(**more) == [f"release: {message}"]

    def test_a_successor_deposits_after_the_first_day_in_force(self) -> None:
        assert _with_party(since="1993-01-01", deposited="1993-02-22") == []

    def test_two_declarations_to_the_same_effect_do_not_overlap(self) -> None:
        words = {
            "state": "AND",
            "article": "1",
            "kind": "declaration",
            "content": "C",
            "tags": ["t"],
            "review": "known",
        }
        first = Declaration(**words, until="2000-01-01")
        for start, expected in (("2000-01-01", ["release: t/a: says the same as b on 2000-01-01"]), ("2000-01-02", [])):
            second = Declaration(**words, **{"from": start})
            both = treaty("t", declarations={"a": first, "b": second})
            assert remarks(make_pack([], [], instruments=[both])) == expected

    def test_suspensions_of_one_pair_do_not_overlap(self) -> None:
        one = Suspension(states=("AND", "MCO"), until="2001-01-01", review="known", **{"from": "2000-01-01"})
        other = Suspension(states=("MCO", "AND"), review="known", **{"from": "2000-06-01"})
        both = treaty("t", suspensions=[one, other])
        assert remarks(make_pack([], [], instruments=[both])) == [
            "release: t: two suspensions between AND and MCO overlap"
        ]
