"""Atoms: single tests of one or two facts, answered yes, no or unknown.

The value of an atom depends on the values of its facts and on what never varies within one
assessment: the date, the chosen readings and the treaty register.
"""

from __future__ import annotations

import operator
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.content.conditions import ASSESSED_ON, Atom
from engine.facts.values import Value
from engine.facts.vocabulary import REQUESTED, REQUESTING
from engine.inference.situations import EARLIER, NEVER, NO_SITUATIONS, Selection, Situations
from engine.treaties.relations import Relations

PAIR = "pair"
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
}


@dataclass(frozen=True)
class Setting:
    """What holds for the whole assessment."""

    assessed_on: date
    variants: Mapping[str, str]
    relations: Relations
    situations: Situations = NO_SITUATIONS
    selection: Selection = EARLIER

    @property
    def key(self) -> tuple[object, ...]:
        """What, beside the register, values of facts are judged by."""
        years = tuple([self.variants.get(name, NEVER) for name in self.situations.variants])
        return self.assessed_on, years, self.selection


def facts_of(atom: Atom, relations: Relations) -> tuple[str, ...]:
    """The facts an atom reads, including the States behind a test of bindingness."""
    if atom.kind == "bound":
        name, who = atom.args
        if who != PAIR:
            return (who, *atom.facts)
        alone = relations.instruments[name].binds == "requested_state"
        return (REQUESTED, *atom.facts) if alone else (REQUESTED, REQUESTING, *atom.facts)
    if atom.kind == "declared":
        return (atom.args[2],)
    return tuple(fact for fact in atom.facts if fact != ASSESSED_ON)


def evaluate(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool | None:
    """Whether the atom holds for known values of its facts; None where even those do not tell."""
    return _TESTS[atom.kind](atom, values, setting)


def constant(atom: Atom, setting: Setting) -> bool | None:
    """The value of an atom that reads no fact."""
    return evaluate(atom, (), setting)


def _yes(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    return values[0] is True


def _in(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    return values[0] in atom.args


def _includes(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    held = values[0]
    return isinstance(held, frozenset) and not held.isdisjoint(atom.args)


def _nonempty(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    return bool(values[0])


def _compare(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    return _COMPARE[atom.args[0]](values[0], atom.args[1])


def _date(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    op, fixed, days, months = atom.args
    other = values[1] if len(values) > 1 else fixed if fixed is not None else setting.assessed_on
    return _COMPARE[op](values[0], shifted(other, days, months))


def _same_state(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    return values[0] == values[1]


def _state_in(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    held = values[1]
    return isinstance(held, frozenset) and values[0] in held


def _bound(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool | None:
    """On the date of assessment, or on the day of the fact that the atom names."""
    dated = len(atom.facts)
    states = [str(value) for value in values[: len(values) - dated]]
    day: Any = values[-1] if dated else setting.assessed_on
    if len(states) == 2:
        return setting.relations.pair(atom.args[0], states[1], states[0], day).binding
    return setting.relations.state(atom.args[0], states[0], day).binding


def _declared(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool | None:
    name, tag, _ = atom.args
    return setting.relations.declared(name, tag, str(values[0]), setting.assessed_on)


def _variant(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    return bool(setting.variants[atom.args[0]] == atom.args[1])


def _within(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    start, end = atom.args
    return (start or date.min) <= setting.assessed_on <= (end or date.max)


def _situation(atom: Atom, values: tuple[Value, ...], setting: Setting) -> bool:
    level, group, variant = atom.args
    states = values[0] if isinstance(values[0], frozenset) else (str(values[0]),)
    years = setting.variants.get(variant, NEVER)
    return any(
        found.level == level and found.group == group
        for state in states
        for found in setting.situations.presuming(state, setting.assessed_on, years, setting.selection)
    )


def shifted(day: Any, days: int, months: int) -> date:
    """A date so many months, then days, later; never past the ends of the calendar.

    A day that the month reached does not have becomes its last day.
    """
    moved: date = day
    try:
        if months:
            total = moved.year * 12 + moved.month - 1 + months
            year, month = divmod(total, 12)
            moved = date(year, month + 1, min(moved.day, monthrange(year, month + 1)[1]))
        return moved + timedelta(days=days)
    except (OverflowError, ValueError):
        return date.max if (months or days) > 0 else date.min


_TESTS: dict[str, Callable[[Atom, tuple[Value, ...], Setting], bool | None]] = {
    "yes": _yes,
    "in": _in,
    "includes": _includes,
    "nonempty": _nonempty,
    "compare": _compare,
    "date": _date,
    "same_state": _same_state,
    "state_in": _state_in,
    "bound": _bound,
    "declared": _declared,
    "variant": _variant,
    "within": _within,
    "situation": _situation,
}
