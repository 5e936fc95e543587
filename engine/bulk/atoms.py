"""Atoms in columns: one test of one or two facts, in every case at once.

Words, numbers, days and sets are compared as arrays; whatever reads States is asked once for each
combination that occurs, of the very function single cases use. Treaty relations change only on days
named in the register, so all dates between two such days count as one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np

from engine.bulk.planes import WORD, Array, Flags, Words, both, packed
from engine.bulk.spread import Facts
from engine.bulk.table import UNKNOWN_SET, Codec, Table
from engine.content.conditions import Atom
from engine.content.models import Pack
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting, evaluate, shifted
from engine.inference.program import Node
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
_LAST_DAY = date.max.toordinal()


class AtomColumns:
    """Evaluates the atoms of one pack; remembers what the register says."""

    def __init__(self, pack: Pack, relations: Relations, codec: Codec) -> None:
        self.pack, self.relations, self.codec = pack, relations, codec
        self.days = _days_of(pack)
        self._register: dict[tuple[Atom, tuple[int, ...], int], bool | None] = {}
        self._shifted: dict[tuple[int, int], Array] = {}

    def evaluate(self, node: Node, place: Place, facts: Facts, table: Table) -> Pair:
        """True and false planes of an atom at a place."""
        atom, names = node.atom, node.facts
        assert atom is not None
        if not names:
            return self._constant(atom, facts, table)
        places = [HERE if self.pack.vocabulary.facts[name].scope == CASE else place for name in names]
        if len(names) == 1 and atom.kind in ("yes", "in"):
            return self._word(atom, names[0], places[0], facts)
        if atom.kind in ("bound", "declared"):
            return self._in_register(atom, list(zip(places, names, strict=True)), facts, table)
        known = facts.known(places[0], names[0])
        for name, where in zip(names[1:], places[1:], strict=True):
            known = known & facts.known(where, name)
        if not known.any():
            return facts.none, facts.none
        arrays = _alike([facts.values(where, name) for name, where in zip(names, places, strict=True)])
        true = _planes(self._test(atom, arrays, table), table.lanes) & known
        return true, known & ~true

    def _word(self, atom: Atom, name: str, place: Place, facts: Facts) -> Pair:
        true = facts.none
        for value in (True,) if atom.kind == "yes" else atom.args:
            true = true | facts.where(place, name, value)
        return true, facts.known(place, name) & ~true

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
        moved = later[ordinals]
        if not moved.all():
            for day in np.unique(ordinals[moved == 0]).tolist():
                later[day] = shifted(date.fromordinal(day or 1), days, months).toordinal()
            moved = later[ordinals]
        return moved

    def _by_combination(self, atom: Atom, arrays: list[Array]) -> Flags:
        """Each combination of values that occurs is tested once."""
        values = [self._decoder(name) for name in atom.facts]
        setting = Setting(date.min, {}, self.relations)
        result = np.zeros(len(arrays[0]), dtype=bool)
        distinct, place = _combinations(arrays)
        holds = [
            all(code >= 0 for code in codes)
            and evaluate(atom, tuple(of(code) for of, code in zip(values, codes, strict=True)), setting) is True
            for codes in distinct
        ]
        np.take(np.array(holds, dtype=bool), place, out=result)
        return result

    def _decoder(self, name: str) -> Callable[[int], Any]:
        kind = self.codec.kinds[name]
        if kind in ("state", "states"):
            return self.codec.numbered(kind).__getitem__
        return list(self.pack.vocabulary.facts[name].values).__getitem__

    def _in_register(self, atom: Atom, where: list[tuple[Place, str]], facts: Facts, table: Table) -> Pair:
        distinct, place = self._occurring(tuple(where), facts, table)
        told = [self._registered(atom, codes[:-1], codes[-1]) for codes in distinct]
        true, false = (
            np.array([value is wanted for value in told], dtype=bool)[place] if wanted in told else None
            for wanted in (True, False)
        )
        planes = [facts.none if flags is None else _planes(flags, table.lanes) for flags in (true, false)]
        return planes[0], planes[1]

    def _occurring(
        self, where: tuple[tuple[Place, str], ...], facts: Facts, table: Table
    ) -> tuple[list[tuple[int, ...]], Array]:
        """Combinations of States and period, found once a table for all atoms that read the same States."""
        if where not in facts.combinations:
            arrays = _alike([facts.values(place, name) for place, name in where])
            if facts.periods is None:
                facts.periods = np.searchsorted(self.days, table.assessed_on, side="right") - 1
            facts.combinations[where] = _combinations([*arrays, _as_long(facts.periods, arrays[0])])
        return facts.combinations[where]

    def _registered(self, atom: Atom, codes: tuple[int, ...], period: int) -> bool | None:
        key = (atom, codes, period)
        if min(codes) < 0:
            return None
        if key not in self._register:
            states = tuple(self.codec.numbered("state")[code] for code in codes)
            setting = Setting(date.fromordinal(int(self.days[period])), {}, self.relations)
            self._register[key] = evaluate(atom, states, setting)
        return self._register[key]


def _days_of(pack: Pack) -> Array:
    """The days on which a standing towards an instrument can change: every date of the register, and the next."""
    named = {day for instrument in pack.instruments.values() for day in _dates_in(instrument.model_dump())}
    days = {1} | {day.toordinal() for day in named} | {day.toordinal() + 1 for day in named if day < date.max}
    return np.array(sorted(days), dtype=np.int32)


def _dates_in(data: Any) -> Iterator[date]:
    if isinstance(data, date):
        yield data
    elif isinstance(data, dict | list | tuple):
        for item in data.values() if isinstance(data, dict) else data:
            yield from _dates_in(item)


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
