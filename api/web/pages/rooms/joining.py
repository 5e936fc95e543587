"""The participants' door: a join code instead of an account, one question at a time, one vote.

The cookie holds a random token and ends with the session. Every form carries a value that only the holder of the
cookie can have, the form of joining too.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from starlette.responses import Response

from api.accounts.errors import Refused as HasToWait
from api.accounts.tokens import derived_text, new_secret, same
from api.training.codes import spelled, typed
from api.training.exercise import Exercise
from api.training.joining import (
    ClassFull,
    NotOpen,
    Participant,
    WrongCode,
    chosen,
    join,
    latest,
    participant_of,
    vote,
    votes,
)
from api.training.sessions import LASTS, read_lesson
from api.web.calls import service_of
from api.web.gathering import recording
from api.web.pages.forms import Fields, Form
from api.web.pages.training_exercise import Asked, attempt_in
from api.web.pages.training_view import bars
from api.web.pages.training_words import LessonWords
from api.web.pages.view import go, page, speech_of
from api.web.problems import Refused, fault

routes = recording(include_in_schema=False)
COOKIE = "__Host-dedere-class"
#: Seats from one address, which a whole class may share; and votes of one participant.
_SEATS = (RateLimitItemPerMinute(60), RateLimitItemPerHour(200))
_VOTES = RateLimitItemPerMinute(30)


class JoinFirst(Exception):
    """Nobody has joined with this browser."""


def to_join(request: Request, error: Exception) -> Response:
    """To where the code is typed."""
    return go("/join")


def _participant(request: Request) -> Participant:
    found = participant_of(service_of(request).store, request.cookies.get(COOKIE, ""))
    if found is None:
        raise JoinFirst
    return found


InClass = Annotated[Participant, Depends(_participant)]


def _form_token(request: Request) -> str:
    return derived_text(request.cookies.get(COOKIE, ""), "training form")


def _checked(request: Request, form: Form) -> None:
    if not request.cookies.get(COOKIE) or not same(_form_token(request), form.one("token")):
        raise Refused(403, [fault("the form has run out; load the page again and send it anew")])


def _spend(request: Request, limit: RateLimitItem, *who: str) -> None:
    if not request.app.state.limits.limiter.hit(limit, "training", *who):
        raise Refused(429, [fault("too many requests; wait a while")], {"retry-after": str(limit.get_expiry())})


def _keep(response: Response, token: str) -> None:
    seconds = int(LASTS.total_seconds())
    response.set_cookie(COOKIE, token, max_age=seconds, path="/", secure=True, httponly=True, samesite="strict")


@routes.get("/join")
def door(request: Request) -> Response:
    """Where to type the code."""
    return _door(request, "")


@routes.get("/join/{code}")
def door_with_code(request: Request, code: str) -> Response:
    """The same from the picture on the projector, with the code filled in."""
    return _door(request, spelled(typed(code)) if typed(code) else "")


def _door(request: Request, code: str, refused: str = "", wait: int = 0, status: int = 200) -> Response:
    token = request.cookies.get(COOKIE, "") or new_secret()
    values: dict[str, Any] = {
        "code": code,
        "refused": refused,
        "wait": wait,
        "token": derived_text(token, "training form"),
    }
    answer = page(request, "join.html", status=status, **values)
    if token != request.cookies.get(COOKIE):
        _keep(answer, token)
    return answer


@routes.post("/join")
def enter(request: Request, form: Fields) -> Response:
    """Join the session of a code."""
    _checked(request, form)
    source = request.client.host if request.client else ""
    for limit in _SEATS:
        _spend(request, limit, "join", source)
    try:
        token = join(service_of(request).store, form.one("code"), source, request.cookies.get(COOKIE, ""))
    except WrongCode:
        return _door(request, "", "code", status=403)
    except HasToWait as error:
        return _door(request, "", "wait", error.retry_after, status=429)
    except ClassFull:
        return _door(request, "", "full", status=403)
    answer = go("/class")
    _keep(answer, token)
    return answer


@routes.get("/class")
def seat(request: Request, who: InClass) -> Response:
    """The question that is put just now."""
    return page(request, "class.html", **_seen(request, who))


@routes.get("/class/now")
def seat_now(request: Request, who: InClass) -> Response:
    """The same as a piece of a page, for the script to ask for again."""
    return page(request, "class_now.html", **_seen(request, who))


def _seen(request: Request, who: Participant) -> dict[str, Any]:
    service, question = service_of(request), latest(who.desk)
    words = LessonWords(speech_of(request), service.engine.pack)
    with service.store.read(who.workspace) as tx:
        mine = chosen(tx, who, question.number) if question else None
        counts = votes(tx, who.session, question) if question and question.revealed else []
    shown = bars(words, question, counts) if question and question.revealed else []
    values: dict[str, Any] = {
        "question": question,
        "mine": mine,
        "words": words,
        "bars": shown,
        "exercise": who.desk.exercise,
    }
    return values | {"token": _form_token(request), "voted": sum(counts)}


@routes.post("/class/vote")
def choose(request: Request, who: InClass, form: Fields) -> Response:
    """Vote, or vote anew while the question is open."""
    _checked(request, form)
    _spend(request, _VOTES, "vote", who.hash.hex())
    numbers = form.one("question"), form.one("choice")
    if all(one.isascii() and one.isdecimal() and len(one) < 6 for one in numbers):
        try:
            vote(service_of(request).store, who, int(numbers[0]), int(numbers[1]))
        except NotOpen:
            return go("/class?closed=1")
    return go("/class")


@routes.get("/class/exercise")
def exercise(request: Request, who: InClass) -> Response:
    """The exercise on the session's case, once the trainer hands it out."""
    return page(request, "training_exercise.html", **_exercise(request, who, Form([]), marked=False))


@routes.post("/class/exercise")
def marked(request: Request, who: InClass, form: Fields) -> Response:
    """The same, marked. Nothing is kept of it."""
    _checked(request, form)
    _spend(request, _VOTES, "exercise", who.hash.hex())
    return page(request, "training_exercise.html", **_exercise(request, who, form, marked=True))


def _exercise(request: Request, who: Participant, form: Form, *, marked: bool) -> dict[str, Any]:
    if not who.desk.exercise:
        raise Refused(404, [fault("no exercise was handed out")])
    service = service_of(request)
    with service.store.read(who.workspace) as tx:
        found = Exercise(read_lesson(tx, who.session).lesson)
    words = LessonWords(speech_of(request), service.engine.pack)
    given = found.mark(attempt_in(found, form)) if marked else None
    asked = Asked(found, words, form, given)
    return {"asked": asked, "case": None, "address": "/class/exercise", "token": _form_token(request)}
