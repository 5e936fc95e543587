"""The tables of webhooks: endpoints, the outbox of deliveries, and which deadlines were announced.

An endpoint's URL and secrets are sealed together. A delivery holds the finished body, which has ids
only, so that nothing of an erased matter is in a delivery that still waits.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from api.storage.base import Base, key_reference
from api.storage.vault.sealing import Place


class WebhookEndpoint(Base):
    """Where a workspace wants to be told, of what, and how it is faring.

    ``failing_since`` is the first failure since the last success; until ``paused_until`` nothing is sent.
    """

    __tablename__ = "webhook_endpoints"
    content: ClassVar[str] = "endpoint"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    kinds: Mapped[str]
    key_id: Mapped[str] = mapped_column(key_reference(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[str]
    disabled_at: Mapped[str | None]
    disabled_because: Mapped[str | None]
    failing_since: Mapped[str | None]
    paused_until: Mapped[str | None]

    def place(self) -> Place:
        """Where URL and secrets are sealed."""
        return Place(self.workspace_id, self.__tablename__, self.id, self.content)


class WebhookDelivery(Base):
    """One event on its way to one endpoint. Whoever sends it holds a lease, so that two nodes do not both send."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index(None, "endpoint_id", "state", "due_at"),
        Index(None, "workspace_id", "created_at", "id"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str]
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoints.id"))
    event_id: Mapped[str]
    kind: Mapped[str]
    body: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    due_at: Mapped[str]
    lease: Mapped[str | None]
    leased_until: Mapped[str | None]
    last_status: Mapped[int | None]
    last_reason: Mapped[str | None]
    created_at: Mapped[str]
    finished_at: Mapped[str | None]


class DeadlineNotice(Base):
    """A deadline that was announced. Its id is a keyed fingerprint, which does not tell the clock or the day."""

    __tablename__ = "deadline_notices"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    matter_id: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[str]


WebhookHolder = WebhookEndpoint
WEBHOOK_HOLDERS: tuple[type[WebhookHolder], ...] = (WebhookEndpoint,)
