"""People, how they sign in, and their sessions.

On PostgreSQL every table that belongs to a workspace has the row-level security of the first schema.
The rest is read before a workspace is known: it holds handles, hashes, ids and counts only.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ISOLATED = ("people", "person_secrets", "recovery_codes", "passkeys", "identities", "sessions", "one_time_links")


def upgrade() -> None:
    """Apply."""
    _people()
    _person_secrets()
    _recovery_codes()
    _passkeys()
    _identities()
    _sessions()
    _one_time_links()
    _before_a_workspace_is_known()
    if op.get_bind().dialect.name == "postgresql":
        for table in ISOLATED:
            _isolate(table)


def _isolate(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY own_workspace ON {table} USING (workspace_id = current_setting('dedere.workspace', true))"
    )


def _text(name: str, *, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=empty)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _key(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_key_id")
    return sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name=name, ondelete="RESTRICT")


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id"))


def _of_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f(f"fk_{table}_workspace_id"))


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _people() -> None:
    op.create_table(
        "people",
        _text("id"),
        _text("workspace_id"),
        _bytes("login_index"),
        _text("roles"),
        _text("key_id"),
        _bytes("sealed"),
        _text("created_at"),
        _text("disabled_at", empty=True),
        _of_workspace("people"),
        _key("people"),
        _primary("people", "id"),
        _unique("people", "workspace_id", "login_index"),
    )
    _index("people", "key_id")


def _person_secrets() -> None:
    op.create_table(
        "person_secrets",
        _text("person_id"),
        _text("kind"),
        _text("workspace_id"),
        _text("key_id"),
        _bytes("sealed"),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _text("created_at"),
        _of_person("person_secrets"),
        _key("person_secrets"),
        _primary("person_secrets", "person_id", "kind"),
    )
    _index("person_secrets", "key_id", "workspace_id")


def _recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        _text("person_id"),
        _bytes("code_index"),
        _text("workspace_id"),
        _of_person("recovery_codes"),
        _primary("recovery_codes", "person_id", "code_index"),
    )
    _index("recovery_codes", "workspace_id")


def _passkeys() -> None:
    op.create_table(
        "passkeys",
        _text("id"),
        _text("workspace_id"),
        _text("person_id"),
        _bytes("credential_index"),
        _text("key_id"),
        _bytes("sealed"),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        _text("created_at"),
        _text("last_used_at", empty=True),
        _of_person("passkeys"),
        _key("passkeys"),
        _primary("passkeys", "id"),
        _unique("passkeys", "workspace_id", "credential_index"),
    )
    _index("passkeys", "key_id", "person_id")


def _identities() -> None:
    op.create_table(
        "identities",
        _text("id"),
        _text("workspace_id"),
        _text("person_id"),
        _bytes("subject_index"),
        _text("key_id"),
        _bytes("sealed"),
        _text("created_at"),
        _of_person("identities"),
        _key("identities"),
        _primary("identities", "id"),
        _unique("identities", "workspace_id", "subject_index"),
    )
    _index("identities", "key_id", "person_id")


def _sessions() -> None:
    op.create_table(
        "sessions",
        _text("id"),
        _bytes("token_hash"),
        _text("workspace_id"),
        _text("person_id"),
        _text("method"),
        sa.Column("strong", sa.Boolean(), nullable=False),
        _text("opened_at"),
        _text("last_seen_at"),
        _of_person("sessions"),
        _primary("sessions", "id"),
        _unique("sessions", "token_hash"),
    )
    _index("sessions", "person_id", "workspace_id")


def _one_time_links() -> None:
    op.create_table(
        "one_time_links",
        _bytes("token_hash"),
        _text("workspace_id"),
        _text("person_id"),
        _text("purpose"),
        _text("expires_at"),
        _of_person("one_time_links"),
        _primary("one_time_links", "token_hash"),
    )
    _index("one_time_links", "person_id", "workspace_id")


def _before_a_workspace_is_known() -> None:
    op.create_table(
        "workspace_handles",
        _text("handle"),
        _text("workspace_id"),
        _of_workspace("workspace_handles"),
        _primary("workspace_handles", "handle"),
        _unique("workspace_handles", "workspace_id"),
    )
    op.create_table(
        "sign_in_steps",
        _bytes("token_hash"),
        _text("purpose"),
        _text("workspace_id"),
        _text("person_id"),
        _text("expires_at"),
        _primary("sign_in_steps", "token_hash"),
    )
    op.create_table(
        "sign_in_paces",
        _bytes("name"),
        sa.Column("failures", sa.Integer(), nullable=False),
        _text("counted_at"),
        _text("free_at"),
        _primary("sign_in_paces", "name"),
    )
    _index("sign_in_steps", "expires_at")
    _index("sign_in_paces", "counted_at")
