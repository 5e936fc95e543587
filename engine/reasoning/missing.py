"""What is missing: the unknown facts on which an open node still hangs.

Only open branches are followed: an unknown fact in a branch that is already decided is not missing.
An evaluative fact is missing itself; evidence from which it could be presumed is followed only when asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.facts.columns import HERE, Columns, Place
from engine.facts.vocabulary import CASE
from engine.inference.compiled import Planes
from engine.inference.program import Program


@dataclass(frozen=True, order=True)
class Need:
    """An unknown fact at a place, an unknown list (``fact`` empty), or what the register does not know of an instrument.

    That is whether it binds, or whether the State in the fact ``of`` made a declaration with the ``tag``.
    """

    part: str
    index: int
    fact: str
    instrument: str = ""
    tag: str = ""
    of: str = ""

    @property
    def place(self) -> Place:
        """Where the fact stands."""
        return self.part, self.index


@dataclass
class Missing:
    """Finds needs in one lane of evaluated planes.

    With ``evidence`` also the facts from which an answer could be presumed. With the planes on the
    ``record`` also the facts by which what is presumed there could be rebutted.
    """

    program: Program
    planes: Planes
    columns: Columns
    lane: int = 0
    evidence: bool = False
    record: Planes | None = None
    _memo: dict[tuple[int, Place], frozenset[Need]] = field(default_factory=dict)

    def of(self, node: int, place: Place) -> frozenset[Need]:
        """The needs of a node as seen from a place; none when it is decided."""
        where = HERE if self.program.nodes[node].scope == CASE else place
        key = (node, where)
        if key not in self._memo:
            true, false = self.planes.at(node, where)
            decided = (true | false) >> self.lane & 1
            self._memo[key] = frozenset() if decided else self._open(node, where)
        return self._memo[key]

    def _open(self, index: int, place: Place) -> frozenset[Need]:
        node = self.program.nodes[index]
        if node.op == "atom":
            return self._atom(index, place)
        if node.op == "presumed" and not self.evidence:
            atom, *sources = node.children
            return self.of(atom, place).union(*(self._rebuttals(source, place) for source in sources))
        if not node.part:
            return frozenset().union(*(self.of(child, place) for child in node.children))
        items = self.columns.places(node.part)
        if node.op == "latest":
            latest = self.columns.latest.get(node.part)
            items = [] if latest is None else [items[latest]]
        needs = frozenset().union(*(self.of(node.children[0], item) for item in items))
        listless = self.columns.unlisted.get(node.part, 0) >> self.lane & 1
        return needs | ({Need(node.part, -1, "")} if listless else set())

    def _rebuttals(self, index: int, place: Place) -> frozenset[Need]:
        """What could rebut the presumptions that hold on the record behind a source."""
        node = self.program.nodes[index]
        if self.record is None or not self.record.at(index, place)[0] >> self.lane & 1:
            return frozenset()
        if node.op == "presumption":
            return frozenset().union(*(self.of(rebuttal, place) for rebuttal in node.children[1:]))
        return frozenset().union(
            *(self._rebuttals(child, place) for child in node.children if node.op in ("any", "all"))
        )

    def _atom(self, index: int, place: Place) -> frozenset[Need]:
        node = self.program.nodes[index]
        needs = set()
        for fact in node.facts:
            own = place if fact in self.columns.values.get(place, {}) or self._belongs(fact, place) else HERE
            if not self.columns.known(own, fact) >> self.lane & 1:
                needs.add(Need(own[0], own[1], fact))
        if not needs and node.atom is not None and node.atom.kind == "bound":
            return frozenset({Need(CASE, 0, "", node.atom.args[0])})
        if not needs and node.atom is not None and node.atom.kind == "declared":
            return frozenset({Need(CASE, 0, "", *node.atom.args)})
        return frozenset(needs)

    def _belongs(self, fact: str, place: Place) -> bool:
        return place != HERE and self.scopes.get(fact, CASE) == place[0]

    scopes: dict[str, str] = field(default_factory=dict)
