"""Errors on pages: said in words, in the visitor's language, with the way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Scope

from api.accounts.sessions import SessionSaid
from api.documents.language.marking import marked
from api.service.within import OverTime
from api.web.pages.forms import Form, FormRanOut, read_form
from api.web.pages.view import page
from api.web.problems import KINDS, Fault, Refused, fault, from_engine, response
from api.web.store_errors import OUT_OF_MEMORY, OVER_TIME
from engine.errors import expected

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


#: Fields that nobody types.
_NOT_TYPED = ("version", "theme", "back", "stay", "act", "item", "name", "at")

#: Headers of an error that say more than its page does.
_TOLD = ("retry-after", "allow", "accept")


def for_people(request: Request) -> bool:
    """Whether a request comes from a person with a browser, not from a program."""
    own = request.url.path.startswith(("/v1/", "/health", "/ready", "/openapi", "/metrics"))
    return not own and "text/html" in request.headers.get("accept", "")


async def to_the_door(request: Request, error: Exception) -> Response:
    """Nobody is signed in; a form that somebody sent is shown to them, because nothing else has it."""
    if request.method != "POST" or not _shows_again(request):
        return RedirectResponse("/sign-in", 303)
    try:
        form = await read_form(request)
    except Refused as refused:
        return in_words(request, refused.status, refused.faults)
    return _unsent(request, form, 401, "ended")


def ran_out(request: Request, error: Exception) -> Response:
    """The form belongs to a session that has ended: it is shown with what was typed, to be sent anew."""
    if not _shows_again(request):
        said = fault("the form has run out; load the page again and send it anew")
        return in_words(request, 403, [said])
    return _unsent(request, request.state.form, 403, "ran out", expected(error, FormRanOut).session)


def taken_out(request: Request, error: Exception) -> Response:
    """The item that a form is about was taken out meanwhile: nothing else has what was typed."""
    form = getattr(request.state, "form", None)
    return _unsent(request, form, 404, "gone") if form is not None else in_words(request, 404, [])


def _shows_again(request: Request) -> bool:
    """Whether the forms of an address may be shown again: those of matters and classes hold no secret of a person."""
    same_origin = request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    return same_origin and request.url.path.startswith(("/matters", "/training"))


def _unsent(request: Request, form: Form, status: int, why: str, session: SessionSaid | None = None) -> Response:
    """Show what was typed, in fields; the form names no address, so a browser sends it to where it stands."""
    fields = [(name, value) for name, value in form.pairs if name != "csrf"]
    shown = [value for name, value in fields if value.strip() and name not in _NOT_TYPED]
    said = {"title": TITLES[status] if why == "gone" else marked("Nothing was saved"), "why": why}
    return page(request, "unsent.html", session, status=status, fields=fields, shown=shown, **said)


def in_words(request: Request, status: int, faults: list[Fault]) -> Response:
    """An error as a page."""
    if status not in KINDS:
        raise ValueError(f"no kind of problem has the status {status}")
    return page(
        request, "failure.html", status=status, code=status, title=TITLES.get(status, TITLES[500]), faults=faults
    )


def either(handler: Handler) -> Callable[[Request, Any], Awaitable[Response]]:
    """The same error as a page for people and as problem details for programs."""

    async def answer(request: Request, error: Exception) -> Response:
        said = handler(request, error)
        if not for_people(request):
            return said
        problems = [from_engine(one) for one in getattr(error, "problems", [])]
        problems += [OVER_TIME] if isinstance(error, OverTime) else []
        problems += [OUT_OF_MEMORY] if isinstance(error, MemoryError) else []
        shown = in_words(request, said.status_code, list(getattr(error, "faults", problems)))
        shown.headers.update({name: said.headers[name] for name in _TOLD if name in said.headers})
        return shown

    return answer


def failed(scope: Scope) -> ASGIApp:
    """The answer to a request that we failed at: a page for people, a problem for programs."""
    request = Request(scope)
    return in_words(request, 500, []) if for_people(request) else response(500)
