"""The tables of jobs: work that outlives its request, in parts, with a lease on who does it.

A part's lines are kept until they are evaluated; the row goes in the transaction that writes the
results of its lines, so that no line can ever get two. What a job was given and what came of it is
sealed under a key of its own, which is destroyed with the job.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.storage.base import Base, key_reference
from api.storage.vault.sealing import Place


def _job() -> ForeignKey:
    return ForeignKey("jobs.id")


class Job(Base):
    """A job: its kind, how far it is, and who holds the lease until when. Its options are sealed."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name_index"),
        Index(None, "workspace_id", "state", "updated_at"),
    )
    content: ClassVar[str] = "options"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    total: Mapped[int]
    done: Mapped[int]
    refused: Mapped[int]
    attempts: Mapped[int]
    lease: Mapped[str | None]
    lease_until: Mapped[str | None]
    name_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(key_reference(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    actor: Mapped[str]
    created_at: Mapped[str]
    updated_at: Mapped[str]
    ended_at: Mapped[str | None]

    def place(self) -> Place:
        """Where the options are sealed."""
        return Place(self.workspace_id, self.__tablename__, self.id, self.content)


class JobPart(Base):
    """Some lines of a job that are still to be evaluated."""

    __tablename__ = "job_parts"
    content: ClassVar[str] = "lines"
    job_id: Mapped[str] = mapped_column(_job(), primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    key_id: Mapped[str] = mapped_column(key_reference(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def place(self) -> Place:
        """Where the lines are sealed."""
        return Place(self.workspace_id, self.__tablename__, self.job_id, self.content, self.first)


class JobResult(Base):
    """What came of one line."""

    __tablename__ = "job_results"
    content: ClassVar[str] = "result"
    job_id: Mapped[str] = mapped_column(_job(), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    ok: Mapped[bool]
    key_id: Mapped[str] = mapped_column(key_reference(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def place(self) -> Place:
        """Where the result is sealed."""
        return Place(self.workspace_id, self.__tablename__, self.job_id, self.content, self.line)


class ChoreTurn(Base):
    """When a chore is due next in a workspace, and who does it now."""

    __tablename__ = "chore_turns"
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[str]
    lease: Mapped[str | None]
    lease_until: Mapped[str | None]
    failures: Mapped[int]


JobHolder = Job | JobPart | JobResult
JOB_HOLDERS: tuple[type[JobHolder], ...] = (Job, JobPart, JobResult)
