"""Compiled evaluation: the whole program over many lanes at once, with two bit planes per node.

``true[n]`` has the lanes in which node n holds, ``false[n]`` those in which it does not; lanes in
neither are unknown. This is strong three-valued (Kleene) logic carried out by ``&`` and ``|`` on
integers; the program is turned into straight-line Python once per pack. A single case, strictly and
on the record, has a way of its own (``OneCase``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engine.content.conditions import Atom
from engine.facts.columns import HERE, Columns, Entries, Place
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting, constant, evaluate
from engine.inference.code import Codes, compiled, fits, functions
from engine.inference.onecase import FAILS, HOLDS, Kept, OneCase
from engine.inference.precedents import IssueBase
from engine.inference.program import Entry, Node, Program, atoms_by_fact

Plane = list[int]
Rows = list[tuple[tuple[Any, ...], int]]


class Planes(Protocol):
    """Truth of every node: of the case, and of each item of each part."""

    @property
    def full(self) -> int:
        """The mask of all lanes."""

    def at(self, node: int, place: Place) -> tuple[int, int]:
        """True and false lanes of a node as seen from a place."""

    def some(self, nodes: Sequence[int], place: Place) -> tuple[int, int]:
        """Lanes in which any of the nodes holds as seen from a place, and those in which any may."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """Planes of any number of lanes: two masks for every node."""

    full: int
    true: dict[Place, Plane]
    false: dict[Place, Plane]
    scopes: tuple[str, ...]

    def at(self, node: int, place: Place) -> tuple[int, int]:
        """True and false lanes of a node as seen from a place."""
        where = HERE if self.scopes[node] == CASE else place
        return self.true[where][node], self.false[where][node]

    def some(self, nodes: Sequence[int], place: Place) -> tuple[int, int]:
        """Lanes in which any of the nodes holds as seen from a place, and those in which any may."""
        holds, fails = 0, self.full
        for node in nodes:
            true, false = self.at(node, place)
            holds |= true
            fails &= false
        return holds, self.full & ~fails


class CompiledEngine:
    """Evaluates one program; safe to share between threads."""

    def __init__(self, program: Program, kept: object = None) -> None:
        """``kept`` is used as the program's generated code if it fits."""
        self.program = program
        self.scopes = tuple(node.scope for node in program.nodes)
        self.constants, by_fact = atoms_by_fact(program)
        self.joint = {fact: [entry for entry in atoms if len(entry[2]) > 1] for fact, atoms in by_fact.items()}
        self.codes: Codes = kept if fits(kept, program) else compiled(program)
        made = functions(self.codes)
        self.one = OneCase(program, made.one)
        self.steps = [
            _step(program, scope, members, block)
            for (_, scope, members), block in zip(program.blocks(), made.lanes, strict=True)
        ]

    def run(self, columns: Columns, setting: Setting, strict: Lanes | None = None, kept: Kept | None = None) -> Lanes:
        """Evaluate every node in every lane of ``columns``: on the record if the ``strict`` lanes are given, else strictly.

        Of atoms only those are asked that ``kept`` asks; what rests on others means nothing.
        """
        size = len(self.program.nodes)
        places = [HERE, *(place for part in columns.sizes for place in columns.places(part))]
        planes = Lanes(
            columns.full, {place: [0] * size for place in places}, {place: [0] * size for place in places}, self.scopes
        )
        for index, atom in self.constants:
            planes.true[HERE][index], planes.false[HERE][index] = _spread(constant(atom, setting), columns.full)
        kept = kept or self.one.kept(setting)
        for place in places:
            self._fill(place, columns, planes, setting, kept)
        known = {place: _Known(strict, place) for place in places}
        for step in self.steps:
            step(columns, planes, known, setting, self.one.bases)
        return planes

    def _fill(self, place: Place, columns: Columns, planes: Lanes, setting: Setting, kept: Kept) -> None:
        """The atoms of the facts known at a place."""
        true, false, alone = planes.true[place], planes.false[place], kept.alone
        for fact, entries in columns.values[place].items():
            for value, mask in entries:
                for index, number in alone[fact][value] if fact in alone else ():
                    if number == HOLDS:
                        true[index] |= mask
                    elif number == FAILS:
                        false[index] |= mask
            for index, atom, facts in self.joint.get(fact, ()):
                if not kept.asks(index):
                    continue
                true[index], false[index] = _atom(atom, facts, place, columns, setting)


