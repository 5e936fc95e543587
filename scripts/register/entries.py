"""From the rows of the lists to the entry of one State: status, days, and where the lists differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from engine.content.models import EntryIntoForce, Instrument, Party
from engine.errors import present
from scripts.register.lists import Row

#: Fields in which two lists can differ.
_CLAIMS = ("status", "signed", "deposited", "in_force_from", "in_force_until")


@dataclass(frozen=True)
class Difference:
    """Two sources that do not say the same of one State."""

    instrument: str
    state: str
    field: str
    taken: str
    taken_from: str
    other: str
    other_from: str


def entry_of(rows: Sequence[Row], instrument: Instrument, successions: Mapping[str, date]) -> Party:
    """The entry of a State; the first row is believed, later ones fill in what it leaves open."""
    row = rows[0]
    for other in rows[1:]:
        row = replace(row, **{name: getattr(other, name) for name in _CLAIMS if not getattr(row, name)})
    days = {"in_force_from": row.in_force_from, "not_before": row.not_before, "in_force_by": row.in_force_by}
    if row.deposited and not any(days.values()) and instrument.entry_into_force:
        days |= _in_force(row, instrument, successions)
    return Party(
        status=row.status or _status(row, days),  # type: ignore[arg-type]
        signed=row.signed,
        deposited=row.deposited if isinstance(row.deposited, date) else None,
        act=row.act,  # type: ignore[arg-type]
        in_force_until=row.in_force_until,
        note=row.note,
        review=row.review,  # type: ignore[arg-type]
        **days,
    )


def differences(rows: Sequence[Row]) -> list[Difference]:
    """Where a later row says otherwise than the first."""
    first = rows[0]
    return [
        Difference(first.instrument, first.state, name, str(mine), first.source, str(theirs), other.source)
        for other in rows[1:]
        for name in _CLAIMS
        if (mine := getattr(first, name)) and (theirs := getattr(other, name)) and not _agree(mine, theirs)
    ]


def _agree(one: Any, other: Any) -> bool:
    if isinstance(one, date) and isinstance(other, int):
        return one.year == other
    return bool(one == other)


def _status(row: Row, days: Mapping[str, date | None]) -> str:
    if row.in_force_until:
        return "former_party"
    if row.deposited or any(days.values()):
        return "party"
    return "signed_only" if row.signed else "not_party"


def _in_force(row: Row, instrument: Instrument, successions: Mapping[str, date]) -> dict[str, date | None]:
    """The first day in force, or the days between which it lies where the year alone is known."""
    rule = present(instrument.entry_into_force, f"the entry into force of {instrument.id}")
    general = instrument.in_force_from or date.min
    if isinstance(row.deposited, int):
        first, last = (in_force(date(row.deposited, *day), rule) for day in ((1, 1), (12, 31)))
        return {"not_before": max(first, general), "in_force_by": max(last, general)}
    deposited = present(row.deposited, f"the day of deposit of {row.state}")
    if row.act == "succession":
        return {"in_force_from": max(successions[row.state], general)}
    return {"in_force_from": max(in_force(deposited, rule), general)}


def in_force(deposited: date, rule: EntryIntoForce) -> date:
    """The day on which a treaty enters into force by its own rule after a deposit."""
    months = deposited.month - 1 + rule.months
    year, month = deposited.year + months // 12, months % 12 + 1
    day = date(year, month, min(deposited.day, _length(year, month))) + timedelta(rule.days)
    if rule.first_of_next_month:
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day


def _length(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(1)).day
