"""Which assessments tell where a matter stands, and when each entered the lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("assessments", sa.Column("hypothetical", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("assessments", sa.Column("listed_at", sa.String(), server_default="", nullable=False))
    op.execute("UPDATE assessments SET listed_at = created_at")
    op.drop_index(op.f("ix_assessments_workspace_id_created_at_id"), "assessments")
    columns = ["workspace_id", "listed_at", "id"]
    op.create_index(op.f("ix_assessments_workspace_id_listed_at_id"), "assessments", columns, unique=False)
