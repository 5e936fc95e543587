"""The OpenAPI 3.1 description: generated, with the case's schema and examples that tests post.

Every error an address can answer with is described, with an example of its own.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.http.problems import KINDS, MEDIA_TYPE, ProblemDetails, details, fault
from api.schemas import shared
from engine import ENGINE_VERSION
from engine.assess import Engine
from engine.facts.vocabulary import CASE
from engine.inference.atoms import REQUESTED, REQUESTING

_PREFIX = "#/components/schemas/Case"
_POST = "/v1/assessments"
#: Which errors an address can answer with.
_ERRORS = {
    _POST: (400, 405, 413, 415, 422, 500),
    "/v1/facts": (400, 405, 422, 500),
    "/v1/instruments": (400, 405, 422, 500),
    "/v1/criteria/{id}": (400, 404, 405, 500),
    "/health": (400, 405, 500),
}


def describe(app: FastAPI, engine: Engine) -> dict[str, Any]:
    """The description of an application over one engine's content."""
    found = get_openapi(
        title="Dedere",
        version=ENGINE_VERSION,
        openapi_version="3.1.0",
        summary="May this person be extradited, under which instrument not, and why",
        description="Stateless: nothing that is sent is stored or logged. A human decides.",
        routes=app.routes,
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas |= _case_schemas(engine)
    schemas["ProblemDetails"], fault_schema = _problem_schemas()
    schemas["Fault"] = fault_schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, operations in found["paths"].items():
        for operation in operations.values():
            operation["responses"] = {"200": operation["responses"]["200"], **_errors(path)}
    found["paths"][_POST]["post"]["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": _PREFIX}, "examples": examples(engine)}},
    }
    return found


def _case_schemas(engine: Engine) -> dict[str, Any]:
    schema = shared(engine.reader.model.model_json_schema(ref_template=f"{_PREFIX}{{model}}"), _PREFIX)
    parts = {f"Case{name}": part for name, part in schema.pop("$defs").items()}
    return {"Case": schema, **parts}


def _problem_schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    return schema, schema.pop("$defs")["Fault"]


def _errors(path: str) -> dict[str, Any]:
    return {
        str(status): {
            "description": KINDS[status][1],
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/ProblemDetails"},
                    "example": details(status, _FAULTS.get(status, [])).model_dump(),
                }
            },
        }
        for status in _ERRORS.get(path, (500,))
    }


_FAULTS = {
    400: [fault("'facts' is given twice (first on line 1)", pointer="/facts", fix="Keep one of them")],
    413: [fault("at most 1000000 bytes are accepted")],
    415: [fault("only application/json in UTF-8, not compressed, is accepted")],
    422: [fault("the date of assessment is not given", fix="Add 'assessed_on:' to the case, or give ?on=")],
}


def examples(engine: Engine) -> dict[str, Any]:
    """Cases that can be posted as they stand, whatever the law content: two States, and a disputed fact."""
    requesting, requested, day = _pair(engine)
    states = {REQUESTING: requesting, REQUESTED: requested}
    smallest = {"case": "example", "assessed_on": day, "facts": states}
    asked = next(
        (one.id for one in engine.pack.vocabulary.facts.values() if one.type == "yes_no" and one.scope == CASE), ""
    )
    disputed = {"standing": "disputed", "person": "yes", "state": "no", "note": "Each side says otherwise."}
    fuller = {**smallest, "title": "An example", "facts": states | ({asked: disputed} if asked else {})}
    return {
        "smallest": {"summary": "Two States and a date: everything else is unknown", "value": smallest},
        "disputed": {"summary": "With a fact on which the two sides differ", "value": fuller},
    }


def _pair(engine: Engine) -> tuple[str, str, str]:
    """Two parties to some instrument between States, and a day on which it is in force for both."""
    for instrument in engine.pack.instruments.values():
        known = {code: one.in_force_from for code, one in instrument.parties.items() if one.in_force_from}
        if instrument.binds == "pair" and len(known) >= 2:
            (requesting, start), (requested, other) = list(known.items())[:2]
            return requesting, requested, max(start, other).isoformat()
    return "AND", "MCO", "2020-01-13"
