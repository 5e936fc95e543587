"""Training sessions, their traces, participants and votes.

On PostgreSQL every table that belongs to a workspace has the row-level security of the first schema;
the codes are read before a workspace is known, and hold hashes and ids only.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ISOLATED = ("training_sessions", "training_lessons", "training_participants", "training_votes")


def upgrade() -> None:
    """Apply."""
    _sessions()
    _lessons()
    _codes()
    _participants()
    _votes()
    if op.get_bind().dialect.name == "postgresql":
        for table in ISOLATED:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY own_workspace ON {table} "
                "USING (workspace_id = current_setting('dedere.workspace', true))"
            )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _key(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_key_id")
    return sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name=name, ondelete="RESTRICT")


def _of_session(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_session_id")
    return sa.ForeignKeyConstraint(["session_id"], ["training_sessions.id"], name=name)


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _sessions() -> None:
    op.create_table(
        "training_sessions",
        _text("id"),
        _text("workspace_id"),
        _text("key_id"),
        _bytes("sealed"),
        _text("created_at"),
        _text("expires_at"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_training_sessions_workspace_id")),
        _key("training_sessions"),
        _primary("training_sessions", "id"),
    )
    _index("training_sessions", "key_id", "workspace_id")


def _lessons() -> None:
    op.create_table(
        "training_lessons",
        _text("session_id"),
        _text("side"),
        _text("workspace_id"),
        _text("key_id"),
        _bytes("sealed"),
        _of_session("training_lessons"),
        _key("training_lessons"),
        _primary("training_lessons", "session_id", "side"),
    )
    _index("training_lessons", "key_id", "workspace_id")


def _codes() -> None:
    op.create_table(
        "training_codes",
        _bytes("code_index"),
        _text("session_id"),
        _text("workspace_id"),
        _text("expires_at"),
        _primary("training_codes", "code_index"),
        sa.UniqueConstraint("session_id", name=op.f("uq_training_codes_session_id")),
    )


def _participants() -> None:
    op.create_table(
        "training_participants",
        _text("session_id"),
        _bytes("token_hash"),
        _text("workspace_id"),
        _text("joined_at"),
        _of_session("training_participants"),
        _primary("training_participants", "session_id", "token_hash"),
    )
    _index("training_participants", "workspace_id")


def _votes() -> None:
    op.create_table(
        "training_votes",
        _text("session_id"),
        sa.Column("question", sa.Integer(), nullable=False),
        _bytes("token_hash"),
        _text("workspace_id"),
        sa.Column("choice", sa.Integer(), nullable=False),
        _of_session("training_votes"),
        _primary("training_votes", "session_id", "question", "token_hash"),
    )
    _index("training_votes", "workspace_id")
