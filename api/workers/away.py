"""Being away: a request that waits for a worker needs nothing of this process meanwhile.

Whoever counts what this process has in hand, as the door does, sets ``AWAY`` for a request and is told.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar

#: Makes the block in which the request is away.
AWAY: ContextVar[Callable[[], AbstractContextManager[None]]] = ContextVar("away", default=nullcontext)
