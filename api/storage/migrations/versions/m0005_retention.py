"""How long a workspace keeps its matters, and which of them are closed or on legal hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ISOLATED = ("retention_rules", "matter_marks")


def upgrade() -> None:
    """Apply."""
    _rules()
    _marks()
    if op.get_bind().dialect.name == "postgresql":
        for table in ISOLATED:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY own_workspace ON {table} "
                "USING (workspace_id = current_setting('dedere.workspace', true))"
            )


def _rules() -> None:
    op.create_table(
        "retention_rules",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("days_unchanged", sa.Integer(), nullable=True),
        sa.Column("days_closed", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_retention_rules_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_retention_rules")),
    )


def _marks() -> None:
    op.create_table(
        "matter_marks",
        sa.Column("matter_id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("closed_at", sa.String(), nullable=True),
        sa.Column("held_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["matter_id"], ["matters.id"], name=op.f("fk_matter_marks_matter_id")),
        sa.PrimaryKeyConstraint("matter_id", name=op.f("pk_matter_marks")),
    )
    op.create_index(op.f("ix_matter_marks_workspace_id"), "matter_marks", ["workspace_id"], unique=False)
