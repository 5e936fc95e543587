"""The order of firings read off the compiled statuses: what follows from what, without chaining."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess import Engine
from engine.inference.chaining import Firing
from engine.inference.rulebook import MAX_JOIN
from tests.engine.support import DAY, chain_with, criterion, document, fact, make_engine, part, weigh

PARTS = [part("counts", "count", needs_items=True), part("steps", "step", dated_by="step_on")]


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Its list is that some of the counts is so."""
    return chain_with(criterion("some_count", {"some": {"in": "counts", "that": {"criterion": "per_count"}}}))


def fired(engine: Engine, facts: Any = None, **more: Any) -> dict[str, Firing]:
    """The firings that concluded criteria, by criterion, the last at which an item did."""
    firings = engine.explain(engine.read(document(facts, **more)), DAY).firings
    names = engine.program.of_node
    return {name: firing for firing in firings for name in names.get(firing.concludes[0], ())}


def node(engine: Engine, name: str) -> int:
    return engine.program.entries[name].node


def test_a_conjunction_rests_on_all_and_an_alternative_on_the_first_that_holds(engine: Engine) -> None:
    found = fired(engine, {"a": True, "b": True, "c": True})
    assert [holds for _, holds in found["first"].because] == [True, True]
    assert found["second"].because == ((node(engine, "first"), True),)


def test_a_literal_looks_through_negation(engine: Engine) -> None:
    assert fired(engine, {"c": True})["third"].because == ((node(engine, "second"), True),)


def test_what_the_burden_adds_comes_second(engine: Engine) -> None:
    found = fired(engine, {"a": False, "c": False})
    assert (found["second"].phase, found["third"].phase) == ("known", "burden")
    assert found["third"].concludes == (node(engine, "third"), True)


def test_a_conclusion_about_a_list_names_what_its_items_are_and_nothing_of_an_empty_one(engine: Engine) -> None:
    found = fired(engine, {"a": True, "b": True}, counts=[{"k": False}, {"k": True}])
    assert found["per_count"].place == ("counts", 1)
    assert found["some_count"].because == ((node(engine, "per_count"), True),)
    steps = make_engine(
        [fact("x", scope="steps"), fact("step_on", "date", scope="steps")],
        [criterion("any_step", {"some": {"in": "steps", "that": "x"}})],
        parts=PARTS,
    )
    assert fired(steps, steps=[])["any_step"].because == ()


def test_a_rule_longer_than_the_library_can_join_is_one_rule_here() -> None:
    names = [f"f{number}" for number in range(MAX_JOIN + 3)]
    wide = make_engine([fact(name) for name in names], [criterion("wide", {"all": names})])
    assert len(fired(wide, dict.fromkeys(names, True))["wide"].because) == MAX_JOIN + 3


def test_the_order_does_not_depend_on_the_order_of_the_findings(engine: Engine) -> None:
    facts = {"a": True, "b": False, "c": True}
    backwards = dict(reversed(facts.items()))
    first, second = (engine.explain(engine.read(document(given)), DAY).firings for given in (facts, backwards))
    assert first == second


def test_every_ground_that_is_met_or_open_is_proved(engine: Engine) -> None:
    found = engine.explain(engine.read(document({"c": True}, counts=[{"k": False}])), DAY)
    assert {name: proof.status for name, proof in found.proofs.items()} == {
        "first": "open",
        "second": "met",
    }


def test_firings_are_of_one_case(engine: Engine) -> None:
    weighed = weigh(engine, {"a": True})
    many = engine.compiled.run(weighed.read.columns, weighed.setting)
    with pytest.raises(TypeError, match="one case"):
        engine.order.firings(
            type(weighed.evaluation)(weighed.read.known, weighed.read.assumed, many, many), weighed.setting
        )
