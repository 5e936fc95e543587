"""Country findings in force: what tribunals have held of a State, for everybody or for a group, as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from engine.content.evidence import Side, Situation

#: The value of a variant of years by which findings do not age.
NEVER = "never"


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
            known = one.valid_from <= on and (one.decided_on is None or one.decided_on.last < on)
            if known and selection.without.isdisjoint((one.id, one.precedent)):
                yield one

    def presuming(self, state: str, on: date, years: str, selection: Selection = EARLIER) -> Iterator[Situation]:
        """Those of them that are still in force and not older than so many years."""
        for one in self.decided(state, on, selection):
            if in_force(one, on) and not aged(one, on, years):
                yield one


def in_force(one: Situation, on: date) -> bool:
    """Whether a finding has not ended before a day."""
    return one.valid_until is None or on <= one.valid_until


def aged(one: Situation, on: date, years: str) -> bool:
    """Whether a finding is older than so many years."""
    if years == NEVER:
        return False
    begun = one.decided_on.first if one.decided_on else one.valid_from
    return (on.year - begun.year, on.month - begun.month, on.day - begun.day) > (int(years), 0, 0)


NO_SITUATIONS = Situations(())
