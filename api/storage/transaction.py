"""One transaction of a workspace: its session, who acts, the acts to record, and the keys that it has unwrapped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Update, update
from sqlalchemy.orm import Session

from api.storage.audit.journal import Act, Written, checked
from api.storage.errors import Full
from api.storage.reserve import GROWING
from api.storage.tables import Assessment, Base, Matter
from api.storage.vault.master import MasterKeys

#: Puts a record of an assessment into words: from what it was made under, the facts and the record, as JSON.
Words = Callable[["Law", bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Law:
    """The law content that something was made under, by the digests of its rooms."""

    rules: str
    instruments: str


@dataclass
class Transaction:
    """One transaction of one workspace on behalf of one actor; one that ``looks`` locks nothing and changes nothing."""

    session: Session
    workspace: str
    actor: str
    request: str
    at: str
    master: MasterKeys
    words: Words
    looks: bool = False
    acts: list[Act] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    keys: dict[str, Key] = field(default_factory=dict, repr=False)
    #: Whether there is room on the disk for something new.
    roomy: bool = True

    def add(self, row: Base) -> None:
        """Insert a row now, so that rows go in in the order of the foreign keys."""
        self.session.add(row)
        self.session.flush()

    def record(self, act: str, subject: str, **ids: str | int | list[str]) -> None:
        """Note an act for the audit chain; it is written when the transaction ends, or not at all.

        Raises:
            ValueError: something in it is not an id.
            RuntimeError: the transaction is for reading only, so that the access could not be recorded.
            Full: the disk is nearly full, and the act would add to what is kept.
        """
        if act in GROWING and not self.roomy:
            raise Full("the disk is nearly full")
        if not self.actor:
            raise RuntimeError("access to a matter is recorded, so it needs a writing transaction")
        self.acts.append(checked(act, subject, ids))

    def date_changes(self, written: Written) -> None:
        """Date what changed in lists by the moment of the commit, so that whoever asks what is new misses nothing.

        Its place in the chain tells which of two is the later one, whatever any clock said.

        Rows of matters must be locked by then: their lock always comes before that of the chain.
        """
        if self.changed:
            mine = (Matter.workspace_id == self.workspace, Matter.id.in_(self.changed))
            self._set(update(Matter).where(*mine).values(updated_at=written.at))
        if self.listed:
            new = (Assessment.workspace_id == self.workspace, Assessment.id.in_(self.listed))
            self._set(update(Assessment).where(*new).values(listed_at=written.at, place_in_chain=written.seq))

    def _set(self, change: Update) -> None:
        self.session.execute(change.execution_options(synchronize_session=False))


@dataclass(frozen=True, slots=True)
class Key:
    """An unwrapped key, which lives as long as its transaction; its bytes never show in a representation."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id})"
