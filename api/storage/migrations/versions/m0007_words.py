"""Assessments whose answer is not yet in words: kept as what both engines agreed on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("assessments", sa.Column("in_words", sa.Boolean(), server_default=sa.true(), nullable=False))
    _index("workspace_id", "in_words", "created_at")
    _index("matter_id", "reading", "created_at", "id")


def _index(*columns: str) -> None:
    op.create_index(op.f(f"ix_assessments_{'_'.join(columns)}"), "assessments", list(columns), unique=False)
