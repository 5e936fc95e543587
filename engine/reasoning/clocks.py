"""Clocks: time limits with their computed days. A clock never decides admissibility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from engine.content.clocks import Clock
from engine.facts.columns import HERE, Columns
from engine.inference.atoms import shifted

State = Literal["not_started", "running", "met", "expired"]


@dataclass(frozen=True)
class Time:
    """A clock in one case."""

    clock: Clock
    starts_on: date | None
    due_on: date | None
    state: State


def time_of(clock: Clock, columns: Columns, assessed_on: date, *, leaves_out: bool = False) -> Time:
    """Where the clock stands: due a period after its start, met when stopped by then.

    ``leaves_out`` says that the days which the clock may leave out do not count here.
    """
    start = _date(columns, clock.starts)
    if start is None or start > assessed_on:
        return Time(clock, start, None, "not_started")
    due = shifted(start, clock.length.days, clock.length.months)
    if leaves_out:
        due += _left_out(clock, columns, start, due)
    stopped = _date(columns, clock.stopped_by) if clock.stopped_by else None
    if stopped is not None and stopped <= min(due, assessed_on):
        return Time(clock, start, due, "met")
    return Time(clock, start, due, "expired" if assessed_on > due else "running")


def _left_out(clock: Clock, columns: Columns, start: date, due: date) -> timedelta:
    """The days that do not count; a limit that had passed before they began stays where it was."""
    first = _date(columns, clock.not_counted.starts) if clock.not_counted else None
    last = _date(columns, clock.not_counted.until) if clock.not_counted else None
    if first is None or last is None or first > due:
        return timedelta()
    return max(last - max(first, start), timedelta())


def _date(columns: Columns, fact: str) -> date | None:
    for value, _ in columns.values[HERE].get(fact, ()):
        if isinstance(value, date):
            return value
    return None
