"""What forms send back: bounded, plain fields only, with the session's own token, from our own pages."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from api.accounts.sessions import csrf_fits
from api.web.body import received
from api.web.pages.visit import Visit
from api.web.problems import Refused, fault

MAX_BYTES = 1_000_000
MAX_FIELDS = 3_000
_SCRIPT_BYTES = 20_000
_MEDIA = "application/x-www-form-urlencoded"


class Form:
    """Fields by name, each with all its values in their order."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name, []).append(value)

    def one(self, name: str, default: str = "") -> str:
        """A field's last value, without blanks around it."""
        return self._fields.get(name, [default])[-1].strip()

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return [value.strip() for value in self._fields.get(name, [])]

    def names(self) -> list[str]:
        """The names of all fields that came."""
        return list(self._fields)


async def read_form(request: Request) -> Form:
    """The fields of a form sent by one of our pages.

    Raises:
        Refused: it comes from another site, or is too large, or no plain form of UTF-8 text.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, [fault("the form was not sent by a page of this service")])
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _MEDIA:
        raise Refused(415, [fault("a form is expected")], {"accept": _MEDIA})
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BYTES:
            raise Refused(413, [fault(f"at most {MAX_BYTES} bytes are accepted")])
    try:
        fields = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise Refused(400, [fault("the form is not well formed")]) from None
    if any("\x00" in name + value for name, value in fields):
        raise Refused(400, [fault("the form is not well formed")])
    return Form(fields)


Fields = Annotated[Form, Depends(read_form)]


async def _script_body(request: Request) -> bytes:
    return await received(request, _SCRIPT_BYTES)


#: JSON that a script of ours sends.
ScriptBody = Annotated[bytes, Depends(_script_body)]


def checked(visit: Visit, form: Form) -> Form:
    """The same form, if it carries the token of the visitor's session.

    Raises:
        Refused: it does not; somebody else's page may have sent it.
    """
    if not csrf_fits(visit.session, form.one("csrf")):
        raise Refused(403, [fault("the form has run out; load the page again and send it anew")])
    return form
