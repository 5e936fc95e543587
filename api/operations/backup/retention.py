"""Retention: matters go when their time is over, unless they are on legal hold, and it is known beforehand.

An open matter's time runs from its last change, a closed one's from its closing or a later change.
Erasing is ``api/operations/erasure.py``'s, so what goes here is gone for good.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from api.operations.erasure import erase_matter
from api.storage.errors import Conflict, NotFound, OnHold
from api.storage.retention_tables import MatterMark, RetentionRule
from api.storage.store import Store, Transaction, stamp
from api.storage.tables import Matter, MatterVersion

NOTICE = timedelta(days=30)
ACTOR = "retention"
#: Periods in days: at least one, at most a century.
SHORTEST, LONGEST = 1, 36_525


@dataclass(frozen=True, slots=True)
class Periods:
    """Days after which open and closed matters go; None keeps them."""

    unchanged: int | None = None
    closed: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A matter whose time is or will be over, and when; ``held`` keeps it all the same."""

    matter: str
    version: int
    at: str
    held: bool


def set_periods(tx: Transaction, periods: Periods) -> None:
    """Set a workspace's periods.

    Raises:
        ValueError: a period is shorter than a day or longer than a century.
    """
    given = [days for days in (periods.unchanged, periods.closed) if days is not None]
    if not all(SHORTEST <= days <= LONGEST for days in given):
        raise ValueError(f"a period is {SHORTEST} to {LONGEST} days")
    row = tx.session.get(RetentionRule, tx.workspace) or RetentionRule(workspace_id=tx.workspace)
    row.days_unchanged, row.days_closed, row.set_at, row.set_by = periods.unchanged, periods.closed, tx.at, tx.actor
    tx.add(row)
    tx.record("retention.set", tx.workspace, unchanged=periods.unchanged or "never", closed=periods.closed or "never")


def periods_of(tx: Transaction) -> Periods:
    """A workspace's periods; without any, nothing goes."""
    row = tx.session.get(RetentionRule, tx.workspace)
    return Periods(row.days_unchanged, row.days_closed) if row else Periods()


def close_matter(tx: Transaction, matter: str) -> None:
    """Say that a matter is closed; closing it again changes nothing.

    Raises:
        NotFound: there is no such matter in this workspace.
    """
    mark = _mark(tx, matter)
    mark.closed_at = mark.closed_at or tx.at
    tx.record("matter.closed", matter)


def reopen_matter(tx: Transaction, matter: str) -> None:
    """Take the closing back.

    Raises:
        NotFound: there is no such matter in this workspace.
    """
    _mark(tx, matter).closed_at = None
    tx.record("matter.reopened", matter)


def hold_matter(tx: Transaction, matter: str) -> None:
    """Put a matter on legal hold: neither retention nor anybody erases it.

    Raises:
        NotFound: there is no such matter in this workspace.
    """
    mark = _mark(tx, matter)
    mark.held_at = mark.held_at or tx.at
    tx.record("matter.held", matter)


def release_matter(tx: Transaction, matter: str) -> None:
    """Lift a legal hold.

    Raises:
        NotFound: there is no such matter in this workspace.
    """
    _mark(tx, matter).held_at = None
    tx.record("matter.released", matter)


def _mark(tx: Transaction, matter: str) -> MatterMark:
    """A matter's mark. The matter's row is locked first, as an erasure does, so that the two never cross."""
    mine = (Matter.id == matter, Matter.workspace_id == tx.workspace, Matter.erased_at.is_(None))
    if tx.session.scalars(select(Matter.id).where(*mine).with_for_update()).first() is None:
        raise NotFound("there is no such matter in this workspace")
    found = tx.session.get(MatterMark, matter)
    if found is None:
        found = MatterMark(matter_id=matter, workspace_id=tx.workspace)
        tx.add(found)
    return found


def retention_due(store: Store, workspace: str, within: timedelta = timedelta(0)) -> list[Due]:
    """The matters whose time is over, or will be ``within`` a time from now; the earliest first."""
    until = stamp(store.now() + within)
    with store.read(workspace) as tx:
        found = [due for due in _deadlines(tx) if due.at <= until]
    return sorted(found, key=lambda due: (due.at, due.matter))


def _deadlines(tx: Transaction) -> Iterator[Due]:
    periods = periods_of(tx)
    query = (
        select(Matter.id, Matter.version, MatterVersion.created_at, MatterMark.closed_at, MatterMark.held_at)
        .join(MatterVersion, (MatterVersion.matter_id == Matter.id) & (MatterVersion.version == Matter.version))
        .outerjoin(MatterMark, MatterMark.matter_id == Matter.id)
        .where(Matter.workspace_id == tx.workspace, Matter.erased_at.is_(None))
    )
    for row in tx.session.execute(query):
        days = periods.closed if row.closed_at else periods.unchanged
        if days is not None:
            since = datetime.fromisoformat(max(row.created_at, row.closed_at or ""))
            yield Due(row.id, row.version, stamp(since + timedelta(days=days)), row.held_at is not None)


def apply_retention(store: Store, workspace: str, actor: str = ACTOR) -> list[str]:
    """Erase the matters whose time is over, each in a transaction of its own; gives their ids.

    A matter that was changed, held or erased since it was looked at is left alone.
    """
    gone = []
    for due in retention_due(store, workspace):
        if not due.held and _erased(store, workspace, due, actor):
            gone.append(due.matter)
    return gone


def _erased(store: Store, workspace: str, due: Due, actor: str) -> bool:
    def note(tx: Transaction) -> None:
        tx.record("retention.applied", due.matter, due=due.at)

    try:
        erase_matter(store, workspace, due.matter, actor, expected=due.version, also=note)
    except (Conflict, NotFound, OnHold):
        return False
    return True
