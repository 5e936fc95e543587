"""What may be written in a case: the JSON Schema of each fact, and what the model refuses in words.

The schema is for the API's documentation and generated clients; what it leaves out is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from engine.facts.values import UNKNOWN, BadValue, parse_day, parse_yes_no
from engine.facts.vocabulary import Fact

Told = TypeVar("Told")
#: How an answer to a yes/no question may be written.
YES_NO: dict[str, Any] = {"enum": [True, False, "yes", "no"]}
MOST_PAGES = 1_000_000


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
        "yes_no": YES_NO,
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
    return None if raw is None else _told(parse_day, raw)


def strict_yes_no(raw: Any) -> bool:
    """Yes or no; anything else is refused in words."""
    return _told(parse_yes_no, raw)


def strict_page(raw: Any) -> Any:
    """A page by its number or as text, or None; a truth value is neither, though Python counts it as a number."""
    if raw is None or isinstance(raw, str):
        return raw
    if isinstance(raw, int | float) and not isinstance(raw, bool) and 0 <= raw <= MOST_PAGES and raw == int(raw):
        return int(raw)
    text = f"a page is a whole number from 0 to {MOST_PAGES}, or a text"
    raise PydanticCustomError("value", "{text}", {"text": text})


def _told(parse: Callable[[Any], Told], raw: Any) -> Told:
    try:
        return parse(raw)
    except BadValue as error:
        raise PydanticCustomError("value", "{text}", {"text": str(error), "echoes": (error.echo,)}) from None
