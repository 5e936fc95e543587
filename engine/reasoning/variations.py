"""Variations of one case: which unknown facts matter, what values they could take, many lanes at once.

Values that no condition can tell apart are one value; a number is tried on each side of every
threshold a rule names. So a finite set of representatives stands for every possible answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import Any

from engine.content.conditions import Atom
from engine.content.models import Pack
from engine.facts.columns import HERE, Columns, Entailment, Entries, Place, is_, then
from engine.facts.values import Value, plain
from engine.facts.vocabulary import CASE, REQUESTED, REQUESTING, Fact
from engine.inference.atoms import Setting, evaluate, shifted
from engine.inference.program import Program
from engine.reasoning.missing import Need

#: A set fact whose values the conditions mention in more ways than this is not tried in every combination.
MAX_CLASSES = 4
#: The index that stands for a whole list: assigning it gives an empty list.
UNLISTED = -1
#: A fact at a place with a value.
Assigned = tuple[Place, str, Value]


@dataclass(frozen=True)
class Candidate:
    """An unknown or disputed fact and the values worth trying; ``whole`` when they stand for every answer.

    Of ``evidence`` no answer decides anything strictly: it can only make something presumed.
    """

    place: Place
    fact: str
    values: tuple[Value, ...]
    whole: bool = True
    evidence: bool = False


class Domains:
    """Representative values of facts under one pack and setting."""

    def __init__(self, pack: Pack, program: Program) -> None:
        self.pack = pack
        self.tests: dict[str, list[Atom]] = {}
        for node in program.nodes:
            for fact in node.facts:
                if node.atom is not None:
                    self.tests.setdefault(fact, []).append(node.atom)
        #: the values of facts on the latest day of assessment; only those of States depend on the case too
        self._kept: tuple[date | None, dict[str, tuple[Value, ...]]] = (None, {})
        self.closes: dict[str, set[Value]] = {}
        #: For each fact, the values that gates give it
        self.given: dict[str, set[Value]] = {}
        for closed in pack.vocabulary.facts.values():
            for closure in closed.closed_by:
                self.closes.setdefault(closure.fact, set()).add(is_(closure))
                self.given.setdefault(closed.id, set()).add(then(closure))

    def of(self, fact: Fact, setting: Setting, columns: Columns) -> tuple[Value, ...]:
        """Values worth trying, one for each way the conditions can tell values apart."""
        if fact.type in ("state", "states") or self._registered(fact):
            return self._of(fact, setting, columns)
        day, known = self._kept
        if day != setting.assessed_on:
            known = {}
            self._kept = (setting.assessed_on, known)
        if fact.id not in known:
            known[fact.id] = self._of(fact, setting, columns)
        return known[fact.id]

    def _of(self, fact: Fact, setting: Setting, columns: Columns) -> tuple[Value, ...]:
        return self._distinct(fact, [*self._raw(fact, setting, columns), *self._named(fact)], setting)

    def whole(self, fact: Fact) -> bool:
        """Whether the values stand for every possible answer; States and pairs of dates are too many to try."""
        if fact.type == "set":
            return len(self._classes(fact)) <= MAX_CLASSES
        return fact.type not in ("state", "states") and all(self._alone(atom) for atom in self.tests.get(fact.id, ()))

    def _named(self, fact: Fact) -> list[Value]:
        """Values that close other facts, or that gates give this one."""
        named = self.closes.get(fact.id, set()) | self.given.get(fact.id, set())
        return sorted(named, key=lambda value: str(plain(value)))

    def _raw(self, fact: Fact, setting: Setting, columns: Columns) -> list[Value]:
        if fact.type == "yes_no":
            return [True, False]
        if fact.type == "choice":
            return list(fact.values)
        if fact.type == "set":
            return self._sets(fact)
        if fact.type == "number":
            return self._numbers(fact)
        if fact.type == "date":
            return self._dates(fact, setting, columns)
        return self._states(columns) if fact.type == "states" else []

    def _sets(self, fact: Fact) -> list[Value]:
        classes = self._classes(fact)
        sizes = range(len(classes) + 1) if len(classes) <= MAX_CLASSES else (0, 1, len(classes))
        return [frozenset(chosen) for size in sizes for chosen in combinations(classes, size)]

    def _classes(self, fact: Fact) -> list[str]:
        """One value for each way in which the conditions mention values: those mentioned alike are one."""
        groups: list[Collection[Any]] = [atom.args for atom in self.tests.get(fact.id, ()) if atom.kind == "includes"]
        groups += [named for named in self._named(fact) if isinstance(named, frozenset)]
        classes: dict[tuple[bool, ...], str] = {}
        for value in sorted(fact.values):
            classes.setdefault(tuple(value in group for group in groups), value)
        return list(classes.values())

    def _numbers(self, fact: Fact) -> list[Value]:
        named = [value for value in self._named(fact) if isinstance(value, int | float)]
        limits = sorted({*named, *(atom.args[1] for atom in self.tests.get(fact.id, ()) if atom.kind == "compare")})
        between = [(low + high) / 2 for low, high in pairwise(limits)]
        ends = [end for end in (fact.minimum, fact.maximum) if end is not None]
        tried = {*(limit - 1 for limit in limits), *limits, *(limit + 1 for limit in limits), *between, *ends}
        low, high = (fact.minimum, fact.maximum)
        return [v for v in sorted(tried) if (low is None or v >= low) and (high is None or v <= high)]

    def _registered(self, fact: Fact) -> list[Atom]:
        """What asks the treaty register on the day that the fact gives."""
        return [atom for atom in self.tests.get(fact.id, ()) if atom.kind == "bound" and fact.id in atom.facts]

    def _turns(self, atom: Atom, setting: Setting, columns: Columns) -> Iterator[date]:
        """The days on which the standing of the two States towards an instrument can change."""
        instrument = setting.relations.instruments[atom.args[0]]
        entries = [*columns.entries(HERE, REQUESTED), *columns.entries(HERE, REQUESTING)]
        parties = [instrument.parties.get(str(state)) for state, _ in entries]
        days = [
            day for party in parties if party for day in (party.in_force_from, party.in_force_until, party.not_before)
        ]
        days += [day for one in instrument.suspensions for day in (one.valid_from, one.valid_until)]
        return (day for day in days if day is not None)

    def _dates(self, fact: Fact, setting: Setting, columns: Columns) -> list[Value]:
        limits = {named for named in self._named(fact) if isinstance(named, date)}
        limits |= {day for atom in self._registered(fact) for day in self._turns(atom, setting, columns)}
        for atom in self.tests.get(fact.id, ()):
            if (
                atom.kind == "date"
                and atom.facts[0] == fact.id
                and len([f for f in atom.facts if f in self.pack.vocabulary.facts]) == 1
            ):
                limits.add(shifted(atom.args[1] or setting.assessed_on, atom.args[2], atom.args[3]))
        return sorted({shifted(limit, days, 0) for limit in limits for days in (-1, 0, 1)})

    def _states(self, columns: Columns) -> list[Value]:
        requested = columns.entries(HERE, REQUESTED)
        return [frozenset(), *(frozenset({str(value)}) for value, _ in requested)]

    def _distinct(self, fact: Fact, values: Iterable[Value], setting: Setting) -> tuple[Value, ...]:
        single = [atom for atom in self.tests.get(fact.id, ()) if len(atom.facts) == 1 or atom.kind == "date"]
        seen: dict[tuple[object, ...], Value] = {}
        for value in values:
            tells = tuple(evaluate(atom, (value,), setting) for atom in single if self._alone(atom))
            closing = value if value in self._named(fact) else None
            keep = value if fact.type == "states" or self._registered(fact) else None
            seen.setdefault((*tells, closing, keep), value)
        return tuple(seen.values())

    def _alone(self, atom: Atom) -> bool:
        return atom.kind in ("yes", "in", "includes", "nonempty", "compare") or (
            atom.kind == "date" and sum(name in self.pack.vocabulary.facts for name in atom.facts) == 1
        )


def candidates(
    needs: Iterable[Need], columns: Columns, entailment: Entailment, domains: Domains, setting: Setting
) -> list[Candidate]:
    """The facts behind ``needs`` and the unanswered gates above them, in asking order."""
    vocabulary = entailment.vocabulary
    found: dict[tuple[Place, str], None] = {}
    waiting = [(need.place, need.fact) for need in needs if need.fact]
    while waiting:
        place, name = waiting.pop()
        if (place, name) in found:
            continue
        found[(place, name)] = None
        for closure in vocabulary.facts[name].closed_by:
            above = HERE if vocabulary.facts[closure.fact].scope == CASE else place
            if not columns.known(above, closure.fact):
                waiting.append((above, closure.fact))
    order = {name: position for position, name in enumerate(vocabulary.facts)}
    return [
        Candidate(
            place,
            name,
            domains.of(vocabulary.facts[name], setting, columns),
            domains.whole(vocabulary.facts[name]),
        )
        for place, name in sorted(found, key=lambda key: (order[key[1]], key[0]))
    ]


def lanes_for(columns: Columns, literals: Sequence[Assigned], size: int, masks: Sequence[int]) -> Columns:
    """So many lanes of a case; each literal replaces what the case says in the lanes of its mask."""
    full = (1 << size) - 1
    unlisted = {part: full * bit for part, bit in columns.unlisted.items()}
    widened = Columns(size, {}, dict(columns.sizes), unlisted, dict(columns.latest))
    for place, facts in columns.values.items():
        widened.values[place] = {fact: [(value, full) for value, _ in entries] for fact, entries in facts.items()}
    for (place, fact), entries in _columns_of(literals, masks).items():
        rest = full
        for _, mask in entries:
            rest &= ~mask
        if place[1] == UNLISTED:
            widened.unlisted[place[0]] &= rest
            continue
        kept = [(value, mask & rest) for value, mask in widened.values[place].get(fact, ()) if mask & rest]
        widened.values[place][fact] = [*kept, *entries]
    return widened


def _columns_of(literals: Sequence[Assigned], masks: Sequence[int]) -> dict[tuple[Place, str], Entries]:
    """The lanes of each literal, by the fact it is about."""
    columns: dict[tuple[Place, str], Entries] = {}
    for (place, fact, value), mask in zip(literals, masks, strict=True):
        if mask:
            columns.setdefault((place, fact), []).append((value, mask))
    return columns


def lanes_of(mask: int) -> list[int]:
    """The lanes of a mask, in order."""
    found, bits = [], f"{mask:b}"[::-1]
    lane = bits.find("1")
    while lane >= 0:
        found.append(lane)
        lane = bits.find("1", lane + 1)
    return found
