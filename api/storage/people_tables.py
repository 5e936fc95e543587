"""The tables of people: who they are, how they prove it, and where they are signed in.

What says who somebody is, and every secret that must be read again, is sealed. Of secrets that are
only compared (tokens, recovery codes) a hash is kept. The last three tables belong to no workspace
or are needed before one is known; they hold hashes, counts and ids.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.storage.base import Base, key_reference
from api.storage.vault.sealing import Place


def _person() -> ForeignKey:
    return ForeignKey("people.id")


class Person(Base):
    """Someone of a workspace. Name, e-mail and login are sealed; the login is found by its index."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("workspace_id", "login_index"),)
    content: ClassVar[str] = "details"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    login_index: Mapped[bytes] = mapped_column(LargeBinary)
    roles: Mapped[str]
    key_id: Mapped[str] = mapped_column(key_reference(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[str]
    disabled_at: Mapped[str | None]

    def place(self) -> Place:
        """Where the details are sealed."""
        return Place(self.workspace_id, self.__tablename__, self.id, self.content)


class PersonSecret(Base):
    """A secret that must be read again: the password's hash, or the secret of an authenticator app."""

    __tablename__ = "person_secrets"
    person_id: Mapped[str] = mapped_column(_person(), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    key_id: Mapped[str] = mapped_column(key_reference(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[str]

    def place(self) -> Place:
        """Where the secret is sealed."""
        return Place(self.workspace_id, self.__tablename__, self.person_id, self.kind)


class RecoveryCode(Base):
    """A recovery code that was not used yet, as a keyed hash."""

    __tablename__ = "recovery_codes"
    person_id: Mapped[str] = mapped_column(_person(), primary_key=True)
    code_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)


class Passkey(Base):
    """A public key of a person's authenticator, and how often it has signed."""

    __tablename__ = "passkeys"
    __table_args__ = (UniqueConstraint("workspace_id", "credential_index"),)
    content: ClassVar[str] = "credential"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str]
    person_id: Mapped[str] = mapped_column(_person(), index=True)
    credential_index: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(key_reference(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[str]
    last_used_at: Mapped[str | None]

    def place(self) -> Place:
        """Where the credential is sealed."""
        return Place(self.workspace_id, self.__tablename__, self.id, self.content)


class Identity(Base):
    """Whom an outside identity provider means by a subject, as an administrator linked it."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("workspace_id", "subject_index"),)
    content: ClassVar[str] = "subject"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str]
    person_id: Mapped[str] = mapped_column(_person(), index=True)
    subject_index: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(key_reference(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[str]

    def place(self) -> Place:
        """Where issuer and subject are sealed."""
        return Place(self.workspace_id, self.__tablename__, self.id, self.content)


class PersonSession(Base):
    """A browser that is signed in. The row goes when the session ends."""

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[str] = mapped_column(_person(), index=True)
    method: Mapped[str]
    strong: Mapped[bool]
    opened_at: Mapped[str]
    last_seen_at: Mapped[str]


class OneTimeLink(Base):
    """A link that signs in or invites, once. The row goes when it is used."""

    __tablename__ = "one_time_links"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[str] = mapped_column(_person(), index=True)
    purpose: Mapped[str]
    expires_at: Mapped[str]


class WorkspaceHandle(Base):
    """The short public name by which a login names its workspace."""

    __tablename__ = "workspace_handles"
    handle: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), unique=True)


class SignInStep(Base):
    """A sign-in that was begun: the second factor, a passkey's challenge, a visit to a provider."""

    __tablename__ = "sign_in_steps"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    purpose: Mapped[str]
    workspace_id: Mapped[str]
    person_id: Mapped[str]
    expires_at: Mapped[str] = mapped_column(index=True)


class SignInPace(Base):
    """How often a login or a source failed, and when it may try again; named by a keyed hash."""

    __tablename__ = "sign_in_paces"
    name: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    counted_at: Mapped[str] = mapped_column(index=True)
    free_at: Mapped[str]


PeopleHolder = Person | PersonSecret | Passkey | Identity
PEOPLE_HOLDERS: tuple[type[PeopleHolder], ...] = (Person, PersonSecret, Passkey, Identity)
