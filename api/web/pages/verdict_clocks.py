"""Clocks on a timeline: where each begins and ends, drawn to scale as numbers for an SVG.

The picture repeats what the table beside it says; lengths are days, widths are per mille of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engine.answer.model import ClockSaid
from engine.errors import present

#: Width of the picture, room left for the words at its ends, height of one bar's row.
WIDTH, EDGE, ROW, HEAD = 1000, 30, 46, 34
_AIR = 0.06


@dataclass(frozen=True)
class Bar:
    """A clock in the picture: left end, width, the top of its row."""

    clock: ClockSaid
    x: float
    width: float
    y: float


@dataclass(frozen=True)
class Timeline:
    """Bars, the line of the day of assessment, the marks of the years, the height of the picture."""

    bars: tuple[Bar, ...]
    today: float
    marks: tuple[tuple[float, str], ...]
    height: float


def timeline(clocks: tuple[ClockSaid, ...], today: date) -> Timeline | None:
    """The clocks that have begun; None when there are none."""
    begun = sorted(
        (one for one in clocks if one.starts_on and one.due_on), key=lambda one: (one.due_on or today, one.id)
    )
    if not begun:
        return None
    days = [day for one in begun for day in (one.starts_on, one.due_on) if day is not None]
    first, last = min(*days, today), max(*days, today)
    scale = _Scale(first, last)
    bars = tuple(_bar(one, scale, number) for number, one in enumerate(begun))
    return Timeline(bars, scale.at(today), tuple(scale.marks()), HEAD + ROW * len(begun) + 10)


def _bar(clock: ClockSaid, scale: _Scale, number: int) -> Bar:
    starts, due = present(clock.starts_on, "the start of a clock that runs"), present(clock.due_on, "its end")
    left, right = scale.at(starts), scale.at(due)
    return Bar(clock, left, max(round(right - left, 1), 4.0), HEAD + ROW * number)


class _Scale:
    def __init__(self, first: date, last: date) -> None:
        air = timedelta(days=max(3, int((last - first).days * _AIR)))
        self.first, self.last = first - air, last + air

    def at(self, day: date) -> float:
        """Where a day stands."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(EDGE + share * (WIDTH - 2 * EDGE), 1)

    def marks(self) -> list[tuple[float, str]]:
        """At most some eight marks: days of a month, first days of months, or of years."""
        span = (self.last - self.first).days
        step = 1 if span <= 270 else 3 if span <= 800 else 12 * (1 + span // 3650)
        found, at = [], date(self.first.year, 1, 1)
        while at <= self.last:
            if at >= self.first:
                found.append((self.at(at), f"{at:%Y}" if step >= 12 else f"{at:%m.%Y}"))
            month = at.month - 1 + step
            at = date(at.year + month // 12, month % 12 + 1, 1)
        return found
