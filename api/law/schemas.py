"""JSON Schemas, generated: of an answer, and of a case file under the loaded vocabulary.

The answer's is kept under test in tests/api/answer.schema.json.
"""

from __future__ import annotations

import json
from typing import Any

from engine.answer.model import Answer
from engine.assess import Engine

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def answer_schema() -> dict[str, Any]:
    """The schema of an answer; it does not depend on the law content."""
    return {"$schema": DIALECT, **Answer.model_json_schema(mode="serialization")}


def case_schema(engine: Engine) -> dict[str, Any]:
    """The schema of a case file: every fact of the vocabulary with what may be written for it."""
    return {"$schema": DIALECT, **shared(engine.reader.model.model_json_schema())}


def shared(schema: dict[str, Any], ref: str = "#/$defs/") -> dict[str, Any]:
    """The same schema with what many facts have in common written once, under ``$defs``."""
    kinds: dict[str, str] = {}
    definitions = {name: _shared(part, kinds, ref) for name, part in schema.get("$defs", {}).items()}
    rest = {key: _shared(part, kinds, ref) for key, part in schema.items() if key != "$defs"}
    common = {name: {"anyOf": json.loads(said)} for said, name in kinds.items()}
    return {**rest, "$defs": {**definitions, **common}}


def _shared(part: Any, kinds: dict[str, str], ref: str) -> Any:
    if isinstance(part, list):
        return [_shared(one, kinds, ref) for one in part]
    if not isinstance(part, dict):
        return part
    if "anyOf" in part and any(one.get("properties", {}).get("standing") for one in part["anyOf"]):
        said = json.dumps(part["anyOf"], sort_keys=True)
        name = kinds.setdefault(said, f"Finding{len(kinds) + 1}")
        return {
            "$ref": f"{ref}{name}",
            **{key: _shared(one, kinds, ref) for key, one in part.items() if key != "anyOf"},
        }
    return {key: _shared(one, kinds, ref) for key, one in part.items()}
