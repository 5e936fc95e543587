"""Signatures of the audit chain, and the place in it of each assessment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("audit_entries", sa.Column("mac", sa.LargeBinary(), nullable=True))
    op.add_column("assessments", sa.Column("place_in_chain", sa.BigInteger(), server_default="0", nullable=False))
