"""Receipts that earlier programs kept in the clear are found at once, to be sealed when the store is opened.

And which assessments were imported.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_IN_CLEAR = sa.text("receipt <> ''")


def upgrade() -> None:
    """Apply."""
    op.add_column("assessments", sa.Column("imported", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "ix_assessments_receipt_in_clear",
        "assessments",
        ["workspace_id"],
        unique=False,
        sqlite_where=_IN_CLEAR,
        postgresql_where=_IN_CLEAR,
    )
