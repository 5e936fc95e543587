"""JSON Schema of what may be written for a fact, for the API's documentation and generated clients."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError

from engine.facts.values import UNKNOWN, BadValue, parse_date
from engine.facts.vocabulary import Fact


def fact_schema(fact: Fact) -> dict[str, Any]:
    """Schema of a bare value or of a finding with standing and exhibits."""
    value = {"anyOf": [value_schema(fact), {"const": UNKNOWN}]}
    common: dict[str, Any] = {
        "by": {"type": "string"},
        "note": {"type": "string"},
        "exhibits": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "object"}]}},
    }
    plain = _object({"value": value, "standing": {"enum": ["established", "asserted"]}, **common}, ["value"])
    sides = _object({"standing": {"const": "disputed"}, "person": value, "state": value, **common}, ["standing"])
    return {"anyOf": [*value["anyOf"], plain, sides]}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def value_schema(fact: Fact) -> dict[str, Any]:
    """Schema of a bare value."""
    state = {"type": "string", "pattern": "^[A-Z]{3}$"}
    number: dict[str, Any] = {"type": "number"} | ({"minimum": fact.minimum} if fact.minimum is not None else {})
    schemas: dict[str, dict[str, Any]] = {
        "yes_no": {"enum": [True, False, "yes", "no"]},
        "choice": {"enum": list(fact.values)},
        "set": {"type": "array", "items": {"enum": list(fact.values)}},
        "number": number,
        "date": {"type": "string", "format": "date"},
        "state": state,
        "states": {"type": "array", "items": state},
    }
    return schemas[fact.type]


def strict_date(raw: Any) -> Any:
    """A date or None; anything else is refused in words."""
    if raw is None:
        return None
    try:
        return parse_date(raw)
    except BadValue as error:
        raise PydanticCustomError("date", "{text}", {"text": str(error), "echoes": (error.echo,)}) from None
