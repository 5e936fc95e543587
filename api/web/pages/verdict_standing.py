"""How far each ground has been raised: raised, could be raised, raised by nobody, or excluded.

A ground is raised when it is met or a fact of its own is entered. It could be raised when a gate to it is
answered, or facts entered bear on a question that it asks. What the law or the facts rule out is excluded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from api.law.library import EVERYWHERE, facts_in
from api.web.pages.record import Record
from api.web.pages.verdict_grounds import Shown, Told
from api.web.pages.verdict_labels import named
from api.web.pages.verdict_scene import Scene
from engine.content.conditions import Ref, walk
from engine.content.models import Criterion


@dataclass(frozen=True)
class Raisable:
    """A ground with the address at which the questions that raise it begin, and what points to it."""

    shown: Shown
    address: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """The grounds against surrender by how far they were raised; those that do not apply here are left out."""

    raised: tuple[Raisable, ...]
    could: tuple[Raisable, ...]
    excluded: tuple[Shown, ...]
    nobody: tuple[Raisable, ...]


def standing_of_grounds(record: Record, scene: Scene, told: Told) -> Standing:
    """All grounds that bear on surrender, by how far they were raised."""
    sorter = _Sorter(record, scene)
    groups: dict[str, list[Raisable]] = {"raised": [], "could": [], "nobody": []}
    excluded: list[Shown] = []
    for one in told.by_id.values():
        if not one.weighs or one.said.status == "not_applicable":
            continue
        kind = sorter.kind(one)
        if kind == "excluded":
            excluded.append(one)
        else:
            groups[kind].append(Raisable(one, sorter.address(one)))
    return Standing(tuple(groups["raised"]), tuple(groups["could"]), tuple(excluded), tuple(groups["nobody"]))


class _Sorter:
    def __init__(self, record: Record, scene: Scene) -> None:
        self.record, self.scene = record, scene
        self.facts = record.engine.pack.vocabulary.facts
        case = scene.case
        self.entered = set(case.findings) | {
            name for listed in case.items.values() for one in listed for name in one.findings
        }
        self.evidence = record.engine.program.evidence
        self._reads: dict[str, frozenset[str]] = {}

    def kind(self, one: Shown) -> str:
        """How far a ground was raised."""
        said = one.said
        if said.status == "met":
            return "raised"
        if said.status_strict == "not_met":
            return "excluded"
        criterion = self.record.engine.pack.criteria.get(said.id)
        if criterion is None:
            return "nobody"
        reads = self._facts(criterion)
        own = [name for name in reads if self.facts[name].theme not in EVERYWHERE]
        if self.entered & set(own):
            return "raised"
        gates = {gate.fact for name in own for gate in self.facts[name].closed_by}
        return "could" if gates & self.entered or self._borne_on(own) else "nobody"

    def _facts(self, criterion: Criterion) -> frozenset[str]:
        """The facts that a criterion reads, also through those that it names."""
        if criterion.id not in self._reads:
            self._reads[criterion.id] = frozenset()  # a criterion that names itself reads nothing more
            named_ = {node.criterion for node in walk(criterion.condition) if isinstance(node, Ref)}
            found = set(facts_in(criterion.condition)) & set(self.facts)
            for name in named_ & set(self.record.engine.pack.criteria):
                found |= self._facts(self.record.engine.pack.criteria[name])
            self._reads[criterion.id] = frozenset(found)
        return self._reads[criterion.id]

    def _borne_on(self, facts: list[str]) -> bool:
        """Whether anything entered bears on one of these questions."""
        return any(self.entered & set(self._bearing(name)) for name in facts)

    def _bearing(self, fact: str) -> Iterator[str]:
        pack = self.record.engine.pack
        for source, _ in self.evidence.of_fact.get(fact, ()):
            if source.kind == "presumption":
                yield from self._own(facts_in(pack.presumptions[source.id].condition))

    def _own(self, facts: list[str]) -> Iterator[str]:
        return (name for name in facts if name in self.facts and self.facts[name].theme not in EVERYWHERE)

    def address(self, one: Shown) -> str:
        """Where the questions of a ground begin: at a gate that nobody answered, else at what is missing first."""
        for about in (*one.missing, *one.rebuttable):
            if about.fact is None or not about.address:
                continue
            gate = next((one.fact for one in about.fact.closed_by if one.fact not in self.entered), "")
            start = named(self.scene, gate).address if gate else about.address
            joint = "&" if "?" in start else "?"
            return f"{start}{joint}theme={quote(about.fact.theme)}"
        return ""
