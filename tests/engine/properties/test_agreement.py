"""Three evaluators, one answer: compiled, forward chaining, and the plain reference."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess import Engine
from engine.facts.columns import HERE
from engine.facts.vocabulary import CASE
from engine.inference.compiled import status_of
from tests.engine.properties.strategies import Weighing, engines, engines_and_cases, weighings
from tests.engine.reference import Reference, settled, world_of


def agree_with_reference(engine: Engine, case: Weighing) -> None:
    """Both values of every criterion are what its definition says."""
    weighed = case.weighed
    both = weighed.evaluation
    world = world_of(weighed.read.columns)
    known, counted = (settled(world, engine.pack, on_the_record=on_the_record) for on_the_record in (False, True))
    for planes, on_the_record in ((both.strict, False), (both.record, True)):
        reference = Reference(engine.pack, weighed.setting, *((counted, known) if on_the_record else (known,)))
        for name, entry in engine.program.entries.items():
            scope = engine.pack.criteria[name].scope
            for place in [HERE] if scope == CASE else both.strict_columns.places(scope):
                assert status_of(planes, entry, place) == reference.status(name, place), (name, place, on_the_record)


@settings(max_examples=150)
@given(engines_and_cases())
def test_the_compiled_engine_does_what_the_definition_says(drawn: tuple[Engine, Weighing]) -> None:
    agree_with_reference(*drawn)


def chain_several(data: Any, cases: int) -> None:
    """Each base costs about a megabyte that the library never gives back, so each is used several times."""
    engine = data.draw(engines())
    for _ in range(cases):
        case = data.draw(weighings(engine))
        engine.chain(case.weighed)  # raises EnginesDisagree if a single status differs
        agree_with_reference(engine, case)


@settings(max_examples=40)
@given(st.data())
def test_the_two_engines_agree_on_random_bases_and_cases(data: Any) -> None:
    chain_several(data, 6)


@pytest.mark.slow
@settings(max_examples=600)
@given(st.data())
def test_the_two_engines_agree_on_many_more(data: Any) -> None:
    chain_several(data, 12)
