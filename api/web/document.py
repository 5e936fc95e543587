"""The OpenAPI 3.1 description: generated, with the case's schema and examples that tests post.

Every error an address can answer with is described, with an example of its own.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.law.schemas import shared
from api.web.body import MERGE_PATCH
from api.web.flatbody import flat_schema
from api.web.problems import (
    KINDS,
    MEDIA_TYPE,
    ProblemDetails,
    details,
    fault,
)
from engine import ENGINE_VERSION
from engine.assess import Engine
from engine.facts.vocabulary import CASE, REQUESTED, REQUESTING

_PREFIX = "#/components/schemas/Case"
#: Marks, in a route's ``openapi_extra``, of what the generator cannot see.
CASE_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": _PREFIX}}}}}
_MERGE = {"type": "object", "additionalProperties": True, "description": "What changes of the case (RFC 7396)"}
PATCH_BODY = {"requestBody": {"required": True, "content": {MERGE_PATCH: {"schema": _MERGE}}}}
EVERY = (400, 405, 429, 500)
WITH_KEY = (401, 403, 503)
WITH_BODY = (413, 415, 422)
WITH_KEPT = (404, 409)
WITH_TAG = (412, 428)
_TEXT = {"type": "string"}
#: Examples name no request: they are made while one is answered.
_INSTANCE = "urn:dedere:request:req_7t6jd3uqy5mzbn2xkfwp4cgoaa"
_SENT = {
    "idempotency-key": "Any text of up to 200 characters; the same key with the same request is carried out once",
    "if-match": "The ETag of the version that the change starts from",
    "if-none-match": "An ETag that the caller has already",
    "x-request-id": "The caller's own id of the request, 8 to 64 letters, digits, dots, dashes",
}
_GIVEN = {
    "x-request-id": "The id of the request",
    "etag": "The strong entity tag of what is shown",
    "location": "The address of what was made",
    "link": "The next page, if there is one",
    "retry-after": "Seconds to wait",
}


def takes(form: type[BaseModel], *, example: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a route's ``openapi_extra`` says of a body that must have a form."""
    whole = form.model_json_schema(ref_template="{model}")
    schema = _inlined(whole, whole.pop("$defs", {}))
    content: dict[str, Any] = {"schema": schema}
    if example is not None:
        content["example"] = example
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def _inlined(schema: Any, parts: dict[str, Any]) -> Any:
    """A form's schema with its parts written out, and with the case's own schema where a case stands."""
    if isinstance(schema, list):
        return [_inlined(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "x-schema" in schema:
        said = {name: schema[name] for name in ("description", "title") if name in schema}
        return {"$ref": f"#/components/schemas/{schema['x-schema']}", **said}
    if schema.get("$ref") in parts:
        return _inlined(parts[schema["$ref"]], parts)
    return {name: _inlined(one, parts) for name, one in schema.items()}


def describe(app: FastAPI, engine: Engine) -> dict[str, Any]:
    """The description of an application over one engine's content."""
    found = get_openapi(
        title="Dedere",
        version=ENGINE_VERSION,
        openapi_version="3.1.0",
        summary="May this person be extradited, under which instrument not, and why",
        description="Nothing of a case is ever logged. A human decides; Dedere shows the reasoning.",
        routes=app.routes,
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas |= _case_schemas(engine)
    schemas["FlatCase"] = flat_schema(engine)
    schemas["ProblemDetails"], fault_schema = _problem_schemas()
    schemas["Fault"] = fault_schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation, engine)
    return found


def _complete(path: str, method: str, operation: dict[str, Any], engine: Engine) -> None:
    """Add what the generator does not know: errors, headers, examples."""
    fine = {code: one for code, one in operation["responses"].items() if code.startswith("2")}
    if method == "get" and path in _TAGGED:
        fine["304"] = {"description": "The caller has it already"}
    for code, one in fine.items():
        one["headers"] = {name: _header(name) for name in ("x-request-id", *_headers(path, method, code))}
    operation["responses"] = {**fine, **_errors(statuses(path, method, operation))}
    asked = _asked(path, method)
    operation.setdefault("parameters", []).extend(_parameter(name) for name in asked)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    if body.get("schema", {}).get("$ref") == _PREFIX:
        body["examples"] = examples(engine)


#: Addresses whose answers carry an entity tag.
_TAGGED = {
    "/v1/matters/{matter}",
    "/v1/matters/{matter}/facts",
    "/v1/matters/{matter}/versions/{version}",
    "/v1/assessments/{assessment}",
    "/v1/assessments/{assessment}/answer",
    "/v1/deadlines.ics",
}


#: Files that need the law content of the assessment they tell.
_PAPERS = {f"/v1/assessments/{{assessment}}/{name}" for name in ("memo", "graph")}


def _changes_matter(path: str, method: str) -> bool:
    facts = {("/v1/matters/{matter}/facts", method) for method in ("put", "patch")}
    return (path, method) in {("/v1/matters/{matter}", "delete"), *facts}


def _asked(path: str, method: str) -> list[str]:
    if _changes_matter(path, method):
        return ["x-request-id", "if-match", *(["idempotency-key"] if method != "delete" else [])]
    if method == "post":
        return ["x-request-id", "idempotency-key"]
    return ["x-request-id", *(["if-none-match"] if path in _TAGGED else [])]


def _headers(path: str, method: str, code: str) -> list[str]:
    made = ["location"] if code in ("201", "202") else []
    tagged = ["etag"] if path in _TAGGED and method in ("get", "put", "patch") else []
    return made + tagged


def statuses(path: str, method: str, operation: dict[str, Any]) -> tuple[int, ...]:
    """The errors that an operation can answer with."""
    found = [*EVERY]
    if operation.get("security"):
        found += WITH_KEY
    elif path == "/ready":
        found.append(503)
    if "requestBody" in operation:
        found += [*WITH_BODY, *WITH_KEPT] if method == "post" else WITH_BODY
    if operation.get("parameters"):
        found += [404, 422] if "{" in path else [422]
    if path in _PAPERS:
        found.append(409)
    if _changes_matter(path, method):
        found += WITH_TAG
    if path.endswith("s") and method == "get":
        found.append(404)
    return tuple(sorted(set(found)))


def _parameter(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": name == "if-match",
        "description": _SENT[name],
        "schema": {"type": "string", "pattern": '^"v[1-9][0-9]*"$'} if name == "if-match" else _TEXT,
    }


def _header(name: str) -> dict[str, Any]:
    return {"description": _GIVEN[name], "schema": _TEXT}


def _case_schemas(engine: Engine) -> dict[str, Any]:
    schema = shared(engine.reader.model.model_json_schema(ref_template=f"{_PREFIX}{{model}}"), _PREFIX)
    parts = {f"Case{name}": part for name, part in schema.pop("$defs").items()}
    return {"Case": schema, **parts}


def _problem_schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    return schema, schema.pop("$defs")["Fault"]


def _errors(codes: tuple[int, ...]) -> dict[str, Any]:
    return {
        str(status): {
            "description": KINDS[status][1],
            "headers": {name: _header(name) for name in ("x-request-id", *_WITH.get(status, ()))},
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/ProblemDetails"},
                    "example": details(status, _FAULTS.get(status, [])).model_dump() | {"instance": _INSTANCE},
                }
            },
        }
        for status in codes
    }


_WITH = {412: ("etag",), 429: ("retry-after",), 503: ("retry-after",)}
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
