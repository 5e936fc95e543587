"""The outbox: events are written in the transaction of the act, one delivery for each endpoint that wants them.

If the act commits, its events will be sent; if it does not, nobody hears of it. A disabled endpoint
gathers its deliveries, so that an erasure is not missed by a tracker that was away.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from api.operations.webhooks.kinds import KINDS, Event
from api.storage.audit.chain import only_ids
from api.storage.ids import new_id
from api.storage.store import Transaction
from api.storage.webhook_tables import WebhookDelivery, WebhookEndpoint

_LISTENING = select(WebhookEndpoint.id).where(WebhookEndpoint.workspace_id == bindparam("workspace")).limit(1)


def notify(tx: Transaction, kind: str, matter: str, assessment: str = "", changed: bool | None = None) -> int:
    """Tell all endpoints that want this kind, once the transaction commits; gives their number.

    Raises:
        ValueError: the kind is unknown, or something that is not an id was to be told.
    """
    if kind not in KINDS:
        raise ValueError("there is no such kind of event")
    only_ids(matter, assessment)
    event = Event(new_id("evt"), kind, tx.workspace, tx.at, matter, assessment, changed)
    wanting = [one for one in _endpoints(tx) if kind in one.kinds.split()]
    for endpoint in wanting:
        tx.add(_delivery(event, endpoint.id))
    return len(wanting)


def somebody_listens(tx: Transaction) -> bool:
    """Whether the workspace has any endpoint; where none is, what to tell need not be found out."""
    return tx.session.scalar(_LISTENING, {"workspace": tx.workspace}) is not None


def _endpoints(tx: Transaction) -> list[WebhookEndpoint]:
    """Locked against deletion, which would break the act that is being told of."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.workspace_id == tx.workspace)
    return list(tx.session.scalars(query.order_by(WebhookEndpoint.id).with_for_update(read=True, key_share=True)))


def _delivery(event: Event, endpoint: str) -> WebhookDelivery:
    return WebhookDelivery(
        id=new_id("whd"),
        workspace_id=event.workspace,
        endpoint_id=endpoint,
        event_id=event.id,
        kind=event.kind,
        body=event.body(),
        state="pending",
        attempts=0,
        due_at=event.at,
        created_at=event.at,
    )
