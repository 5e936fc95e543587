"""The treaty register in columns: each question is asked once for all cases that it cannot tell apart.

A case is known to the register by its States and its period, the days between two dates on which
anything in the register changes. For a pair, States whose own standings are equal and which are not
named in a suspension are of one class, and two of each class speak for all others of it. What is
asked is always the function single cases use; a test compares every pair on every such day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import numpy as np

from engine.bulk.planes import Array
from engine.bulk.table import Codec
from engine.content.conditions import Atom
from engine.content.models import Pack
from engine.inference.atoms import Setting, evaluate
from engine.treaties.relations import Relations

#: Room for the States of one period; number 0 is a State that is not known.
STATES = 512
#: Answers by code; nought, which fresh memory holds, is what was never asked.
NOT_KNOWN, NO, YES = range(1, 4)
ANSWERS = {None: NOT_KNOWN, False: NO, True: YES}
_LAST_DAY = date.max.toordinal()
#: Numbers are sorted when there can be so many times more.
_MANY = 16


class _Asked:
    """Answers by number, none of them nought; each is asked for when it is first met.

    There can be millions of numbers of which few are met: memory is taken only where an answer is written.
    """

    def __init__(self, numbers: int, ask: Callable[[int], int]) -> None:
        self.answers, self.ask = np.zeros(numbers, dtype=np.int16), ask

    def __call__(self, numbers: Array) -> Array:
        found = self.answers.take(numbers)
        if not found.all():
            for number in self._distinct(numbers[found == 0]):
                self.answers[number] = self.ask(number)
            found = self.answers.take(numbers)
        return found

    def _distinct(self, numbers: Array) -> list[int]:
        """Each number once; to sort a few is quicker than to look at all there can be."""
        if len(numbers) * _MANY < len(self.answers):
            return [int(number) for number in np.unique(numbers)]
        met = np.zeros(len(self.answers), dtype=bool)
        met[numbers] = True
        return [int(number) for number in np.flatnonzero(met)]


class Register:
    """Answers about States and pairs of States on days, for whole columns."""

    def __init__(self, pack: Pack, relations: Relations, codec: Codec) -> None:
        self.pack, self.relations, self.codec = pack, relations, codec
        self.dates = {name: frozenset(_dates_in(each.model_dump())) for name, each in pack.instruments.items()}
        self.days = _days(self.dates.values())
        self.period_of = np.repeat(np.arange(len(self.days), dtype=np.int16), np.diff([*self.days, _LAST_DAY + 1]))
        self.period_of = np.concatenate((self.period_of[:1], self.period_of))  # ordinals count from 1
        self._same: dict[str, Array] = {}
        self._single: dict[Atom, _Asked] = {}
        self._pairs: dict[Atom, _Pairs] = {}

    def numbers(self, states: Array, assessed_on: Array) -> Array:
        """One number for each case's State and period."""
        return np.asarray(self.period_of.take(assessed_on).astype(np.int32) * STATES + (states + 1))

    def of_state(self, atom: Atom, numbers: Array) -> Array:
        """Answers for distinct numbers."""
        if atom not in self._single:
            self._single[atom] = _Asked(len(self.days) * STATES, lambda number: self._ask(atom, number))
        return self._single[atom](self.local(atom.args[0], numbers))

    def of_pair(self, atom: Atom, first: tuple[Array, Array], second: tuple[Array, Array]) -> Array:
        """Answers for two columns of States, each as distinct numbers and the place of every case among them."""
        if atom not in self._pairs:
            self._pairs[atom] = _Pairs(self, atom)
        return self._pairs[atom].answers(first, second)

    def local(self, name: str, numbers: Array) -> Array:
        """The numbers with the first period that is the same to this instrument in place of their own."""
        return np.asarray(self._first(name)[numbers // STATES] * STATES + numbers % STATES)

    def _first(self, name: str) -> Array:
        """For each period the first that is the same to an instrument."""
        if name not in self._same:
            days = _days(self.dates[each] for each in family(self.pack, name))
            self._same[name] = np.searchsorted(self.days, days)[np.searchsorted(days, self.days, side="right") - 1]
        return self._same[name]

    def setting(self, number: int) -> Setting:
        """The first day of the period of a number."""
        return Setting(date.fromordinal(int(self.days[number // STATES])), {}, self.relations)

    def state(self, number: int) -> Any:
        """The State of a number; None when it is not known."""
        code = number % STATES - 1
        return self.codec.numbered("state")[code] if code >= 0 else None

    def _ask(self, atom: Atom, number: int) -> int:
        state = self.state(number)
        return NOT_KNOWN if state is None else ANSWERS[evaluate(atom, (state,), self.setting(number))]


class _Pairs:
    """Answers of one atom about pairs, by the classes of both States."""

    def __init__(self, register: Register, atom: Atom) -> None:
        self.register, self.atom = register, atom
        self.family = sorted(family(register.pack, atom.args[0]))
        suspensions = [s for name in self.family for s in register.pack.instruments[name].suspensions]
        self.named = {state for suspension in suspensions for state in suspension.states}
        self.classes: dict[tuple[Any, ...], int] = {}
        self.speaker: list[int] = [0]  # of no class: classes count from 1
        self.classed = _Asked(len(register.days) * STATES, self._class)
        self.width = 0
        self.table = _Asked(0, self._ask)

    def answers(self, first: tuple[Array, Array], second: tuple[Array, Array]) -> Array:
        one, other = (self.classed(self.register.local(self.atom.args[0], numbers)) for numbers, _ in (first, second))
        if len(self.classes) >= self.width:
            self.width = 2 * len(self.classes) + 1
            self.table = _Asked(self.width**2, self._ask)
        rows = one.astype(np.intp) * self.width
        return self.table(rows.take(first[1]) + other.astype(np.intp).take(second[1]))

    def _class(self, number: int) -> int:
        state, day = self.register.state(number), self.register.setting(number).assessed_on
        standings = tuple(self.register.relations.state(name, state, day).binding for name in self.family)
        key = (number // STATES, state is None, standings, state if state in self.named else "")
        if key not in self.classes:
            self.classes[key] = len(self.speaker)
            self.speaker.append(number)
        return self.classes[key]

    def _ask(self, number: int) -> int:
        speakers = [self.speaker[which] for which in divmod(number, self.width)]
        states = tuple(self.register.state(speaker) for speaker in speakers)
        if None in states:
            return NOT_KNOWN
        return ANSWERS[evaluate(self.atom, states, self.register.setting(speakers[0]))]


def family(pack: Pack, name: str) -> set[str]:
    """The instruments on which the standing towards one can depend."""
    general = {other for other, each in pack.instruments.items() if any("bilaterals" in r.kind for r in each.relations)}
    found, waiting = set[str](), {name}
    while waiting:
        found |= waiting
        related = {relation.instrument for each in waiting for relation in pack.instruments[each].relations}
        extending = {
            other
            for other, each in pack.instruments.items()
            if any(r.kind == "extends" and r.instrument in waiting for r in each.relations)
        }
        bilateral = any(pack.instruments[each].bilateral for each in waiting)
        waiting = ((related | extending | (general if bilateral else set())) & pack.instruments.keys()) - found
    return found


def _days(dates: Iterable[Iterable[date]]) -> Array:
    """The days on which a standing can change: every date that instruments name, and the next."""
    named = {day for each in dates for day in each}
    days = {1} | {day.toordinal() for day in named} | {day.toordinal() + 1 for day in named if day < date.max}
    return np.array(sorted(days), dtype=np.int32)


def _dates_in(data: Any) -> Iterator[date]:
    if isinstance(data, date):
        yield data
    elif isinstance(data, dict | list | tuple):
        for item in data.values() if isinstance(data, dict) else data:
            yield from _dates_in(item)
