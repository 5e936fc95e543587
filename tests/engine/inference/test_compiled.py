"""Compiled evaluation: Kleene's tables, quantifiers over lists known and unknown, lanes apart."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from engine.assess import Engine
from engine.facts.columns import HERE, Columns
from engine.inference.atoms import Setting
from engine.inference.compiled import status_of
from tests.engine.reference import conjunction, disjunction, negation
from tests.engine.support import (
    DAY,
    criterion,
    document,
    fact,
    make_engine,
    part,
    statuses,
    strict,
    treaty,
    variant,
    weigh,
)

YES, NO, UNKNOWN = True, False, None
THREE = (YES, NO, UNKNOWN)
STATUS = {True: "met", False: "not_met", None: "open"}
PARTS = [
    part("counts", "count", needs_items=True),
    part("steps", "step", dated_by="step_on"),
    part("promises", "promise"),
]


@pytest.fixture(scope="module")
def logic() -> Engine:
    """Every connective over two facts."""
    return make_engine(
        [fact("a"), fact("b")],
        [
            criterion("both", {"all": ["a", "b"]}),
            criterion("either", {"any": ["a", "b"]}),
            criterion("neither", {"not": {"any": ["a", "b"]}}),
            criterion("not_a", {"not": "a"}),
            criterion("through", {"all": [{"criterion": "not_a"}, {"not": {"criterion": "neither"}}]}),
        ],
    )


@pytest.mark.parametrize(("a", "b"), list(product(THREE, THREE)))
def test_kleenes_tables(logic: Engine, a: Any, b: Any) -> None:
    weighed = weigh(logic, {name: value for name, value in (("a", a), ("b", b)) if value is not None})
    neither = negation(disjunction([a, b]))
    assert {name: strict(logic, weighed, name) for name in logic.pack.criteria} == {
        "both": STATUS[conjunction([a, b])],
        "either": STATUS[disjunction([a, b])],
        "neither": STATUS[neither],
        "not_a": STATUS[negation(a)],
        "through": STATUS[conjunction([negation(a), negation(neither)])],
    }


@pytest.fixture(scope="module")
def lists() -> Engine:
    """Every quantifier over items of which one thing is asked."""
    return make_engine(
        [
            fact("c", scope="counts"),
            fact("p", scope="promises"),
            fact("step_on", "date", scope="steps"),
            fact("s", scope="steps"),
        ],
        [
            criterion("some_c", {"some": {"in": "counts", "that": "c"}}),
            criterion("every_c", {"every": {"in": "counts", "that": "c"}}),
            criterion("some_p", {"some": {"in": "promises", "that": "p"}}),
            criterion("every_p", {"every": {"in": "promises", "that": "p"}}),
            criterion("latest_s", {"latest": {"in": "steps", "that": "s"}}),
            criterion("not_latest", {"not": {"criterion": "latest_s"}}),
            criterion("per_count", {"all": ["c", {"criterion": "some_p"}]}, scope="counts"),
        ],
        parts=PARTS,
    )


def items(name: str, *values: Any) -> list[dict[str, Any]]:
    return [{} if value is None else {name: value} for value in values]


class TestQuantifiers:
    @pytest.mark.parametrize("values", [v for n in (1, 2, 3) for v in product(THREE, repeat=n)])
    def test_over_a_list_that_is_known(self, lists: Engine, values: tuple[Any, ...]) -> None:
        weighed = weigh(lists, counts=items("c", *values), promises=items("p", *values))
        for part_ in ("c", "p"):
            assert strict(lists, weighed, f"some_{part_}") == STATUS[disjunction(values)]
            assert strict(lists, weighed, f"every_{part_}") == STATUS[conjunction(values)]

    def test_over_an_empty_list_none_does_and_every_one_does(self, lists: Engine) -> None:
        weighed = weigh(lists, promises=[], steps=[])
        assert [strict(lists, weighed, name) for name in ("some_p", "every_p", "latest_s", "not_latest")] == [
            "not_met",
            "met",
            "not_met",
            "met",
        ]

    def test_over_a_list_that_is_not_known_all_is_open(self, lists: Engine) -> None:
        weighed = weigh(lists)
        assert {strict(lists, weighed, name) for name in ("some_p", "every_p", "latest_s", "some_c", "every_c")} == {
            "open"
        }

    def test_the_latest_item_decides(self, lists: Engine) -> None:
        def steps(*values: Any) -> str:
            dated = [
                {"step_on": f"201{n}-01-01"} | ({} if value is None else {"s": value}) for n, value in enumerate(values)
            ]
            return strict(lists, weigh(lists, steps=list(reversed(dated))), "latest_s")

        assert steps(False, True) == "met"
        assert steps(True, False) == "not_met"
        assert steps(True, None) == "open"

    def test_a_criterion_about_counts_has_a_status_for_each(self, lists: Engine) -> None:
        weighed = weigh(lists, counts=items("c", True, False, None), promises=items("p", True))
        found = [strict(lists, weighed, "per_count", ("counts", index)) for index in range(3)]
        assert found == ["met", "not_met", "open"]

    def test_items_that_ask_only_about_the_case_are_counted_too(self) -> None:
        engine = make_engine(
            [fact("a"), fact("c", scope="counts")],
            [
                criterion("case_only", {"all": ["a"]}, scope="counts"),
                criterion("some_of_it", {"some": {"in": "counts", "that": {"criterion": "case_only"}}}),
                criterion("every_joined", {"every": {"in": "counts", "that": {"any": ["a", {"not": "a"}]}}}),
            ],
            parts=PARTS[:1],
        )
        weighed = weigh(engine, {"a": False}, counts=items("c", True, True))
        assert strict(engine, weighed, "some_of_it") == "not_met"
        assert strict(engine, weighed, "every_joined") == "met"

    def test_a_quantifier_over_a_quantified_criterion(self) -> None:
        engine = make_engine(
            [fact("c", scope="counts"), fact("p", scope="promises")],
            [
                criterion("inner", {"some": {"in": "promises", "that": "p"}}),
                criterion("outer", {"some": {"in": "counts", "that": {"all": ["c", {"criterion": "inner"}]}}}),
            ],
            parts=[PARTS[0], PARTS[2]],
        )
        assert strict(engine, weigh(engine, counts=items("c", True), promises=items("p", True)), "outer") == "met"
        assert strict(engine, weigh(engine, counts=items("c", True), promises=[]), "outer") == "not_met"
        assert strict(engine, weigh(engine, counts=items("c", True)), "outer") == "open"


@pytest.fixture(scope="module")
def limited() -> Engine:
    """Criteria that speak only for a treaty, a time, a reading of the law."""
    return make_engine(
        [fact("a")],
        [
            criterion("of_treaty", "a", instrument="t"),
            criterion("of_past", "a", until="2019-12-31"),
            criterion("of_reading", "a", variant={"v": "y"}),
            criterion("uses_past", {"not": {"criterion": "of_past"}}),
        ],
        instruments=[treaty("t")],
        variants=[variant("v", "x", "y")],
    )


class TestApplicability:
    def test_within_its_limits_a_criterion_speaks(self, limited: Engine) -> None:
        weighed = weigh(limited, {"a": True}, on=DAY.replace(year=2019), variants={"v": "y"})
        assert {strict(limited, weighed, name) for name in ("of_treaty", "of_past", "of_reading")} == {"met"}

    def test_outside_them_it_does_not_apply(self, limited: Engine) -> None:
        weighed = weigh(limited, {"a": True, "requested_state": "SMR"})
        found = {name: strict(limited, weighed, name) for name in limited.pack.criteria}
        assert found == {
            "of_treaty": "open",
            "of_past": "not_applicable",
            "of_reading": "not_applicable",
            "uses_past": "met",
        }

    def test_a_state_that_is_not_known_leaves_it_open_unless_its_condition_fails(self, limited: Engine) -> None:
        unknown = {"requested_state": "unknown"}
        assert strict(limited, weigh(limited, {**unknown, "a": True}), "of_treaty") == "open"
        assert strict(limited, weigh(limited, {**unknown, "a": False}), "of_treaty") == "not_met"


class TestRecord:
    def test_the_burden_decides_on_the_record_only(self) -> None:
        engine = make_engine(
            [fact("state_must", unproved=False), fact("person_must"), fact("p", scope="promises")],
            [
                criterion("a", "state_must"),
                criterion("b", "person_must"),
                criterion("c", {"some": {"in": "promises", "that": "p"}}),
            ],
            parts=[part("promises", "promise", unproved="empty")],
        )
        weighed = weigh(engine)
        assert statuses(engine, weighed, "a") == ("open", "not_met")
        assert statuses(engine, weighed, "b") == ("open", "open")
        assert statuses(engine, weighed, "c") == ("open", "not_met")


def test_lanes_do_not_touch_each_other(logic: Engine) -> None:
    pairs = list(product(THREE, THREE))
    columns = Columns(len(pairs))
    for lane, (a, b) in enumerate(pairs):
        for name, value in (("a", a), ("b", b)):
            if value is not None:
                columns.add(HERE, name, value, 1 << lane)
    planes = logic.compiled.run(columns, Setting(DAY, {}, logic.relations))
    for lane, (a, b) in enumerate(pairs):
        assert status_of(planes, logic.program.entries["both"], HERE, lane) == STATUS[conjunction([a, b])]
        assert status_of(planes, logic.program.entries["either"], HERE, lane) == STATUS[disjunction([a, b])]


def test_a_wide_group_is_evaluated() -> None:
    names = [f"f{number}" for number in range(300)]
    engine = make_engine(
        [fact(name) for name in names], [criterion("c", {"all": names}), criterion("d", {"any": names})]
    )
    weighed = engine.weigh(engine.read(document(dict.fromkeys(names, True))), DAY)
    assert strict(engine, weighed, "c") == strict(engine, weighed, "d") == "met"
