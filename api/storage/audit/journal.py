"""Writing the audit chain inside of the transaction of the act, and reading it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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
    select(AuditEntry.seq, AuditEntry.hash, AuditEntry.at)
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


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, in which request, and when: asked with the moment of the last entry, which is empty for the first."""

    actor: str
    moment: Callable[[str], str]
    request: str = ""


def checked(act: str, subject: str, ids: Ids) -> Act:
    """An act that holds ids only.

    Raises:
        ValueError: something in it is not an id.
    """
    listed = [item for value in ids.values() for item in (value if isinstance(value, list) else [str(value)])]
    only_ids(act, subject, *ids, *listed)
    return Act(act, subject, ids)


def append(session: Session, chain: str, acts: Sequence[Act], by: By) -> str:
    """Add acts to a chain and give the moment of the commit; writers of one chain wait for each other until they commit.

    So moments are in the order in which commits are seen, whatever writer began first and on whichever node.
    """
    if not acts:
        return ""
    only_ids(chain, by.actor, by.request)
    _lock(session, chain)
    last = session.execute(_LAST, {"chain": chain}).first()
    seq, previous = (last.seq, last.hash) if last else (0, NO_ENTRY)
    at = by.moment(last.at if last else "")
    rows = []
    for number, act in enumerate(acts, seq + 1):
        entry = Entry(chain, number, at, by.actor, act.act, act.subject, act.ids, by.request, previous).sealed()
        rows.append(_row(entry))
        previous = entry.hash
    session.execute(_INSERT, rows)
    return at


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
