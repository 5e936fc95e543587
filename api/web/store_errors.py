"""What the store refuses, as problem details. Whether another workspace has a thing is never said."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from starlette.responses import Response

from api.service.within import OverTime
from api.storage.errors import (
    Conflict,
    Full,
    KeyReused,
    NotFound,
    NoWords,
    OnHold,
    ReferenceTaken,
    SchemaMismatch,
    Unavailable,
)
from api.web.problems import fault, response
from api.workers.errors import WorkersFailed
from engine.errors import expected

#: Said wherever the law content of an assessment is not at hand.
LAW_IS_MISSING = fault(
    "the version of the law content used for it is not installed here",
    fix="Put its pack file into the folder that DEDERE_PACKS names, or assess again",
)
_SMALLER = "Try it with fewer offences, promises or exhibits"
OVER_TIME = fault("it takes longer than one request may", fix=_SMALLER)
OUT_OF_MEMORY = fault("it needs more memory than the service may take", fix=_SMALLER)
#: Said wherever something is to be made of an answer that came by an import.
IMPORTED = fault(
    "the assessment was imported, not computed here, so nothing is made of it", fix="Assess the matter for the record"
)
RETRY_AFTER = {"retry-after": "5"}


def on_not_found(request: Request, error: Exception) -> Response:
    """There is no such thing in the caller's workspace."""
    return response(404, [fault("there is no such thing here")])


def on_conflict(request: Request, error: Exception) -> Response:
    """Somebody saved in between."""
    current = expected(error, Conflict).current
    fix = "Read it again, make the change on what is there now, and send its new ETag"
    return response(412, [fault(f"it is now at version {current}", fix=fix)], {"etag": f'"v{current}"'})


def on_taken(request: Request, error: Exception) -> Response:
    """The reference is in use."""
    fix = "Use another reference, or find the matter with POST /v1/matters:find"
    return response(409, [fault("the reference is in use", pointer="/reference", fix=fix)])


def on_reused(request: Request, error: Exception) -> Response:
    """The Idempotency-Key came with another request."""
    return response(422, [fault("the Idempotency-Key was used for another request", fix="Use a new key")])


def on_hold(request: Request, error: Exception) -> Response:
    """The matter is on legal hold."""
    fix = "Ask whoever placed the hold; an operator lifts it with: dedere retention release"
    return response(409, [fault("the matter is on legal hold and cannot be erased", fix=fix)])


def on_no_words(request: Request, error: Exception) -> Response:
    """The answer is not in words, and the law it was made under is not here."""
    return response(409, [LAW_IS_MISSING])


def on_unavailable(request: Request, error: Exception) -> Response:
    """The database is away, full, locked or read-only: nothing was acknowledged."""
    return response(503, [fault("the storage cannot be reached just now")], RETRY_AFTER)


def on_full(request: Request, error: Exception) -> Response:
    """The disk is nearly full: nothing new was kept."""
    fix = "Make room on the disk of the database; until then one can read, sign in and erase"
    return response(503, [fault("the disk is nearly full, so that nothing new is kept", fix=fix)], RETRY_AFTER)


def on_busy(request: Request, error: Exception) -> Response:
    """Too many assessments wait, or the workers died of this one: nothing was stored."""
    wait = {"retry-after": str(getattr(error, "retry_after", 5))}
    said = OVER_TIME if isinstance(error, OverTime) else fault("the assessment could not be made just now")
    return response(503, [said], wait)


def on_memory(request: Request, error: Exception) -> Response:
    """What was asked needs more memory than one process may take; all else goes on."""
    return response(503, [OUT_OF_MEMORY], RETRY_AFTER)


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Response]] = {
    NotFound: on_not_found,
    Conflict: on_conflict,
    ReferenceTaken: on_taken,
    KeyReused: on_reused,
    NoWords: on_no_words,
    OnHold: on_hold,
    Unavailable: on_unavailable,
    Full: on_full,
    SchemaMismatch: on_unavailable,
    WorkersFailed: on_busy,
    MemoryError: on_memory,
}
