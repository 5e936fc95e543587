"""What became of deliveries: listed, sent again by hand, and forgotten after thirty days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, tuple_

from api.operations.webhooks.settling import ACTOR
from api.storage.base import rows_changed
from api.storage.errors import NotFound
from api.storage.store import Store, Transaction, stamp
from api.storage.webhook_tables import DeadlineNotice, WebhookDelivery

KEPT = timedelta(days=30)
NOTICES_KEPT = timedelta(days=400)  # longer than any deadline is near, so that none is announced twice


@dataclass(frozen=True, slots=True)
class DeliverySaid:
    """A delivery as it is listed: pending, delivered or failed. ``reason`` is a code, such as timeout or redirect."""

    id: str
    endpoint: str
    event: str
    kind: str
    state: str
    attempts: int
    due_at: str
    status: int | None
    reason: str | None
    created_at: str
    finished_at: str | None


def list_deliveries(
    tx: Transaction, endpoint: str = "", state: str = "", after: tuple[str, str] | None = None, limit: int = 50
) -> list[DeliverySaid]:
    """Deliveries, newest first, of one endpoint or all, in one state or any.

    ``after`` is (created_at, id) of the last one seen.
    """
    query = select(WebhookDelivery).where(WebhookDelivery.workspace_id == tx.workspace)
    if endpoint:
        query = query.where(WebhookDelivery.endpoint_id == endpoint)
    if state:
        query = query.where(WebhookDelivery.state == state)
    if after is not None:
        query = query.where(tuple_(WebhookDelivery.created_at, WebhookDelivery.id) < after)
    newest = query.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc())
    return [_said(row) for row in tx.session.scalars(newest.limit(limit))]


def list_failures(tx: Transaction, endpoint: str = "", limit: int = 50) -> list[DeliverySaid]:
    """Deliveries that were given up, newest first."""
    return list_deliveries(tx, endpoint, "failed", limit=limit)


def replay(tx: Transaction, delivery: str) -> DeliverySaid:
    """Send a delivery again, from the beginning of the schedule and under the same webhook-id.

    Raises:
        NotFound: there is no such delivery in this workspace.
    """
    query = select(WebhookDelivery).where(WebhookDelivery.id == delivery, WebhookDelivery.workspace_id == tx.workspace)
    row = tx.session.scalars(query.with_for_update()).first()
    if row is None:
        raise NotFound("there is no such delivery in this workspace")
    row.state, row.attempts, row.due_at, row.finished_at = "pending", 0, tx.at, None
    tx.record("webhook.replayed", row.endpoint_id, delivery=row.id, event=row.event_id)
    return _said(row)


def forget_old(store: Store, workspace: str) -> int:
    """Delete deliveries older than thirty days, whatever their state; gives their number."""
    now = store.now()
    with store.write(workspace, ACTOR) as tx:
        old = (DeadlineNotice.workspace_id == workspace, DeadlineNotice.created_at < stamp(now - NOTICES_KEPT))
        tx.session.execute(delete(DeadlineNotice).where(*old))
        mine = (WebhookDelivery.workspace_id == workspace, WebhookDelivery.created_at < stamp(now - KEPT))
        result = tx.session.execute(delete(WebhookDelivery).where(*mine))
        return rows_changed(result)


def _said(row: WebhookDelivery) -> DeliverySaid:
    return DeliverySaid(
        row.id,
        row.endpoint_id,
        row.event_id,
        row.kind,
        row.state,
        row.attempts,
        row.due_at,
        row.last_status,
        row.last_reason,
        row.created_at,
        row.finished_at,
    )
