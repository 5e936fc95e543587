"""JSON Schemas: the answer's is kept in a file, and real answers and cases follow theirs.

After a wanted change: python -m tests.api.test_schemas
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.law.schemas import answer_schema, case_schema
from engine.assess import Engine
from engine.content.documents import read_bytes, read_path
from engine.facts.reading import READINGS, Reading
from tests.api.support import ROOT, TOY

KEPT = Path(__file__).with_name("answer.schema.json")


def test_the_kept_schema_of_an_answer_is_the_generated_one() -> None:
    assert json.loads(KEPT.read_text("utf-8")) == answer_schema(), "run: python -m tests.api.test_schemas"


def validate(schema: dict[str, Any], data: Any) -> None:
    """Every way in which data departs from a schema."""
    Draft202012Validator.check_schema(schema)
    faults = [f"{fault.json_path}: {fault.message[:200]}" for fault in Draft202012Validator(schema).iter_errors(data)]
    assert faults == []


@pytest.mark.parametrize("reading", READINGS)
def test_a_toy_answer_follows_it(toy_engine: Engine, reading: Reading) -> None:
    answer = toy_engine.assess(toy_engine.read(read_bytes(TOY.encode(), "case")), reading=reading)
    validate(answer_schema(), json.loads(answer.model_dump_json()))


def test_the_answer_on_the_origin_case_follows_it(engine: Engine) -> None:
    answer = engine.assess(engine.read(read_path(ROOT / "examples" / "akhmetova.yaml")))
    validate(answer_schema(), json.loads(answer.model_dump_json()))


def test_the_answer_holds_what_was_promised() -> None:
    promised = {"outcome", "range", "settled", "reading", "assessed_on", "duty", "grounds", "treaty_relations"}
    promised |= {
        "conflicts",
        "counts",
        "clocks",
        "flip_sets",
        "next_questions",
        "trace",
        "proof",
        "assumptions",
        "receipt",
    }
    assert promised <= set(answer_schema()["required"])
    ground = answer_schema()["$defs"]["GroundSaid"]["required"]
    assert {"id", "instrument", "article", "effect", "status", "status_strict", "rebuttable_by", "missing"} <= set(
        ground
    )
    assert {"citations", "review"} <= set(ground)


def as_json(text: bytes) -> Any:
    """A case file as JSON data."""
    return json.loads(json.dumps(read_bytes(text, "case").data, default=str))


def test_the_example_follows_the_schema_of_a_case(engine: Engine) -> None:
    validate(case_schema(engine), as_json((ROOT / "examples" / "akhmetova.yaml").read_bytes()))


def test_the_schema_of_a_case_refuses_what_the_engine_refuses(toy_engine: Engine) -> None:
    schema = case_schema(toy_engine)
    validate(schema, as_json(TOY.encode()))
    for bad in (
        b"facts: {mill_closed: perhaps}",
        b"facts: {nonsense: yes}",
        b"counts: [{age: 3}]",
        b"facts: {age: -1}",
    ):
        assert list(Draft202012Validator(schema).iter_errors(as_json(bad)))


def test_what_facts_share_is_written_once(engine: Engine) -> None:
    assert len(json.dumps(case_schema(engine))) < 400_000


if __name__ == "__main__":
    KEPT.write_text(json.dumps(answer_schema(), indent=2, ensure_ascii=False) + "\n", "utf-8")
