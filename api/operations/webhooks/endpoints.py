"""Endpoints of a workspace: registered, changed, rotated, disabled, enabled, deleted, listed.

Each act is in the audit chain. The URL may hold a token, so it is sealed like the secrets and never
in a log. Only a URL that passed the gate can be given here.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select

from api.operations.webhooks.kinds import joined
from api.operations.webhooks.signing import OVERLAP, Secret, new_secret
from api.operations.webhooks.urls import Checked
from api.storage.datakeys import current_key
from api.storage.errors import NotFound
from api.storage.ids import new_id
from api.storage.sealed import put, take
from api.storage.store import Transaction, stamp
from api.storage.webhook_tables import WebhookDelivery, WebhookEndpoint

MOST = 20  # endpoints of a workspace


class TooMany(Exception):
    """The workspace has as many endpoints as it may have."""


@dataclass(frozen=True, slots=True)
class EndpointSaid:
    """An endpoint as it is listed, without its secrets. ``because`` says why it is disabled: by_hand, gone, failing."""

    id: str
    url: str = field(repr=False)
    kinds: tuple[str, ...]
    enabled: bool
    because: str | None
    created_at: str
    failing_since: str | None
    old_secret_until: str | None


@dataclass(frozen=True, slots=True)
class Content:
    """What of an endpoint is sealed."""

    url: str = field(repr=False)
    secrets: tuple[Secret, ...] = ()


def register(tx: Transaction, checked: Checked, kinds: Collection[str]) -> tuple[EndpointSaid, str]:
    """Add an endpoint. Its secret is given here and never again.

    Raises:
        TooMany: the workspace has enough of them.
        ValueError: a kind is unknown, or there is none.
    """
    held = select(func.count()).select_from(WebhookEndpoint).where(WebhookEndpoint.workspace_id == tx.workspace)
    if tx.session.execute(held).scalar_one() >= MOST:
        raise TooMany(f"a workspace has at most {MOST} endpoints; delete one first")
    secret = new_secret()
    row = WebhookEndpoint(id=new_id("whe"), workspace_id=tx.workspace, kinds=joined(kinds), created_at=tx.at)
    _seal(tx, row, Content(checked.url, (secret,)))
    tx.add(row)
    tx.record("webhook.registered", row.id)
    return _said(tx, row), secret.text


def change(
    tx: Transaction, endpoint: str, checked: Checked | None = None, kinds: Collection[str] | None = None
) -> EndpointSaid:
    """Give an endpoint another URL, other kinds, or both; the secret stays.

    Raises:
        NotFound: there is no such endpoint in this workspace.
        ValueError: a kind is unknown, or there is none.
    """
    row = _row(tx, endpoint)
    if kinds is not None:
        row.kinds = joined(kinds)
    if checked is not None:
        _seal(tx, row, Content(checked.url, opened(tx, row).secrets))
    tx.record("webhook.changed", endpoint)
    return _said(tx, row)


def rotate_secret(tx: Transaction, endpoint: str, *, at_once: bool = False) -> str:
    """Give an endpoint a new secret, shown here once. The old one signs too for a day, or ends ``at_once``.

    Raises:
        NotFound: there is no such endpoint in this workspace.
    """
    row = _row(tx, endpoint)
    content, secret = opened(tx, row), new_secret()
    until = stamp(datetime.fromisoformat(tx.at) + OVERLAP)
    old = [] if at_once else [Secret(one.text, one.until or until) for one in content.secrets if one.signs(tx.at)]
    _seal(tx, row, Content(content.url, (secret, *old)))
    tx.record("webhook.secret_rotated", endpoint)
    return secret.text


def disable(tx: Transaction, endpoint: str, because: str = "by_hand") -> None:
    """Send nothing more to an endpoint; what is for it waits. Disabling it again changes nothing.

    Raises:
        NotFound: there is no such endpoint in this workspace.
    """
    row = _row(tx, endpoint)
    if row.disabled_at is None:
        row.disabled_at, row.disabled_because = tx.at, because
        tx.record("webhook.disabled", endpoint, because=because)


def enable(tx: Transaction, endpoint: str) -> None:
    """Send again, beginning with what waited.

    Raises:
        NotFound: there is no such endpoint in this workspace.
    """
    row = _row(tx, endpoint)
    row.disabled_at = row.disabled_because = row.failing_since = row.paused_until = None
    tx.record("webhook.enabled", endpoint)


def delete_endpoint(tx: Transaction, endpoint: str) -> None:
    """Forget an endpoint and everything that waits for it.

    Raises:
        NotFound: there is no such endpoint in this workspace.
    """
    row = _row(tx, endpoint)
    tx.session.execute(delete(WebhookDelivery).where(WebhookDelivery.endpoint_id == row.id))
    tx.session.delete(row)
    tx.record("webhook.deleted", endpoint)


def list_endpoints(tx: Transaction) -> list[EndpointSaid]:
    """The endpoints of the workspace, oldest first."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.workspace_id == tx.workspace)
    rows = tx.session.scalars(query.order_by(WebhookEndpoint.created_at, WebhookEndpoint.id))
    return [_said(tx, row) for row in rows]


def read_endpoint(tx: Transaction, endpoint: str) -> EndpointSaid:
    """One endpoint.

    Raises:
        NotFound: there is no such endpoint in this workspace.
    """
    return _said(tx, _row(tx, endpoint))


def opened(tx: Transaction, row: WebhookEndpoint) -> Content:
    """URL and secrets of an endpoint."""
    data = json.loads(take(tx, row))
    return Content(data["url"], tuple(Secret(**one) for one in data["secrets"]))


def _seal(tx: Transaction, row: WebhookEndpoint, content: Content) -> None:
    put(row, current_key(tx, tx.workspace), json.dumps(asdict(content)).encode())


def _row(tx: Transaction, endpoint: str) -> WebhookEndpoint:
    query = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint, WebhookEndpoint.workspace_id == tx.workspace)
    if tx.actor:  # what is read here is written back, so another writer waits
        query = query.with_for_update(key_share=True)
    row = tx.session.scalars(query).first()
    if row is None:
        raise NotFound("there is no such endpoint in this workspace")
    return row


def _said(tx: Transaction, row: WebhookEndpoint) -> EndpointSaid:
    content = opened(tx, row)
    old = [one.until for one in content.secrets if one.until and one.signs(tx.at)]
    return EndpointSaid(
        row.id,
        content.url,
        tuple(row.kinds.split()),
        row.disabled_at is None,
        row.disabled_because,
        row.created_at,
        row.failing_since,
        max(old, default=None),
    )
