"""Reading a case sent over HTTP: media type, size and depth are checked before anything is parsed.

What passes is parsed by the same reader as a case file, as strict JSON.
"""

from __future__ import annotations

import re
from email.message import Message

from starlette.requests import Request

from api.http.problems import Fault, Refused, fault, from_engine
from engine.content.documents import Document, read_bytes
from engine.errors import InputProblems

SOURCE = "case"
#: No case file nests deeper than part, item, finding, exhibit; this leaves room.
MAX_DEPTH = 32
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")


async def received(request: Request, limit: int) -> bytes:
    """The body of a request, at most ``limit`` bytes of JSON.

    Raises:
        Refused: another media type, too large, empty, or nested too deeply.
    """
    _check_media_type(request)
    if int(request.headers.get("content-length", "0")) > limit:
        raise Refused(413, [_too_large(limit)])
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Refused(413, [_too_large(limit)])
    raw = bytes(body)
    if not raw.strip():
        raise Refused(400, [fault("the request has no body", fix="Send a case as JSON")])
    if depth(raw) > MAX_DEPTH:
        raise Refused(400, [fault(f"nested more than {MAX_DEPTH} levels deep")])
    return raw


def _too_large(limit: int) -> Fault:
    return fault(f"at most {limit} bytes are accepted")


def _check_media_type(request: Request) -> None:
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    charset = str(message.get_param("charset", "utf-8")).lower()
    encoding = request.headers.get("content-encoding", "identity").lower()
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != "application/json" or charset not in ("utf-8", "utf8") or encoding != "identity":
        raise Refused(
            415, [fault("only application/json in UTF-8, not compressed, is accepted")], {"accept": "application/json"}
        )


def depth(raw: bytes) -> int:
    """How deep the brackets outside strings go; an unclosed string hides nothing that could be parsed."""
    deepest = level = 0
    for bracket in _BRACKETS.finditer(_STRINGS.sub(b"", raw)):
        level += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


def parsed(raw: bytes) -> Document:
    """The body as strict JSON: no duplicate keys, no NaN or infinity, no half characters.

    Raises:
        Refused: it is not well formed.
    """
    try:
        return read_bytes(raw, SOURCE, is_json=True)
    except InputProblems as error:
        raise Refused(400, [from_engine(problem) for problem in error.problems]) from None
