"""Where a chain is read from: an export, or a database opened for reading only.

Only signatures need a master key, so a chain can be verified by someone who cannot read a matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.storage.audit.chain import Verification, Verifier, verify_lines
from api.storage.audit.journal import chains, entries
from api.storage.audit.signing import Signatures, signatures
from api.storage.database import Database
from api.storage.store import Store, enter_workspace
from api.storage.tables import Workspace
from api.storage.vault.master import MasterKeys


def export(store: Store, workspace: str) -> Iterator[bytes]:
    """The chain of a workspace, one canonical line for each entry."""
    with store.read(workspace) as tx:
        for entry in entries(tx.session, workspace):
            yield entry.line()


def export_url(url: str) -> Iterator[bytes]:
    """The chains of all workspaces of a database, one after the other.

    Raises:
        Unavailable: it cannot be reached.
    """
    with _opened(url) as session:
        for name in _names(session):
            enter_workspace(session, name)
            for entry in entries(session, name):
                yield entry.line()


def verify_files(paths: Sequence[Path], anchored: Iterable[str] = ()) -> Verification:
    """Verify an export, with archives before it.

    Raises:
        OSError: a file cannot be read.
    """
    return verify_lines(_lines(paths), anchored)


def _lines(paths: Sequence[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            yield from file


def verify_url(url: str, anchored: Iterable[str] = (), archives: Sequence[Path] = ()) -> Verification:
    """Verify the chain of every workspace of a database, with archives before it.

    Raises:
        Unavailable: it cannot be reached, or is not a database of ours.
    """
    with _opened(url) as session:
        return verify_session(session, anchored, archives)


def signatures_of(url: str, master: MasterKeys) -> list[Signatures]:
    """How far the chain of every workspace of a database is signed by who holds the master keys.

    Raises:
        Unavailable: it cannot be reached, or is not a database of ours.
        UnknownMasterKey: these are not the keys it is sealed under.
    """
    database = Database(url)
    store, found = Store(database, master), []
    try:
        for workspace in store.workspaces():
            with store.read(workspace) as tx:
                found.append(signatures(tx))
    finally:
        database.close()
    return found


def verify_session(session: Session, anchored: Iterable[str] = (), archives: Sequence[Path] = ()) -> Verification:
    """Verify the chain of every workspace; each has at least the entry of its making."""
    verifier = Verifier(anchored)
    for number, line in enumerate(_lines(archives), 1):
        verifier.line(line, number)
    for name in _names(session):
        enter_workspace(session, name)
        for entry in entries(session, name):
            verifier.entry(entry)
        verifier.present(name)
    return verifier.finish()


def broken_chains(session: Session) -> list[str]:
    """The chains in which something is wrong."""
    return [name for name in _names(session) if not _verified(session, name).intact]


def _verified(session: Session, name: str) -> Verification:
    verifier = Verifier()
    enter_workspace(session, name)
    for entry in entries(session, name):
        verifier.entry(entry)
    verifier.present(name)
    return verifier.finish()


def _names(session: Session) -> list[str]:
    """Every workspace, and every chain without one."""
    return sorted({*session.scalars(select(Workspace.id)), *chains(session)})


@contextmanager
def _opened(url: str) -> Iterator[Session]:
    database = Database(url)
    try:
        with database.session(writes=False) as session:
            yield session
    finally:
        database.close()
