"""The store: transactions of one workspace, with keys at hand and the audit entry written at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Update, select, text, update
from sqlalchemy.orm import Session

from api.storage.audit.journal import (
    Act,
    By,
    append,
    checked,
)
from api.storage.database import Database
from api.storage.errors import NoWords
from api.storage.migrate import require_current, upgrade
from api.storage.settings import StoreSettings, writing_in
from api.storage.tables import (
    Assessment,
    Base,
    DataKey,
    Matter,
    Workspace,
)
from api.storage.vault.master import MasterKeys

#: Clocks of several nodes differ by less; one that is further ahead is wrong and not followed.
_SKEW = timedelta(minutes=5)
_NEXT = timedelta(microseconds=1)
Now = Callable[[], datetime]
#: Puts a record of an assessment into words: from what it was made under, the facts and the record, as JSON.
Words = Callable[["Law", bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Law:
    """The law content that something was made under, by the digests of its rooms."""

    rules: str
    instruments: str


def no_words(law: Law, facts: bytes, record: bytes) -> bytes:
    """Where no law is at hand nothing can be put into words.

    Raises:
        NoWords: always.
    """
    raise NoWords("the version of the law content used for it is not installed here")


def utc_now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """A moment as text: UTC, microseconds always, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def enter_workspace(session: Session, workspace: str) -> None:
    """PostgreSQL: show this transaction the rows of one workspace only (row-level security)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT set_config('dedere.workspace', :id, true)"), {"id": workspace})


@dataclass
class Transaction:
    """One transaction of one workspace on behalf of one actor."""

    session: Session
    workspace: str
    actor: str
    request: str
    at: str
    master: MasterKeys
    words: Words
    acts: list[Act] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    keys: dict[str, Key] = field(default_factory=dict, repr=False)

    def add(self, row: Base) -> None:
        """Insert a row now, so that rows go in in the order of the foreign keys."""
        self.session.add(row)
        self.session.flush()

    def record(self, act: str, subject: str, **ids: str | int | list[str]) -> None:
        """Note an act for the audit chain; it is written when the transaction ends, or not at all.

        Raises:
            ValueError: something in it is not an id.
            RuntimeError: the transaction is for reading only, so that the access could not be recorded.
        """
        if not self.actor:
            raise RuntimeError("access to a matter is recorded, so it needs a writing transaction")
        self.acts.append(checked(act, subject, ids))

    def date_changes(self, moment: str) -> None:
        """Date what changed in lists by the moment of the commit, so that whoever asks what is new misses nothing.

        Rows of matters must be locked by then: their lock always comes before that of the chain.
        """
        if self.changed:
            mine = (Matter.workspace_id == self.workspace, Matter.id.in_(self.changed))
            self._set(update(Matter).where(*mine).values(updated_at=moment))
        if self.listed:
            new = (Assessment.workspace_id == self.workspace, Assessment.id.in_(self.listed))
            self._set(update(Assessment).where(*new).values(listed_at=moment))

    def _set(self, change: Update) -> None:
        self.session.execute(change.execution_options(synchronize_session=False))


@dataclass(frozen=True, slots=True)
class Key:
    """An unwrapped key, which lives as long as its transaction; its bytes never show in a representation."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id})"


class Store:
    """Everything that is kept, in one database, sealed under one set of master keys."""

    def __init__(self, database: Database, master: MasterKeys, now: Now = utc_now, words: Words = no_words) -> None:
        self.database, self.master, self.now, self.words = database, master, now, words

    @classmethod
    def open(cls, settings: StoreSettings, now: Now = utc_now) -> Store:
        """Open or make the store of an installation, bring its schema up to date and check its keys.

        Raises:
            SchemaMismatch: a newer program made this database.
            UnknownMasterKey: the database is sealed under a key that is not here.
            Unavailable: the database cannot be reached.
            InputProblems: the data folder cannot be used; what to do about it.
        """
        with writing_in(settings.data):
            master = settings.master()
            database = Database(settings.url)
        store = cls(database, master, now)
        try:
            upgrade(database)
            require_current(database)
            store.check_keys()
        except BaseException:
            store.close()
            raise
        return store

    def with_words(self, words: Words) -> Store:
        """The same store for somebody who has the law at hand."""
        return Store(self.database, self.master, self.now, words)

    def check_keys(self) -> None:
        """Make sure that every master key in use is held here.

        Raises:
            UnknownMasterKey: one is not.
        """
        for workspace in self.workspaces():
            with self.read(workspace) as tx:
                used = (
                    select(DataKey.master)
                    .where(DataKey.workspace_id == workspace, DataKey.master.is_not(None))
                    .distinct()
                )
                for name in tx.session.scalars(used):
                    self.master.key(str(name))

    def workspaces(self) -> list[str]:
        """The ids of all workspaces."""
        with self.database.session(writes=False) as session:
            return list(session.scalars(select(Workspace.id).order_by(Workspace.id)))

    @contextmanager
    def write(self, workspace: str, actor: str, request: str = "") -> Iterator[Transaction]:
        """A transaction that may change things; acts noted in it are in the audit chain if it commits.

        Raises:
            ValueError: nobody is named as the actor.
        """
        if not actor:
            raise ValueError("every act has an actor")
        with self.database.session(writes=True) as session:
            tx = self.entered(session, workspace, actor, request)
            yield tx
            session.flush()
            tx.date_changes(append(session, workspace, tx.acts, By(actor, self._moment, request)))

    def _moment(self, last: str) -> str:
        """Now, or just behind the last entry of the chain, which another node may have dated by a clock a little ahead."""
        now = self.now()
        before = datetime.fromisoformat(last) if last else now - _NEXT
        return stamp(before + _NEXT if timedelta(0) <= before - now < _SKEW else now)

    @contextmanager
    def read(self, workspace: str) -> Iterator[Transaction]:
        """A transaction that changes nothing and names no actor; it cannot open matters, whose access is recorded."""
        with self.database.session(writes=False) as session:
            yield self.entered(session, workspace)

    def entered(self, session: Session, workspace: str, actor: str = "", request: str = "") -> Transaction:
        """A transaction of one workspace on a session that is open already; without an actor it only looks."""
        enter_workspace(session, workspace)
        return Transaction(session, workspace, actor, request, stamp(self.now()), self.master, self.words)

    def close(self) -> None:
        """Give back all connections."""
        self.database.close()
