"""What a table says before any rule speaks: which items count, which is the latest, what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.bulk.planes import WORD, Array, Flags, Words, both, packed
from engine.bulk.table import Codec, Table
from engine.content.models import Pack
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE, Part


@dataclass
class Shape:
    """The lists of a table, in planes: items that count, the latest of them, lists that are not known."""

    lanes: int
    sizes: dict[str, int] = field(default_factory=dict)
    present: dict[Place, Words] = field(default_factory=dict)
    latest: dict[Place, Words] = field(default_factory=dict)
    unlisted: dict[str, Words] = field(default_factory=dict)
    #: latest items as flags, for facts that follow from them
    newest: dict[Place, Flags] = field(default_factory=dict)

    def places(self, scope: str) -> list[Place]:
        """Every place at which facts of this scope can stand."""
        return [HERE] if scope == CASE else [(scope, index) for index in range(self.sizes[scope])]


def shape_of(table: Table, pack: Pack) -> Shape:
    """The lists of a table as of each case's own date.

    A part that needs items and has none known stands for one item of which nothing is known.
    """
    shape = Shape(table.lanes)
    for part in pack.vocabulary.parts.values():
        listed = table.listed.get(part.id, np.zeros(table.lanes, dtype=bool))
        present = [_counted(table, part, index, flags) for index, flags in enumerate(table.present.get(part.id, []))]
        if part.needs_items:
            present = present or [np.zeros(table.lanes, dtype=bool)]
            present[0] = present[0] | ~listed
        present += [np.zeros(table.lanes, dtype=bool)] * (_padded(len(present)) - len(present))
        shape.sizes[part.id] = len(present)
        for index, flags in enumerate(present):
            shape.present[(part.id, index)] = both(packed(flags))
        shape.unlisted[part.id] = both(packed(~listed & (not part.needs_items)))
        if part.unproved == "empty":
            shape.unlisted[part.id][table.lanes // WORD :] = 0
        if part.dated_by:
            _note_latest(shape, table, part, present)
    return shape


def _padded(size: int) -> int:
    """The next power of two: lists of few lengths need few kernels."""
    return 1 << (size - 1).bit_length() if size else 0


def _counted(table: Table, part: Part, index: int, present: Flags) -> Flags:
    dated = table.dated.get((part.id, index))
    return present if dated is None else np.asarray(present & (dated <= table.assessed_on))


def _note_latest(shape: Shape, table: Table, part: Part, present: list[Flags]) -> None:
    """The latest item is the last of those with the latest date."""
    newest = np.zeros(table.lanes, dtype=np.int32)
    which = np.full(table.lanes, -1)
    for index, counted in enumerate(present):
        dated = table.dated.get((part.id, index))
        if dated is not None:
            later = counted & (dated > 0) & (dated >= newest)
            newest[later], which[later] = dated[later], index
    for index in range(len(present)):
        place = (part.id, index)
        shape.newest[place] = np.asarray(which == index)
        shape.latest[place] = both(packed(shape.newest[place]))


def derived(
    table: Table, shape: Shape, pack: Pack, codec: Codec
) -> tuple[dict[Place, dict[str, Array]], dict[str, Flags]]:
    """The columns with what follows from latest items, and for each such fact the cases that say otherwise."""
    columns, stale = _of_counted(table, pack, codec), dict[str, Flags]()
    for fact in pack.vocabulary.of_scope(CASE):
        source = pack.vocabulary.facts.get(fact.from_latest)
        for place in shape.places(source.scope) if source is not None else ():
            follows = table.columns.get(place, {}).get(fact.from_latest)
            if follows is None or place not in shape.newest:
                continue
            said = codec.known(fact.from_latest, follows) & shape.newest[place]
            own = columns[HERE].get(fact.id, codec.empty(fact.id, table.lanes))
            entered = codec.known(fact.id, table.columns[HERE].get(fact.id, codec.empty(fact.id, table.lanes)))
            against = said & entered & (own != follows)
            stale[fact.id] = np.asarray(stale[fact.id] | against) if fact.id in stale else np.asarray(against)
            columns[HERE] = {**columns[HERE], fact.id: np.where(said & ~entered, follows, own)}
    return columns, stale


def _of_counted(table: Table, pack: Pack, codec: Codec) -> dict[Place, dict[str, Array]]:
    """The columns without what is said of items that do not count yet."""
    columns = dict(table.columns)
    for place, dated in table.dated.items():
        early = dated <= table.assessed_on
        if not early.all() and place in columns:
            columns[place] = {
                name: np.where(early, column, codec.empty(name, 1)) for name, column in columns[place].items()
            }
    return columns
