"""One case at once: the four truths of every node in one small number.

Of a node the bits say: holds strictly, may hold strictly, holds on the record, may hold on the
record. In strong three-valued (Kleene) logic *all* is then ``&`` of the children's numbers, *any*
is ``|``, and *not* is a table of sixteen. So a preview costs one operation for each child of a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from engine.content.conditions import Atom
from engine.facts.columns import HERE, Columns, Place
from engine.facts.values import Value
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting, constant, evaluate
from engine.inference.code import Blocks
from engine.inference.program import Node, Program, atoms_by_fact
from engine.treaties.relations import Relations

#: Unknown strictly and on the record: it may hold in both and does in neither.
UNKNOWN = 0b1010
STRICT, RECORD = 0b0011, 0b1100
_NOT = tuple(((~x & 0b1010) >> 1) | ((~x & 0b0101) << 1) for x in range(16))
HOLDS, FAILS = 0b1111, 0b0000
_OF = {True: HOLDS, False: FAILS, None: UNKNOWN}
#: Of a number: whether its half is true, and whether it is false.
_STRICTLY = tuple((x & 1, ~x >> 1 & 1) for x in range(16))
_ON_RECORD = tuple((x >> 2 & 1, ~x >> 3 & 1) for x in range(16))
#: A fact, or several facts together, with what is known strictly and what counts on the record.
Seen = tuple[str | tuple[str, ...], Value | tuple[Value, ...] | None, Value | tuple[Value, ...] | None]
#: The numbers of atoms that this tells, by their nodes.
Told = tuple[tuple[int, int], ...]
_MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Half:
    """The strict half of the numbers, or the half on the record, read as planes of one lane."""

    numbers: dict[Place, list[int]]
    table: tuple[tuple[int, int], ...]
    scopes: tuple[str, ...]
    full: int = 1

    def at(self, node: int, place: Place) -> tuple[int, int]:
        """Whether a node holds and whether it fails as seen from a place, each 0 or 1."""
        return self.table[self.numbers[HERE if self.scopes[node] == CASE else place][node]]

    def some(self, nodes: Sequence[int], place: Place) -> tuple[int, int]:
        """Whether any of the nodes holds as seen from a place, and whether any may."""
        number, here = 0, self.numbers[HERE]
        own = self.numbers.get(place, here)  # no node reads the items of a part that is only counted
        for node in nodes:
            number |= here[node] if self.scopes[node] == CASE else own[node]
        true, false = self.table[number]
        return true, 1 - false


class OneCase:
    """Evaluates one program for one case at a time; safe to share between threads."""

    def __init__(self, program: Program, blocks: Blocks) -> None:
        self.scopes = tuple(node.scope for node in program.nodes)
        self.constants, by_fact = atoms_by_fact(program)
        self.alone: dict[str, list[tuple[int, Atom]]] = {}
        #: by the fact that makes them worth evaluating, then by all the facts they read
        self.joint: dict[str, dict[tuple[str, ...], list[tuple[int, Atom]]]] = {}
        for fact, atoms in by_fact.items():
            for index, atom, facts in atoms:
                if len(facts) == 1:
                    self.alone.setdefault(fact, []).append((index, atom))
                else:
                    self.joint.setdefault(fact, {}).setdefault(facts, []).append((index, atom))
        self.parts = dict.fromkeys([CASE, *self.scopes, *(node.part for node in program.nodes if node.part)])
        self.begin = [UNKNOWN] * len(program.nodes)
        self.steps = [
            ([(index, program.nodes[index]) for index in members if program.nodes[index].part], scope, block)
            for (_, scope, members), block in zip(program.blocks(), blocks, strict=True)
        ]
        self._kept: tuple[date | None, Relations | None, dict[Seen, Told]] = (None, None, {})

    def run(self, known: Columns, assumed: Columns, setting: Setting) -> tuple[Half, Half]:
        """Evaluate every node strictly, from what is known, and on the record, from what is assumed."""
        parts = {scope: known.places(scope) for scope in self.parts}
        numbers = {place: self.begin.copy() for places in parts.values() for place in places}
        here = numbers[HERE]
        for index, atom in self.constants:
            here[index] = _OF[constant(atom, setting)]
        for place, own in numbers.items():
            self._fill(own, place, known, assumed, setting)
        for quantified, scope, block in self.steps:
            for index, node in quantified:
                of_case = self.scopes[node.children[0]] == CASE
                items = [here if of_case else numbers[place] for place in parts[node.part]]
                here[index] = _quantify(node, items, known, assumed)
            for place in parts[scope]:
                block(here, numbers[place], _NOT)
        return Half(numbers, _STRICTLY, self.scopes), Half(numbers, _ON_RECORD, self.scopes)

    def _fill(self, numbers: list[int], place: Place, known: Columns, assumed: Columns, setting: Setting) -> None:
        """The atoms of the facts known at a place; what a value tells is kept."""
        told = self.told_by(setting)
        strictly, recorded = known.values[place], assumed.values[place]
        facts = recorded if strictly.keys() <= recorded.keys() else {**recorded, **strictly}
        for fact in facts:
            held, counted = strictly.get(fact), recorded.get(fact)
            strict, record = held[0][0] if held else None, counted[0][0] if counted else None
            for index, number in told.get((fact, strict, record)) or self.tell(fact, strict, record, told, setting):
                numbers[index] = number
        for fact in self.joint.keys() & facts.keys():
            for names, atoms in self.joint[fact].items():
                both = (names, _values(known, place, names), _values(assumed, place, names))
                found = told.get(both)
                if found is None:
                    found = told[both] = _tell(atoms, both[1], both[2], setting)
                for index, number in found:
                    numbers[index] = number

    def tell(
        self, fact: str, strict: Value | None, record: Value | None, told: dict[Seen, Told], setting: Setting
    ) -> Told:
        """The numbers of the atoms of one fact for its value strictly and on the record; kept in ``told``."""
        seen = (fact, strict, record)
        if seen not in told:
            told[seen] = _tell(self.alone.get(fact, ()), _alone(strict), _alone(record), setting)
        return told[seen]

    def told_by(self, setting: Setting) -> dict[Seen, Told]:
        """What values tell on the setting's date; kept while the date and the register stay the same."""
        day, relations, told = self._kept
        if day != setting.assessed_on or relations is not setting.relations or len(told) > _MOST_KEPT:
            told = {}
            self._kept = (setting.assessed_on, setting.relations, told)
        return told


