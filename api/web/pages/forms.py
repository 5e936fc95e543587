"""What forms send back: bounded, plain fields only, with the session's own token, from our own pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request

from api.accounts.sessions import SessionSaid, csrf_fits
from api.storage.idempotency import Result, known
from api.storage.idempotency import once as acted
from api.storage.store import Transaction
from api.web.body import received
from api.web.pages.visit import Visit
from api.web.problems import Refused, fault

MAX_BYTES = 1_000_000
MAX_FIELDS = 3_000
_SCRIPT_BYTES = 20_000
_MEDIA = "application/x-www-form-urlencoded"


class FormRanOut(Exception):
    """A form was made for another session than the one that sends it, so nothing was done."""

    def __init__(self, session: SessionSaid) -> None:
        super().__init__("the form has run out")
        self.session = session


class Form:
    """Fields by name, each with all its values in their order."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self.pairs = tuple(fields)
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

    def key(self, path: str) -> str:
        """What a form that is sent twice has in common: address, page that it was made for, and every field."""
        return sha256(json.dumps([path, self.pairs]).encode()).hexdigest()


def _from_elsewhere(request: Request) -> bool:
    """Whether a browser too old to say how a form came names another origin."""
    origin = request.headers.get("origin", "")
    said = "sec-fetch-site" in request.headers
    return bool(origin) and not said and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower()


async def read_form(request: Request) -> Form:
    """The fields of a form sent by one of our pages.

    Raises:
        Refused: it comes from another site, or is too large, or no plain form of UTF-8 text.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") or _from_elsewhere(request):
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
    form = Form(fields)
    request.state.form = form
    return form


Fields = Annotated[Form, Depends(read_form)]


async def _script_body(request: Request) -> bytes:
    return await received(request, _SCRIPT_BYTES)


#: JSON that a script of ours sends.
ScriptBody = Annotated[bytes, Depends(_script_body)]


def checked(visit: Visit, form: Form) -> Form:
    """The same form, if it carries the token of the visitor's session.

    Raises:
        FormRanOut: it does not. It was made for a session that has ended, or by somebody else's page.
    """
    if not csrf_fits(visit.session, form.one("csrf")):
        raise FormRanOut(visit.session)
    return form


def once(
    visit: Visit, form: Form, act: Callable[[Transaction], str], matter: str | None = None, version: int = 0
) -> str:
    """Carry out what a form asks for and give where to go next; the same form sent again is led to the same place.

    What was answered is erased with ``matter``. With a ``version`` it is the same form only on the same version.
    """

    def done() -> Result:
        return Result(303, act(tx).encode(), matter)

    with visit.write() as tx:
        return acted(tx, f"{form.key(visit.request.url.path)} {version}", b"form", done)[0].body.decode()


def done_before(visit: Visit, form: Form) -> bool:
    """Whether the same form was taken already, so that the work before its act can be left out."""
    with visit.service.store.read(visit.session.workspace) as tx:
        return known(replace(tx, actor=visit.session.person), f"{form.key(visit.request.url.path)} 0")
