"""What flat rows have said of a matter, so that a row sent again is told from one that says something new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sent_rows",
        sa.Column("matter_id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matters.id"], name=op.f("fk_sent_rows_matter_id")),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name=op.f("fk_sent_rows_key_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("matter_id", name=op.f("pk_sent_rows")),
    )
    op.create_index(op.f("ix_sent_rows_workspace_id"), "sent_rows", ["workspace_id"], unique=False)
    op.create_index(op.f("ix_sent_rows_key_id"), "sent_rows", ["key_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE sent_rows ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE sent_rows FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY own_workspace ON sent_rows USING (workspace_id = current_setting('dedere.workspace', true))"
        )
