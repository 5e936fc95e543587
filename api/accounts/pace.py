"""The pace of guessing: after a few failures of a login, a source or a second factor, each next try has to wait.

The wait doubles up to a bound and never becomes a lockout. A try is counted before it is made and
given back if it succeeds, so that tries made at the same moment do not slip through. Logins and
sources are kept as keyed hashes, and only while they matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.accounts.errors import Refused
from api.storage.people_tables import SignInPace
from api.storage.store import Store, stamp
from api.storage.vault.sealing import blind

FORGOTTEN = timedelta(hours=24)
_FIRST = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many failures are free, the longest wait after that, and whether one success wipes the slate."""

    kind: str
    free: int
    longest: timedelta
    wiped: bool = True

    def wait(self, failures: int) -> timedelta:
        """How long the next try waits after so many failures."""
        return timedelta(0) if failures <= self.free else min(self.longest, _FIRST * 2 ** min(failures - self.free, 30))


# Anybody can make a login wait, so that its longest wait is short; only who has the password reaches a code.
LOGIN = Pace("login", free=3, longest=timedelta(minutes=1))
SOURCE = Pace("source", free=20, longest=timedelta(minutes=15), wiped=False)
CODE = Pace("code", free=3, longest=timedelta(minutes=15))
#: Whoever signed in from a device before is slowed by his own failures on it, and by nobody else's.
DEVICE = Pace("device", free=3, longest=timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that was counted: for each pace, the row's name and the wait that it set."""

    counted: tuple[tuple[Pace, bytes, str], ...]


def attempt(store: Store, *tries: tuple[Pace, str]) -> Attempt:
    """Count a try of each, before it is made.

    Raises:
        Refused: one of them has to wait first; nothing was counted.
    """
    named = sorted(((_name(store, pace, who), pace) for pace, who in tries), key=lambda item: item[0])
    now = store.now()
    with store.database.session(writes=True) as session:
        session.execute(delete(SignInPace).where(SignInPace.counted_at <= stamp(now - FORGOTTEN)))
        rows = [_locked(session, name, now) for name, _ in named]
        _may_try(rows, now)
        return Attempt(tuple(_count(row, pace, now) for row, (_, pace) in zip(rows, named, strict=True)))


def succeeded(store: Store, made: Attempt) -> None:
    """Give a try back: its login or code starts afresh, its source is as before."""
    with store.database.session(writes=True) as session:
        for pace, name, free_at in made.counted:
            mine = SignInPace.name == name
            if pace.wiped:
                session.execute(delete(SignInPace).where(mine))
            else:
                session.execute(update(SignInPace).where(mine).values(failures=SignInPace.failures - 1))
                session.execute(update(SignInPace).where(mine, SignInPace.free_at == free_at).values(free_at=""))


def failed(store: Store, made: Attempt) -> None:
    """Leave a try counted. It writes as much as a refusal in a workspace's audit chain, and takes as long."""
    with store.database.session(writes=True) as session:
        for _, name, free_at in made.counted:
            session.execute(update(SignInPace).where(SignInPace.name == name).values(free_at=free_at))


def _name(store: Store, pace: Pace, who: str) -> bytes:
    """A master key that is replaced starts all counts afresh, which an administrator does rarely."""
    return blind(store.master.newest()[1], f"sign-in pace of a {pace.kind}", _network(who) if pace is SOURCE else who)


def _network(address: str) -> str:
    """What one subscriber has: of IPv6 a network of 2 to the 64 addresses, which counts as one source."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False))


def _locked(session: Session, name: bytes, now: datetime) -> SignInPace:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"name": name, "failures": 0, "counted_at": stamp(now), "free_at": ""}
    session.execute(insert(SignInPace).values(values).on_conflict_do_nothing())
    return session.scalars(select(SignInPace).where(SignInPace.name == name).with_for_update()).one()


def _may_try(rows: Sequence[SignInPace], now: datetime) -> None:
    latest = max(row.free_at for row in rows)
    if latest > stamp(now):
        raise Refused(ceil((datetime.fromisoformat(latest) - now).total_seconds()))


def _count(row: SignInPace, pace: Pace, now: datetime) -> tuple[Pace, bytes, str]:
    row.failures, row.counted_at = row.failures + 1, stamp(now)
    row.free_at = stamp(now + pace.wait(row.failures))
    return pace, row.name, row.free_at
