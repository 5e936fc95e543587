"""Conditional requests (RFC 9110): strong entity tags, If-Match before changes, If-None-Match before reads."""

from __future__ import annotations

import re

from fastapi import Request
from starlette.responses import Response

from api.web.problems import Refused, fault

_TAG = re.compile(r'(?:W/)?"[^"]*"')


def tag_of_version(version: int, assessment: str = "") -> str:
    """The entity tag of a matter at a version, and of the assessment by which it stands where that is shown."""
    return f'"v{version}.{assessment}"' if assessment else f'"v{version}"'


def expected_version(request: Request) -> int:
    """The version that a change starts from, by its If-Match.

    Raises:
        Refused: 428 without If-Match; 412 if it is no tag of a version.
    """
    given = request.headers.get("if-match", "").strip()
    if not given:
        fix = "Read the matter first and send its ETag as If-Match"
        raise Refused(428, [fault("a change needs If-Match", fix=fix)])
    found = re.fullmatch(r'"v([1-9][0-9]{0,8})(?:\.[a-z0-9_]{1,80})?"', given)
    if not found:
        raise Refused(412, [fault("If-Match is not a tag of this matter")])
    return int(found[1])


def unchanged(request: Request, tag: str) -> bool:
    """Whether the caller has what the tag stands for already."""
    given = request.headers.get("if-none-match", "")
    known = {part.removeprefix("W/") for part in _TAG.findall(given)}
    return given.strip() == "*" or tag in known


def not_modified(tag: str) -> Response:
    """304, with the tag."""
    return Response(status_code=304, headers={"etag": tag})
