"""The rule base that all engines run: the real criteria over their atoms, for cases with one item in each list.

With one item in every list, *some*, *every* and *latest* are the item's own value, so the program becomes
and, or and not over three values, which every engine can be given. An atom, and a node, is 1 true, -1 false
or 0 unknown. The verdict is four more nodes: whether any ground of a level, or of a higher one, is met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.content.conditions import Atom
from engine.facts.vocabulary import CASE
from engine.inference.program import Entry, Node, Program
from engine.reasoning.outcome import LEVELS, Judge


@dataclass(frozen=True)
class Step:
    """A node: ``op`` is all, any or not; ``of`` are numbers of earlier nodes."""

    number: int
    op: str
    of: tuple[int, ...]


@dataclass(frozen=True)
class Base:
    """Atoms, steps in order, and the nodes asked for: those of criteria and of their limits, then the verdict's."""

    program: Program
    atoms: tuple[int, ...]
    steps: tuple[Step, ...]
    nodes: tuple[int, ...]
    verdict: tuple[int, ...] = ()

    @classmethod
    def of(cls, program: Program, judge: Judge | None = None) -> Base:
        """The base of a program, with the verdict if there is one who judges."""
        ordered = [index for _, _, members in program.blocks() for index in members]
        atoms = tuple(index for index in ordered if program.nodes[index].atom is not None)
        steps = [step_of(program, index) for index in ordered if program.nodes[index].atom is None]
        verdict = verdict_of(judge, len(program.nodes)) if judge else []
        asked = {node for entry in program.entries.values() for node in (entry.node, entry.applies) if node is not None}
        last = tuple(step.number for step in verdict)
        return cls(program, atoms, (*steps, *verdict), (*sorted(asked), *last), last)

    @property
    def criteria(self) -> int:
        """How many criteria there are."""
        return len(self.program.entries)

    def part(self, number: int) -> Base:
        """The first criteria only, with what they rest on, and no verdict."""
        entries = dict(list(self.program.entries.items())[:number])
        asked = {node for entry in entries.values() for node in (entry.node, entry.applies) if node is not None}
        needed = below(asked, self.steps)
        program = _named(self.program.nodes, entries)
        return Base(
            program,
            tuple(atom for atom in self.atoms if atom in needed),
            tuple(step for step in self.steps if step.number in needed),
            tuple(sorted(asked)),
        )


def step_of(program: Program, index: int) -> Step:
    """A node that is no atom; a quantifier is its only item's value."""
    node = program.nodes[index]
    return Step(index, "all" if node.part else node.op, node.children)


def verdict_of(judge: Judge, first: int) -> list[Step]:
    """One node for each level above admissible: whether a ground of it, or of a higher one, is met."""
    grounds = [*judge.of_case, *judge.of_counts]
    return [
        Step(first + level - 1, "any", tuple(dict.fromkeys(node for node, at in grounds if at >= level)))
        for level in range(1, len(LEVELS))
    ]


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
