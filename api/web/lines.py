"""Bodies of many lines: one JSON text a line, in and out, each line with a fate of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.web.body import taken
from api.web.calls import service_of
from api.web.problems import Refused, fault

NDJSON = "application/x-ndjson"


async def lines(request: Request) -> bytes:
    """The body of a request, as lines that are not yet parsed."""
    return (await taken(request, service_of(request).settings.max_batch_bytes, (NDJSON,))).raw


LinesBody = Annotated[bytes, Depends(lines)]


def split(raw: bytes, most: int, instead: str = "") -> list[bytes]:
    """The lines of a body; a line break at its end makes no further line.

    Raises:
        Refused: 413; there are more than ``most``.
    """
    found = raw.removeprefix(b"\xef\xbb\xbf").removesuffix(b"\n").split(b"\n")
    if len(found) > most:
        raise Refused(413, [fault(f"at most {most} lines are accepted", fix=instead)])
    return [line.removesuffix(b"\r") for line in found]


def answered(said: Iterable[BaseModel], headers: dict[str, str] | None = None) -> Response:
    """One line for each."""
    text = "".join(f"{one.model_dump_json(exclude_none=True)}\n" for one in said)
    return Response(text, headers=headers, media_type=NDJSON)
