"""The first schema: keys, workspaces, matters and their versions, assessments, idempotency, audit, API keys.

On PostgreSQL every table of a workspace has row-level security, forced for the owner too: without
``dedere.workspace`` set in the transaction there are no rows. In both databases the audit entries
refuse to be changed or deleted.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ISOLATED = {
    "data_keys": "workspace_id",
    "matters": "workspace_id",
    "matter_versions": "workspace_id",
    "assessments": "workspace_id",
    "assessment_summaries": "workspace_id",
    "idempotency_keys": "workspace_id",
    "audit_entries": "chain",
}


def upgrade() -> None:
    """Apply."""
    _audit_entries()
    _data_keys()
    _workspaces()
    _api_keys()
    _matters()
    _idempotency_keys()
    _matter_versions()
    _assessments()
    _assessment_summaries()
    if op.get_bind().dialect.name == "postgresql":
        _isolate()
        _append_only_postgresql()
    else:
        _append_only_sqlite()


def _isolate() -> None:
    for table, column in ISOLATED.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_workspace ON {table} USING ({column} = current_setting('dedere.workspace', true))"
        )


def _append_only_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _append_only_sqlite() -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit_entries "
            "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
        )


def _audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("ids", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_chain_subject"), "audit_entries", ["chain", "subject"], unique=False)


def _data_keys() -> None:
    op.create_table(
        "data_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("master", sa.String(), nullable=True),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("retired_at", sa.String(), nullable=True),
        sa.CheckConstraint("(master IS NULL) <> (parent_id IS NULL)", name=op.f("ck_data_keys_one_parent")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["data_keys.id"], name=op.f("fk_data_keys_parent_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_keys")),
    )
    op.create_index(op.f("ix_data_keys_parent_id"), "data_keys", ["parent_id"], unique=False)
    op.create_index(op.f("ix_data_keys_workspace_id"), "data_keys", ["workspace_id"], unique=False)
    op.create_index(
        "uq_data_keys_current",
        "data_keys",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )


def _workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name=op.f("fk_workspaces_key_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
    )
    op.create_index(op.f("ix_workspaces_key_id"), "workspaces", ["key_id"], unique=False)


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.Column("last_used_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_api_keys_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index(op.f("ix_api_keys_workspace_id"), "api_keys", ["workspace_id"], unique=False)


def _matters() -> None:
    op.create_table(
        "matters",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("reference_index", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.Column("erased_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name=op.f("fk_matters_key_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_matters_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matters")),
        sa.UniqueConstraint("workspace_id", "reference_index", name=op.f("uq_matters_workspace_id_reference_index")),
    )
    op.create_index(op.f("ix_matters_key_id"), "matters", ["key_id"], unique=False)
    op.create_index(
        op.f("ix_matters_workspace_id_updated_at_id"), "matters", ["workspace_id", "updated_at", "id"], unique=False
    )


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("matter_id", sa.String(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_keys.id"], name=op.f("fk_idempotency_keys_key_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matters.id"], name=op.f("fk_idempotency_keys_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_index(op.f("ix_idempotency_keys_key_id"), "idempotency_keys", ["key_id"], unique=False)
    op.create_index(op.f("ix_idempotency_keys_matter_id"), "idempotency_keys", ["matter_id"], unique=False)
    op.create_index(op.f("ix_idempotency_keys_workspace_id"), "idempotency_keys", ["workspace_id"], unique=False)


def _matter_versions() -> None:
    op.create_table(
        "matter_versions",
        sa.Column("matter_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_keys.id"], name=op.f("fk_matter_versions_key_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matters.id"], name=op.f("fk_matter_versions_matter_id")),
        sa.PrimaryKeyConstraint("matter_id", "version", name=op.f("pk_matter_versions")),
    )
    op.create_index(op.f("ix_matter_versions_key_id"), "matter_versions", ["key_id"], unique=False)
    op.create_index(op.f("ix_matter_versions_workspace_id"), "matter_versions", ["workspace_id"], unique=False)


def _assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("matter_id", sa.String(), nullable=False),
        sa.Column("matter_version", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("instruments", sa.String(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("reading", sa.String(), nullable=False),
        sa.Column("assessed_on", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name=op.f("fk_assessments_key_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["matter_id", "matter_version"],
            ["matter_versions.matter_id", "matter_versions.version"],
            name=op.f("fk_assessments_matter_id_matter_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    op.create_index(op.f("ix_assessments_key_id"), "assessments", ["key_id"], unique=False)
    op.create_index(
        op.f("ix_assessments_matter_id_matter_version"), "assessments", ["matter_id", "matter_version"], unique=False
    )
    op.create_index(
        op.f("ix_assessments_workspace_id_created_at_id"),
        "assessments",
        ["workspace_id", "created_at", "id"],
        unique=False,
    )


def _assessment_summaries() -> None:
    op.create_table(
        "assessment_summaries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("matter_id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["assessments.id"], name=op.f("fk_assessment_summaries_id")),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_keys.id"], name=op.f("fk_assessment_summaries_key_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_summaries")),
    )
    for column in ("key_id", "matter_id", "workspace_id"):
        op.create_index(op.f(f"ix_assessment_summaries_{column}"), "assessment_summaries", [column], unique=False)
