"""Errors over HTTP: problem details (RFC 9457) with a JSON pointer to every fault.

What was sent is never repeated: details say what is wrong and where, not what stood there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from api.documents.text.safe import inert
from engine.errors import InputProblems, Problem, expected

MEDIA_TYPE = "application/problem+json"
_LONGEST = 200
#: The id of the request that is being answered; errors carry it, so that a report can name it.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
#: Statuses an error may have, with the name of its type and its title.
KINDS: dict[int, tuple[str, str]] = {
    400: ("malformed", "The request is not well formed"),
    401: ("unauthenticated", "It is not known who is calling"),
    403: ("forbidden", "The caller may not do this"),
    404: ("not-found", "There is nothing here"),
    405: ("method-not-allowed", "This address does not take that method"),
    409: ("conflict", "This conflicts with what is already stored"),
    412: ("precondition-failed", "It has changed since it was read"),
    413: ("too-large", "The request is larger than accepted"),
    415: ("unsupported-media-type", "This address does not take that media type"),
    422: ("not-acceptable-as-it-is", "The case, or what was asked about it, cannot be accepted as it is"),
    428: ("precondition-required", "The request must say which version it starts from"),
    429: ("too-many-requests", "Too many requests"),
    500: ("internal-fault", "Dedere has failed; no answer is given"),
    503: ("unavailable", "The service cannot do this just now; try again"),
}


class Fault(BaseModel):
    """One thing to put right: where (a JSON pointer into the case, or a query parameter), what, and how."""

    pointer: str = Field(description="RFC 6901 pointer into the case sent; empty for the request as a whole")
    parameter: str = Field(default="", description="The query parameter, if the fault is in one")
    detail: str
    fix: str = ""


class ProblemDetails(BaseModel):
    """An error as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = Field(description="The id of the request, for whoever reports the error")
    errors: list[Fault]


class Refused(Exception):
    """A request that is answered with a problem."""

    def __init__(self, status: int, faults: Iterable[Fault] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.faults, self.headers = status, list(faults), dict(headers or {})


def fault(detail: str, *, pointer: str = "", parameter: str = "", fix: str = "") -> Fault:
    """A fault in words."""
    return Fault(pointer=pointer, parameter=parameter, detail=detail, fix=fix)


def details(status: int, faults: Iterable[Fault] = ()) -> ProblemDetails:
    """The problem of a status."""
    name, title = KINDS.get(status, ("http", HTTPStatus(status).phrase))
    found = list(faults)
    said = "; ".join(one.detail for one in found[:3]) or title
    return ProblemDetails(
        type=f"urn:dedere:problem:{name}",
        title=title,
        status=status,
        detail=said,
        instance=f"urn:dedere:request:{REQUEST_ID.get()}",
        errors=found,
    )


def response(status: int, faults: Iterable[Fault] = (), headers: Mapping[str, str] | None = None) -> Response:
    """The problem of a status as a response."""
    body = details(status, faults).model_dump_json()
    return Response(body, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def on_refused(request: Request, error: Exception) -> Response:
    """A request refused on purpose."""
    refused = expected(error, Refused)
    return response(refused.status, refused.faults, refused.headers)


def on_http(request: Request, error: Exception) -> Response:
    """What the framework refuses: an unknown address or method."""
    found = expected(error, HTTPException)
    headers = {"allow": allowed(request)} if found.status_code == HTTPStatus.METHOD_NOT_ALLOWED else found.headers
    return response(found.status_code, (), headers)


def allowed(request: Request) -> str:
    """The methods that an address takes: the framework names those of one route only."""
    tries = {
        method: {**request.scope, "method": method} for method in ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
    }
    taken = [
        method
        for method, scope in tries.items()
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
    ]
    return ", ".join(taken)


def on_validation(request: Request, error: Exception) -> Response:
    """A query parameter that is missing or not one of its values."""
    faults = [
        fault(_lower(str(one["msg"])), parameter=str(one["loc"][-1]))
        for one in expected(error, RequestValidationError).errors()
    ]
    return response(422, faults)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def on_problems(request: Request, error: Exception) -> Response:
    """What the engine cannot accept."""
    return response(422, [from_engine(problem) for problem in expected(error, InputProblems).problems])


def from_engine(problem: Problem) -> Fault:
    """A problem of the engine without anything that repeats a value sent."""
    quiet = problem.quiet()
    fix = re.sub(r", or give the date with --on$", ", or give ?on=", quiet.fix).replace(
        "dedere facts WORD", "GET /v1/facts?q="
    )
    return fault(_short(quiet.message), pointer=_short(quiet.pointer), fix=_short(fix))


def _short(text: str) -> str:
    shown = inert(text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
