"""What came of a try: delivered, to be tried again, or failed; and whether the endpoint is slowed down or disabled.

410 disables an endpoint at once. One that has only failed for days is disabled too. Both are in the
audit chain, as is every delivery given up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from api.operations.webhooks.endpoints import disable
from api.operations.webhooks.schedule import next_try, pause_until
from api.operations.webhooks.sending import NotSent, Reply
from api.storage.store import Store, Transaction, stamp
from api.storage.webhook_tables import WebhookDelivery, WebhookEndpoint

ACTOR = "sys_webhooks"
DISABLED_AFTER = timedelta(days=5)  # of nothing but failures
_GONE = 410
_SLOW_DOWN = {429, 502, 503, 504}


def settle(store: Store, workspace: str, delivery: str, lease: str, reply: Reply | NotSent) -> bool:
    """Write down what came of a try; True means delivered. If the lease went to someone else, nothing is written."""
    now = store.now()
    with store.write(workspace, ACTOR) as tx:
        endpoint = _endpoint(tx, delivery)
        row = _held(tx, delivery, lease)
        if endpoint is not None and row is not None:
            row.lease = row.leased_until = None
            row.attempts += 1
            _judge(tx, endpoint, row, reply, now)
    return _good(reply)


def _good(reply: Reply | NotSent) -> bool:
    return isinstance(reply, Reply) and 200 <= reply.status < 300


def _endpoint(tx: Transaction, delivery: str) -> WebhookEndpoint | None:
    """Locked before the delivery, in the same order as when an endpoint is deleted."""
    mine = select(WebhookDelivery.endpoint_id).where(
        WebhookDelivery.id == delivery, WebhookDelivery.workspace_id == tx.workspace
    )
    query = select(WebhookEndpoint).where(WebhookEndpoint.id == mine.scalar_subquery())
    return tx.session.scalars(query.with_for_update(key_share=True)).first()


def _held(tx: Transaction, delivery: str, lease: str) -> WebhookDelivery | None:
    query = select(WebhookDelivery).where(WebhookDelivery.id == delivery, WebhookDelivery.lease == lease)
    return tx.session.scalars(query.with_for_update()).first()


def _judge(
    tx: Transaction, endpoint: WebhookEndpoint, row: WebhookDelivery, reply: Reply | NotSent, now: datetime
) -> None:
    row.last_status = reply.status if isinstance(reply, Reply) else None
    row.last_reason = _reason(reply)
    if _good(reply):
        row.state, row.finished_at = "delivered", tx.at
        endpoint.failing_since = endpoint.paused_until = None
        return
    _put_off(tx, row, None if row.last_status == _GONE else next_try(row.attempts, now))
    _slow_down(endpoint, reply, now)
    _maybe_disable(tx, endpoint, row.last_status, now)


def _reason(reply: Reply | NotSent) -> str | None:
    if isinstance(reply, NotSent):
        return reply.reason
    if _good(reply):
        return None
    return "redirect" if 300 <= reply.status < 400 else "status"


def _put_off(tx: Transaction, row: WebhookDelivery, again: datetime | None) -> None:
    if again is not None:
        row.due_at = stamp(again)
        return
    row.state, row.finished_at = "failed", tx.at
    tx.record("webhook.delivery_failed", row.endpoint_id, delivery=row.id, event=row.event_id)


def _slow_down(endpoint: WebhookEndpoint, reply: Reply | NotSent, now: datetime) -> None:
    """A receiver that says it has too much gets nothing at all for a while."""
    if isinstance(reply, Reply) and reply.status in _SLOW_DOWN:
        endpoint.paused_until = stamp(pause_until(reply.retry_after, now))


def _maybe_disable(tx: Transaction, endpoint: WebhookEndpoint, status: int | None, now: datetime) -> None:
    endpoint.failing_since = endpoint.failing_since or tx.at
    if status == _GONE:
        disable(tx, endpoint.id, "gone")
    elif endpoint.failing_since <= stamp(now - DISABLED_AFTER):
        disable(tx, endpoint.id, "failing")
