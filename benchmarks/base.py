"""The rule base that all engines run: the real criteria over their atoms, for cases with one item in each list.

With one item in every list, *some*, *every* and *latest* are the item's own value, so the program becomes
and, or and not over three values, which every engine can be given. An atom, and a node, is 1 true, -1 false
or 0 unknown. Presumptions, and facts read through their sources, become the same with one operation more:
*closed*, by which what does not hold on the record fails there. Which precedents govern is not rules but a
comparison, so that stays an atom. The verdict is four more nodes: whether any ground of a level, or of a
higher one, is met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from engine.bulk.planes import Array
from engine.content.conditions import Atom
from engine.facts.vocabulary import CASE
from engine.inference.program import Entry, Node, Program
from engine.reasoning.outcome import LEVELS, Judge


@dataclass(frozen=True)
class Step:
    """A node: ``op`` is all, any, not or closed; ``of`` are numbers of earlier nodes.

    A *closed* node has the value of its first child; but where the second (the case on the record) holds, it
    fails if the first does not hold.
    """

    number: int
    op: str
    of: tuple[int, ...]


@dataclass
class Given:
    """Atoms of special values: precedents that govern, and what is added to the atoms of a program.

    ``governed`` are open strictly and hold or fail on the record; ``record`` is open strictly and holds on the
    record; ``never_known`` is open; ``known_strictly`` say of an atom whether it is known strictly, in both halves.
    """

    governed: set[int] = field(default_factory=set)
    record: int | None = None
    never_known: int | None = None
    known_strictly: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Base:
    """Atoms, steps in order, and the nodes asked for: those of criteria and of their limits, then the verdict's.

    The atoms of the program come first. Some more follow, which say of every case the same or only repeat what
    is known of an atom (``Given``): our own engines find them themselves.
    """

    program: Program
    atoms: tuple[int, ...]
    steps: tuple[Step, ...]
    nodes: tuple[int, ...]
    verdict: tuple[int, ...] = ()
    given: Given = field(default_factory=Given)

    @classmethod
    def of(cls, program: Program, judge: Judge | None = None) -> Base:
        """The base of a program, with the verdict if there is one who judges."""
        lowering = Lowering(program)
        verdict = verdict_of(judge, lowering.new) if judge else []
        asked = {node for entry in program.entries.values() for node in (entry.node, entry.applies) if node is not None}
        last = tuple(step.number for step in verdict)
        whole = cls(
            lowering.program, lowering.atoms, (*lowering.steps, *verdict), (*sorted(asked), *last), last, lowering.given
        )
        return whole.only(whole.nodes)

    @property
    def own(self) -> tuple[int, ...]:
        """The atoms of the program."""
        return tuple(atom for atom in self.atoms if atom < len(self.program.nodes))

    @property
    def criteria(self) -> int:
        """How many criteria there are."""
        return len(self.program.entries)

    def part(self, number: int) -> Base:
        """The first criteria only, with what they rest on, and no verdict."""
        entries = dict(list(self.program.entries.items())[:number])
        asked = {node for entry in entries.values() for node in (entry.node, entry.applies) if node is not None}
        return replace(self, program=_named(self.program.nodes, entries), verdict=()).only(tuple(sorted(asked)))

    def only(self, nodes: tuple[int, ...]) -> Base:
        """The same with these nodes asked for, and only what they rest on."""
        needed = below(nodes, self.steps)
        # our engines find out themselves whether an atom of the program is known strictly
        needed |= {atom for extra, atom in self.given.known_strictly.items() if extra in needed}
        return replace(
            self,
            atoms=tuple(atom for atom in self.atoms if atom in needed),
            steps=tuple(step for step in self.steps if step.number in needed),
            nodes=nodes,
        )


class Lowering:
    """A program as atoms and steps; nodes that are added are numbered after those of the program."""

    def __init__(self, program: Program) -> None:
        self.given = Given({index for index, node in enumerate(program.nodes) if node.op == "governed"})
        self.program, self.new = without_comparing(program), len(program.nodes)
        self.steps: list[Step] = []
        self.known: dict[tuple[str, tuple[int, ...]], int] = {}
        ordered = [index for _, _, members in self.program.blocks() for index in members]
        own = [index for index in ordered if self.program.nodes[index].op == "atom"]
        for index in ordered:
            self._lower(index, self.program.nodes[index])
        extra = [each for each in (self.given.record, self.given.never_known) if each is not None]
        self.atoms = (*own, *extra, *self.given.known_strictly)

    def _lower(self, index: int, node: Node) -> None:
        if node.op == "presumption":
            condition, *rebuttal = node.children
            against = [self._added("not", self._closed(each)) for each in rebuttal]
            self.steps.append(Step(index, "all", (self._record(), self._closed(condition), *against)))
        elif node.op == "presumed":
            self._presumed(index, node)
        elif node.op != "atom":
            # a quantifier is its only item's value
            self.steps.append(Step(index, "all" if node.part else node.op, node.children))

    def _presumed(self, index: int, node: Node) -> None:
        """What its sources presume counts where the atom is not known strictly; where they differ, it is open."""
        atom, *sources = node.children
        loose = self._added("not", self._known_strictly(atom))
        speaks = {
            sign: self._added("all", loose, self._closed(each)) for sign, each in zip(node.signs, sources, strict=True)
        }
        value = self._added("any", speaks[True], atom) if True in speaks else atom
        if False in speaks:
            free = self._added("not", speaks[False])
            if True in speaks:
                free = self._added("any", free, self._added("all", speaks[True], self._never_known()))
            self.steps.append(Step(index, "all", (value, free)))
        else:
            self.steps.append(Step(index, "all", (value,)))

    def _closed(self, node: int) -> int:
        return self._added("closed", node, self._record())

    def _added(self, op: str, *of: int) -> int:
        if (op, of) not in self.known:
            self.known[op, of] = self._number()
            self.steps.append(Step(self.known[op, of], op, of))
        return self.known[op, of]

    def _record(self) -> int:
        if self.given.record is None:
            self.given.record = self._number()
        return self.given.record

    def _never_known(self) -> int:
        if self.given.never_known is None:
            self.given.never_known = self._number()
        return self.given.never_known

    def _known_strictly(self, atom: int) -> int:
        found = next((extra for extra, of in self.given.known_strictly.items() if of == atom), None)
        if found is None:
            found = self._number()
            self.given.known_strictly[found] = atom
        return found

    def _number(self) -> int:
        self.new += 1
        return self.new - 1


def without_comparing(program: Program) -> Program:
    """A program in which it is an atom whether a precedent governs for a side."""
    nodes = [_told(node, f"{node.issue} {node.side}") if node.op == "governed" else node for node in program.nodes]
    return _named(nodes, program.entries)


def _told(node: Node, name: str) -> Node:
    return Node("atom", node.scope, atom=Atom("yes", (name,)), facts=(name,), stage=node.stage, key=name)


def verdict_of(judge: Judge, first: int) -> list[Step]:
    """One node for each level above admissible: whether a ground of it, or of a higher one, is met."""
    grounds = [*judge.of_case, *judge.of_counts]
    return [
        Step(first + level - 1, "any", tuple(dict.fromkeys(node for node, at in grounds if at >= level)))
        for level in range(1, len(LEVELS))
    ]


def completed(atoms: Array, base: Base) -> Array:
    """Cases whose atoms of the program are told, with those that ``Given`` adds.

    Args:
        atoms: (cases, strict and on the record, atoms of the program)
    """
    whole = np.zeros((*atoms.shape[:2], len(base.atoms)), dtype=np.int8)
    at = {atom: place for place, atom in enumerate(base.own)}
    whole[:, :, : len(at)] = atoms
    for place, atom in enumerate(base.atoms[len(at) :], start=len(at)):
        if atom == base.given.record:
            whole[:, 1, place] = 1
        elif atom != base.given.never_known:
            known = atoms[:, :1, at[base.given.known_strictly[atom]]] != 0
            whole[:, :, place] = np.where(known, 1, -1)
    return whole


def below(nodes: Iterable[int], steps: Iterable[Step]) -> set[int]:
    """These nodes and all they rest on."""
    children, found, waiting = {step.number: step.of for step in steps}, set[int](), list(nodes)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += children.get(node, ())
    return found


def times(program: Program, copies: int) -> Program:
    """So many copies of all criteria, each with names and atoms of its own."""
    size, nodes, entries = len(program.nodes), list[Node](), dict[str, Entry]()
    for copy in range(copies):
        shift = copy * size
        nodes += [replace(node, children=tuple(child + shift for child in node.children)) for node in program.nodes]
        for name, entry in program.entries.items():
            applies = None if entry.applies is None else entry.applies + shift
            entries[f"{name}.{copy}"] = replace(
                entry, node=entry.node + shift, condition=entry.condition + shift, applies=applies
            )
    return _named(nodes, entries)


def _named(nodes: list[Node], entries: dict[str, Entry]) -> Program:
    """A program that knows which criteria stand at which node."""
    program = Program(nodes, entries)
    for name, entry in entries.items():
        program.of_node.setdefault(entry.node, []).append(name)
    return program


def chains(depth: int, criteria: int) -> Program:
    """So many criteria in chains of a depth: each joins the criterion before it with an atom of its own."""
    nodes, entries = list[Node](), dict[str, Entry]()

    def atom() -> int:
        fact = f"fact{len(nodes)}"
        nodes.append(Node("atom", CASE, (), Atom("yes", (fact,)), (fact,), key=fact))
        return len(nodes) - 1

    for number in range(criteria):
        before = atom() if number % depth == 0 else len(nodes) - 1
        own = atom()
        nodes.append(Node(("all", "any")[number % 2], CASE, (before, own)))
        entries[f"c{number}"] = Entry(len(nodes) - 1, None, len(nodes) - 1)
    return _named(nodes, entries)