def _quantify(node: Node, items: list[list[int]], known: Columns, assumed: Columns) -> int:
    """The number of a quantifier; a list that is not known may hold more than what is listed."""
    child = node.children[0]
    each = [numbers[child] for numbers in items]
    open_ = (known.unlisted.get(node.part, 0) and STRICT) | (assumed.unlisted.get(node.part, 0) and RECORD)
    if node.op == "latest":
        index = known.latest.get(node.part)
        return each[index] if index is not None else UNKNOWN & open_
    number = 0 if node.op == "some" else 0b1111
    for one in each:
        number = number | one if node.op == "some" else number & one
    return number | UNKNOWN & open_ if node.op == "some" else number & (UNKNOWN | ~open_)


def _values(columns: Columns, place: Place, facts: tuple[str, ...]) -> tuple[Value, ...] | None:
    """The values of several facts as seen from a place; None unless all are known."""
    values, own, here = [], columns.values[place], columns.values[HERE]
    for fact in facts:
        held = own[fact] if fact in own else here.get(fact)
        if not held:
            return None
        values.append(held[0][0])
    return tuple(values)


def _alone(value: Value | None) -> tuple[Value, ...] | None:
    return None if value is None else (value,)


def _tell(
    atoms: Iterable[tuple[int, Atom]],
    held: tuple[Value, ...] | None,
    counted: tuple[Value, ...] | None,
    setting: Setting,
) -> Told:
    """The numbers of atoms, of the values of their facts strictly and on the record."""
    told = []
    for index, atom in atoms:
        strictly = None if held is None else evaluate(atom, held, setting)
        recorded = None if counted is None else evaluate(atom, counted, setting)
        told.append((index, _OF[strictly] & STRICT | _OF[recorded] & RECORD))
    return tuple(told)
