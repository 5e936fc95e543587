"""Chores: what is done from time to time in every workspace, by one node only.

A chore is a name, an interval and a function of a store and a workspace. Its turn is a row with a
lease; who is killed in the middle of it is followed by another when the lease has run out, so a
chore must bear being done again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.operations.jobs.beat import beating
from api.operations.jobs.book import changed
from api.storage.errors import Unavailable
from api.storage.ids import new_id
from api.storage.job_tables import ChoreTurn
from api.storage.store import (
    Store,
    Transaction,
    enter_workspace,
    stamp,
)

ACTOR = "sys_chores"
LEASE = timedelta(seconds=60)
#: A chore that fails is tried again after this, or after its interval if that is shorter.
AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do in every workspace, so often; what ``do`` gives back is not looked at."""

    name: str
    every: timedelta
    do: Callable[[Store, str], object]


@dataclass(frozen=True, slots=True)
class TurnSaid:
    """When a chore is due next, and how often it failed since it last went well."""

    name: str
    due_at: str
    failures: int


def due(store: Store, chores: Sequence[Chore]) -> list[tuple[str, Chore]]:
    """Workspaces and the chores that are due in them and that nobody does just now."""
    if not chores:
        return []
    now, found, names = stamp(store.now()), [], store.workspaces()
    with store.database.session(writes=False) as session:
        for workspace in names:
            enter_workspace(session, workspace)
            rows = session.scalars(select(ChoreTurn).where(ChoreTurn.workspace_id == workspace)).all()
            later = {row.name for row in rows if row.due_at > now or (row.lease_until or "") > now}
            found += [(workspace, chore) for chore in chores if chore.name not in later]
    return found


def run_due(store: Store, chores: Sequence[Chore], stop: threading.Event) -> int:
    """Do what is due; gives how many chores were done or tried."""
    tried = 0
    for workspace, chore in due(store, chores):
        if stop.is_set():
            break
        lease = _take(store, workspace, chore)
        if lease:
            tried += 1
            _do(store, workspace, chore, lease)
    return tried


def turns(tx: Transaction) -> list[TurnSaid]:
    """The chores of a workspace."""
    rows = tx.session.scalars(select(ChoreTurn).where(ChoreTurn.workspace_id == tx.workspace).order_by(ChoreTurn.name))
    return [TurnSaid(row.name, row.due_at, row.failures) for row in rows]


def _take(store: Store, workspace: str, chore: Chore) -> str:
    """Take a lease on a chore; empty if another node was quicker."""
    lease = new_id("lse")
    with store.write(workspace, ACTOR) as tx:
        insert = sqlite.insert if store.database.sqlite else postgresql.insert
        row = {"workspace_id": workspace, "name": chore.name, "due_at": "", "failures": 0}
        tx.session.execute(insert(ChoreTurn).values(row).on_conflict_do_nothing())
        free = or_(ChoreTurn.lease_until.is_(None), ChoreTurn.lease_until < tx.at)
        mine = (ChoreTurn.workspace_id == workspace, ChoreTurn.name == chore.name, ChoreTurn.due_at <= tx.at, free)
        until = stamp(store.now() + LEASE)
        return lease if changed(tx, update(ChoreTurn).where(*mine).values(lease=lease, lease_until=until)) else ""


def _do(store: Store, workspace: str, chore: Chore, lease: str) -> None:
    well = True
    with beating(lambda: _set(store, workspace, lease, lease_until=stamp(store.now() + LEASE)), LEASE.seconds / 3):
        try:
            chore.do(store, workspace)
        except Unavailable:
            raise
        except Exception:  # the other chores, and the other workspaces, must go on; the failure is counted
            well = False
    again = chore.every if well else min(chore.every, AGAIN)
    failures = 0 if well else ChoreTurn.failures + 1
    _set(store, workspace, lease, due_at=stamp(store.now() + again), lease=None, lease_until=None, failures=failures)


def _set(store: Store, workspace: str, held: str, **values: object) -> bool:
    """Change the turn under a lease that is held; False if it was lost."""
    with store.write(workspace, ACTOR) as tx:
        mine = (ChoreTurn.workspace_id == workspace, ChoreTurn.lease == held)
        return changed(tx, update(ChoreTurn).where(*mine).values(**values)) == 1
