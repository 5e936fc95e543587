"""Country findings in force: what tribunals have held of a State, for everybody or for a group, as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.content.evidence import Side, Situation

#: The value of a variant of years by which findings do not age.
NEVER = "never"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Selection:
    """Which decisions are consulted, and what else is known of the case that they are compared with.

    Without those named in ``without``; ``any_date`` also later ones. ``coined`` are facts of the case
    that the vocabulary has no name for, each with the side to which it points.
    """

    without: frozenset[str] = frozenset()
    any_date: bool = False
    coined: frozenset[tuple[str, Side]] = frozenset()


#: All decisions before the date of assessment.
EARLIER = Selection()


class Situations:
    """The country findings of a pack, by State; ``variants`` say after how many years they presume nothing."""

    def __init__(self, situations: Iterable[Situation], variants: Iterable[str] = ()) -> None:
        self.variants = tuple(dict.fromkeys(variants))
        self.by_state: dict[str, list[Situation]] = {}
        for situation in sorted(situations, key=lambda one: (one.valid_from, one.id)):
            self.by_state.setdefault(situation.state, []).append(situation)

    def decided(self, state: str, on: date, selection: Selection = EARLIER) -> Iterator[Situation]:
        """What had been held of a State before a day, oldest first, also what has ended since."""
        for one in self.by_state.get(state, ()):
            if begins(one) <= on and selection.without.isdisjoint((one.id, one.precedent)):
                yield one

    def presuming(self, state: str, on: date, years: str, selection: Selection = EARLIER) -> Iterator[Situation]:
        """Those of them that are still in force and not older than so many years."""
        for one in self.decided(state, on, selection):
            if on <= ends(one, years):
                yield one


def begins(one: Situation) -> date:
    """The first day on which a finding counts: as of its own day, and after the decision it rests on."""
    if one.decided_on is None or one.decided_on.last < one.valid_from:
        return one.valid_from
    return min(one.decided_on.last, date.max - _DAY) + _DAY


def ends(one: Situation, years: str) -> date:
    """The last day on which a finding presumes anything: in force, and not older than so many years."""
    until = one.valid_until or date.max
    return until if years == NEVER else min(until, _years_later(seen_on(one), int(years)))


def seen_on(one: Situation) -> date:
    """The day from which the age of a finding is counted."""
    return one.decided_on.first if one.decided_on else one.valid_from


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February, or beyond the calendar
        return date.max if day.year + years > date.max.year else day.replace(year=day.year + years, day=28)


NO_SITUATIONS = Situations(())
