"""Sweeps by date: what holds one after the other neither overlaps nor leaves a gap.

A sweep looks at every day on which something begins or has just ended, under every combination of
readings that coexist, and counts what is in force. It checks nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, product
from typing import Protocol, TypeGuard

from engine.content.conditions import Atom, Condition, walk
from engine.content.declarations import Declaration, tagged
from engine.content.models import Criterion, Instrument, Pack, Party
from engine.content.unread import conditions

Found = tuple[str, str, str, str, str]
_DAY = timedelta(days=1)
_ANY_ORDER = {("signed", "deposited"), ("deposited", "in_force_from")}


class Dated(Protocol):
    """Something that holds from a first to a last day; an absent day is an open end."""

    @property
    def valid_from(self) -> date | None:
        """First day."""

    @property
    def valid_until(self) -> date | None:
        """Last day."""


def holds(item: Dated, day: date) -> bool:
    """Whether it is in force on a day."""
    return (item.valid_from or date.min) <= day <= (item.valid_until or date.max)


def turning_days(items: Iterable[Dated]) -> list[date]:
    """The first day of the calendar and every day on which something begins or has just ended."""
    days = {date.min}
    for item in items:
        if item.valid_from:
            days.add(item.valid_from)
        if item.valid_until and item.valid_until < date.max:
            days.add(item.valid_until + _DAY)
    return sorted(days)


def sweep_series(pack: Pack) -> Iterator[Found]:
    """Under every combination of variants, one reading of a series holds on each day from the first on."""
    series: dict[tuple[str, str], list[Criterion]] = {}
    for criterion in pack.criteria.values():
        if criterion.series:
            series.setdefault((criterion.instrument, criterion.series), []).append(criterion)
    for readings in series.values():
        said: set[str] = set()
        for chosen in _choices(pack, readings):
            used = [one for one in readings if all(chosen[q] == value for q, value in one.variant.items())]
            for name, message in _swept(used):
                if message not in said:
                    said.add(message)
                    yield "criteria", name, message, "Let one reading begin the day after the other ends", ""


def _choices(pack: Pack, readings: Sequence[Criterion]) -> Iterator[Mapping[str, str]]:
    questions = sorted({question for reading in readings for question in reading.variant})
    for values in product(*(pack.variants[question].values for question in questions)):
        yield dict(zip(questions, values, strict=True))


def _swept(readings: Sequence[Criterion]) -> Iterator[tuple[str, str]]:
    days = turning_days(readings)
    force = [[one for one in readings if holds(one, day)] for day in days]
    for index, (day, held) in enumerate(zip(days, force, strict=True)):
        if len(held) > 1:
            yield held[1].id, f"holds on {day} beside {held[0].id} of the same series"
        before = [one for earlier in force[:index] for one in earlier]
        if not held and before and any(force[index + 1 :]):
            yield before[-1].id, f"no reading of its series holds on {day}"


def sweep_parties(pack: Pack) -> Iterator[Found]:
    """A State signs, is bound and ceases in this order, and not before the treaty exists.

    The day of deposit may come later than the first day in force: so it is with successor States.
    """
    for instrument in pack.instruments.values():
        for code, party in instrument.parties.items():
            for message, fix in _party(instrument, party):
                yield "parties", f"{instrument.id}/{code}", message, fix, ""


def _party(instrument: Instrument, party: Party) -> Iterator[tuple[str, str]]:
    steps = [
        ("adopted", instrument.adopted),
        ("signed", party.signed),
        ("deposited", party.deposited),
        ("in_force_from", party.in_force_from),
        ("in_force_until", party.in_force_until),
    ]
    known = [(name, day) for name, day in steps if day]
    for (earlier, first), (later, second) in combinations(known, 2):
        if second < first and (earlier, later) not in _ANY_ORDER:
            yield f"{later} {second} is before {earlier} {first}", "Correct one of the two days"
    if instrument.in_force_from and party.in_force_from and party.in_force_from < instrument.in_force_from:
        message = f"in_force_from {party.in_force_from} is before the treaty's own {instrument.in_force_from}"
        yield message, "Correct one of the two days"
    if party.status == "former_party" and not party.in_force_until:
        yield "is a former party without the day on which it ceased", "Add in_force_until, or mark it unverified"
    for bound, day in (("not_before", party.not_before), ("in_force_by", party.in_force_by)):
        if day and party.in_force_from:
            yield f"has both in_force_from and {bound}", f"Remove {bound}: the day is known"
    if party.not_before and party.in_force_by and party.in_force_by < party.not_before:
        yield f"in_force_by {party.in_force_by} is before not_before {party.not_before}", "Correct one of the two days"


def sweep_declarations(pack: Pack) -> Iterator[Found]:
    """Two declarations of one State that say the same of one article do not stand side by side."""
    for instrument in pack.instruments.values():
        for (name, one), (other_name, other) in combinations(instrument.declarations.items(), 2):
            if _same_matter(one, other):
                for day in turning_days((one, other)):
                    if holds(one, day) and holds(other, day):
                        message = f"says the same as {other_name} on {day}"
                        yield "declarations", f"{instrument.id}/{name}", message, "Let one end before the other", ""
                        break


def sweep_tags(pack: Pack) -> Iterator[Found]:
    """Every tag of a declaration has a label, and a rule that asks for it or the reason why none does.

    A pack that labels none has no list of them to be complete.
    """
    asked = {part.args[:2] for one in conditions(pack) for part in walk(one) if _asks_for_tag(part)}
    declared, idle = set[str](), set[str]()
    for instrument in pack.instruments.values() if pack.tags else ():
        for tag, name in tagged(instrument.declarations):
            place, words = f"{instrument.id}/{name}", pack.tags.get(tag)
            silent = (instrument.id, tag) not in asked
            declared.add(tag)
            idle |= {tag} if silent else set()
            if words is None:
                message = f"has the tag '{tag}', which has no label"
                yield "declarations", place, message, "Add it to declaration_tags.yaml", "tags"
            elif silent and not words.not_encoded:
                message = f"has the tag '{tag}', for which no rule of {instrument.id} asks"
                yield (
                    "declarations",
                    place,
                    message,
                    "Write the rule, or say under not_encoded why there is none",
                    "tags",
                )
    for tag, words in pack.tags.items():
        if words.not_encoded and tag in declared - idle:
            message = f"tag '{tag}' says that it is not encoded, but rules ask for it wherever it is declared"
            yield "tags", tag, message, "Remove not_encoded", ""


def _asks_for_tag(part: Condition) -> TypeGuard[Atom]:
    return isinstance(part, Atom) and part.kind == "declared"


def _same_matter(one: Declaration, other: Declaration) -> bool:
    return one.state == other.state and one.article == other.article and bool(set(one.tags) & set(other.tags))


def sweep_suspensions(pack: Pack) -> Iterator[Found]:
    """Suspensions between the same two States do not overlap."""
    for instrument in pack.instruments.values():
        for one, other in combinations(instrument.suspensions, 2):
            same = set(one.states) == set(other.states)
            if same and any(holds(one, day) and holds(other, day) for day in turning_days((one, other))):
                message = f"two suspensions between {' and '.join(one.states)} overlap"
                yield "instruments", instrument.id, message, "Join them, or let one end first", "suspensions"
