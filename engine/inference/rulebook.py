"""The rules that a forward-chaining engine fires: positive *support* and *refute* rules of every node.

The fact ``n12t`` says that node 12 holds, ``n12f`` that it does not. Unknown is the absence of both,
so no rule ever tests for absence. Negation is no rule: a literal looks through it. Nor is a condition that stands
only in one other of its kind, such as an *all* in an *all*: its parts are parts of that other. That a presumption fails
is a rule; that it applies tests for absence, so the host concludes it (see ``chaining``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from engine.inference.program import Program

#: A node and whether it holds.
Literal = tuple[int, bool]
# A join of more than 16 facts makes the library fail; wider conjunctions are cut into chunks.
MAX_JOIN, MAX_CHOICE = 12, 50
#: Not all is any not, and the other way round.
_SAID_OTHERWISE = {"all": "any", "any": "all"}


class Rule(NamedTuple):
    """What it concludes, from all of its literals ``together`` or from any one of them."""

    concludes: Literal
    literals: tuple[Literal, ...]
    together: bool


class Rulebook:
    """The support and refute rules of a program, by scope.

    A rule of alternatives is told by the one it rested on: each is a rule of its own in ``conclusions`` and ``needs``.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.conclusions: dict[str, Literal] = {}
        #: what each rule needs, which is what it rests on when it fires
        self.needs: dict[str, tuple[Literal, ...]] = {}
        self.aliases: dict[int, Literal] = {}
        self.rules: dict[str, dict[str, Rule]] = {}
        #: of a rule of alternatives, how it is told, by the literal it rested on
        self.told: dict[str, dict[Literal, str]] = {}
        self.spare = len(program.nodes)
        #: nodes that have no rules, because their parts are parts of their one parent
        self.folded = _folded(program)
        for index, node in enumerate(program.nodes):
            if node.op == "not":
                self.aliases[index] = self.literal(node.children[0], holds=False)
            elif node.op in _SAID_OTHERWISE and index not in self.folded:
                self._node(index, node.scope, node.op, node.children)
            elif node.op == "presumption":
                condition, *rebuttal = node.children
                lost = [self.literal(condition, holds=False), *(self.literal(one, holds=True) for one in rebuttal)]
                self._choice(index, node.scope, list(dict.fromkeys(lost)), holds=False)

    def literal(self, node: int, *, holds: bool) -> Literal:
        """The literal that stands for a node's truth, looking through negations."""
        while node in self.aliases:
            target, same = self.aliases[node]
            node, holds = target, holds == same
        return node, holds

    def _node(self, index: int, scope: str, op: str, children: tuple[int, ...]) -> None:
        joined = op == "all"
        self._join(index, scope, list(self._parts(children, holds=joined)), holds=joined)
        self._choice(index, scope, list(dict.fromkeys(self._parts(children, holds=not joined))), holds=not joined)

    def _parts(self, children: Iterable[int], *, holds: bool) -> Iterator[Literal]:
        for child in children:
            node, same = literal = self.literal(child, holds=holds)
            if node in self.folded:
                yield from self._parts(self.program.nodes[node].children, holds=same)
            else:
                yield literal

    def _join(self, index: int, scope: str, literals: list[Literal], *, holds: bool) -> None:
        chunk = 0
        while len(literals) > MAX_JOIN:
            spare, self.spare = self.spare, self.spare + 1
            self._rule(f"n{index}c{chunk}", scope, (spare, True), literals[:MAX_JOIN])
            literals, chunk = [(spare, True), *literals[MAX_JOIN:]], chunk + 1
        self._rule(f"n{index}{'t' if holds else 'f'}", scope, (index, holds), literals)

    def _choice(self, index: int, scope: str, literals: list[Literal], *, holds: bool) -> None:
        name = f"n{index}{'t' if holds else 'f'}"
        told = {literal: f"{name}{position}" for position, literal in enumerate(literals)}
        for start in range(0, len(literals), MAX_CHOICE):
            part = tuple(literals[start : start + MAX_CHOICE])
            rule = f"{name}from{start}"
            self.rules.setdefault(scope, {})[rule] = Rule((index, holds), part, together=False)
            self.told[rule] = {literal: told[literal] for literal in part}
        for literal, one in told.items():
            self.conclusions[one], self.needs[one] = (index, holds), (literal,)

    def _rule(self, name: str, scope: str, concludes: Literal, literals: list[Literal]) -> None:
        needs = self.needs[name] = tuple(dict.fromkeys(literals))
        self.conclusions[name] = concludes
        self.rules.setdefault(scope, {})[name] = Rule(concludes, needs, together=True)


def _folded(program: Program) -> set[int]:
    """Nodes that one other node alone reads, perhaps through negations, and that are of its kind and scope."""
    wanted = {*program.of_node, *program.loose, *(entry.applies for entry in program.entries.values())}
    return {index for index in range(len(program.nodes)) if _folds(program, wanted, index)}


def _folds(program: Program, wanted: Collection[int | None], index: int) -> bool:
    node, op = program.nodes[index], program.nodes[index].op
    if op not in _SAID_OTHERWISE:
        return False
    while index not in wanted and len(program.readers[index]) == 1:
        index = program.readers[index][0]
        if program.nodes[index].op != "not":
            return program.nodes[index].op == op and program.nodes[index].scope == node.scope
        op = _SAID_OTHERWISE[op]
    return False


@cache
def property_of(literal: Literal) -> str:
    """The name of the fact that says a literal."""
    return f"n{literal[0]}{'t' if literal[1] else 'f'}"


def literal_of(name: str) -> Literal:
    """The literal that a fact says, by its name."""
    return int(name[1:-1]), name[-1] == "t"
