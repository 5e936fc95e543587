"""Signatures of the audit chain: an HMAC of each entry's hash, under a key that the database holds only wrapped.

Hashes alone show what was changed by somebody who did not compute them anew. Signatures show it of everybody who
has the database and not the keys: a signed entry vouches for all before it, because its hash includes theirs.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from api.storage.audit.chain import Fault
from api.storage.audit.journal import Sign
from api.storage.datakeys import audit_subject, current_key, make_key
from api.storage.errors import NotFound
from api.storage.sealed import UNREADABLE
from api.storage.tables import AuditEntry
from api.storage.transaction import Transaction


def signer(tx: Transaction) -> Sign | None:
    """What signs the chain of a workspace; its key is made where there is none. None if the key cannot be read."""
    subject = audit_subject(tx.workspace)
    try:
        secret = current_key(tx, subject).secret
    except NotFound:
        secret = make_key(tx, subject).secret
    except UNREADABLE:
        return None
    return _signing(secret)


def _signing(secret: bytes) -> Sign:
    return lambda digest: hmac.digest(secret, digest.encode(), "sha256")


@dataclass(frozen=True, slots=True)
class Signatures:
    """How far a chain is signed: from which entry on, by when that was written, and what is wrong after it."""

    chain: str
    since: int
    since_at: str
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        if not self.since:
            return f"{self.chain}: not signed"
        return f"{self.chain}: signed since entry {self.since}, written {self.since_at}"


def signatures(tx: Transaction) -> Signatures:
    """Check the signatures of a chain; what is older than the first is vouched for by it, and not by its own."""
    try:
        sign = _signing(current_key(tx, audit_subject(tx.workspace)).secret)
    except UNREADABLE:
        return Signatures(
            tx.workspace, 0, "", (Fault(tx.workspace, "has no key to sign its entries, or a damaged one"),)
        )
    since, since_at, faults = 0, "", []
    for seq, at, digest, mac in _rows(tx):
        if mac is not None and hmac.compare_digest(mac, sign(digest)):
            since, since_at = (since, since_at) if since else (seq, at)
        elif since or mac is not None:
            faults.append(Fault(f"entry {seq} of {tx.workspace}", "was not written by who holds the keys"))
    if not since:
        faults.append(Fault(tx.workspace, "no entry was written by who holds the keys"))
    return Signatures(tx.workspace, since, since_at, tuple(faults))


def _rows(tx: Transaction) -> Iterator[tuple[int, str, str, bytes | None]]:
    columns = select(AuditEntry.seq, AuditEntry.at, AuditEntry.hash, AuditEntry.mac)
    ordered = columns.where(AuditEntry.chain == tx.workspace).order_by(AuditEntry.seq)
    for row in tx.session.execute(ordered.execution_options(yield_per=500)):
        yield row.seq, row.at, row.hash, row.mac
