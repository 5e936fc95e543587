"""Jobs with leases, their parts and results, and whose turn a chore is.

On PostgreSQL every table has the row-level security of the first schema.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ISOLATED = ("jobs", "job_parts", "job_results", "chore_turns")


def upgrade() -> None:
    """Apply."""
    _jobs()
    _job_parts()
    _job_results()
    _chore_turns()
    if op.get_bind().dialect.name == "postgresql":
        for table in ISOLATED:
            _isolate(table)


def _isolate(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY own_workspace ON {table} USING (workspace_id = current_setting('dedere.workspace', true))"
    )


def _key(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_key_id")
    return sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name=name, ondelete="RESTRICT")


def _of(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("lease_until", sa.String(), nullable=True),
        sa.Column("name_index", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.Column("ended_at", sa.String(), nullable=True),
        _key("jobs"),
        _of("jobs", "workspace_id", "workspaces.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("workspace_id", "name_index", name=op.f("uq_jobs_workspace_id_name_index")),
    )
    op.create_index(op.f("ix_jobs_key_id"), "jobs", ["key_id"], unique=False)
    op.create_index(
        op.f("ix_jobs_workspace_id_state_updated_at"), "jobs", ["workspace_id", "state", "updated_at"], unique=False
    )


def _job_parts() -> None:
    op.create_table(
        "job_parts",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _key("job_parts"),
        _of("job_parts", "job_id", "jobs.id"),
        sa.PrimaryKeyConstraint("job_id", "first", name=op.f("pk_job_parts")),
    )
    _indexes("job_parts")


def _job_results() -> None:
    op.create_table(
        "job_results",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _key("job_results"),
        _of("job_results", "job_id", "jobs.id"),
        sa.PrimaryKeyConstraint("job_id", "line", name=op.f("pk_job_results")),
    )
    _indexes("job_results")


def _indexes(table: str) -> None:
    for column in ("key_id", "workspace_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _chore_turns() -> None:
    op.create_table(
        "chore_turns",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=False),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("lease_until", sa.String(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        _of("chore_turns", "workspace_id", "workspaces.id"),
        sa.PrimaryKeyConstraint("workspace_id", "name", name=op.f("pk_chore_turns")),
    )
