"""Sending what is due: claim with a lease, send outside of any transaction, write down what came of it.

A node that dies between sending and writing lets its lease run out; the delivery is then sent again
under the same webhook-id. So everything arrives at least once, and doubles can be told.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import or_, select

from api.operations.webhooks.endpoints import MOST, opened
from api.operations.webhooks.sending import Letter, NotSent, Reply
from api.operations.webhooks.settling import ACTOR, settle
from api.operations.webhooks.signing import Secret, headers
from api.storage.store import Store, Transaction, stamp
from api.storage.webhook_tables import WebhookDelivery, WebhookEndpoint

LEASE = timedelta(minutes=2)  # far longer than one exchange may take
LIMIT = 500  # tries of one run

Send = Callable[[Letter], Reply]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery with what is needed to send it, so that no transaction stays open meanwhile."""

    delivery: str
    endpoint: str
    lease: str
    event: str
    body: str
    url: str = field(repr=False)
    secrets: tuple[Secret, ...]


@dataclass(slots=True)
class Run:
    """What one run did."""

    delivered: int = 0
    failed: int = 0
    silent: set[str] = field(default_factory=set)  # endpoints that gave no answer: left alone until the next run

    @property
    def tried(self) -> int:
        """How many were sent or tried."""
        return self.delivered + self.failed


def deliver_due(store: Store, workspace: str, send: Send, limit: int = LIMIT) -> Run:
    """Send what is due in a workspace, one at a time to each endpoint, the endpoints side by side.

    Any number of nodes may run this at once. Never call it inside of a transaction.

    Raises:
        Unavailable: the database went away; what was sent but not written down is sent again.
    """
    run = Run()
    with ThreadPoolExecutor(MOST) as pool:
        while run.tried < limit and (parcels := _claimed(store, workspace, run.silent)):
            replies = pool.map(lambda parcel: _tried(store, send, parcel), parcels)
            for parcel, reply in zip(parcels, replies, strict=True):
                _note(run, parcel, settle(store, workspace, parcel.delivery, parcel.lease, reply), reply)
    return run


def _note(run: Run, parcel: Parcel, delivered: bool, reply: Reply | NotSent) -> None:
    run.delivered += delivered
    run.failed += not delivered
    if isinstance(reply, NotSent):
        run.silent.add(parcel.endpoint)


def _tried(store: Store, send: Send, parcel: Parcel) -> Reply | NotSent:
    signed = headers(parcel.event, store.now(), parcel.body, parcel.secrets)
    try:
        return send(Letter(parcel.url, parcel.body, signed))
    except NotSent as failure:
        return failure


def _claimed(store: Store, workspace: str, silent: Collection[str]) -> list[Parcel]:
    """Lease the oldest due delivery of each endpoint. Whether there is one is looked up first, without writing."""
    with store.read(workspace) as tx:
        waiting = next(_due(tx, silent), None)
    if waiting is None:
        return []
    with store.write(workspace, ACTOR) as tx:
        lease, until = secrets.token_hex(16), stamp(store.now() + LEASE)
        return [_leased(tx, row, endpoint, lease, until) for row, endpoint in _due(tx, silent)]


def _due(tx: Transaction, silent: Collection[str]) -> Iterator[tuple[WebhookDelivery, WebhookEndpoint]]:
    for endpoint in _ready(tx, silent):
        row = _oldest_due(tx, endpoint.id)
        if row is not None:
            yield row, endpoint


def _ready(tx: Transaction, silent: Collection[str]) -> list[WebhookEndpoint]:
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.workspace_id == tx.workspace,
        WebhookEndpoint.disabled_at.is_(None),
        or_(WebhookEndpoint.paused_until.is_(None), WebhookEndpoint.paused_until <= tx.at),
        WebhookEndpoint.id.not_in(silent),
    )
    return list(tx.session.scalars(query.order_by(WebhookEndpoint.id)))


def _oldest_due(tx: Transaction, endpoint: str) -> WebhookDelivery | None:
    query = select(WebhookDelivery).where(
        WebhookDelivery.endpoint_id == endpoint,
        WebhookDelivery.state == "pending",
        WebhookDelivery.due_at <= tx.at,
        or_(WebhookDelivery.leased_until.is_(None), WebhookDelivery.leased_until <= tx.at),
    )
    first = query.order_by(WebhookDelivery.due_at, WebhookDelivery.id).limit(1)
    if tx.actor:  # to be leased; what another node is leasing is passed over
        first = first.with_for_update(skip_locked=True)
    return tx.session.scalars(first).first()


def _leased(tx: Transaction, row: WebhookDelivery, endpoint: WebhookEndpoint, lease: str, until: str) -> Parcel:
    row.lease, row.leased_until = lease, until
    content = opened(tx, endpoint)
    signing = tuple(one for one in content.secrets if one.signs(tx.at))
    return Parcel(row.id, endpoint.id, lease, row.event_id, row.body, content.url, signing)
