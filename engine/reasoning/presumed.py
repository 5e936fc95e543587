"""What is presumed of a fact in one evaluated case, and by which of its sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from engine.content.evidence import Situation
from engine.content.models import Pack
from engine.facts.columns import HERE, Place
from engine.facts.values import Value
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting
from engine.inference.evaluation import Evaluation
from engine.inference.precedents import IssueBase, Row
from engine.inference.program import Program
from engine.inference.situations import NEVER
from engine.inference.sources import FactSource


class PresumedValue(NamedTuple):
    """What the sources that hold on the record make of a fact: one value, or none where they differ."""

    value: Value | None
    sources: tuple[tuple[FactSource, int], ...]


class Presumed:
    """The sources of evaluative facts in one evaluated case."""

    def __init__(
        self, pack: Pack, program: Program, bases: Mapping[str, IssueBase], evaluation: Evaluation, setting: Setting
    ) -> None:
        self.pack, self.program, self.bases = pack, program, bases
        self.evaluation, self.setting = evaluation, setting

    def holding(self, fact: str, place: Place) -> list[tuple[FactSource, int]]:
        """The sources of a fact that hold on the record, each with its node."""
        found = []
        for source, node in self.program.evidence.of_fact.get(fact, ()):
            where = HERE if self.program.nodes[node].scope == CASE else place
            if self.evaluation.record.at(node, where)[0] & 1:
                found.append((source, node))
        return found

    def value(self, fact: str, place: Place) -> PresumedValue | None:
        """What is presumed of a fact that is not known strictly; None where nothing is."""
        if self.evaluation.strict_columns.known(place, fact) & 1:
            return None
        holding = self.holding(fact, place)
        sufficient = [(source, node) for source, node in holding if source.sufficient]
        counting = sufficient or holding
        if not counting:
            return None
        values = dict.fromkeys(source.value for source, _ in counting)
        if self.pack.vocabulary.facts[fact].type == "set":
            together = frozenset[str]().union(*(value for value in values if isinstance(value, frozenset)))
            return PresumedValue(together, tuple(holding))
        return PresumedValue(next(iter(values)) if len(values) == 1 else None, tuple(holding))

    def governing(self, issue: str, place: Place) -> list[Row]:
        """The rulings on an issue that govern the case, those that prevail where a rule says so."""
        base = self.bases[issue]
        has = self.marks(issue, place)
        return base.prevailing(has, self.setting.assessed_on, self.setting.selection)

    def marks(self, issue: str, place: Place) -> int:
        """What the case has of the factors of an issue, on the record."""
        base = self.bases[issue]
        nodes, record = self.program.nodes, self.evaluation.record
        holding = [
            bool(record.at(child, HERE if nodes[child].scope == CASE else place)[0] & 1)
            for child in base.marks.entry.children
        ]
        return base.marks.of(holding)

    def findings(self, picture: str, level: str) -> list[Situation]:
        """The country findings that give a level, those of groups to which the person belongs included."""
        spec = self.pack.pictures[picture]
        held = self.evaluation.record_columns.values[HERE].get(spec.state)
        states = held[0][0] if held else frozenset[str]()
        years = self.setting.variants.get(spec.years, NEVER)
        return [
            one
            for state in (sorted(states) if isinstance(states, frozenset) else [str(states)])
            for one in self.setting.situations.presuming(state, self.setting.assessed_on, years, self.setting.selection)
            if one.level == level and self.is_member(one.group)
        ]

    def is_member(self, group: str) -> bool:
        """Whether the person belongs to a group on the record; everybody belongs to none."""
        if not group:
            return True
        node = self.program.locate(self.pack.groups[group].condition, CASE)
        return bool(self.evaluation.record.at(node, HERE)[0] & 1)
