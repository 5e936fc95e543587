"""One case at once: the four truths of every node in one small number.

Of a node the bits say: holds strictly, may hold strictly, holds on the record, may hold on the
record. In strong three-valued (Kleene) logic *all* is then ``&`` of the children's numbers, *any*
is ``|``, and *not* is a table of sixteen. So a preview costs one operation for each child of a node.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, itemgetter, or_
from typing import Any, Literal, NamedTuple

from engine.content.conditions import Atom
from engine.content.evidence import Side
from engine.facts.columns import HERE, Columns, Place
from engine.facts.values import Value
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting, constant, evaluate
from engine.inference.code import Blocks
from engine.inference.precedents import IssueBase
from engine.inference.program import Program, atoms_by_fact

_Word = Literal["met", "not_met", "open"]


def _word(half: int, holds: int) -> _Word:
    return "met" if half == holds else "open" if half else "not_met"


#: Unknown strictly and on the record: it may hold in both and does in neither.
UNKNOWN = 0b1010
STRICT, RECORD = 0b0011, 0b1100


def _presumption(condition: int, rebuttal: int) -> int:
    """Strictly it fails or is open; on the record it holds where the condition does and the rebuttal does not."""
    strictly = 0b0000 if condition & STRICT == 0 or rebuttal & STRICT == STRICT else 0b0010
    return strictly | (RECORD if condition & 0b0100 and not rebuttal & 0b0100 else 0)


def _presumed(atom: int, truths: int) -> int:
    """What is known strictly stays; else what one side presumes counts, and what both presume is open."""
    if atom & STRICT != UNKNOWN & STRICT or not truths:
        return atom
    return atom & STRICT | (0, RECORD, 0, UNKNOWN & RECORD)[truths]


_NOT = tuple(((~x & 0b1010) >> 1) | ((~x & 0b0101) << 1) for x in range(16))
HOLDS, FAILS = 0b1111, 0b0000
#: Of the numbers of a condition and of what rebuts it: the number of the presumption.
_PRESUMPTION = tuple(_presumption(both >> 4, both & 15) for both in range(256))
#: Of the number of an atom and of which truths its sources presume (1 that it holds, 2 that it fails): how it is read.
_PRESUMED = tuple(_presumed(both >> 2, both & 3) for both in range(64))
#: A precedent that governs, and none that does.
_GOVERNED = {True: 0b1110, False: 0b0010}
_OF = {True: HOLDS, False: FAILS, None: UNKNOWN}
#: Of a number: whether its half is true, and whether it is false.
_STRICTLY = tuple((x & 1, ~x >> 1 & 1) for x in range(16))
_ON_RECORD = tuple((x >> 2 & 1, ~x >> 3 & 1) for x in range(16))
#: Of a number: the status on the record, and the strict one.
STATUSES = tuple((_word(x & 0b1100, 0b1100), _word(x & 0b0011, 0b0011)) for x in range(16))
Atoms = list[tuple[int, Atom]]
#: The numbers of atoms that something tells, by their nodes.
Told = tuple[tuple[int, int], ...]
#: Of joint atoms, which they are, and what is known of their facts strictly and on the record.
Seen = tuple[int, tuple[Value, ...] | None, tuple[Value, ...] | None]
_MOST_KEPT, _MOST_DATES = 20_000, 32


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


class Answers(dict[Any, Told]):
    """The numbers of the atoms of one fact: by its value, or by its strict value and that on the record if they differ."""

    def __init__(self, atoms: Atoms, setting: Setting) -> None:
        self.atoms, self.setting = atoms, setting

    def __missing__(self, value: Any) -> Told:
        strict, record = value if isinstance(value, tuple) else (value, value)
        if len(self) > _MOST_KEPT:
            self.clear()
        found = self[value] = _tell(self.atoms, _alone(strict), _alone(record), self.setting)
        return found


class Kept:
    """What values tell on one date, fact by fact, and of several facts together."""

    def __init__(self, one: OneCase, setting: Setting, asked: Collection[int] | None = None) -> None:
        """``asked`` are the atoms that matter, if not all do."""
        self.relations, self.asked = setting.relations, asked
        self.alone = {
            fact: Answers([each for each in atoms if self.asks(each[0])], setting) for fact, atoms in one.alone.items()
        }
        self.joint: dict[Seen, Told] = {}

    def asks(self, atom: int) -> bool:
        """Whether an atom matters."""
        return self.asked is None or atom in self.asked

    def fits(self, setting: Setting) -> bool:
        """Whether it was made for this register, and has room."""
        return self.relations is setting.relations and len(self.joint) < _MOST_KEPT


class OneCase:
    """Evaluates one program for one case at a time; safe to share between threads."""

    def __init__(self, program: Program, blocks: Blocks) -> None:
        self.scopes = tuple(node.scope for node in program.nodes)
        self.constants, by_fact = atoms_by_fact(program)
        self.alone: dict[str, Atoms] = {}
        joint: dict[tuple[str, tuple[str, ...]], Atoms] = {}
        for fact, atoms in by_fact.items():
            for index, atom, facts in atoms:
                if len(facts) == 1:
                    self.alone.setdefault(fact, []).append((index, atom))
                else:
                    joint.setdefault((fact, facts), []).append((index, atom))
        #: the fact that makes joint atoms worth evaluating, all the facts they read, and the atoms
        self.joint = [(fact, facts, atoms) for (fact, facts), atoms in joint.items()]
        self.parts = dict.fromkeys([CASE, *self.scopes, *(node.part for node in program.nodes if node.part)])
        self.begin = [UNKNOWN] * len(program.nodes)
        self.steps = [
            (
                [_counted(program, index) for index in members if program.nodes[index].part],
                _compared(program, members),
                scope,
                block,
            )
            for (_, scope, members), block in zip(program.blocks(), blocks, strict=True)
        ]
        #: the precedents on each issue, once they are coded
        self.bases: Mapping[str, IssueBase] = {}
        self._kept: dict[tuple[object, ...], Kept] = {}

    def run(self, known: Columns, assumed: Columns, setting: Setting) -> tuple[Half, Half]:
        """Evaluate every node strictly, from what is known, and on the record, from what is assumed."""
        parts = {scope: known.places(scope) for scope in self.parts}
        numbers = {place: self.begin.copy() for places in parts.values() for place in places}
        here = numbers[HERE]
        for index, atom in self.constants:
            here[index] = _OF[constant(atom, setting)]
        for place, own in numbers.items():
            self._fill(own, place, known, assumed, setting)
        lists = {part: _List.of(part, [numbers[place] for place in parts[part]], known, assumed) for part in parts}
        for counted, compared, scope, block in self.steps:
            for each in counted:
                here[each.node] = lists[each.part].number(each, here)
            for place in parts[scope]:
                for issue in compared:
                    self._compare(issue, here, numbers[place], setting)
                block(here, numbers[place], _NOT, _PRESUMPTION, _PRESUMED)
        return Half(numbers, _STRICTLY, self.scopes), Half(numbers, _ON_RECORD, self.scopes)

    def _fill(self, numbers: list[int], place: Place, known: Columns, assumed: Columns, setting: Setting) -> None:
        """The atoms of the facts known at a place; what a value tells is kept."""
        kept, strictly, recorded = self.kept(setting), known.values[place], assumed.values[place]
        alone = kept.alone
        for fact, counted in recorded.items():
            if counted and fact in alone:
                held, value = strictly.get(fact), counted[0][0]
                seen = value if held is counted else (held[0][0] if held else None, value)
                for index, number in alone[fact][seen]:
                    numbers[index] = number
        for fact in strictly.keys() - recorded.keys() & alone.keys():
            for index, number in alone[fact][(strictly[fact][0][0], None)]:
                numbers[index] = number
        for which, (fact, facts, atoms) in enumerate(self.joint):
            if fact in recorded or fact in strictly:
                both = (which, _values(known, place, facts), _values(assumed, place, facts))
                if both not in kept.joint:
                    kept.joint[both] = _tell(atoms, both[1], both[2], setting)
                for index, number in kept.joint[both]:
                    numbers[index] = number

    def _compare(self, issue: _Compared, here: list[int], own: list[int], setting: Setting) -> None:
        """Whether precedents on an issue govern at a place, for each side."""
        base = self.bases.get(issue.name)
        numbers = issue.of_case(here) if issue.of_case else issue.mixed(here, own)
        governs = base.judge(numbers, setting.assessed_on, setting.selection) if base else {}
        for side, node in issue.nodes.items():
            own[node] = _GOVERNED[governs.get(side, False)]

    def kept(self, setting: Setting) -> Kept:
        """What values tell on the setting's date; kept for some dates while the register stays the same."""
        kept = self._kept.get(setting.key)
        if kept is None or not kept.fits(setting):
            kept = Kept(self, setting)
            others = self._kept if len(self._kept) < _MOST_DATES else {}
            self._kept = {**others, setting.key: kept}
        return kept


