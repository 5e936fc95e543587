"""Writing the audit chain inside of the transaction of the act, and reading it back."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.orm import Session

from api.storage.audit.chain import (
    NO_ENTRY,
    Entry,
    Ids,
    only_ids,
)
from api.storage.tables import AuditEntry

# Nearly every transaction does both; statements made once, without the mapper, cost a third.
_LAST = (
    select(AuditEntry.seq, AuditEntry.hash, AuditEntry.at, AuditEntry.mac)
    .where(AuditEntry.chain == bindparam("chain"))
    .order_by(AuditEntry.seq.desc())
    .limit(1)
)
_INSERT = insert(AuditEntry.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be recorded when the transaction ends."""

    act: str
    subject: str
    ids: Ids


#: Gives the signature of an entry by its hash.
Sign = Callable[[str], bytes]


def unsigned() -> Sign | None:
    """Where nobody can sign."""
    return None


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, in which request, and when: asked with the moment of the last entry, which is empty for the first.

    ``signer`` is asked when the chain is locked.
    """

    actor: str
    moment: Callable[[str], str]
    request: str = ""
    signer: Callable[[], Sign | None] = unsigned


class Written(NamedTuple):
    """The moment of the commit, and the number of the last entry; empty and 0 if there was nothing to write."""

    at: str
    seq: int


def checked(act: str, subject: str, ids: Ids) -> Act:
    """An act that holds ids only.

    Raises:
        ValueError: something in it is not an id.
    """
    listed = [item for value in ids.values() for item in (value if isinstance(value, list) else [str(value)])]
    only_ids(act, subject, *ids, *listed)
    return Act(act, subject, ids)


def append(session: Session, chain: str, acts: Sequence[Act], by: By) -> Written:
    """Add acts to a chain and give the moment of the commit; writers of one chain wait for each other until they commit.

    So moments are in the order in which commits are seen, whatever writer began first and on whichever node. If
    somebody who does not hold the keys wrote the last entry, that is recorded before anything is added to it.
    """
    if not acts:
        return Written("", 0)
    only_ids(chain, by.actor, by.request)
    _lock(session, chain)
    last = session.execute(_LAST, {"chain": chain}).first()
    seq, previous = (last.seq, last.hash) if last else (0, NO_ENTRY)
    at = by.moment(last.at if last else "")
    sign, rows = by.signer(), []
    if sign is not None and last is not None and not _signed(sign, last.hash, last.mac):
        acts = [Act("audit.unsigned", chain, {"entry": seq}), *acts]
    for number, act in enumerate(acts, seq + 1):
        entry = Entry(chain, number, at, by.actor, act.act, act.subject, act.ids, by.request, previous).sealed()
        rows.append({**_row(entry), "mac": sign(entry.hash) if sign is not None else None})
        previous = entry.hash
    session.execute(_INSERT, rows)
    return Written(at, seq + len(acts))


def _signed(sign: Sign, digest: str, mac: bytes | None) -> bool:
    return mac is not None and hmac.compare_digest(mac, sign(digest))


def _lock(session: Session, chain: str) -> None:
    """PostgreSQL: one writer per chain. SQLite needs nothing: BEGIN IMMEDIATE lets in one writer at all."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended('dedere audit ' || :chain, 0))"), {"chain": chain}
        )


def head(session: Session, chain: str) -> tuple[int, str]:
    """Number and hash of a chain's last entry; (0, zeros) of an empty one."""
    found = session.execute(_LAST, {"chain": chain}).first()
    return (found.seq, found.hash) if found else (0, NO_ENTRY)


def chains(session: Session) -> list[str]:
    """The names of all chains that this session may see."""
    return list(session.scalars(select(AuditEntry.chain).distinct().order_by(AuditEntry.chain)))


def entries(session: Session, chain: str, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
    """The entries of a chain in order, without holding them all."""
    query = select(AuditEntry).where(AuditEntry.chain == chain, AuditEntry.seq > after).order_by(AuditEntry.seq)
    for row in session.scalars(query.limit(limit).execution_options(yield_per=500)):
        yield _entry(row)


def _row(entry: Entry) -> dict[str, str | int]:
    return {
        "chain": entry.chain,
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "ids": json.dumps(entry.ids, sort_keys=True),
        "request": entry.request,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _entry(row: AuditEntry) -> Entry:
    ids: Ids = json.loads(row.ids)
    return Entry(row.chain, row.seq, row.at, row.actor, row.act, row.subject, ids, row.request, row.previous, row.hash)
