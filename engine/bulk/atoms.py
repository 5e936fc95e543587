"""Atoms in columns: one test of one or two facts, in every case at once.

Words, numbers, days and sets are compared as arrays; whatever reads States is asked once for each
combination that occurs, of the very function single cases use.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from engine.bulk.planes import WORD, Array, Flags, Words, both, packed
from engine.bulk.register import ANSWERS, NO, NOT_KNOWN, STATES, YES, Register
from engine.bulk.spread import Facts
from engine.bulk.table import UNKNOWN_SET, Codec, Table
from engine.content.conditions import Atom
from engine.content.models import Pack
from engine.errors import present
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting, evaluate, shifted
from engine.inference.program import Node
from engine.inference.situations import Situations, begins, ends
from engine.treaties.relations import Relations

Pair = tuple[Words, Words]
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
}
#: Combinations of codes up to this number are counted in a table instead of sorted.
_DENSE = 1 << 20
_MOST_KEPT = 50_000
_LAST_DAY = date.max.toordinal()


class AtomColumns:
    """Evaluates the atoms of one pack; remembers what the register says."""

    def __init__(self, pack: Pack, relations: Relations, codec: Codec) -> None:
        self.pack, self.relations, self.codec = pack, relations, codec
        self.situations = Situations(pack.situations.values())
        self.register = Register(pack, relations, codec)
        self._shifted: dict[tuple[int, int], Array] = {}
        self._combined: dict[Atom, dict[tuple[int, ...], bool]] = {}

    def evaluate(self, node: Node, place: Place, facts: Facts, table: Table) -> Pair:
        """True and false planes of an atom at a place."""
        atom, names = present(node.atom, "the test of a leaf"), node.facts
        if not names:
            return self._constant(atom, facts, table)
        places = [HERE if self.pack.vocabulary.facts[name].scope == CASE else place for name in names]
        if len(names) == 1 and atom.kind in ("yes", "in"):
            return self._word(atom, names[0], places[0], facts)
        if atom.kind == "situation":
            return self._situation(atom, names[0], places[0], facts, table)
        if atom.kind in ("bound", "declared") and not atom.facts:
            return self._in_register(atom, list(zip(places, names, strict=True)), facts, table)
        return self._of_values(atom, list(zip(places, names, strict=True)), facts, table)

    def _of_values(self, atom: Atom, where: list[tuple[Place, str]], facts: Facts, table: Table) -> Pair:
        """A test of the values of its facts, wherever all of them are known."""
        known = facts.known(*where[0])
        for place, name in where[1:]:
            known = known & facts.known(place, name)
        if not known.any():
            return facts.none, facts.none
        arrays = _alike([facts.values(place, name) for place, name in where])
        if atom.kind == "bound":
            return self._on_a_day(atom, [name for _, name in where], arrays, known, table)
        true = _planes(self._test(atom, arrays, table), table.lanes) & known
        return true, known & ~true

    def _word(self, atom: Atom, name: str, place: Place, facts: Facts) -> Pair:
        true = facts.none
        for value in (True,) if atom.kind == "yes" else atom.args:
            true = true | facts.where(place, name, value)
        return true, facts.known(place, name) & ~true

    def _situation(self, atom: Atom, name: str, place: Place, facts: Facts, table: Table) -> Pair:
        """Country findings hold from a day to a day: the cases of their States are looked at once for each."""
        level, group, variant = atom.args
        known, codes = facts.known(place, name), facts.values(place, name)
        days, chosen = _as_long(table.assessed_on, codes), _as_long(table.variants[variant], codes)
        found = np.zeros(len(codes), dtype=bool)
        for state, situations in self.situations.by_state.items():
            ours = [one for one in situations if (one.level, one.group) == (level, group)]
            of_state = self._of_state_codes(name, state, codes) if ours else None
            if of_state is None or not of_state.any():
                continue
            for one in ours:
                for number, years in enumerate(self.pack.variants[variant].values):
                    start, end = begins(one).toordinal(), ends(one, years).toordinal()
                    found |= of_state & (chosen == number) & (days >= start) & (days <= end)
        true = _planes(found, table.lanes) & known
        return true, known & ~true

    def _of_state_codes(self, name: str, state: str, codes: Array) -> Flags:
        """Where a State fact names a State, or a list of States has it."""
        kind = self.codec.kinds[name]
        wanted = [
            number
            for number, value in enumerate(self.codec.numbered(kind))
            if value == state or (isinstance(value, frozenset) and state in value)
        ]
        return np.isin(codes, wanted)

    def _constant(self, atom: Atom, facts: Facts, table: Table) -> Pair:
        if atom.kind == "variant":
            question, value = atom.args
            flags: Flags = table.variants[question] == list(self.pack.variants[question].values).index(value)
        else:
            start, end = (day or limit for day, limit in zip(atom.args, (date.min, date.max), strict=True))
            flags = (table.assessed_on >= start.toordinal()) & (table.assessed_on <= end.toordinal())
        true = both(packed(flags))
        return true, facts.full & ~true

    def _test(self, atom: Atom, arrays: list[Array], table: Table) -> Flags:
        first = arrays[0]
        if atom.kind == "compare":
            return np.asarray(_COMPARE[atom.args[0]](first, atom.args[1]))
        if atom.kind == "date":
            return np.asarray(_COMPARE[atom.args[0]](first, self._other_day(atom, arrays, table)))
        if first.dtype == np.uint64:
            wanted = (1 << 63) - 1 if atom.kind == "nonempty" else self.codec.code(atom.facts[0], atom.args)
            return np.asarray(((first & np.uint64(wanted)) != 0) & (first != UNKNOWN_SET))
        return np.asarray(self._by_combination(atom, arrays))

    def _other_day(self, atom: Atom, arrays: list[Array], table: Table) -> Any:
        _, fixed, days, months = atom.args
        if len(arrays) == 1 and fixed is not None:
            return shifted(fixed, days, months).toordinal()
        other = arrays[1] if len(arrays) > 1 else _as_long(table.assessed_on, arrays[0])
        return other if days == months == 0 else self._shift(other, days, months)

    def _shift(self, ordinals: Array, days: int, months: int) -> Array:
        """Days so much later; what the calendar says of a day with months is looked up once."""
        if not months:
            return np.clip(ordinals + np.int32(days), 1, _LAST_DAY)
        if (days, months) not in self._shifted:
            self._shifted[(days, months)] = np.zeros(_LAST_DAY + 1, dtype=np.int32)
        later = self._shifted[(days, months)]
        moved = later.take(ordinals)
        if not moved.all():
            for day in np.unique(ordinals[moved == 0]).tolist():
                later[day] = shifted(date.fromordinal(day or 1), days, months).toordinal()
            moved = later.take(ordinals)
        return moved

    def _by_combination(self, atom: Atom, arrays: list[Array]) -> Flags:
        """Each combination of values is tested once, when it first occurs."""
        result = np.zeros(len(arrays[0]), dtype=bool)
        distinct, place = _combinations(arrays)
        known = self._combined.setdefault(atom, {})
        if len(known) > _MOST_KEPT:
            known.clear()
        decoders = [self._decoder(name) for name in atom.facts]
        for codes in distinct:
            if codes not in known:
                known[codes] = self._holds(atom, decoders, codes)
        np.take(np.array([known[codes] for codes in distinct], dtype=bool), place, out=result)
        return result

    def _holds(self, atom: Atom, decoders: list[Callable[[int], Any]], codes: tuple[int, ...]) -> bool:
        if min(codes) < 0:
            return False
        values = tuple(of(code) for of, code in zip(decoders, codes, strict=True))
        return evaluate(atom, values, Setting(date.min, {}, self.relations)) is True

    def _on_a_day(self, atom: Atom, names: list[str], arrays: list[Array], known: Words, table: Table) -> Pair:
        """What binds on the day of a fact: asked once for each combination of States and period of the register."""
        periods = self.register.period_of.take(np.clip(arrays[-1], 1, _LAST_DAY))
        distinct, place = _combinations([*arrays[:-1], periods])
        decoders = [self._decoder(name) for name in names[:-1]]
        setting, answers = Setting(date.min, {}, self.relations), []
        for *codes, period in distinct:
            day = date.fromordinal(int(self.register.days[max(period, 0)]))
            values = tuple(of(code) for of, code in zip(decoders, codes, strict=True)) if min(codes) >= 0 else None
            answers.append(NOT_KNOWN if values is None else ANSWERS[evaluate(atom, (*values, day), setting)])
        found = np.array(answers, dtype=np.int16).take(place)
        return _planes(found == YES, table.lanes) & known, _planes(found == NO, table.lanes) & known

    def _decoder(self, name: str) -> Callable[[int], Any]:
        kind = self.codec.kinds[name]
        if kind in ("state", "states"):
            return self.codec.numbered(kind).__getitem__
        return list(self.pack.vocabulary.facts[name].values).__getitem__

    def _in_register(self, atom: Atom, where: list[tuple[Place, str]], facts: Facts, table: Table) -> Pair:
        occurring = [self._occurring(place, name, facts, table) for place, name in where]
        if len(occurring) == 1:
            return self._of_state(atom, *occurring[0], facts.known(*where[0]), table)
        places = _alike([place for _, place in occurring])
        one, other = ((numbers, place) for (numbers, _), place in zip(occurring, places, strict=True))
        answers = self.register.of_pair(atom, one, other)
        return _planes(answers == YES, table.lanes), _planes(answers == NO, table.lanes)

    def _of_state(self, atom: Atom, numbers: Array, place: Array, known: Words, table: Table) -> Pair:
        """Few answers are yes, and fewer not known: planes are made only where there are some."""
        answers = self.register.of_state(atom, numbers)
        yes, untold = answers == YES, (answers == NOT_KNOWN) & (numbers % STATES > 0)
        true = _planes(yes.take(place), table.lanes) if yes.any() else known & ~known
        return true, known & ~true & ~_planes(untold.take(place), table.lanes) if untold.any() else known & ~true

    def _occurring(self, place: Place, name: str, facts: Facts, table: Table) -> tuple[Array, Array]:
        """What the register knows the cases by, found once a table for all atoms that read the same State."""
        if (place, name) not in facts.numbers:
            states = facts.values(place, name)
            numbers = self.register.numbers(states, _as_long(table.assessed_on, states))
            seen = np.zeros(len(self.register.days) * STATES, dtype=bool)
            seen[numbers] = True
            distinct = np.flatnonzero(seen)
            at = np.zeros(len(seen), dtype=np.intp)  # what NumPy gathers by without converting it first
            at[distinct] = np.arange(len(distinct))
            facts.numbers[(place, name)] = distinct, at.take(numbers)
        return facts.numbers[(place, name)]


def _alike(arrays: list[Array]) -> list[Array]:
    """Arrays of the cases alone, or all of both halves."""
    longest = max(arrays, key=len)
    return [_as_long(array, longest) for array in arrays]


def _as_long(array: Array, other: Array) -> Array:
    return array if len(array) == len(other) else np.concatenate((array, array))


def _planes(flags: Flags, lanes: int) -> Words:
    plane = packed(flags)
    return both(plane) if len(plane) == lanes // WORD else plane


def _combinations(arrays: list[Array]) -> tuple[list[tuple[int, ...]], Array]:
    """The distinct combinations of codes (-1 and up), and the combination of each lane."""
    sizes = [int(array.max()) + 2 for array in arrays]
    key = np.zeros(len(arrays[0]), dtype=np.int64)
    for array, size in zip(arrays, sizes, strict=True):
        key = key * size + (array + 1)
    if np.prod(sizes, dtype=float) <= _DENSE:
        present = np.flatnonzero(np.bincount(key))
        numbers = np.zeros(int(present[-1]) + 1, dtype=np.int64)
        numbers[present] = np.arange(len(present))
        place = numbers[key]
    else:
        present, place = np.unique(key, return_inverse=True)
    distinct = []
    for rest in present.tolist():
        left, codes = rest, []
        for size in reversed(sizes):
            left, last = divmod(left, size)
            codes.append(last - 1)
        distinct.append(tuple(reversed(codes)))
    return distinct, place
