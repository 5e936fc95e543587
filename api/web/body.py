"""Reading a case sent over HTTP: media type and size are checked before anything is parsed.

What passes is parsed by the same reader as a case file, as strict JSON, and never deeper than its stack is safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import Message
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from api.web.problems import (
    Fault,
    Refused,
    fault,
    from_engine,
)
from engine.assess import Engine
from engine.content.documents import Document, bracket_depth, pointer_of, read_bytes
from engine.content.quick_json import quick_json
from engine.errors import InputProblems
from engine.facts.casefile import Case

SOURCE = "case"
MERGE_PATCH = "application/merge-patch+json"
#: No case file nests deeper than part, item, finding, exhibit; this leaves room.
MAX_DEPTH = 32
#: Stands for a name that was sent and is none of ours.
_ANOTHER = "(another)"


@dataclass(frozen=True, slots=True)
class Taken:
    """The body of a request as bytes, with what the sender says of them; no charset is UTF-8 or unsaid."""

    media: str
    charset: str
    raw: bytes


async def received(request: Request, limit: int) -> bytes:
    """The body of a request, at most ``limit`` bytes of JSON.

    Raises:
        Refused: another media type, too large, or empty.
    """
    return (await taken(request, limit, ("application/json",))).raw


async def taken(request: Request, limit: int, types: Sequence[str], charsets: Sequence[str] = ()) -> Taken:
    """The body of a request, at most ``limit`` bytes of one of some media types; UTF-8 unless more is allowed.

    Raises:
        Refused: another media type or encoding, too large, or empty.
    """
    media, charset = _checked_type(request, types, charsets)
    if int(request.headers.get("content-length", "0")) > limit:
        raise Refused(413, [_too_large(limit)])
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Refused(413, [_too_large(limit)])
    raw = bytes(body)
    if not raw.strip():
        raise Refused(400, [fault("the request has no body", fix=f"Send {types[0]}")])
    return Taken(media, charset, raw)


def _too_large(limit: int) -> Fault:
    return fault(f"at most {limit} bytes are accepted")


def _checked_type(request: Request, types: Sequence[str], charsets: Sequence[str]) -> tuple[str, str]:
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    charset = str(message.get_param("charset", "")).lower()
    encoding = request.headers.get("content-encoding", "identity").lower()
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in types or charset not in ("", "utf-8", "utf8", *charsets) or encoding != "identity":
        spoken = " or ".join(("UTF-8", *charsets))
        said = fault(f"only {' or '.join(types)} in {spoken}, not compressed, is accepted")
        raise Refused(415, [said], {"accept": ", ".join(types)})
    return given, charset


def parsed(raw: bytes) -> Document:
    """The body as strict JSON: no duplicate keys, no NaN or infinity, no half characters, no deep stack.

    Raises:
        Refused: it is not well formed, or nested too deeply.
    """
    quick = quick_json(raw)
    if quick is not None:
        return Document(quick, SOURCE)
    if bracket_depth(raw) > MAX_DEPTH:
        raise Refused(400, [fault(f"nested more than {MAX_DEPTH} levels deep")])
    try:
        return read_bytes(raw, SOURCE, is_json=True)
    except InputProblems as error:
        raise Refused(400, [from_engine(problem) for problem in error.problems]) from None


def merge_patch(target: Any, patch: Any) -> Any:
    """What a JSON Merge Patch makes of a document (RFC 7396); neither is changed."""
    if not isinstance(patch, dict):
        return patch
    changed = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = merge_patch(changed.get(name), value)
    return changed


Sent = TypeVar("Sent", bound=BaseModel)


def envelope(raw: bytes, form: type[Sent]) -> tuple[Sent, Document]:
    """A body that must have a form, and the document it came in.

    Raises:
        Refused: it is not well formed, or has not the form; every fault with its pointer.
    """
    document = parsed(raw)
    try:
        return form.model_validate(document.data), document
    except ValidationError as error:
        raise Refused(422, [_fault_of(one) for one in error.errors(include_url=False, include_input=False)]) from None


def case_in(engine: Engine, document: Document, at: tuple[str, ...] = ()) -> Case:
    """The case that stands somewhere in a body, checked by the engine's reader.

    Raises:
        Refused: it cannot be read; the pointers lead into the body as sent.
    """
    data = document.data
    for step in at:
        data = data[step]
    try:
        return engine.read(Document(data, SOURCE))
    except InputProblems as error:
        where = pointer_of(at)
        faults = [from_engine(replace(problem, pointer=where + problem.pointer)) for problem in error.problems]
        raise Refused(422, faults) from None


def _fault_of(error: Any) -> Fault:
    message = {"missing": "is missing", "extra_forbidden": "is not expected here"}.get(error["type"], error["msg"])
    steps = [step if isinstance(step, int) else _named(step) for step in error["loc"]]
    if error["type"] == "extra_forbidden":
        steps[-1] = _ANOTHER
    return fault(str(message)[:1].lower() + str(message)[1:], pointer=pointer_of(steps))


def _named(step: str) -> str:
    return step if len(step) <= 40 and step.isidentifier() else _ANOTHER
