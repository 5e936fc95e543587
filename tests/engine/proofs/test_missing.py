"""What is missing: only what an undecided branch still hangs on."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess import Engine
from engine.facts.columns import HERE
from engine.reasoning.missing import Missing, Need
from tests.engine.support import criterion, fact, make_engine, part, party, treaty, weigh

PARTS = [
    part("counts", "count", needs_items=True),
    part("promises", "promise"),
    part("steps", "step", dated_by="step_on"),
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Groups, lists, and treaties."""
    return make_engine(
        [
            *(fact(name) for name in "abc"),
            fact("k", scope="counts"),
            fact("p", scope="promises"),
            fact("step_on", "date", scope="steps"),
            fact("s", scope="steps"),
            fact("day", "date"),
            fact("other_day", "date"),
        ],
        [
            criterion("all_of", {"all": ["a", {"any": ["b", "c"]}]}),
            criterion("none_of", {"not": {"any": ["a", "b"]}}),
            criterion("counted", {"all": ["a", "k"]}, scope="counts"),
            criterion("some_p", {"some": {"in": "promises", "that": {"all": ["p", "a"]}}}),
            criterion("latest_s", {"latest": {"in": "steps", "that": "s"}}),
            criterion("treaty", "a", instrument="t"),
            criterion("dates", {"date": {"fact": "day", "op": "<", "than": "other_day"}}),
            criterion("through", {"all": [{"criterion": "counted_any"}, "c"]}),
            criterion("counted_any", {"some": {"in": "counts", "that": "k"}}),
        ],
        parts=PARTS,
        instruments=[treaty("t", {"AND": party(), "MCO": party(), "SMR": party(None)})],
    )


def needs(engine: Engine, name: str, facts: Any = None, place: Any = HERE, **more: Any) -> set[str]:
    weighed = weigh(engine, facts, **more)
    both = weighed.evaluation
    scopes = {of.id: of.scope for of in engine.pack.vocabulary.facts.values()}
    found = Missing(engine.program, both.strict, both.strict_columns, scopes=scopes).of(
        engine.program.entries[name].node, place
    )
    return {f"{need.part}{need.index}.{need.fact}{need.instrument}" for need in found}


@pytest.mark.parametrize(
    ("name", "facts", "missing"),
    [
        ("all_of", {}, {"case0.a", "case0.b", "case0.c"}),
        ("all_of", {"a": True}, {"case0.b", "case0.c"}),
        ("all_of", {"b": True}, {"case0.a"}),
        ("all_of", {"b": False}, {"case0.a", "case0.c"}),
        ("all_of", {"a": False}, set()),
        ("none_of", {"a": False}, {"case0.b"}),
        ("none_of", {"a": True}, set()),
        ("dates", {"day": "2020-01-01"}, {"case0.other_day"}),
        ("treaty", {"a": True, "requesting_state": "unknown"}, {"case0.requesting_state"}),
        ("treaty", {"requesting_state": "SMR"}, {"case0.a", "case0.t"}),
        ("treaty", {"requesting_state": "SMR", "a": False}, set()),
    ],
)
def test_only_open_branches_are_followed(engine: Engine, name: str, facts: Any, missing: set[str]) -> None:
    assert needs(engine, name, facts) == missing


def test_each_item_has_its_own_needs(engine: Engine) -> None:
    counts = [{"k": True}, {}]
    assert needs(engine, "counted", place=("counts", 0), counts=counts) == {"case0.a"}
    assert needs(engine, "counted", place=("counts", 1), counts=counts) == {"case0.a", "counts1.k"}
    assert needs(engine, "through", counts=counts) == {"case0.c"}


def test_an_unknown_list_is_itself_missing(engine: Engine) -> None:
    assert needs(engine, "some_p") == {"promises-1."}
    assert needs(engine, "some_p", promises=[{}]) == {"promises0.p", "case0.a"}
    assert needs(engine, "some_p", promises=[]) == set()


def test_of_steps_only_the_latest_matters(engine: Engine) -> None:
    steps = [{"step_on": "2019-01-01"}, {"step_on": "2018-01-01"}]
    assert needs(engine, "latest_s", steps=steps) == {"steps0.s"}
    assert needs(engine, "latest_s") == {"steps-1."}


def test_needs_are_ordered_by_place_and_fact() -> None:
    needs = [Need("counts", 1, "a"), Need("case", 0, "b"), Need("counts", 0, "a")]
    assert [(need.part, need.index) for need in sorted(needs)] == [("case", 0), ("counts", 0), ("counts", 1)]
    assert Need("counts", 1, "a").place == ("counts", 1)
