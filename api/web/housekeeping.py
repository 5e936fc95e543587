"""What the service does by itself: batches in the background, webhooks, time limits, forgetting what ran out.

Two threads, so that a large batch does not hold up a webhook. Any node may do a chore; leases see to
it that one does.
"""

from __future__ import annotations

import threading
from datetime import timedelta

from api.accounts.sessions import end_old
from api.operations.backup.retention import apply_retention
from api.operations.heads import send_head
from api.operations.jobs.batch import batch_handler
from api.operations.jobs.book import forget_ended
from api.operations.jobs.chores import ACTOR, Chore
from api.operations.jobs.runner import Handler, run_jobs
from api.operations.webhooks.deadlines import announce_deadlines
from api.operations.webhooks.delivery import deliver_due
from api.operations.webhooks.history import forget_old as forget_deliveries
from api.operations.webhooks.sending import Sender
from api.operations.webhooks.urls import Gate
from api.service.service import Assessor, Service
from api.storage.assessments import put_into_words
from api.storage.idempotency import forget_old as forget_keys
from api.storage.store import Store, stamp
from api.training.sessions import forget_ended as forget_training
from api.workers.pool import Chaining

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_STOP_SECONDS = 20


def chores() -> list[Chore]:
    """What comes round, besides webhooks."""
    return [
        Chore("time limits", _HOUR, announce_deadlines),
        Chore("old sessions", _HOUR, lambda store, workspace: end_old(store, workspace, ACTOR)),
        Chore("ended training", _HOUR, lambda store, workspace: forget_training(store, workspace, ACTOR)),
        Chore("retention", _DAY, apply_retention),
        Chore("old idempotency keys", _DAY, lambda store, workspace: forget_keys(store, workspace, ACTOR)),
        Chore("old deliveries", _DAY, forget_deliveries),
        Chore("old jobs", _DAY, lambda store, workspace: forget_ended(store, workspace, ACTOR)),
    ]


def heads(place: str) -> list[Chore]:
    """Sending the heads of audit chains away, if there is a place for them."""
    return [Chore("audit heads", _HOUR, lambda store, workspace: send_head(store, workspace, place))] if place else []


def webhooks(sender: Sender) -> list[Chore]:
    """Sending what is due, every few seconds."""
    return [Chore("webhooks", timedelta(seconds=5), lambda store, workspace: deliver_due(store, workspace, sender))]


#: How many records are put into words in one go, after how many quiet seconds, and how long at most that is put off.
_WORDED, _QUIET, _PUT_OFF = 20, 5.0, timedelta(minutes=10)


def wording(assessor: Assessor) -> list[Chore]:
    """Putting records into words when nobody has asked for an assessment for a while, and old ones in any case."""

    def put(store: Store, workspace: str) -> None:
        before = stamp(store.now() - (timedelta() if assessor.quiet > _QUIET else _PUT_OFF))
        put_into_words(store, workspace, ACTOR, before, _WORDED)

    return [Chore("words", timedelta(seconds=2), put)]


class Housekeeping:
    """The two threads of one process."""

    def __init__(self, service: Service, gate: Gate) -> None:
        handlers: dict[str, Handler] = {}
        if isinstance(service.assessor, Chaining):
            handlers["batch"] = batch_handler(service.assessor)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(
                target=run_jobs,
                args=(
                    service.store,
                    handlers,
                    self._stop,
                    [*chores(), *heads(service.settings.audit_heads), *wording(service.assessor)],
                ),
                name="jobs",
            ),
            threading.Thread(
                target=run_jobs, args=(service.store, {}, self._stop, webhooks(Sender(gate))), name="webhooks"
            ),
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let go of what is being done, so that another node or the next start takes it up."""
        self._stop.set()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)
