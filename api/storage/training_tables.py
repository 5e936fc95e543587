"""The tables of the training room: sessions, the traces they walk through, who joined, what was voted.

All of it ends with the session. A participant is the hash of a random token and nothing else. The table of
codes is read before a workspace is known; it holds hashes and ids.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from api.storage.base import Base, key_reference
from api.storage.vault.sealing import Place


def _session() -> ForeignKey:
    return ForeignKey("training_sessions.id")


class TrainingSession(Base):
    """A session under a key of its own. What the trainer set (code, step, questions) is sealed."""

    __tablename__ = "training_sessions"
    content: ClassVar[str] = "desk"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    key_id: Mapped[str] = mapped_column(key_reference(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[str]
    expires_at: Mapped[str]

    def place(self) -> Place:
        """Where the trainer's settings are sealed."""
        return Place(self.workspace_id, self.__tablename__, self.id, self.content)


class TrainingLesson(Base):
    """A trace of a session: the one it walks through, the one with a fact changed, the one beside it."""

    __tablename__ = "training_lessons"
    session_id: Mapped[str] = mapped_column(_session(), primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    key_id: Mapped[str] = mapped_column(key_reference(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def place(self) -> Place:
        """Where the trace is sealed."""
        return Place(self.workspace_id, self.__tablename__, self.session_id, self.side)


class TrainingCode(Base):
    """A join code as a hash, and the session it leads to."""

    __tablename__ = "training_codes"
    code_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[str] = mapped_column(unique=True)
    workspace_id: Mapped[str]
    expires_at: Mapped[str]


class TrainingParticipant(Base):
    """Somebody who joined, as the hash of their token."""

    __tablename__ = "training_participants"
    session_id: Mapped[str] = mapped_column(_session(), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    joined_at: Mapped[str]


class TrainingVote(Base):
    """A participant's choice in a question; the last one counts."""

    __tablename__ = "training_votes"
    session_id: Mapped[str] = mapped_column(_session(), primary_key=True)
    question: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    choice: Mapped[int]


TrainingHolder = TrainingSession | TrainingLesson
TRAINING_HOLDERS: tuple[type[TrainingHolder], ...] = (TrainingSession, TrainingLesson)
