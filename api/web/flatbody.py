"""Flat bodies: one name a fact, as a JSON object or a form; and how they are described.

Text of a form is taken as a tracker's form sends it: a name once, empty where nothing was entered.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from api.cases.flat_columns import LONGEST
from api.cases.flatrows import ABOUT
from api.web.body import Taken, parsed, taken
from api.web.calls import service_of
from api.web.problems import Refused, fault
from engine.assess import Engine
from engine.content.documents import pointer_of
from engine.facts.schema import value_schema
from engine.facts.values import UNKNOWN
from engine.facts.vocabulary import CASE, Fact

FORM = "application/x-www-form-urlencoded"
_MOST = 2_000
_SIDES = r"(\.(person|state))?"


async def flat(request: Request) -> Taken:
    """The body of a request, as flat JSON or as a form."""
    return await taken(request, service_of(request).settings.max_body_bytes, ("application/json", FORM))


FlatBody = Annotated[Taken, Depends(flat)]


def row_of(body: Taken) -> dict[str, Any]:
    """The names and values of a flat body.

    Raises:
        Refused: it is not well formed, has a name twice, or is not flat.
    """
    data = _form(body.raw) if body.media == FORM else parsed(body.raw).data
    if not isinstance(data, dict):
        raise Refused(422, [fault("is not an object with one name for each fact")])
    return data


def _form(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_MOST
        )
    except ValueError:  # UnicodeDecodeError is one
        raise Refused(400, [fault("is not a form in UTF-8", fix=f"Send {FORM}, at most {_MOST} names")]) from None
    names = [name for name, _ in pairs]
    twice = [fault("is given twice", pointer=pointer_of((name[:80],))) for name in {*names} if names.count(name) > 1]
    if twice:
        raise Refused(400, twice)
    return dict(pairs)


def flat_schema(engine: Engine) -> dict[str, Any]:
    """The schema of a flat case: every name that may be sent, with what may be written for it."""
    vocabulary = engine.pack.vocabulary
    properties: dict[str, Any] = {name: {"type": "string"} for name in ("reference", *ABOUT)}
    properties["reference"] |= {"maxLength": 200, "description": "Keep the facts and the answer under this reference"}
    properties["assessed_on"] = {"type": "string", "format": "date"}
    properties |= {f"{name}.size": {"type": "integer", "minimum": 0, "maximum": LONGEST} for name in vocabulary.parts}
    properties |= {f"variants.{name}": {"enum": list(one.values)} for name, one in engine.pack.variants.items()}
    patterns = {}
    for fact in vocabulary.facts.values():
        if fact.scope == CASE:
            sides = ("", ".person", ".state")
            properties |= {fact.id + side: _value(fact) for side in sides}
        else:
            patterns[rf"^{fact.scope}\[[0-9]{{1,3}}\]\.{fact.id}{_SIDES}$"] = _value(fact)
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": False,
        "example": {"assessed_on": "2020-01-13", "requesting_state": "AND", "requested_state": "MCO"},
    }


def _value(fact: Fact) -> dict[str, Any]:
    plain = value_schema(fact)
    words = [{"type": "string"}] if fact.type in ("set", "states", "number") else []
    return {"anyOf": [plain, *words, {"const": UNKNOWN}, {"const": ""}, {"type": "null"}], "description": fact.question}
