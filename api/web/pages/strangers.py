"""Requests of people who are not signed in yet: they have threads of their own, so that no crowd of them takes all.

A few are worked on at once, some wait, and whoever comes after is told to come again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter, to_thread
from fastapi import Request
from starlette.responses import Response

from api.accounts.passwords import AT_ONCE
from api.web.pages.forms import Form
from api.web.pages.view import page

#: One more than passwords are checked at once, so that codes and links need not wait for these.
TOGETHER, WAITING = AT_ONCE + 1, 64
AGAIN = 5


class _Crowd:
    """Those at the door of one event loop: the threads for them, and how many are there."""

    def __init__(self) -> None:
        self.limiter, self.there = CapacityLimiter(TOGETHER), 0


_CROWDS: WeakKeyDictionary[asyncio.AbstractEventLoop, _Crowd] = WeakKeyDictionary()


async def apart(work: Callable[[Request, Form], Response], request: Request, form: Form) -> Response:
    """Answer a form in the threads of strangers."""
    crowd = _CROWDS.setdefault(asyncio.get_running_loop(), _Crowd())
    if crowd.there >= TOGETHER + WAITING:
        answer = page(request, "door.html", status=503, refused=AGAIN, ticket="")
        answer.headers["retry-after"] = str(AGAIN)
        return answer
    crowd.there += 1
    try:
        return await to_thread.run_sync(partial(work, request, form), limiter=crowd.limiter)
    finally:
        crowd.there -= 1
