"""From a case to values: one reading of what is disputed, as of one date.

The *person's* reading takes what the person says of each disputed fact, the *State's* what the
State says; the *neutral* one leaves disputed facts unknown, so that the burden of proof decides.
Items dated after the assessment date are left out; a fact that follows from the latest item is
derived from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.content.models import Pack
from engine.errors import InputProblems, Problem
from engine.facts.casefile import Case, Finding, Item, pointer
from engine.facts.columns import HERE, Columns, Entailment, Place
from engine.facts.impossible import Possibility
from engine.facts.values import Value, show

Reading = Literal["neutral", "person", "state"]
READINGS: tuple[Reading, ...] = ("neutral", "person", "state")


@dataclass(frozen=True)
class Read:
    """A case under one reading and date: one-lane columns, what is known and what counts on the record by them, and the items that count."""

    case: Case
    reading: Reading
    assessed_on: date
    items: dict[str, tuple[Item, ...]]
    columns: Columns
    derived: frozenset[str]
    known: Columns
    assumed: Columns

    def finding(self, place: Place, fact: str) -> Finding | None:
        """The finding behind a fact at a place, if one was entered."""
        if place == HERE:
            return self.case.findings.get(fact)
        items = self.items.get(place[0], ())
        return items[place[1]].findings.get(fact) if place[1] < len(items) else None


def value_in(finding: Finding, reading: Reading) -> Value | None:
    """What a finding says under a reading; None is unknown."""
    if not finding.disputed:
        value: Value | None = finding.value
        return value
    sides: dict[Reading, Value | None] = {"neutral": None, "person": finding.person, "state": finding.state}
    return sides[reading]


def read_case(case: Case, pack: Pack, entailment: Entailment, reading: Reading, assessed_on: date) -> Read:
    """Columns of one lane for a case.

    Raises:
        InputProblems: two findings contradict each other.
    """
    items = {part: _counted(pack, part, listed, assessed_on) for part, listed in case.items.items()}
    columns = Columns(1)
    _fill(columns, HERE, case.findings, reading)
    for part in pack.vocabulary.parts.values():
        _fill_part(columns, pack, part.id, items.get(part.id), reading)
    derived = _derive(columns, pack, entailment, items)
    known, assumed, consistent = entailment.read(columns)
    read = Read(case, reading, assessed_on, items, columns, derived, known, assumed)
    faults = [*(() if consistent else _contradictions(read, entailment)), *_stale(read, entailment)]
    if faults:
        raise InputProblems(faults)
    return read


def _counted(pack: Pack, part: str, listed: tuple[Item, ...], assessed_on: date) -> tuple[Item, ...]:
    dated_by = pack.vocabulary.parts[part].dated_by
    if not dated_by:
        return listed
    return tuple(item for item in listed if not (when := _date_of(item, dated_by)) or when <= assessed_on)


def _date_of(item: Item, dated_by: str) -> date | None:
    finding = item.findings.get(dated_by)
    return finding.value if finding and isinstance(finding.value, date) else None


def _fill(columns: Columns, place: Place, findings: dict[str, Finding], reading: Reading) -> None:
    column = columns.values[place]
    for name, finding in findings.items():
        value = value_in(finding, reading) if finding.standing == "disputed" else finding.value
        if value is not None:
            column[name] = [(value, 1)]


def _fill_part(columns: Columns, pack: Pack, part: str, items: tuple[Item, ...] | None, reading: Reading) -> None:
    """A part that needs items and has none known stands for one item of which nothing is known."""
    spec = pack.vocabulary.parts[part]
    listed = items if items is not None else ((Item(id="", findings={}),) if spec.needs_items else ())
    columns.unlisted[part] = int(items is None and not spec.needs_items)
    columns.sizes[part] = len(listed)
    for index, item in enumerate(listed):
        columns.values[(part, index)] = {}
        _fill(columns, (part, index), item.findings, reading)
    columns.latest[part] = _latest(listed, spec.dated_by)


def _latest(items: tuple[Item, ...], dated_by: str) -> int | None:
    dates = [(_date_of(item, dated_by), index) for index, item in enumerate(items)] if dated_by else []
    known = [(when, index) for when, index in dates if when is not None]
    return max(known)[1] if known else None


def _derive(columns: Columns, pack: Pack, entailment: Entailment, items: dict[str, tuple[Item, ...]]) -> frozenset[str]:
    derived = set()
    for fact in entailment.following:
        source = pack.vocabulary.facts.get(fact.from_latest)
        index = columns.latest.get(source.scope) if source else None
        if source is None or index is None or columns.known(HERE, fact.id):
            continue
        for value, mask in columns.values[(source.scope, index)].get(source.id, ()):
            columns.add(HERE, fact.id, value, mask)
            derived.add(fact.id)
    return frozenset(derived)


def _contradictions(read: Read, entailment: Entailment) -> list[Problem]:
    """Findings that cannot stand together, also through what they settle about other facts."""
    problems, known = [], read.known
    for fact, place, closure in entailment.contradictions(known):
        gate = entailment.vocabulary.facts[closure.fact]
        value = show(known.values[place][fact.id][0][0], fact)
        answer = show(known.entries(place, gate.id)[0][0], gate)
        message = f"{fact.id} is '{value}', but {gate.id} is answered '{answer}'; both cannot be right"
        where = pointer(fact.id, *_written(read, place))
        said = (f"'{value}'", f"'{answer}'")
        problems.append(Problem(message, pointer=where, fix=f"Correct {fact.id} or {gate.id}", echoes=said))
    return problems


def refuse_impossible(read: Read, possibility: Possibility) -> None:
    """Refuse what cannot be; looked at as of an earlier day, what has happened to a case is no future.

    Raises:
        InputProblems: days out of order or in the future, a State that is its own counterpart, and the like.
    """
    problems, last_day = [], max(read.assessed_on, read.case.assessed_on or read.assessed_on)
    for one in possibility.faults(read.columns, last_day):
        fact, facts = one.fact, possibility.vocabulary.facts
        value = show(read.columns.values[one.place][fact.id][0][0], fact)
        where = possibility.stands_at(one.against, one.place) if one.against in facts else None
        other = show(read.columns.values[where][one.against][0][0], facts[one.against]) if where else str(last_day)
        message = f"{one.reason}: {fact.id} is '{value}', {one.against} is '{other}'; both cannot be right"
        fix = f"Correct {fact.id} or {one.against}"
        said = (f"'{value}'", f"'{other}'")
        problems.append(Problem(message, pointer=pointer(fact.id, *_written(read, one.place)), fix=fix, echoes=said))
    if problems:
        raise InputProblems(problems)


def _written(read: Read, place: Place) -> Place:
    """Where an item stands in the case as written: items after the date are left out of the reading."""
    part, index = place
    if place == HERE or part not in read.items:
        return place
    names = [item.id for item in read.case.items[part]]
    return part, names.index(read.items[part][index].id)


def _stale(read: Read, entailment: Entailment) -> list[Problem]:
    """A directly entered value that differs from what the latest item says on this date."""
    problems = []
    for fact in entailment.following:
        source = entailment.vocabulary.facts.get(fact.from_latest)
        index = read.columns.latest.get(source.scope) if source else None
        if source is None or index is None:
            continue
        own, follows = read.columns.values[HERE].get(fact.id), read.columns.values[(source.scope, index)].get(source.id)
        if own and follows and own[0][0] != follows[0][0]:
            said = (f"'{own[0][0]}'", f"'{follows[0][0]}'")
            message = f"{fact.id} is {said[0]}, but by the latest of the {source.scope} on this date it is {said[1]}"
            problems.append(Problem(message, pointer=pointer(fact.id), fix="Keep one of them", echoes=said))
    return problems
