"""Compiled evaluation: the whole program over many lanes at once, with two bit planes per node.

``true[n]`` has the lanes in which node n holds, ``false[n]`` those in which it does not; lanes in
neither are unknown. This is strong three-valued (Kleene) logic carried out by ``&`` and ``|`` on
integers; the program is turned into straight-line Python once per pack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from engine.content.conditions import Atom
from engine.facts.columns import HERE, Columns, Entries, Place
from engine.facts.values import Value
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting, constant, evaluate
from engine.inference.program import Entry, Node, Program
from engine.treaties.relations import Relations

Plane = list[int]
#: Of a fact's value: atoms that hold, atoms that do not, atoms that read other facts too.
Told = tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[int, Atom, tuple[str, ...]], ...]]
#: Of an atom and the values of its several facts: its two planes.
Pairs = dict[tuple[int, tuple[Value, ...]], tuple[int, int]]
_MOST_KEPT = 20_000
Rows = list[tuple[tuple[Any, ...], int]]


@dataclass(frozen=True)
class Planes:
    """Truth of every node: of the case, and of each item of each part."""

    full: int
    true: dict[Place, Plane]
    false: dict[Place, Plane]
    scopes: tuple[str, ...]

    def at(self, node: int, place: Place) -> tuple[int, int]:
        """True and false lanes of a node as seen from a place."""
        where = HERE if self.scopes[node] == CASE else place
        return self.true[where][node], self.false[where][node]


class CompiledEngine:
    """Evaluates one program; safe to share between threads."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.scopes = tuple(node.scope for node in program.nodes)
        self.constants, self.atoms = _atoms_by_fact(program)
        self._kept: tuple[date | None, Relations | None, dict[tuple[str, Value], Told], Pairs] = (None, None, {}, {})
        self.steps = [_step(program, scope, members) for _, scope, members in program.blocks()]

    def run(self, columns: Columns, setting: Setting) -> Planes:
        """Evaluate every node in every lane of ``columns``."""
        size = len(self.program.nodes)
        places = [HERE, *(place for part in columns.sizes for place in columns.places(part))]
        planes = Planes(
            columns.full, {place: [0] * size for place in places}, {place: [0] * size for place in places}, self.scopes
        )
        for index, atom in self.constants:
            planes.true[HERE][index], planes.false[HERE][index] = _spread(constant(atom, setting), columns.full)
        for place in places:
            fill = self._fill_one if columns.lanes == 1 else self._fill
            fill(place, columns, planes, setting)
        for step in self.steps:
            step(columns, planes)
        return planes

    def _fill(self, place: Place, columns: Columns, planes: Planes, setting: Setting) -> None:
        """The atoms of the facts known at a place."""
        for fact in columns.values[place]:
            for index, atom, facts in self.atoms.get(fact, ()):
                true, false = _atom(atom, facts, place, columns, setting)
                planes.true[place][index], planes.false[place][index] = true, false

    def _fill_one(self, place: Place, columns: Columns, planes: Planes, setting: Setting) -> None:
        """The same for a single case, whose atoms of one fact are looked up by the fact's value."""
        told, pairs = self._told_by(setting)
        true, false = planes.true[place], planes.false[place]
        for fact, entries in columns.values[place].items():
            if fact not in self.atoms or not entries:
                continue
            key = (fact, entries[0][0])
            if key not in told:
                told[key] = self._tell(fact, entries[0][0], setting)
            holding, failing, others = told[key]
            for index in holding:
                true[index] = 1
            for index in failing:
                false[index] = 1
            for index, atom, facts in others:
                held = [columns.entries(place, name) for name in facts]
                if all(held):
                    values = tuple(values[0][0] for values in held)
                    if (index, values) not in pairs:
                        pairs[(index, values)] = _spread(evaluate(atom, values, setting), 1)
                    true[index], false[index] = pairs[(index, values)]

    def _tell(self, fact: str, value: Value, setting: Setting) -> Told:
        alone = [
            (index, evaluate(atom, (value,), setting)) for index, atom, facts in self.atoms[fact] if len(facts) == 1
        ]
        return (
            tuple(index for index, holds in alone if holds is True),
            tuple(index for index, holds in alone if holds is False),
            tuple(entry for entry in self.atoms[fact] if len(entry[2]) > 1),
        )

    def _told_by(self, setting: Setting) -> tuple[dict[tuple[str, Value], Told], Pairs]:
        """What values tell on the setting's date; kept while the date and the register stay the same."""
        kept = self._kept
        if (
            kept[0] != setting.assessed_on
            or kept[1] is not setting.relations
            or len(kept[2]) + len(kept[3]) > _MOST_KEPT
        ):
            kept = self._kept = (setting.assessed_on, setting.relations, {}, {})
        return kept[2], kept[3]


