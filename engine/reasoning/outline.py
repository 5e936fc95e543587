"""The outline of a proof: what of it is the same in every case, made once per pack.

A step has its node in the program and its words; a case adds only statuses, findings and the items
that are listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.answer.model import Kind
from engine.content.conditions import All, AnyOf, Applies, Atom, Condition, Not, Quantified, Ref
from engine.content.models import Criterion, Pack
from engine.facts.vocabulary import CASE
from engine.inference.program import Program
from engine.reasoning.wording import asked_text, cited_line, denied_text

#: What asks the treaty register: its words depend on the States and the date.
OF_REGISTER = ("bound", "declared")
_JOINED: dict[type[Condition], tuple[Kind, str]] = {
    All: ("all", "All of these:"),
    AnyOf: ("any", "At least one of these:"),
}
_QUANTIFIED = {"some": "At least one of the {0}", "every": "Each of the {0}", "latest": "The latest of the {0}"}


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A step of a condition: ``of_case`` tells that it is the same seen from every item.

    ``fact`` is the fact whose finding a leaf shows, if it shows one; ``criterion`` the criterion referred to.
    """

    kind: Kind
    node: int
    of_case: bool
    text: str
    steps: tuple[Step, ...] = ()
    atom: Atom | None = None
    fact: str = ""
    part: str = ""
    criterion: str = ""
    presumption: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A criterion: its node, its limits, its condition and its citations in words."""

    criterion: Criterion
    node: int
    of_case: bool
    limits: tuple[Step, ...]
    condition: Step
    cited: tuple[str, ...]


class Outlines:
    """The outlines of a pack, each made when it is first needed."""

    def __init__(self, pack: Pack, program: Program) -> None:
        self.pack, self.program = pack, program
        self._made: dict[str, Outline] = {}
        self._presumptions: dict[str, tuple[Step, tuple[Step, ...]]] = {}

    def of(self, name: str) -> Outline:
        """The outline of a criterion by its id."""
        if name not in self._made:
            self._made[name] = self._outline(self.pack.criteria[name])
        return self._made[name]

    def _outline(self, criterion: Criterion) -> Outline:
        entry = self.program.entries[criterion.id]
        limits = tuple(self._leaf(atom, criterion.scope) for atom in entry.limits)
        cited = tuple(cited_line(self.pack, cite) for cite in criterion.cites)
        of_case = self.program.nodes[entry.node].scope == CASE
        condition = self._step(criterion.condition, criterion.scope)
        return Outline(criterion, entry.node, of_case, limits, condition, cited)

    def _step(self, condition: Condition, scope: str) -> Step:
        if isinstance(condition, Atom):
            return self._leaf(condition, scope)
        if isinstance(condition, Ref):
            return self._reference(condition.criterion)
        if isinstance(condition, Applies):
            return self._presumption(condition)
        if isinstance(condition, Quantified):
            return self._quantified(condition, scope)
        if isinstance(condition, Not):
            inner = (self._step(condition.of, scope),)
            return self._inner("not", condition, scope, text=denied_text(condition.of), steps=inner)
        kind, text = _JOINED[type(condition)]
        steps = tuple(self._step(each, scope) for each in condition.of)
        return self._inner(kind, condition, scope, text=text, steps=steps)

    def _reference(self, name: str) -> Step:
        of_case = self.pack.criteria[name].scope == CASE
        return Step("criterion", self.program.entries[name].node, of_case, "", criterion=name)

    def _presumption(self, condition: Applies) -> Step:
        name = condition.presumption
        of_case = self.program.nodes[self.program.evidence.presumptions[name].node].scope == CASE
        return Step("presumption", self.program.evidence.presumptions[name].node, of_case, "", presumption=name)

    def presumption(self, name: str) -> tuple[Step, tuple[Step, ...]]:
        """The condition of a presumption, and what rebuts it."""
        if name not in self._presumptions:
            one = self.pack.presumptions[name]
            rebuttals = tuple(self._step(each, one.scope) for each in one.rebutted_by)
            self._presumptions[name] = self._step(one.condition, one.scope), rebuttals
        return self._presumptions[name]

    def test(self, condition: Condition, scope: str) -> Step:
        """The step of a condition that stands in no criterion."""
        return self._step(condition, scope)

    def _quantified(self, condition: Quantified, scope: str) -> Step:
        text = _QUANTIFIED[condition.quantifier].format(self.pack.vocabulary.parts[condition.part].title.lower())
        steps = (self._step(condition.of, condition.part),)
        return self._inner(condition.quantifier, condition, scope, text=text, steps=steps, part=condition.part)

    def _leaf(self, atom: Atom, scope: str) -> Step:
        node = self.program.nodes[self.program.locate(atom, scope)]
        facts = self.program.nodes[node.children[0]].facts if node.op == "presumed" else node.facts
        of_register = atom.kind in OF_REGISTER
        fact = facts[0] if facts and not of_register else ""
        text = "" if of_register else asked_text(atom, self.pack)
        return self._inner("fact", atom, scope, text=text, atom=atom, fact=fact)

    def _inner(self, kind: Kind, condition: Condition, scope: str, **rest: Any) -> Step:
        node = self.program.locate(condition, scope)
        return Step(kind, node, self.program.nodes[node].scope == CASE, **rest)