def _atom(atom: Atom, facts: tuple[str, ...], place: Place, columns: Columns, setting: Setting) -> tuple[int, int]:
    true = false = 0
    for values, mask in _rows(columns, place, facts):
        yes, no = _spread(evaluate(atom, values, setting), mask)
        true |= yes
        false |= no
    return true, false


def _rows(columns: Columns, place: Place, facts: tuple[str, ...]) -> Rows:
    rows: Rows = [((), columns.full)]
    for fact in facts:
        entries: Entries = columns.entries(place, fact)
        rows = [((*values, value), mask & lanes) for values, mask in rows for value, lanes in entries if mask & lanes]
    return rows


def _spread(value: bool | None, mask: int) -> tuple[int, int]:
    return (mask if value is True else 0), (mask if value is False else 0)


class _Known:
    """The lanes in which an atom at a place is known strictly; all of them while strict lanes are evaluated."""

    def __init__(self, strict: Lanes | None, place: Place) -> None:
        self.strict, self.place = strict, place

    def __getitem__(self, node: int) -> int:
        if self.strict is None:
            return -1
        return self.strict.true[self.place][node] | self.strict.false[self.place][node]


def _step(
    program: Program, scope: str, members: list[int], block: Callable[..., None]
) -> Callable[[Columns, Lanes, Mapping[Place, _Known], Setting, Mapping[str, IssueBase]], None]:
    quantified = [(index, program.nodes[index]) for index in members if program.nodes[index].part]
    governed = [(index, program.nodes[index]) for index in members if program.nodes[index].issue]

    def run(
        columns: Columns,
        planes: Lanes,
        known: Mapping[Place, _Known],
        setting: Setting,
        bases: Mapping[str, IssueBase],
    ) -> None:
        record = planes.full if known[HERE].strict is not None else 0
        for index, node in quantified:
            planes.true[HERE][index], planes.false[HERE][index] = _quantify(node, columns, planes)
        for place in columns.places(scope):
            true, false = planes.true[place], planes.false[place]
            for index, node in governed if record else ():
                conditions = [planes.at(child, place)[0] for child in node.children]
                lanes = _governed(node, conditions, planes.full, setting, bases)
                true[index], false[index] = lanes, planes.full & ~lanes
            block(planes.true[HERE], planes.false[HERE], true, false, known[HERE], known[place], record)

    return run


def _governed(
    node: Node, conditions: Sequence[int], full: int, setting: Setting, bases: Mapping[str, IssueBase]
) -> int:
    base = bases.get(node.issue)
    if base is None or node.side is None:
        return 0
    return base.in_lanes(conditions, full, setting.assessed_on, setting.selection)[node.side]


def _quantify(node: Node, columns: Columns, planes: Lanes) -> tuple[int, int]:
    child, unlisted = node.children[0], columns.unlisted.get(node.part, 0)
    pairs = [planes.at(child, place) for place in columns.places(node.part)]
    if node.op == "latest":
        index = columns.latest.get(node.part)
        return pairs[index] if index is not None else (0, planes.full & ~unlisted)
    any_true, all_true, any_false, all_false = 0, planes.full, 0, planes.full
    for true, false in pairs:
        any_true, all_true = any_true | true, all_true & true
        any_false, all_false = any_false | false, all_false & false
    if node.op == "some":
        return any_true, all_false & ~unlisted
    return all_true & ~unlisted, any_false


def status_of(planes: Planes, entry: Entry, place: Place, lane: int = 0) -> str:
    """met, not_met, open or not_applicable in one lane."""
    if entry.applies is not None and planes.at(entry.applies, place)[1] >> lane & 1:
        return "not_applicable"
    true, false = planes.at(entry.node, place)
    return "met" if true >> lane & 1 else "not_met" if false >> lane & 1 else "open"
