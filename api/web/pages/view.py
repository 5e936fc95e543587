"""Rendering: Jinja templates that escape everything, in the visitor's language, with the headers of a page."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from api.accounts.sessions import SessionSaid
from api.documents.language.catalogues import (
    ENGLISH,
    LANGUAGES,
    LawText,
    Speech,
    speech_in,
)
from api.documents.language.counting import CAVEAT, day_off
from api.documents.language.pinpoints import pinpoint_in
from api.documents.language.retelling import retold
from api.web.pages.fields import state_names, value_shown
from engine.content.models import Pack
from engine.errors import Problem

#: Embeddings, overrides and isolates; marks of direction stay, because scripts that run to the left need them.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TYPED = re.compile(r'( value="[^"]*"|<textarea[^>]*>[^<]*</textarea>)')
HERE = Path(__file__).parent
LANGUAGE_COOKIE = "dedere-language"
#: Scripts and styles come from this service alone, and none stands in the page itself.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def without_overrides(html: str) -> str:
    """The page with every character that turns the direction of writing shown as a sign, but for what is typed.

    In a field it stays, because what is sent back from it is what was entered; a browser lets it act in that field alone.
    """
    if not _TURNS.search(html):
        return html
    parts = _TYPED.split(html)
    return "".join(part if number % 2 else _TURNS.sub("\ufffd", part) for number, part in enumerate(parts))


@cache
def templates() -> Environment:
    """The templates; a name that is not there is an error, not an empty place."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["asset"] = asset
    return found


@cache
def asset(name: str) -> str:
    """The address of a file of ``static``, which changes when the file does."""
    from hashlib import sha256  # noqa: PLC0415 - once per file

    digest = sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{digest}"


def speech_of(request: Request) -> Speech:
    """The language that the visitor chose, or the first of the browser's that is spoken here."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return speech_in(chosen)
    wanted = [
        part.partition(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")
    ]
    return speech_in(next((name for name in wanted if name in LANGUAGES), ENGLISH))


def page(
    request: Request,
    template: str,
    session: SessionSaid | None = None,
    *,
    status: int = 200,
    **values: Any,
) -> HTMLResponse:
    """A page. Templates see ``say``, ``count``, ``law``, ``pinpoint``, ``value_in_words``, ``counting``, ``off``, ``problem_words``,
    ``speech``, ``session``, ``csrf`` and ``here``.

    ``csrf`` is the session's token with a name for this page behind a point: a form that is sent twice says so.
    """
    speech = speech_of(request)
    context: Mapping[str, Any] = {
        "say": speech.say,
        "count": speech.count,
        "law": speech.law,
        "pinpoint": partial(pinpoint_in, speech),
        "value_in_words": partial(value_shown, speech),
        "counting": CAVEAT,
        "off": partial(_off, speech),
        "problem_words": partial(_problem_words, speech, request.app.state.service.engine.pack),
        "speech": speech,
        "languages": LANGUAGES,
        "state_names": state_names(speech.language),
        "session": session,
        "csrf": f"{session.csrf}.{secrets.token_urlsafe(9)}" if session else "",
        "here": request.url.path,
        "sign_in_changes": (),
        "elsewhere": bool(request.app.state.service.settings.oidc_issuer),
        "room": request.url.path.split("/")[1],
        **values,
    }
    html = without_overrides(templates().get_template(template).render(context))
    return HTMLResponse(html, status, {"content-security-policy": CSP, "content-language": speech.language})


def _problem_words(speech: Speech, pack: Pack, problem: Problem) -> list[LawText]:
    """What is wrong and what to do, in the visitor's language where it is known there."""
    return [retold(speech, pack, text) for text in (problem.message, problem.fix) if text]


def _off(speech: Speech, day: date | str | None) -> str:
    """In brackets, that a time limit ends on a Saturday or a Sunday."""
    word = day_off(date.fromisoformat(day) if isinstance(day, str) else day) if day else ""
    return f" ({speech.say(word)})" if word else ""


def go(where: str) -> RedirectResponse:
    """After a form was taken: look at the result, so that a reload sends nothing twice."""
    return RedirectResponse(where, 303)
