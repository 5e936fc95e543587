"""Which time limits are near, and telling of each once: seven days before and one day before.

Looked at are the clocks that ran in the assessment that tells where each matter stands. What was announced is
remembered by a keyed fingerprint of matter, clock, day and threshold: a clock that moves to another
day is announced again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from api.operations.webhooks.outbox import notify
from api.storage.datakeys import index_of
from api.storage.store import Store, Transaction
from api.storage.summaries import Due, standing_assessments, summaries
from api.storage.tables import Matter
from api.storage.webhook_tables import DeadlineNotice

ACTOR = "sys_deadlines"
THRESHOLDS = (7, 1)  # days before the end
LATE = timedelta(days=7)  # after the end it is still told, if nobody could tell before
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Near:
    """A clock of a matter, by the assessment that tells where it stands, and the fingerprints of the thresholds it has reached."""

    matter: str
    assessment: str
    notices: tuple[str, ...]


def announce_deadlines(
    store: Store, workspace: str, today: date | None = None, thresholds: tuple[int, ...] = THRESHOLDS
) -> int:
    """Tell of every time limit that came near; gives their number. ``today`` is the day in UTC by default."""
    told, day = 0, today or store.now().date()
    for near in near_deadlines(store, workspace, day, thresholds):
        with store.write(workspace, ACTOR) as tx:
            told += _announce(tx, near)
    return told


def near_deadlines(store: Store, workspace: str, today: date, thresholds: tuple[int, ...] = THRESHOLDS) -> list[Near]:
    """The time limits that are near and were not announced at every threshold they have reached."""
    found: list[Near] = []
    last = ""
    while True:
        with store.read(workspace) as tx:
            newest = _newest_assessments(tx, last)
            found += _unannounced(tx, _reached(tx, newest, today, thresholds))
        if len(newest) < _PAGE:
            return found
        last = max(newest)


def _newest_assessments(tx: Transaction, after: str) -> dict[str, str]:
    """The assessment that tells where each matter stands, under whatever reading, a page of matters."""
    standing = standing_assessments(tx, None).subquery()
    page = select(standing.c.matter_id, standing.c.assessment).where(standing.c.matter_id > after)
    rows = tx.session.execute(page.order_by(standing.c.matter_id).limit(_PAGE))
    return {row.matter_id: row.assessment for row in rows}


def _reached(tx: Transaction, newest: dict[str, str], today: date, thresholds: tuple[int, ...]) -> Iterator[Near]:
    lines = summaries(tx, newest.values())
    for matter, assessment in newest.items():
        for due in lines[assessment].due if assessment in lines else ():
            days = [days for days in thresholds if _is_near(due, today, days)]
            if days:
                yield Near(matter, assessment, tuple(_notice(tx, matter, due, each) for each in days))


def _is_near(due: Due, today: date, days: int) -> bool:
    """A clock that had run out when it was assessed is known already."""
    on = date.fromisoformat(due.on)
    return due.state == "running" and on - timedelta(days=days) <= today <= on + LATE


def _notice(tx: Transaction, matter: str, due: Due, days: int) -> str:
    return index_of(tx, "deadline", f"{matter}\x00{due.clock}\x00{due.on}\x00{days}").hex()


def _unannounced(tx: Transaction, nears: Iterator[Near]) -> list[Near]:
    found = list(nears)
    wanted = [notice for near in found for notice in near.notices]
    known = set(tx.session.scalars(select(DeadlineNotice.id).where(DeadlineNotice.id.in_(wanted))))
    return [near for near in found if not known.issuperset(near.notices)]


def _announce(tx: Transaction, near: Near) -> bool:
    """One event, however many thresholds were reached since the last look; none if the matter was erased meanwhile."""
    matter = tx.session.get(Matter, near.matter, with_for_update={"read": True})
    if matter is None or matter.erased_at is not None:
        return False
    claimed = [_claimed(tx, near.matter, notice) for notice in near.notices]
    if not any(claimed):
        return False
    notify(tx, "deadline.near", near.matter, near.assessment)
    tx.record("deadline.near", near.matter, assessment=near.assessment)
    return True


def _claimed(tx: Transaction, matter: str, notice: str) -> bool:
    insert = sqlite.insert if tx.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"id": notice, "workspace_id": tx.workspace, "matter_id": matter, "created_at": tx.at}
    claim = insert(DeadlineNotice).values(values).on_conflict_do_nothing().returning(DeadlineNotice.id)
    return tx.session.execute(claim).first() is not None