class _Counted(NamedTuple):
    """A quantifier: its node and what it counts, of which part, and whether that is the case's own."""

    node: int
    op: str
    child: int
    part: str
    of_case: bool


def _counted(program: Program, index: int) -> _Counted:
    node = program.nodes[index]
    return _Counted(index, node.op, node.children[0], node.part, program.nodes[node.children[0]].scope == CASE)


class _Compared(NamedTuple):
    """An issue on which precedents are compared: its nodes by side, and its children with whether they are the case's.

    ``of_case`` gathers the numbers of the children where all of them are the case's.
    """

    name: str
    nodes: dict[Side, int]
    children: list[tuple[int, bool]]
    of_case: Callable[[list[int]], tuple[int, ...]] | None

    def mixed(self, here: list[int], own: list[int]) -> tuple[int, ...]:
        """The numbers of the children as seen from an item."""
        return tuple([(here if of_case else own)[child] for child, of_case in self.children])


def _compared(program: Program, members: Iterable[int]) -> list[_Compared]:
    found: dict[str, _Compared] = {}
    for index in members:
        node = program.nodes[index]
        if node.issue and node.side:
            children = [(child, program.nodes[child].scope == CASE) for child in node.children]
            whole = len(children) > 1 and all(of_case for _, of_case in children)
            gather = itemgetter(*node.children) if whole else None
            found.setdefault(node.issue, _Compared(node.issue, {}, children, gather)).nodes[node.side] = index
    return list(found.values())


class _List(NamedTuple):
    """The items of one part; in a list that is not known there may be more than what is listed."""

    items: list[list[int]]
    latest: int | None
    more: int

    @classmethod
    def of(cls, part: str, items: list[list[int]], known: Columns, assumed: Columns) -> _List:
        open_ = (known.unlisted.get(part, 0) and STRICT) | (assumed.unlisted.get(part, 0) and RECORD)
        return cls(items, known.latest.get(part), open_)

    def number(self, counted: _Counted, here: list[int]) -> int:
        """The number of a quantifier."""
        _, op, child, _, of_case = counted
        each = [(here if of_case else numbers)[child] for numbers in self.items]
        if op == "latest":
            return each[self.latest] if self.latest is not None else UNKNOWN & self.more
        if op == "some":
            return reduce(or_, each, UNKNOWN & self.more)
        return reduce(and_, each, UNKNOWN | ~self.more & HOLDS)


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
