"""Periods of binding: how every instrument stood between two States, from one change to the next.

The days on which anything can change are those that the register names for the two States, so the
standing is asked on each of them, and days with the same answer make one period.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.content.models import Pack
from engine.treaties.relations import Relations, Standing

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A standing that lasted from ``start`` (None: from the beginning) to the day before ``end`` (None: to this day)."""

    start: date | None
    end: date | None
    standing: Standing

    @property
    def last(self) -> date | None:
        """Its last day."""
        return self.end - _DAY if self.end else None


def periods(pack: Pack, requesting: str, requested: str) -> dict[str, list[Period]]:
    """The periods of every instrument between two States, in time order."""
    # Relations of its own: what it remembers of all these days is forgotten with it.
    relations, days = Relations(pack), sorted(set(_changes(pack, requesting, requested)))
    return {
        name: _joined([(day, relations.standing(name, requesting, requested, day)) for day in [date.min, *days]])
        for name in pack.instruments
    }


def _joined(found: list[tuple[date, Standing]]) -> list[Period]:
    starts = [found[0]]
    for day, standing in found[1:]:
        if _same(starts[-1][1], standing):
            continue
        starts.append((day, standing))
    ends = [day for day, _ in starts[1:]]
    return [
        Period(None if day == date.min else day, end, standing)
        for (day, standing), end in zip(starts, [*ends, None], strict=True)
    ]


def _same(one: Standing, other: Standing) -> bool:
    return (one.binding, one.reason, one.verified) == (other.binding, other.reason, other.verified)


def _changes(pack: Pack, *states: str) -> Iterator[date]:
    """Every day on which the standing between the two States can begin to be another."""
    for instrument in pack.instruments.values():
        for state in (*states, *(instrument.parties if instrument.bilateral else ())):
            if party := instrument.parties.get(state):
                named = (party.signed, party.deposited, party.not_before, party.in_force_from)
                yield from filter(None, (*named, party.in_force_by, party.in_force_until))
        if instrument.listed_on:
            yield instrument.listed_on + _DAY
        for suspension in instrument.suspensions:
            if set(suspension.states) == set(states):
                yield suspension.valid_from
                if suspension.valid_until:
                    yield suspension.valid_until + _DAY
        for relation in instrument.relations:
            if relation.valid_from:
                yield relation.valid_from
