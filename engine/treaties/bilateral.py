"""Bilateral treaties that the register knows and does not encode: which stand between two States on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from engine.content.bilateral import Bilateral
from engine.content.models import Instrument

if TYPE_CHECKING:
    from engine.treaties.relations import Relations


class Bilaterals:
    """The known bilateral treaties of one pack, by pair."""

    def __init__(self, known: Iterable[Bilateral], relations: Relations) -> None:
        self.relations = relations
        self._by_pair: dict[frozenset[str], list[Bilateral]] = {}
        for one in known:
            self._by_pair.setdefault(frozenset(one.states), []).append(one)

    def between(self, one: str | None, other: str | None, on: date) -> tuple[Bilateral, ...]:
        """The treaties of a pair that had been made by the day and had not ended or been replaced."""
        if one is None or other is None:
            return ()
        return tuple(
            each
            for each in self._by_pair.get(frozenset((one, other)), ())
            if not _outside(each, on) and not self._replaced(each, one, other, on)
        )

    def _replaced(self, treaty: Bilateral, one: str, other: str, on: date) -> bool:
        """Whether a general treaty that binds both replaced it, because it was made before."""
        made = treaty.signed or treaty.in_force_from
        return treaty.covers != "assistance" and any(
            standing.binding and standing.since is not None and made is not None and made < standing.since
            for name, instrument in self.relations.instruments.items()
            if _replaces(instrument)
            for standing in (self.relations.pair(name, one, other, on),)
        )


def _outside(treaty: Bilateral, on: date) -> bool:
    begun = treaty.signed or treaty.in_force_from
    return bool(begun and on < begun) or bool(treaty.in_force_until and on >= treaty.in_force_until)


def in_force(treaty: Bilateral, on: date) -> bool:
    """Whether the treaty may be in force on a day; where its first day is not known it is taken to be."""
    return treaty.status != "not_in_force" and not (treaty.in_force_from and on < treaty.in_force_from)


def _replaces(instrument: Instrument) -> bool:
    return any(relation.kind == "replaces_earlier_bilaterals" for relation in instrument.relations)
