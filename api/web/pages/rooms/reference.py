"""The reference of the API, made on the server from its own description: nothing is asked of other servers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from starlette.responses import Response

from api.web.gathering import recording
from api.web.pages.visit import Visit, visitor

routes = recording(include_in_schema=False)
Anybody = Annotated[Visit, Depends(visitor())]
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One thing that a program can ask."""

    id: str
    method: str
    path: str
    summary: str
    parameters: list[dict[str, Any]]
    bodies: list[str]
    example: str
    answers: list[tuple[str, str]]


@routes.get("/reference")
def reference(visit: Anybody) -> Response:
    """Every operation by subject, with parameters, bodies and answers."""
    described: dict[str, Any] = visit.request.app.openapi()
    subjects: dict[str, list[Operation]] = {}
    for path, found in described["paths"].items():
        for method in _METHODS:
            if method in found:
                tag = (found[method].get("tags") or ["other"])[0]
                subjects.setdefault(tag, []).append(_operation(path, method, found[method]))
    return visit.page("reference.html", subjects=subjects, version=described["info"]["version"])


def _operation(path: str, method: str, found: dict[str, Any]) -> Operation:
    content = found.get("requestBody", {}).get("content", {})
    return Operation(
        found["operationId"],
        method.upper(),
        path,
        str(found.get("description") or found.get("summary", "")),
        [one for one in found.get("parameters", []) if "name" in one],
        list(content),
        _example(next(iter(content.values()), {})),
        [(code, str(one.get("description", ""))) for code, one in sorted(found["responses"].items())],
    )


def _example(body: dict[str, Any]) -> str:
    examples = [one["value"] for one in body.get("examples", {}).values()] + [
        body[name] for name in ("example",) if name in body
    ]
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""
