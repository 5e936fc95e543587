"""Signing in with a password, and a code or passkey after it if the person has a second factor.

A login that nobody has takes the same steps and gets the same answer as a wrong password. No
database transaction is open while a password is checked. What comes out is a ``SignIn``, for
``sessions.open_session``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from api.accounts import passwords
from api.accounts.devices import device_of
from api.accounts.errors import Refused
from api.accounts.factors import factors_of, take_code
from api.accounts.handles import split_login, workspace_of
from api.accounts.pace import (
    CODE,
    DEVICE,
    LOGIN,
    SOURCE,
    Attempt,
    attempt,
    failed,
    succeeded,
)
from api.accounts.persons import by_login, person_row
from api.accounts.sessions import SignIn
from api.accounts.steps import (
    Step,
    begin_step,
    look_at_step,
    take_step,
)
from api.storage.errors import NotFound
from api.storage.store import Store
from engine.errors import present

SECOND = "second factor"
UNKNOWN = "sign-in"  # the actor of a refusal: who tried is not known


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """The first factor was right. The ticket and a code (or passkey) complete the sign-in within ten minutes."""

    factors: tuple[str, ...]
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """Who a login belongs to, and what is needed to check it."""

    workspace: str
    person: str
    active: bool
    password: str | None = field(default=None, repr=False)


def sign_in(
    store: Store, login: str, password: str, code: str | None, source: str, *, device: str = "", request: str = ""
) -> SignIn | SecondFactorNeeded:
    """Check a login and a password, and the code if one is given. ``source`` is where the request comes from.

    ``device`` is the token that the device got at an earlier sign-in, if it has one.

    Raises:
        Refused: something was wrong, or the login or source has to wait.
    """
    handle, name = split_login(login)
    workspace = workspace_of(store, handle)
    known = _known(store, workspace, name)
    own = _own_device(store, device, known.workspace, known.person) if known else ""
    anybodys = ((LOGIN, f"{workspace or handle}/{name}"), (SOURCE, source))
    made = attempt(store, *([(DEVICE, own)] if own else anybodys))
    right = passwords.fits(known.password if known else None, password)
    if known is None or not right or not known.active:
        refuse(store, made, known, "password", request)
    succeeded(store, made)
    _renew(store, known, password)
    answer = proved(store, known.workspace, known.person, "password", request)
    if isinstance(answer, SignIn) or code is None:
        return answer
    return with_code(store, answer.ticket, code, source, request, device=device)


def with_code(store: Store, ticket: str, code: str, source: str, request: str = "", *, device: str = "") -> SignIn:
    """Complete a sign-in with a code of the generator or a recovery code; a wrong one may be followed by another.

    Raises:
        Refused: the code or the ticket is wrong, spent or too old, or the person or source has to wait.
    """
    step = look_at_step(store, ticket, SECOND)
    if step is None:
        raise Refused
    own = _own_device(store, device, step.workspace, step.person)
    made = attempt(store, (CODE, step.person), (DEVICE, own) if own else (SOURCE, source))
    with store.write(step.workspace, step.person, request) as tx:
        right = person_row(tx, step.person).disabled_at is None and take_code(tx, step.person, code)
    if not right or take_step(store, ticket, SECOND) is None:
        refuse(store, made, Known(step.workspace, step.person, active=True), "code", request)
    succeeded(store, made)
    return accepted(store, SignIn(step.workspace, step.person, "code", strong=True), request)


def _own_device(store: Store, token: str, workspace: str, person: str) -> str:
    """The name of the device if it is this person's, otherwise empty."""
    device = device_of(store, token)
    return device.name if device and (device.workspace, device.person) == (workspace, person) else ""


def proved(store: Store, workspace: str, person: str, method: str, request: str = "") -> SignIn | SecondFactorNeeded:
    """What one right factor leads to: the second one, or a sign-in if the person has none."""
    with store.read(workspace) as tx:
        factors = factors_of(tx, person)
    if factors:
        return SecondFactorNeeded(factors, begin_step(store, SECOND, workspace, person))
    return accepted(store, SignIn(workspace, person, method, strong=False), request)


def accepted(store: Store, signed: SignIn, request: str = "") -> SignIn:
    """Record a sign-in.

    Raises:
        Refused: the person was disabled meanwhile.
    """
    with store.write(signed.workspace, signed.person, request) as tx:
        if person_row(tx, signed.person).disabled_at is not None:
            raise Refused
        tx.record("signin.ok", signed.person, method=signed.method)
    return signed


def refuse(store: Store, made: Attempt, known: Known | None, reason: str, request: str) -> NoReturn:
    """Refuse a sign-in. It is recorded if the person is known; if not, as much is written elsewhere.

    Raises:
        Refused: always.
    """
    if known is None:
        failed(store, made)
    else:
        record_refusal(store, Step(known.workspace, known.person), reason, request)
    raise Refused


def record_refusal(store: Store, whose: Step, reason: str, request: str) -> None:
    """Record that somebody was refused who may not have been the person."""
    with store.write(whose.workspace, UNKNOWN, request) as tx:
        tx.record("signin.refused", whose.person, reason=reason)


def _known(store: Store, workspace: str | None, name: str) -> Known | None:
    if workspace is None:
        return None
    with store.read(workspace) as tx:
        try:
            row = by_login(tx, name)
        except NotFound:  # a handle whose workspace is gone
            return None
        if row is None:
            return None
        return Known(workspace, row.id, row.disabled_at is None, passwords.password_of(tx, row.id))


def _renew(store: Store, known: Known, password: str) -> None:
    """Hash the password anew if the parameters have changed since it was set."""
    old = present(known.password, "the password that was just checked")
    fresh = passwords.renewed(old, password)
    if fresh is not None:
        with store.write(known.workspace, known.person) as tx:
            passwords.renew(tx, known.person, old, fresh)
