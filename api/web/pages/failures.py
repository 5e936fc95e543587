"""Errors on pages: said in words, in the visitor's language, with the way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Scope

from api.documents.language.marking import marked
from api.web.pages.view import page
from api.web.problems import KINDS, Fault, response

Handler = Callable[[Request, Exception], Response]

TITLES = {
    400: marked("This cannot be read"),
    403: marked("You may not do this"),
    404: marked("There is nothing here"),
    405: marked("There is nothing here"),
    409: marked("This conflicts with what is already stored"),
    412: marked("Somebody else has saved in between"),
    413: marked("This is too large"),
    415: marked("This cannot be read"),
    422: marked("This cannot be accepted as it is"),
    428: marked("Somebody else has saved in between"),
    429: marked("Too many requests"),
    500: marked("Dedere has failed"),
    503: marked("The storage cannot be reached just now"),
}


#: Headers of an error that say more than its page does.
_TOLD = ("retry-after", "allow", "accept")


def for_people(request: Request) -> bool:
    """Whether a request comes from a person with a browser, not from a program."""
    own = request.url.path.startswith(("/v1/", "/health", "/ready", "/openapi", "/metrics"))
    return not own and "text/html" in request.headers.get("accept", "")


def to_the_door(request: Request, error: Exception) -> Response:
    """Nobody is signed in."""
    return RedirectResponse("/sign-in", 303)


def in_words(request: Request, status: int, faults: list[Fault]) -> Response:
    """An error as a page."""
    assert status in KINDS
    return page(
        request, "failure.html", status=status, code=status, title=TITLES.get(status, TITLES[500]), faults=faults
    )


def either(handler: Handler) -> Callable[[Request, Any], Awaitable[Response]]:
    """The same error as a page for people and as problem details for programs."""

    async def answer(request: Request, error: Exception) -> Response:
        said = handler(request, error)
        if not for_people(request):
            return said
        shown = in_words(request, said.status_code, list(getattr(error, "faults", [])))
        shown.headers.update({name: said.headers[name] for name in _TOLD if name in said.headers})
        return shown

    return answer


def failed(scope: Scope) -> ASGIApp:
    """The answer to a request that we failed at: a page for people, a problem for programs."""
    request = Request(scope)
    return in_words(request, 500, []) if for_people(request) else response(500)
