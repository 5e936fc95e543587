"""Archiving the old part of audit chains: written to a file, verified there, then taken out of the database.

What is left begins behind the archive and says so itself: its entry ``audit.archived`` names how many entries went and
the hash of the last of them. A verification with the archives in front of it is one of the whole chain.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete, func, select
from sqlalchemy.exc import ProgrammingError

from api.operations.backup.backup import ACTOR
from api.operations.backup.errors import Damaged, InTheWay, Unusable
from api.operations.backup.restore import yielding
from api.storage.audit.chain import ARCHIVED, NO_ENTRY, Verifier
from api.storage.audit.journal import entries
from api.storage.store import Store, Transaction, stamp
from api.storage.tables import AuditEntry

#: What is younger stays: the service itself looks into the days before.
YOUNGEST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Archived:
    """The part of a chain that went into a file: up to which entry, and the hash of that."""

    workspace: str
    entries: int
    head: str


def archive(store: Store, workspace: str, file: Path, older: timedelta) -> Archived | None:
    """Move the entries of a chain that are older into a file; None if there are none.

    Raises:
        Unusable: that is too young, or this role does not own the tables.
        InTheWay: there is such a file.
        Damaged: the chain is not whole, so that nothing of it may go.
    """
    if older < YOUNGEST:
        raise Unusable(f"entries stay for {YOUNGEST.days} days at least")
    before = stamp(store.now() - older)
    with store.read(workspace) as tx:
        last = tx.session.scalar(
            select(func.max(AuditEntry.seq)).where(AuditEntry.chain == workspace, AuditEntry.at < before)
        )
        if last is None:
            return None
        done = _written(tx, file, last)
    _take_out(store, done)
    return done


def _written(tx: Transaction, file: Path, last: int) -> Archived:
    """Write the entries up to the last one, while the whole chain is verified; then read the file again."""
    verifier, digest, head = Verifier(), sha256(), NO_ENTRY
    with _new(file) as out:
        for entry in entries(tx.session, tx.workspace):
            verifier.entry(entry)
            if entry.seq <= last:
                out.write(entry.line())
                digest.update(entry.line())
                head = entry.hash
        out.flush()
        os.fsync(out.fileno())
    found = verifier.finish()
    if not found.intact or sha256(file.read_bytes()).digest() != digest.digest():
        file.unlink()
        why = found.faults[0] if found.faults else "the file does not hold what was written to it"
        raise Damaged(f"nothing of the chain of {tx.workspace} was archived: {why}")
    return Archived(tx.workspace, last, head)


def _new(file: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise InTheWay(f"there is a file {file} already; an archive is never added to") from None


def _take_out(store: Store, done: Archived) -> None:
    old = (AuditEntry.chain == done.workspace, AuditEntry.seq <= done.entries)
    try:
        with store.write(done.workspace, ACTOR) as tx:
            with yielding(tx.session.connection()) as connection:
                connection.execute(delete(AuditEntry).where(*old))
            tx.record(ARCHIVED, done.workspace, entries=done.entries, head=done.head)
    except ProgrammingError:
        raise Unusable("this role may not take entries out; archive as the role that owns the tables") from None