def _atoms_by_fact(
    program: Program,
) -> tuple[list[tuple[int, Atom]], dict[str, list[tuple[int, Atom, tuple[str, ...]]]]]:
    """Atoms that read no fact, and the others by the fact whose being known makes them worth evaluating."""
    constants: list[tuple[int, Atom]] = []
    by_fact: dict[str, list[tuple[int, Atom, tuple[str, ...]]]] = {}
    for index, node in enumerate(program.nodes):
        if node.atom is not None and not node.facts:
            constants.append((index, node.atom))
        elif node.atom is not None:
            by_fact.setdefault(node.key, []).append((index, node.atom, node.facts))
    return constants, by_fact


def _atom(atom: Atom, facts: tuple[str, ...], place: Place, columns: Columns, setting: Setting) -> tuple[int, int]:
    true = false = 0
    if len(facts) == 1:
        rows: Rows = [((value,), mask) for value, mask in columns.entries(place, facts[0])]
    else:
        rows = _rows(columns, place, facts)
    for values, mask in rows:
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


def _step(program: Program, scope: str, members: list[int]) -> Callable[[Columns, Planes], None]:
    quantified = [(index, program.nodes[index]) for index in members if program.nodes[index].part]
    block = _generate(program, scope, members)

    def run(columns: Columns, planes: Planes) -> None:
        for index, node in quantified:
            planes.true[HERE][index], planes.false[HERE][index] = _quantify(node, columns, planes)
        for place in columns.places(scope):
            block(planes.true[HERE], planes.false[HERE], planes.true[place], planes.false[place])

    return run


def _quantify(node: Node, columns: Columns, planes: Planes) -> tuple[int, int]:
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


def _generate(program: Program, scope: str, members: list[int]) -> Callable[..., None]:
    """Straight-line code for one block: T, F are the case's planes, P, Q those of the place."""
    lines = [line for index in members if (line := _line(program, scope, index))]
    source = "def block(T, F, P, Q):\n" + "".join(f"    {line}\n" for line in lines or ["pass"])
    namespace: dict[str, Any] = {}
    exec(compile(source, f"<program {scope}>", "exec"), namespace)  # noqa: S102 - our own generated code, integers only
    function: Callable[..., None] = namespace["block"]
    return function


def _line(program: Program, scope: str, index: int) -> str:
    node = program.nodes[index]
    if node.op == "atom" or node.part:
        return ""
    true = partial(_name, program, "T", "P")
    false = partial(_name, program, "F", "Q")
    own_true, own_false = ("T", "F") if scope == CASE else ("P", "Q")
    if node.op == "not":
        return f"{own_true}[{index}] = {false(node.children[0])}; {own_false}[{index}] = {true(node.children[0])}"
    ands, ors = (true, false) if node.op == "all" else (false, true)
    conjunction = " & ".join(ands(child) for child in node.children)
    disjunction = " | ".join(ors(child) for child in node.children)
    if node.op == "any":
        conjunction, disjunction = disjunction, conjunction
    return f"{own_true}[{index}] = {conjunction}; {own_false}[{index}] = {disjunction}"


def _name(program: Program, case: str, own: str, child: int) -> str:
    return f"{case if program.nodes[child].scope == CASE else own}[{child}]"


def status_of(planes: Planes, entry: Entry, place: Place, lane: int = 0) -> str:
    """met, not_met, open or not_applicable in one lane."""
    if entry.applies is not None and planes.at(entry.applies, place)[1] >> lane & 1:
        return "not_applicable"
    true, false = planes.at(entry.node, place)
    return "met" if true >> lane & 1 else "not_met" if false >> lane & 1 else "open"
