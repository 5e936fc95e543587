"""The order of firings, read off the statuses of the compiled engine: what follows from what, without chaining.

Whatever holds or fails does so by children that stand before it in the program. So one walk through the program
gives a forward chaining: first all that follows from what is known, then what the burden adds, each with the
literals it rests on. The rules are those of the rulebook; a conclusion that several could draw is drawn by the
first. It explains one engine's own statuses and checks nothing: assessments of record are fired by both engines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine.errors import InternalError
from engine.facts.columns import HERE
from engine.facts.vocabulary import CASE
from engine.inference.chaining import Firing, Phase
from engine.inference.evaluation import Evaluation
from engine.inference.onecase import FAILS, HOLDS, RECORD, STRICT, UNKNOWN, Half
from engine.inference.program import Node, Program
from engine.inference.rulebook import Literal, Rulebook

_HALVES: tuple[tuple[Phase, int], ...] = (("known", STRICT), ("burden", RECORD))


class _Rule(NamedTuple):
    """A rule: its name and its literals; of the first, the node, whether it is the case's, and its number if it holds."""

    name: str
    because: tuple[Literal, ...]
    node: int
    of_case: bool
    wanted: int


class _Turn(NamedTuple):
    """What a number of a node says was concluded, in which phase, and the rules that conclude it."""

    phase: Phase
    half: int
    concludes: Literal
    rules: tuple[_Rule, ...]
    part: str


#: A node that rules conclude, and its turn by its number.
_Step = tuple[int, tuple[_Turn | None, ...]]


class Order:
    """The rules of one program in its order; safe to share between threads."""

    def __init__(self, program: Program) -> None:
        self.program, self.book = program, Rulebook(program)
        self.concluding: dict[Literal, list[str]] = {}
        for name, literal in self.book.conclusions.items():
            self.concluding.setdefault(literal, []).append(name)
        silent = self.book.folded | {index for index, node in enumerate(program.nodes) if node.op in ("atom", "not")}
        self.blocks = [
            (scope, [self._step(index) for index in members if index not in silent])
            for _, scope, members in program.blocks()
        ]

    def _step(self, index: int) -> _Step:
        rules = {holds: self._rules(index, self.program.nodes[index], holds) for holds in (True, False)}
        return index, tuple(_turn(number, index, self.program.nodes[index].part, rules) for number in range(16))

    def _rules(self, index: int, node: Node, holds: bool) -> tuple[_Rule, ...]:
        if node.part:
            return (self._rule(f"{node.op} of {node.part}", [self.book.literal(node.children[0], holds=holds)]),)
        return tuple(self._rule(name, self._whole(name)) for name in self.concluding[(index, holds)])

    def _whole(self, name: str) -> list[Literal]:
        """The literals of a rule; the parts into which the library's limits cut a long one are put together again."""
        whole: list[Literal] = []
        for literal in self.book.needs[name]:
            cut = literal[0] >= len(self.program.nodes)
            whole += self._whole(self.concluding[literal][0]) if cut else [literal]
        return whole

    def _rule(self, name: str, literals: Sequence[Literal]) -> _Rule:
        node, holds = literals[0]
        return _Rule(name, tuple(literals), node, self.program.nodes[node].scope == CASE, HOLDS if holds else FAILS)

    def firings(self, evaluation: Evaluation) -> list[Firing]:
        """The firings of an evaluated case.

        Raises:
            TypeError: it was evaluated together with others.
        """
        if not isinstance(evaluation.strict, Half):
            raise TypeError("firings are of one case, not of many lanes")
        numbers, columns = evaluation.strict.numbers, evaluation.strict_columns
        here, sizes, fired = numbers[HERE], columns.sizes, list[Firing]()
        found = [
            (place, numbers[place], turn)
            for scope, steps in self.blocks
            for place in columns.places(scope)
            for own in (numbers[place],)
            for node, turns in steps
            if (turn := turns[own[node]])
        ]
        for wanted in ("known", "burden"):
            for place, own, (phase, half, concludes, rules, part) in found:
                if phase == wanted:
                    rule = rules[0] if len(rules) == 1 else _first(rules, here, own, half)
                    because = rule.because if not part or sizes.get(part) else ()
                    firing = (len(fired) + 1, phase, place, rule.name, concludes, because)
                    fired.append(tuple.__new__(Firing, firing))
        return fired


def _turn(number: int, index: int, part: str, rules: Mapping[bool, tuple[_Rule, ...]]) -> _Turn | None:
    """The first half in which a node is decided is the phase in which it was concluded."""
    for phase, half in _HALVES:
        if number & half != UNKNOWN & half:
            holds = bool(number & half)
            return _Turn(phase, half, (index, holds), rules[holds], part)
    return None


def _first(rules: Sequence[_Rule], here: Sequence[int], own: Sequence[int], half: int) -> _Rule:
    """The first rule whose literal is there in this half."""
    for rule in rules:
        if (here if rule.of_case else own)[rule.node] & half == rule.wanted & half:
            return rule
    raise InternalError("a node was decided that no rule concludes")
