"""The JSON Schema of a fact admits what the reader admits, and nothing that it refuses."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from engine.facts.schema import fact_schema
from tests.engine.support import fact

CASES: list[tuple[Any, list[Any], list[Any]]] = [
    (fact("f"), [True, "no", "unknown", {"value": "yes", "standing": "established"}], [1, None, {}, {"valu": True}]),
    (fact("f", "choice", values={"a": "A"}), ["a", {"standing": "disputed", "person": "a", "state": "unknown"}], ["b"]),
    (fact("f", "set", values={"a": "A"}), [["a"], []], ["a", ["b"]]),
    (fact("f", "number", minimum=0), [0, 1.5], [-1, "1"]),
    (fact("f", "number"), [-5], ["x"]),
    (fact("f", "date"), ["2020-01-13"], [20200113]),
    (fact("f", "state"), ["AND"], ["and", "Andorra"]),
    (fact("f", "states"), [["AND"], []], ["AND", ["x"]]),
]


@pytest.mark.parametrize(("of", "good", "bad"), CASES, ids=[of.type for of, _, _ in CASES])
def test_it_admits_what_the_reader_admits(of: Any, good: list[Any], bad: list[Any]) -> None:
    validator = jsonschema.Draft202012Validator(fact_schema(of))
    assert all(validator.is_valid(value) for value in good)
    assert not any(validator.is_valid(value) for value in bad)


def test_a_finding_may_name_exhibits_by_id_or_by_page() -> None:
    validator = jsonschema.Draft202012Validator(fact_schema(fact("f")))
    assert validator.is_valid({"value": True, "exhibits": ["E1", {"id": "E2", "page": 4}], "by": "x", "note": "y"})
