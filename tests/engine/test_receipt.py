"""The receipt: a digest of everything the answer depends on, and of nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine import ENGINE_VERSION
from engine.answer.receipt import digest, receipt_of
from engine.assess import Engine
from tests.engine.support import DAY, document

FACTS = {"age": 7, "marks": ["red", "blue"], "seized_on": "2020-01-01"}


def receipt(engine: Engine, facts: Any = None, on: date = DAY, reading: Any = "neutral", **more: Any) -> Any:
    weighed = engine.weigh(engine.read(document(facts if facts is not None else FACTS, **more)), on, reading)
    return receipt_of(weighed.read, engine.pack, dict(weighed.setting.variants))


def test_it_holds_the_parts_it_is_made_of(toy_engine: Engine) -> None:
    found = receipt(toy_engine)
    assert found.rules == toy_engine.pack.rules_digest
    assert found.instruments == toy_engine.pack.instruments_digest
    assert found.engine == ENGINE_VERSION
    assert {len(part) for part in (found.digest, found.case, found.rules)} == {64}


def test_the_same_facts_in_another_order_give_the_same_one(toy_engine: Engine) -> None:
    reordered = {"seized_on": date(2020, 1, 1), "marks": ["blue", "red"], "age": 7.0}
    assert receipt(toy_engine, reordered) == receipt(toy_engine)


@pytest.mark.parametrize(
    "more",
    [
        {"facts": {**FACTS, "age": 8}},
        {"facts": {**FACTS, "age": {"value": 7, "standing": "established"}}},
        {"facts": {**FACTS, "age": {"value": 7, "by": "nurse"}}},
        {"facts": {**FACTS, "stuffing": "unknown"}},
        {"on": date(2020, 1, 14)},
        {"reading": "person"},
        {"variants": {"tickling": "strict"}},
        {"counts": [{"id": "a", "broke_vase": True}]},
        {"promises": []},
        {"exhibits": {"E1": {"title": "x"}}},
    ],
)
def test_anything_that_matters_changes_it(toy_engine: Engine, more: dict[str, Any]) -> None:
    assert receipt(toy_engine, **more).digest != receipt(toy_engine).digest


def test_naming_the_default_reading_of_the_law_changes_the_case_but_not_what_is_assessed(toy_engine: Engine) -> None:
    named = receipt(toy_engine, variants={"tickling": "loose"})
    assert named.case != receipt(toy_engine).case


def test_the_reading_of_the_law_that_was_used_is_part_of_it_even_when_the_case_did_not_choose(
    toy_engine: Engine,
) -> None:
    read = toy_engine.weigh(toy_engine.read(document(FACTS)), DAY).read
    digests = {receipt_of(read, toy_engine.pack, {"tickling": used}).digest for used in ("loose", "strict")}
    assert len(digests) == 2


def test_another_pack_gives_another_receipt(toy_engine: Engine) -> None:
    other = Engine(toy_engine.pack.model_copy(update={"rules_digest": "0" * 64}))
    assert receipt(other).digest != receipt(toy_engine).digest
    assert receipt(other).case == receipt(toy_engine).case


def test_canonical_json_is_that_of_rfc_8785() -> None:
    assert digest({"b": 1, "a": [True, None, "é"]}) == digest({"a": [True, None, "é"], "b": 1.0})
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
