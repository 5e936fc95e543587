"""When to try again: the schedule of Standard Webhooks, ten tries in about 75 hours, each a little late by chance.

The chance keeps the endpoints of a receiver that was down from all calling at the same moment.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from secrets import SystemRandom

DELAYS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
LATER_BY = 0.1  # at most, as a part of the delay
USUAL_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=24)
_SECONDS = re.compile(r"[0-9]{1,9}")
_chance = SystemRandom()


def next_try(tried: int, now: datetime) -> datetime | None:
    """When to try again after so many tries; None when there were enough."""
    if tried >= len(DELAYS):
        return None
    return now + DELAYS[tried] * _chance.uniform(1.0, 1.0 + LATER_BY)


def pause_until(retry_after: str, now: datetime) -> datetime:
    """Until when a receiver with too much to do is left alone: what ``Retry-After`` asks, a day at most, or a minute."""
    asked = _after_seconds(retry_after, now) if _SECONDS.fullmatch(retry_after) else _on_date(retry_after)
    return min(asked or now + USUAL_PAUSE, now + LONGEST_PAUSE)


def _after_seconds(text: str, now: datetime) -> datetime:
    return now + timedelta(seconds=int(text))


def _on_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
