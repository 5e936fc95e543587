"""The firings of the forward chaining in words: the trace that a class walks through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from engine.answer.model import Status, StepSaid
from engine.answer.sources import laws_of_others
from engine.errors import present
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE
from engine.inference.chaining import Firing
from engine.inference.program import EVIDENCE, Node
from engine.inference.rulebook import Literal
from engine.reasoning.build import fact_label
from engine.reasoning.wording import asked_text, place_label, precedent_line, register_text

if TYPE_CHECKING:
    from engine.assess import Engine, Weighed


def trace_said(engine: Engine, weighed: Weighed, firings: Sequence[Firing]) -> tuple[StepSaid, ...]:
    """All firings in order, but those that find the law of another State not to apply.

    ``internal`` steps conclude a part of a condition, not a criterion.
    """
    words, criteria = _Words(engine, weighed, firings), engine.pack.criteria
    elsewhere = laws_of_others(engine, weighed)
    foreign = {
        node
        for node, names in engine.program.of_node.items()
        if all(criteria[name].instrument in elsewhere for name in names)
    }
    return tuple([words.step(firing) for firing in firings if firing.concludes[0] not in foreign])


class _Words:
    def __init__(self, engine: Engine, weighed: Weighed, firings: Sequence[Firing]) -> None:
        self.engine, self.weighed = engine, weighed
        self.literal = cache(self._literal)
        self.concluded = {(firing.concludes, firing.place): firing for firing in firings}
        self.presumed = engine.presumed(weighed)
        nodes = engine.program.nodes
        # a presumption that holds for a time only is one of the conditions of its entry
        self.presumptions = {
            node: engine.pack.presumptions[name]
            for name, entry in engine.program.evidence.presumptions.items()
            for node in (entry.node, *nodes[entry.node].children)
            if nodes[node].op == "presumption"
        }

    def step(self, firing: Firing) -> StepSaid:
        node, holds = firing.concludes
        names = self.engine.program.of_node.get(node, [])
        status: Status = "met" if holds else "not_met"
        criterion = self.engine.pack.criteria[names[0]] if names else None
        found = self.engine.program.nodes[node] if node < len(self.engine.program.nodes) else None
        source, title = ("", "") if found is None or criterion else self._evidence(node, found, firing.place)
        return StepSaid(
            step=firing.number,
            phase=firing.phase,
            place="" if firing.place == HERE else place_label(self.engine.pack, self.weighed.read, firing.place),
            criterion=names[0] if names else "",
            title=criterion.title if criterion else title or self._inner(node),
            status=status,
            because=tuple(dict.fromkeys(self._reasons(firing))),
            citations=self.engine.outlines.of(criterion.id).cited if criterion else (),
            internal=criterion is None and not title,
            source=source,
        )

    def _evidence(self, node: int, found: Node, place: Place) -> tuple[str, str]:
        """The presumption or precedents that a firing applies, by id and in words; two empty texts for any other."""
        if node in self.presumptions:
            one = self.presumptions[node]
            return one.id, one.title
        if found.op == "governed":
            rows = [row for row in self.presumed.governing(found.issue, place) if row.side == found.side]
            return ", ".join(row.precedent.id for row in rows), "; ".join(precedent_line(row) for row in rows)
        if found.op == "presumed":
            return "", f"{self._atom_name(found.children[0], HERE)}, as presumed"
        return "", ""

    def _reasons(self, firing: Firing) -> Iterator[str]:
        """What was concluded from; an unnamed group of conditions gives way to its own reasons."""
        for literal in firing.because:
            behind = self.concluded.get((literal, firing.place)) or self.concluded.get((literal, HERE))
            if behind is not None and self._unnamed(literal[0]):
                yield from self._reasons(behind)
            else:
                yield self.literal(literal, firing.place)

    def _unnamed(self, node: int) -> bool:
        nodes = self.engine.program.nodes
        if node >= len(nodes):
            return True
        evidence = node in self.presumptions or nodes[node].op in EVIDENCE - {"presumption"}
        return not (node in self.engine.program.of_node or nodes[node].part or evidence)

    def _inner(self, node: int, place: Place = HERE) -> str:
        nodes = self.engine.program.nodes
        if node >= len(nodes):
            return "part of a longer list of conditions"
        if node in self.presumptions:
            return f"presumption {self.presumptions[node].id}"
        if nodes[node].op == "governed":
            return f"precedents on {nodes[node].issue} for the {nodes[node].side} govern"
        if nodes[node].op == "presumption":
            return "a presumption that nothing rebuts"
        if nodes[node].op == "presumed":
            return self._atom_name(nodes[node].children[0], place)
        return {"all": "all conditions of a group", "any": "one condition of a group"}.get(
            nodes[node].op, f"{nodes[node].op} of the {nodes[node].part}"
        )

    def _literal(self, literal: Literal, place: Place) -> str:
        node, holds = literal
        nodes = self.engine.program.nodes
        names = self.engine.program.of_node.get(node, [])
        if names:
            return f"{names[0]} is {'met' if holds else 'not met'}"
        found = nodes[node]
        if found.atom is None:
            return f"{self._inner(node, place)}: {'yes' if holds else 'no'}"
        return f"{self._atom_name(node, place)}: {'yes' if holds else 'no'}"

    def _atom_name(self, node: int, place: Place) -> str:
        found = self.engine.program.nodes[node]
        atom = present(found.atom, "the test of a leaf")
        if atom.kind == "bound":
            return f"{self.engine.pack.instruments[atom.args[0]].short} binds"
        if atom.kind == "declared":
            return register_text(atom, self.engine.pack, self.weighed.setting, self.weighed.read)
        if atom.kind == "variant":
            return asked_text(atom, self.engine.pack)
        if atom.kind == "situation":
            level, group, _ = atom.args
            return f"a finding of {level}{f' for {group}' if group else ''} is in force for {found.facts[0]}"
        if atom.kind == "within":
            return asked_text(atom, self.engine.pack).replace("This", "this", 1)
        fact = found.facts[0]
        scope = self.engine.pack.vocabulary.facts[fact].scope
        label = fact_label(self.weighed.read, HERE if scope == CASE else place, fact)
        args = ", ".join(str(arg) for arg in atom.args if arg not in (None, 0))
        return f"{label} [{args}]" if args else label
