"""Pages of a list: a cursor is where the last page ended, signed for its workspace and its list.

A cursor is opaque and works only for whoever got it; a changed or foreign one is refused.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request

from api.storage.datakeys import index_of
from api.storage.store import Transaction
from api.web.problems import Refused, fault

Limit = Annotated[int, Query(ge=1, le=200, description="Entries a page")]
Cursor = Annotated[str, Query(max_length=400, description="Where the page before ended, from its `next`")]
Since = Annotated[
    str,
    Query(
        max_length=40,
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$",
        description="Only what was changed at or after this moment, in UTC",
        json_schema_extra={"examples": ["2026-01-31T12:00:00Z"]},
    ),
]


@dataclass(frozen=True, slots=True)
class Pages:
    """The cursors of one list in one workspace."""

    tx: Transaction
    name: str

    def sign(self, *after: str) -> str:
        """The cursor behind an entry."""
        text = "\x1f".join(after).encode()
        return base64.urlsafe_b64encode(self._mark(text) + text).decode().rstrip("=")

    def read(self, cursor: str, parts: int) -> tuple[str, ...]:
        """Behind which entry a cursor stands.

        Raises:
            Refused: it is none of this list and workspace.
        """
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        mark, text = raw[:16], raw[16:]
        after = tuple(text.decode("utf-8", "replace").split("\x1f"))
        if not hmac.compare_digest(mark, self._mark(text)) or len(after) != parts:
            raise Refused(
                400, [fault("is not a cursor of this list", parameter="cursor", fix="Start again without it")]
            )
        return after

    def _mark(self, text: bytes) -> bytes:
        return index_of(self.tx, f"cursor of {self.name}", text.hex())[:16]


def links(request: Request, cursor: str) -> dict[str, str]:
    """The Link header of a page that has a next one."""
    if not cursor:
        return {}
    wanted = request.url.include_query_params(cursor=cursor)
    return {"link": f'<{wanted.path}?{wanted.query}>; rel="next"'}
