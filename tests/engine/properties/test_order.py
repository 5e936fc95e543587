"""Order never matters: of findings, keys, rules, or facts in the vocabulary."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.answer.receipt import receipt_of
from engine.assess import Engine, Weighed
from engine.content.documents import read_bytes
from engine.content.models import Pack
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE
from engine.inference.compiled import status_of
from tests.engine.properties.strategies import Weighing, engines_and_cases, weigh_data, written
from tests.engine.support import DAY


def places_of(engine: Engine, weighed: Weighed, name: str) -> list[Place]:
    """Where a criterion has a status."""
    scope = engine.pack.criteria[name].scope
    return [HERE] if scope == CASE else weighed.evaluation.strict_columns.places(scope)


def observed(engine: Engine, weighed: Weighed) -> dict[str, Any]:
    """Everything about a weighed case that must not depend on order."""
    both = weighed.evaluation
    statuses = {
        (name, place, which): status_of(planes, entry, place)
        for name, entry in engine.program.entries.items()
        for place in places_of(engine, weighed, name)
        for which, planes in (("strict", both.strict), ("record", both.record))
    }
    flips, complete = engine.flips(weighed)
    return {
        "outcome": weighed.outcome,
        "range": engine.judge.range(both.strict, both.strict_columns).bounds(),
        "statuses": statuses,
        "receipt": receipt_of(weighed.read, engine.pack, dict(weighed.setting.variants)),
        "flips": {(frozenset(flip.assigned), flip.to) for flip in flips},
        "complete": complete,
        "questions": {(ranked.candidate.place, ranked.candidate.fact) for ranked in engine.ranked(weighed)},
    }


def shuffled(data: Any, chance: random.Random) -> Any:
    """The same mapping with its keys in another order, all the way down; lists keep theirs."""
    if isinstance(data, dict):
        keys = list(data)
        chance.shuffle(keys)
        return {key: shuffled(data[key], chance) for key in keys}
    return [shuffled(item, chance) for item in data] if isinstance(data, list) else data


@settings(max_examples=60)
@given(engines_and_cases(), st.randoms(use_true_random=False))
def test_the_order_of_findings_is_irrelevant(drawn: tuple[Engine, Weighing], chance: random.Random) -> None:
    engine, case = drawn
    again = weigh_data(engine, shuffled(case.data, chance), case.reading)
    assert observed(engine, again) == observed(engine, case.weighed)


@settings(max_examples=50)
@given(engines_and_cases(), st.randoms(use_true_random=False))
def test_the_order_of_rules_is_irrelevant(drawn: tuple[Engine, Weighing], chance: random.Random) -> None:
    engine, case = drawn
    names = list(engine.pack.criteria)
    chance.shuffle(names)
    pack = engine.pack.model_copy(update={"criteria": {name: engine.pack.criteria[name] for name in names}})
    other = Engine(pack)
    assert observed(other, weigh_data(other, case.data, case.reading)) == observed(engine, case.weighed)


@settings(max_examples=40)
@given(engines_and_cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_vocabulary_is_irrelevant_to_the_verdict(
    drawn: tuple[Engine, Weighing], chance: random.Random
) -> None:
    engine, case = drawn
    names = list(engine.pack.vocabulary.facts)
    chance.shuffle(names)
    facts = {name: engine.pack.vocabulary.facts[name] for name in names}
    vocabulary = engine.pack.vocabulary.model_copy(update={"facts": facts})
    other = Engine(engine.pack.model_copy(update={"vocabulary": vocabulary}))
    assert observed(other, weigh_data(other, case.data, case.reading)) == observed(engine, case.weighed)


def as_text(engine: Engine, data: dict[str, Any]) -> dict[str, Any]:
    """Case data as JSON can hold it."""

    def plain(name: str, value: Any) -> Any:
        of = engine.pack.vocabulary.facts.get(name)
        if isinstance(value, dict):
            return {key: plain(name, inner) for key, inner in value.items()}
        found = written(of, value) if of else value
        return found.isoformat() if hasattr(found, "isoformat") else found

    def mapping(facts: dict[str, Any]) -> dict[str, Any]:
        return {name: plain(name, value) for name, value in facts.items()}

    return {
        key: mapping(value) if isinstance(value, dict) else [mapping(item) for item in value]
        for key, value in data.items()
    }


@settings(max_examples=60)
@given(engines_and_cases(), st.randoms(use_true_random=False))
def test_the_order_of_keys_in_a_file_and_its_form_are_irrelevant(
    drawn: tuple[Engine, Weighing], chance: random.Random
) -> None:
    engine, case = drawn
    text = json.dumps(shuffled(as_text(engine, case.data), chance), indent=chance.choice([None, 2])).encode()
    for is_json in (True, False):  # JSON is YAML too
        read = engine.read(read_bytes(text, "case", is_json=is_json))
        assert observed(engine, engine.weigh(read, DAY, case.reading)) == observed(engine, case.weighed)


def test_the_order_in_which_lists_of_a_pack_come_is_the_loaders(toyland: Pack) -> None:
    assert list(toyland.criteria) == sorted(toyland.criteria)
    assert list(toyland.instruments) == sorted(toyland.instruments)
