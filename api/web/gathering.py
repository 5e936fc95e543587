"""What one request opens is gathered and recorded once, in one short transaction, before anything of it is shown.

Reading, weighing and putting into words keep no writer waiting: they happen in transactions that only
read, or in none. What was opened goes into the audit chain with the act of the request, or at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.storage.assessments import AssessmentSaid, Wordless, answer_of, keep_words
from api.storage.audit.journal import Act
from api.storage.store import Store, Transaction
from engine.errors import InternalError, expected


@dataclass
class Gathered:
    """What a request has opened so far, and what is to be kept of it."""

    store: Store
    workspace: str
    actor: str
    request: str
    acts: list[Act] = field(default_factory=list)
    words: dict[str, bytes] = field(default_factory=dict, repr=False)

    @contextmanager
    def look(self) -> Iterator[Transaction]:
        """A transaction that changes nothing; what is opened in it is recorded before the request is answered."""
        with self.store.look(self.workspace, self.actor, self.request) as tx:
            yield tx
        self.acts += tx.acts

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that may change things; it records what was opened before it too."""
        with self.store.write(self.workspace, self.actor, self.request) as tx:
            tx.acts += self.acts
            for assessment, written in self.words.items():
                keep_words(tx, assessment, written)
            yield tx
        self.acts.clear()
        self.words.clear()

    def answer(self, assessment: str) -> tuple[AssessmentSaid, bytes]:
        """An assessment with its answer as JSON, put into words if it is not yet.

        Raises:
            NotFound: there is no such assessment in this workspace.
            NoWords: it has none yet, and the law it was made under is not here.
        """
        with self.look() as tx:
            said, kept = answer_of(tx, assessment)
        return said, self.worded(kept)

    def worded(self, kept: Wordless | bytes) -> bytes:
        """An answer as JSON; what is put into words here is kept at the end of the request.

        Raises:
            NoWords: the law it was made under is not here.
        """
        if isinstance(kept, bytes):
            return kept
        self.words[kept.assessment] = self.store.words(kept.law, kept.facts, kept.record)
        return self.words[kept.assessment]

    def settle(self) -> None:
        """Record what no act of the request has recorded."""
        if self.acts or self.words:
            with self.write():
                pass


class Recording(APIRoute):
    """A route at whose end it is recorded what was opened; if that cannot be, nothing of it is shown."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with that behind it."""
        handler = super().get_route_handler()

        async def recorded(request: Request) -> Response:
            request.state.gathered = None
            try:
                return await handler(request)
            finally:
                if request.state.gathered is not None:
                    await run_in_threadpool(expected(request.state.gathered, Gathered).settle)

        return recorded


def recording(**more: Any) -> APIRouter:
    """A router whose routes all record what they open."""
    return APIRouter(route_class=Recording, **more)


def gather(request: Request, store: Store, workspace: str, actor: str) -> None:
    """Begin to gather what a request opens on behalf of somebody.

    Raises:
        InternalError: its route would not record it.
    """
    if not hasattr(request.state, "gathered"):
        raise InternalError("a route that opens matters is made with recording()")
    request.state.gathered = Gathered(store, workspace, actor, str(request.state.request_id))


@dataclass(frozen=True)
class Gathering:
    """A request of somebody known: its transactions, and what it has opened in them so far."""

    request: Request

    @property
    def gathered(self) -> Gathered:
        """What this request has opened so far."""
        return expected(self.request.state.gathered, Gathered)

    def write(self) -> AbstractContextManager[Transaction]:
        """A transaction of the workspace, recorded in its audit chain."""
        return self.gathered.write()

    def look(self) -> AbstractContextManager[Transaction]:
        """A transaction that changes nothing; what is opened in it is recorded before the request is answered."""
        return self.gathered.look()
