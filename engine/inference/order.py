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
from engine.inference.atoms import Setting
from engine.inference.chaining import Firing, Phase
from engine.inference.evaluation import Evaluation
from engine.inference.onecase import FAILS, HOLDS, RECORD, STRICT, UNKNOWN, Half
from engine.inference.precedents import ON_RECORD, IssueBase
from engine.inference.program import EVIDENCE, Node, Program
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
    """What a number of a node says was concluded, in which phase, and the rules that conclude it.

    Where none of the rules does, of ``silent`` nodes nothing fires: what is not presumed is as the burden has it.
    """

    phase: Phase
    half: int
    concludes: Literal
    rules: tuple[_Rule, ...]
    part: str
    silent: bool


#: A node that rules conclude, and its turn by its number.
_Step = tuple[int, tuple[_Turn | None, ...]]


class Order:
    """The rules of one program in its order; safe to share between threads."""

    def __init__(self, program: Program, bases: Mapping[str, IssueBase]) -> None:
        self.program, self.book, self.bases = program, Rulebook(program), bases
        self.concluding: dict[Literal, list[str]] = {}
        for name, literal in self.book.conclusions.items():
            self.concluding.setdefault(literal, []).append(name)
        silent = self.book.folded | {index for index, node in enumerate(program.nodes) if node.op in ("atom", "not")}
        self.blocks = [
            (scope, [self._step(index) for index in members if index not in silent])
            for _, scope, members in program.blocks()
        ]

    def _step(self, index: int) -> _Step:
        node = self.program.nodes[index]
        rules = {holds: self._rules(index, node, holds) for holds in (True, False)}
        return index, tuple(_turn(number, index, node, rules) for number in range(16))

    def _rules(self, index: int, node: Node, holds: bool) -> tuple[_Rule, ...]:
        if node.part:
            return (self._rule(f"{node.op} of {node.part}", [self.book.literal(node.children[0], holds=holds)]),)
        if node.op == "presumption" and holds:
            return (self._rule(f"presumption n{index}", [self.book.literal(node.children[0], holds=True)]),)
        if node.op == "presumed":
            sources = [source for source, sign in zip(node.children[1:], node.signs, strict=True) if sign is holds]
            return tuple(self._rule(f"presumed n{index}", [self.book.literal(one, holds=True)]) for one in sources)
        names = self.concluding.get((index, holds), ()) if node.op in EVIDENCE else self.concluding[(index, holds)]
        return tuple(self._rule(name, self._whole(name)) for name in names)

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

    def firings(self, evaluation: Evaluation, setting: Setting) -> list[Firing]:
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
            for place, own, turn in found:
                if turn.phase == wanted:
                    name, because = self._fired(turn, here, own, setting)
                    if name:
                        listed = not turn.part or sizes.get(turn.part)
                        firing = (len(fired) + 1, turn.phase, place, name, turn.concludes, because if listed else ())
                        fired.append(tuple.__new__(Firing, firing))
        return fired

    def _fired(
        self, turn: _Turn, here: Sequence[int], own: Sequence[int], setting: Setting
    ) -> tuple[str, tuple[Literal, ...]]:
        """What concludes a node, and from what; an empty name where nothing fires."""
        if not turn.silent:
            rule = turn.rules[0] if len(turn.rules) == 1 else _first(turn.rules, here, own, turn.half)
            return rule.name, rule.because
        index, holds = turn.concludes
        node = self.program.nodes[index]
        if node.op == "governed":
            if not holds:
                return "", ()
            nodes, base = self.program.nodes, self.bases[node.issue]
            numbers = [(here if nodes[child].scope == CASE else own)[child] for child in node.children]
            holding = [bool(number & ON_RECORD) for number in numbers]
            rows = base.prevailing(base.marks.of(holding), setting.assessed_on, setting.selection)
            needs = next(row.needs for row in rows if row.side == node.side)
            because = [
                self.book.literal(node.children[at], holds=True) for at in base.marks.conditions_of(needs, holding)
            ]
            return f"precedent n{index}", tuple(dict.fromkeys(because))
        found = next((rule for rule in turn.rules if _rests(rule, here, own, turn.half)), None)
        return (found.name, found.because) if found else ("", ())


def _turn(number: int, index: int, node: Node, rules: Mapping[bool, tuple[_Rule, ...]]) -> _Turn | None:
    """The first half in which a node is decided is the phase in which it was concluded; an atom that is known fires nothing."""
    for phase, half in _HALVES:
        if number & half != UNKNOWN & half:
            holds = bool(number & half)
            if node.op == "presumed" and phase == "known":
                return None
            return _Turn(phase, half, (index, holds), rules[holds], node.part, node.op in EVIDENCE)
    return None


def _first(rules: Sequence[_Rule], here: Sequence[int], own: Sequence[int], half: int) -> _Rule:
    """The first rule whose literal is there in this half."""
    for rule in rules:
        if _rests(rule, here, own, half):
            return rule
    raise InternalError("a node was decided that no rule concludes")


def _rests(rule: _Rule, here: Sequence[int], own: Sequence[int], half: int) -> bool:
    return (here if rule.of_case else own)[rule.node] & half == rule.wanted & half
