"""The store: transactions of one workspace, with keys at hand and the audit entry written at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.storage.audit.journal import By, append
from api.storage.audit.signing import signer
from api.storage.database import Database
from api.storage.errors import NoWords
from api.storage.migrate import require_current, upgrade
from api.storage.settings import StoreSettings, writing_in
from api.storage.tables import DataKey, Workspace
from api.storage.transaction import Key, Law, Transaction, Words
from api.storage.vault.master import MasterKeys

#: Clocks of several nodes differ by less; one that is further ahead is wrong and not followed.
_SKEW = timedelta(minutes=5)
_NEXT = timedelta(microseconds=1)
Now = Callable[[], datetime]

__all__ = ["Key", "Law", "Now", "Store", "Transaction", "Words", "enter_workspace", "no_words", "stamp", "utc_now"]


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


class Store:
    """Everything that is kept, in one database, sealed under one set of master keys."""

    def __init__(self, database: Database, master: MasterKeys, now: Now = utc_now, words: Words = no_words) -> None:
        self.database, self.master, self.now, self.words = database, master, now, words

    @classmethod
    def open(cls, settings: StoreSettings, now: Now = utc_now) -> Store:
        """Open or make the store of an installation, bring it up to date and check its keys.

        Raises:
            UnfitDatabase: it keeps text in another form than UTF-8.
            SchemaMismatch: a newer program made this database.
            UnknownMasterKey: the database is sealed under a key that is not here.
            Unavailable: the database cannot be reached.
            InputProblems: the data folder cannot be used; what to do about it.
        """
        from api.storage.receipts import seal_receipts  # noqa: PLC0415 - it works on a store itself

        with writing_in(settings.data):
            master = settings.master()
            database = Database(settings.url)
        store = cls(database, master, now)
        try:
            database.require_text()
            upgrade(database)
            require_current(database)
            store.check_keys()
            seal_receipts(store)
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
            tx.roomy = not self.database.reserve.low()
            yield tx
            session.flush()
            written = append(session, workspace, tx.acts, By(actor, self._moment, request, lambda: signer(tx)))
            tx.date_changes(written)

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

    @contextmanager
    def look(self, workspace: str, actor: str, request: str = "") -> Iterator[Transaction]:
        """A transaction that changes nothing but opens matters: whoever shows what was opened first records its acts."""
        with self.database.session(writes=False) as session:
            tx = self.entered(session, workspace, actor, request)
            tx.looks = True
            yield tx

    def entered(self, session: Session, workspace: str, actor: str = "", request: str = "") -> Transaction:
        """A transaction of one workspace on a session that is open already; without an actor it only looks."""
        enter_workspace(session, workspace)
        return Transaction(session, workspace, actor, request, stamp(self.now()), self.master, self.words)

    def close(self) -> None:
        """Give back all connections."""
        self.database.close()
