"""The tables. Whatever says anything of a case is in a column ``sealed``; the rest are ids, numbers and times.

Times are text in UTC with microseconds, the same in both databases. A sealed row names the key it
is sealed under, and the foreign key keeps any key in use from being destroyed.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.storage import base, retention_tables  # noqa: F401 - the tables of retention are made known by the import
from api.storage.job_tables import JOB_HOLDERS, JobHolder
from api.storage.people_tables import PEOPLE_HOLDERS, PeopleHolder
from api.storage.training_tables import TRAINING_HOLDERS, TrainingHolder
from api.storage.vault.sealing import Place
from api.storage.webhook_tables import WEBHOOK_HOLDERS, WebhookHolder

Base = base.Base
_key = base.key_reference
_IN_CLEAR = text("receipt <> ''")


class DataKey(Base):
    """A wrapped key: a workspace's (under a master key), or a matter's or an index (under the workspace's).

    Deleting the row is crypto-shredding. Of each subject one key is current; others are being rotated away.
    """

    __tablename__ = "data_keys"
    __table_args__ = (
        CheckConstraint("(master IS NULL) <> (parent_id IS NULL)", name="one_parent"),
        Index(
            "uq_data_keys_current",
            "subject",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    master: Mapped[str | None]
    parent_id: Mapped[str | None] = mapped_column(_key(), index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[str]
    retired_at: Mapped[str | None]


class Workspace(Base):
    """Those who share matters; no workspace sees another."""

    __tablename__ = "workspaces"
    content: ClassVar[str] = "name"
    id: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(_key(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[str]

    def place(self) -> Place:
        """Where the name is sealed."""
        return Place(self.id, self.__tablename__, self.id, self.content)


class Matter(Base):
    """A case file under the tracker's own reference. Erased matters keep an empty row, so that no id comes back."""

    __tablename__ = "matters"
    __table_args__ = (
        UniqueConstraint("workspace_id", "reference_index"),
        Index(None, "workspace_id", "updated_at", "id"),
    )
    content: ClassVar[str] = "reference"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    reference_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_id: Mapped[str | None] = mapped_column(_key(), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int]
    created_at: Mapped[str]
    updated_at: Mapped[str]
    erased_at: Mapped[str | None]

    def place(self) -> Place:
        """Where the reference is sealed."""
        return Place(self.workspace_id, self.__tablename__, self.id, self.content)


class MatterVersion(Base):
    """The facts of a matter as they were saved once; never changed."""

    __tablename__ = "matter_versions"
    content: ClassVar[str] = "facts"
    matter_id: Mapped[str] = mapped_column(ForeignKey("matters.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    key_id: Mapped[str] = mapped_column(_key(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[str]
    actor: Mapped[str]

    def place(self) -> Place:
        """Where the facts are sealed."""
        return Place(self.workspace_id, self.__tablename__, self.matter_id, self.content, self.version)


class SentRow(Base):
    """All that flat rows have said of a matter so far: what a tracker sends again is told from what is new in it."""

    __tablename__ = "sent_rows"
    content: ClassVar[str] = "row"
    matter_id: Mapped[str] = mapped_column(ForeignKey("matters.id"), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    key_id: Mapped[str] = mapped_column(_key(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[str]

    def place(self) -> Place:
        """Where the row is sealed."""
        return Place(self.workspace_id, self.__tablename__, self.matter_id, self.content)


class Assessment(Base):
    """An assessment of record, sealed, and what it was computed from.

    ``in_words`` tells the whole answer from its record, which is put into words when it is first read or
    when nothing else is to be done. ``hypothetical`` is one as of another day than the case's own, or under other
    law than that in use: where the matter stands is not told by it. ``listed_at`` is the moment of its commit,
    ``place_in_chain`` the number of its entry in the audit chain (0 for those of older programs), by which later is
    later even where a clock was set back.
    ``imported`` is one that was not computed here: nothing is told by it either, and nothing is made of it.
    ``receipt`` and ``assessed_on`` are empty: both are sealed in the summary, where ``receipts.py`` moves what earlier
    programs kept here.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        ForeignKeyConstraint(["matter_id", "matter_version"], ["matter_versions.matter_id", "matter_versions.version"]),
        Index(None, "matter_id", "matter_version"),
        Index(None, "workspace_id", "listed_at", "id"),
        Index(None, "workspace_id", "in_words", "created_at"),
        Index(None, "matter_id", "reading", "created_at", "id"),
        Index("ix_assessments_receipt_in_clear", "workspace_id", sqlite_where=_IN_CLEAR, postgresql_where=_IN_CLEAR),
    )
    content: ClassVar[str] = "answer"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str]
    matter_id: Mapped[str]
    matter_version: Mapped[int]
    receipt: Mapped[str] = mapped_column(default="")
    rules: Mapped[str]
    instruments: Mapped[str]
    engine: Mapped[str]
    reading: Mapped[str]
    assessed_on: Mapped[str] = mapped_column(default="")
    key_id: Mapped[str] = mapped_column(_key(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[str]
    actor: Mapped[str]
    in_words: Mapped[bool] = mapped_column(default=True, server_default=true())
    hypothetical: Mapped[bool] = mapped_column(default=False, server_default=false())
    listed_at: Mapped[str] = mapped_column(default="", server_default="")
    place_in_chain: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    imported: Mapped[bool] = mapped_column(default=False, server_default=false())

    def place(self) -> Place:
        """Where the answer is sealed."""
        return Place(self.workspace_id, self.__tablename__, self.id, self.content, self.matter_version)


class AssessmentSummary(Base):
    """What lists show of an assessment, apart from the whole answer, which is a hundred times as large."""

    __tablename__ = "assessment_summaries"
    content: ClassVar[str] = "summary"
    id: Mapped[str] = mapped_column(ForeignKey("assessments.id"), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    matter_id: Mapped[str] = mapped_column(index=True)
    key_id: Mapped[str] = mapped_column(_key(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def place(self) -> Place:
        """Where the summary is sealed."""
        return Place(self.workspace_id, self.__tablename__, self.id, self.content)


class IdempotencyKey(Base):
    """A request that was carried out, and what was answered; written with the act itself."""

    __tablename__ = "idempotency_keys"
    content: ClassVar[str] = "result"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    matter_id: Mapped[str | None] = mapped_column(ForeignKey("matters.id"), index=True)
    status: Mapped[int]
    key_id: Mapped[str | None] = mapped_column(_key(), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[str] = mapped_column(index=True)

    def place(self) -> Place:
        """Where the result is sealed."""
        return Place(self.workspace_id, self.__tablename__, self.id, self.content)


class AuditEntry(Base):
    """An entry of a workspace's audit chain; the database refuses to change or delete one.

    ``mac`` is the signature of its hash; entries of older programs have none.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "chain", "subject"),)
    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[str]
    actor: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    ids: Mapped[str]
    request: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]
    mac: Mapped[bytes | None] = mapped_column(LargeBinary)


class ApiKey(Base):
    """A key of a program. The secret itself is not here, only its hash."""

    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[str]
    created_at: Mapped[str]
    expires_at: Mapped[str | None]
    revoked_at: Mapped[str | None]
    last_used_at: Mapped[str | None]


Holder = (
    Workspace
    | Matter
    | MatterVersion
    | SentRow
    | Assessment
    | AssessmentSummary
    | IdempotencyKey
    | PeopleHolder
    | JobHolder
    | WebhookHolder
    | TrainingHolder
)
HOLDERS: tuple[type[Holder], ...] = (
    Workspace,
    Matter,
    MatterVersion,
    SentRow,
    Assessment,
    AssessmentSummary,
    IdempotencyKey,
    *PEOPLE_HOLDERS,
    *JOB_HOLDERS,
    *WEBHOOK_HOLDERS,
    *TRAINING_HOLDERS,
)
