"""The tables of retention: how long a workspace keeps matters, and which matters are closed or on hold."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from api.storage.base import Base


class RetentionRule(Base):
    """A workspace's periods in days; without a row, or with none in a column, nothing is erased by time."""

    __tablename__ = "retention_rules"
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    days_unchanged: Mapped[int | None]
    days_closed: Mapped[int | None]
    set_at: Mapped[str]
    set_by: Mapped[str]


class MatterMark(Base):
    """That a matter is closed, or on legal hold, and since when. It goes when the matter is erased."""

    __tablename__ = "matter_marks"
    matter_id: Mapped[str] = mapped_column(ForeignKey("matters.id"), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    closed_at: Mapped[str | None]
    held_at: Mapped[str | None]
