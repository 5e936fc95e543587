"""Rule coverage: statuses seen, and operands without which some node would have another value."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess import Engine
from engine.content.condition_text import text_of
from engine.coverage import Coverage, measure
from tests.engine.support import criterion, fact, make_engine, part, treaty, variant, weigh, when

A, B, C = fact("a"), fact("b"), fact("c")


def covered(engine: Engine, *cases: dict[str, Any], **more: Any) -> Coverage:
    return measure(engine, [(f"case {number}", weigh(engine, facts, **more)) for number, facts in enumerate(cases, 1)])


def idle(condition: Any, *cases: dict[str, Any]) -> list[str]:
    engine = make_engine([A, B, C], [criterion("x", condition)])
    return [name.rpartition(" > ")[2] for name in covered(engine, *cases).idle]


class TestStatuses:
    def test_each_status_names_the_first_case_that_shows_it(self) -> None:
        engine = make_engine([A], [criterion("x", "a")])
        line = covered(engine, {"a": True}, {}, {"a": False}, {"a": True}).criteria[0]
        assert line.shown == {"met": "case 1", "open": "case 2", "not_met": "case 3"}
        assert line.lacking == ()

    def test_a_status_nobody_shows_is_lacking(self) -> None:
        found = covered(make_engine([A], [criterion("x", "a")]), {"a": True})
        assert found.criteria[0].lacking == ("not_met", "open")
        assert not found.complete
        assert found.summary().startswith("1 cases, 1 criteria: 1 lack a status")

    def test_a_status_seen_only_strictly_counts(self) -> None:
        engine = make_engine([fact("a", unproved=False)], [criterion("x", "a")])
        assert covered(engine, {}).criteria[0].shown == {"open": "case 1", "not_met": "case 1"}

    def test_a_criterion_that_does_not_apply_shows_nothing(self) -> None:
        far = treaty("far", parties={})
        engine = make_engine([A], [criterion("far.x", "a", instrument="far")], instruments=[far])
        named = treaty("far", unlisted="not_party", parties={})
        unbound = make_engine([A], [criterion("far.x", "a", instrument="far")], instruments=[named])
        assert covered(engine, {"a": True}).criteria[0].shown == {"open": "case 1"}
        assert covered(unbound, {"a": True}).criteria[0].shown == {}

    def test_what_a_rule_declares_impossible_is_not_lacking(self) -> None:
        never = criterion("x", "a", never=("open",), never_because="Somebody always knows.")
        line = covered(make_engine([A], [never]), {"a": True}, {"a": False}).criteria[0]
        assert (line.lacking, line.contradicted) == ((), ())

    def test_a_case_that_shows_it_contradicts_the_rule(self) -> None:
        never = criterion("x", "a", never=("open",), never_because="Somebody always knows.")
        found = covered(make_engine([A], [never]), {"a": True}, {"a": False}, {})
        assert found.criteria[0].contradicted == ("open",)
        assert not found.complete

    def test_every_item_is_a_place(self) -> None:
        counts = part("counts", "count", needs_items=True)
        engine = make_engine([fact("a", scope="counts")], [criterion("x", "a", scope="counts")], parts=[counts])
        found = covered(engine, {}, counts=[{"a": True}, {"a": False}, {}])
        assert found.complete


class TestOperands:
    @pytest.mark.parametrize(
        ("case", "left"),
        [
            ({"a": False, "b": True}, ["b"]),
            ({"a": False}, ["b"]),
            ({"b": True}, ["b"]),
            ({"a": False, "b": False}, ["a", "b"]),
            ({"a": True, "b": True}, ["a", "b"]),
            ({}, ["a", "b"]),
        ],
        ids=["alone fails", "alone fails beside an open one", "alone open", "two fail", "all hold", "two open"],
    )
    def test_of_an_all(self, case: dict[str, Any], left: list[str]) -> None:
        assert idle({"all": ["a", "b"]}, case) == left

    @pytest.mark.parametrize(
        ("case", "left"),
        [
            ({"a": True, "b": False}, ["b"]),
            ({"a": True}, ["b"]),
            ({"b": False}, ["b"]),
            ({"a": True, "b": True}, ["a", "b"]),
            ({"a": False, "b": False}, ["a", "b"]),
            ({}, ["a", "b"]),
        ],
        ids=["alone holds", "alone holds beside an open one", "alone open", "two hold", "none holds", "two open"],
    )
    def test_of_an_any(self, case: dict[str, Any], left: list[str]) -> None:
        assert idle({"any": ["a", "b"]}, case) == left

    def test_nodes_below_are_measured_too(self) -> None:
        condition = {"all": ["a", {"not": {"any": ["b", "c"]}}]}
        assert idle(condition, {"a": False}, {"a": True, "b": True, "c": False}) == ["c"]

    def test_a_condition_about_items_is_measured_at_each_item(self) -> None:
        counts = part("counts", "count", needs_items=True)
        facts = [fact("a", scope="counts"), fact("b", scope="counts")]
        inside = {"some": {"in": "counts", "that": {"all": ["a", "b"]}}}
        engine = make_engine(facts, [criterion("x", inside)], parts=[counts])
        found = covered(engine, {}, counts=[{"a": True, "b": False}, {"a": False, "b": True}])
        assert found.idle == ()

    def test_an_exception_is_an_operand(self) -> None:
        """The loader joins ``when`` and ``unless``; here as it does."""
        condition = {"all": ["a", {"not": "b"}]}
        assert idle(condition, {"a": True, "b": True}) == ["a"]

    def test_places_at_which_the_criterion_does_not_apply_do_not_count(self) -> None:
        engine = make_engine(
            [A, B],
            [criterion("x", {"all": ["a", "b"]}, variant={"way": "loose"})],
            variants=[variant("way", "strict", "loose")],
        )
        assert len(covered(engine, {"a": False, "b": True}).idle) == 2
        assert len(covered(engine, {"a": False, "b": True}, variants={"way": "loose"}).idle) == 1

    def test_the_same_operand_twice_has_two_names(self) -> None:
        engine = make_engine([A], [criterion("x", {"any": [{"all": ["a", "a"]}, {"all": ["a", "a"]}]})])
        assert covered(engine, {}).idle[2:] == tuple(f"x: any > all > a{more}" for more in ("", " #2", " #3", " #4"))

    def test_the_report_is_plain_data(self) -> None:
        data = covered(make_engine([A, B], [criterion("x", {"all": ["a", "b"]})]), {}).as_json()
        assert data["idle"] == ("x: all > a", "x: all > b")
        assert data["operands"] == 2


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("a", "a"),
        ({"not": "a"}, "not a"),
        ({"all": ["a", {"any": ["b", {"criterion": "x.y"}]}]}, "all (a, any (b, criterion x.y))"),
        ({"is": {"kind": "red"}}, "kind is red"),
        ({"in": {"kind": ["red", "blue"]}}, "kind is blue or red"),
        ({"includes_any": {"marks": ["red", "blue"]}}, "marks has blue or red"),
        ({"nonempty": "marks"}, "any of marks"),
        ({"compare": {"fact": "age", "op": ">=", "value": 12}}, "age >= 12"),
        ({"date": {"fact": "day", "op": "<", "than": "other", "plus_months": 2}}, "day < other + 2 months"),
        ({"date": {"fact": "day", "op": "<", "than": "assessed_on"}}, "day < assessed_on"),
        ({"same_state": ["one", "two"]}, "same State: one and two"),
        ({"state_in": {"state": "one", "set": "homes"}}, "one in homes"),
        ({"bound": {"instrument": "toy"}}, "bound toy pair"),
        ({"declared": {"instrument": "toy", "tag": "t", "state": "one"}}, "declared toy t one"),
        ({"variant": {"way": "loose"}}, "variant way loose"),
        ({"some": {"in": "counts", "that": "a"}}, "some of counts (a)"),
    ],
)
def test_a_condition_is_named_in_one_line(condition: Any, text: str) -> None:
    assert text_of(when(condition)) == text
