"""The graph of an answer: what is drawn, before it has a place.

Without a focus it holds the outcome, the grounds that decide, and the steps on which the met ones turn; open grounds
stand with the number of facts they wait for. With a focus it holds the whole proof of one criterion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from api.documents.graph.turning import turning
from api.documents.language.marking import marked
from api.documents.text.safe import inert
from api.documents.text.words import (
    FactWords,
    cited,
    day,
    effect_word,
    outcome_word,
    plural,
)
from engine.answer.model import (
    Answer,
    GroundSaid,
    ProofNode,
    Status,
)
from engine.content.models import Pack
from engine.reasoning.outcome import LEVEL_OF

Kind = Literal["fact", "group", "criterion", "ground", "outcome"]
KINDS: dict[Kind, str] = {
    "fact": marked("Facts"),
    "group": marked("Groups"),
    "criterion": marked("Criteria"),
    "ground": marked("Grounds"),
    "outcome": marked("Outcome"),
}
_GROUPS = {"all": "all of these", "any": "at least one of these"}


@dataclass(frozen=True)
class Node:
    """A box: what it is, what it says, and how it stands. The outcome has no status; ``lit`` has come last."""

    id: str
    kind: Kind
    text: str
    status: Status | None = None
    name: str = ""
    value: str = ""
    note: str = ""
    unverified: bool = False
    lit: bool = False


@dataclass(frozen=True)
class Edge:
    """From what supports to what it supports; ``turns`` when the target turns on it, ``negated`` under a *not*."""

    source: str
    target: str
    turns: bool = True
    negated: bool = False


@dataclass
class Graph:
    """Nodes by id, in the order found, and edges without repetition."""

    title: str
    description: str
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)

    def add(self, node: Node) -> str:
        """Keep a node, the first of its id."""
        self.nodes.setdefault(node.id, node)
        return node.id

    def join(self, edge: Edge) -> None:
        """Keep an edge, once."""
        if edge not in self.edges:
            self.edges.append(edge)

    def below(self, name: str) -> list[Edge]:
        """The edges that lead to a node."""
        return [edge for edge in self.edges if edge.target == name]


def overview(answer: Answer, pack: Pack) -> Graph:
    """The outcome with the grounds that decide it."""
    drawn = _Drawing(answer, pack, turning=True)
    live = [one for one in answer.grounds if one.status in ("met", "open") and one.effect in LEVEL_OF]
    met, still = [one for one in live if one.status == "met"], [one for one in live if one.status == "open"]
    about = f"{plural(len(met), 'ground')} met with the steps they turn on; {plural(len(still), 'ground')} open, each with the number of facts it waits for."
    graph = drawn.begin(about)
    top = graph.add(Node("outcome", "outcome", inert(answer.sentence), name=outcome_word(answer.outcome)))
    for ground in met:
        graph.join(Edge(drawn.ground(ground), top))
        drawn.proof(answer.proof[ground.id], f"c:{ground.id}")
    for ground in still:
        graph.join(Edge(drawn.ground(ground), top, turns=False))
    return graph


def focused(answer: Answer, pack: Pack, ground: GroundSaid, proofs: Sequence[tuple[str, ProofNode]]) -> Graph:
    """One criterion with its whole proof, or its proofs item by item."""
    drawn = _Drawing(answer, pack, turning=False)
    graph = drawn.begin(
        f"The whole proof of {ground.id}. Steps on which the result turns have solid lines, others dashed."
    )
    top = drawn.ground(ground)
    for place, proof in proofs:
        under = top
        if len(proofs) > 1:
            under = graph.add(Node(f"i:{place}", "group", inert(place), proof.status))
            graph.join(Edge(under, top))
        drawn.proof(proof, under)
    return graph


class _Drawing:
    """Walks proofs into a graph; ``turning`` keeps only the steps on which the result turns."""

    def __init__(self, answer: Answer, pack: Pack, *, turning: bool) -> None:
        self.answer, self.pack, self.turning = answer, pack, turning
        self.words = FactWords(pack)
        self.graph = Graph("", "")
        self._groups = 0
        self._walked: set[str] = set()

    def begin(self, about: str) -> Graph:
        """The graph with its title and description."""
        title = self.answer.title or self.answer.case or "The case"
        self.graph.title = inert(f"{title}: the reasoning")
        self.graph.description = inert(f"As of {day(self.answer.assessed_on)}: {self.answer.sentence} {about}")
        return self.graph

    def ground(self, ground: GroundSaid) -> str:
        """The box of a ground."""
        waits = plural(len(ground.missing), "fact") + " not known" if ground.status == "open" else ""
        note = "; ".join(part for part in (cited(ground.citations), effect_word(ground.effect), waits) if part)
        kind: Kind = "ground" if ground.effect else "criterion"
        doubt = bool(ground.unverified)
        return self.graph.add(
            Node(f"c:{ground.id}", kind, ground.title, ground.status, ground.id, note=note, unverified=doubt)
        )

    def proof(self, node: ProofNode, under: str) -> None:
        """The steps below a criterion, joined to the box that stands for it."""
        for child in self._shown(node):
            inner = self._shown(child) if child.kind == "all" else (child,)
            for one in inner:
                self._step(one, under, turns=self._turns(node, child) and self._turns(child, one), negated=False)

    def _shown(self, node: ProofNode) -> tuple[ProofNode, ...]:
        return turning(node) if self.turning else node.children

    def _turns(self, node: ProofNode, child: ProofNode) -> bool:
        return child is node or child in turning(node)

    def _step(self, node: ProofNode, under: str, *, turns: bool, negated: bool) -> None:
        if node.kind == "applies" and node.status == "met" and self.turning:
            return
        if node.kind == "not":
            self._step(node.children[0], under, turns=turns, negated=not negated)
            return
        if node.kind in ("all", "any") and len(self._shown(node)) == 1:
            only = self._shown(node)[0]
            self._step(only, under, turns=turns and self._turns(node, only), negated=negated)
            return
        name = self._box(node, under)
        self.graph.join(Edge(name, under, turns, negated))
        if name in self._walked:
            return
        self._walked.add(name)
        if node.kind == "criterion":
            self.proof(node, name)
            return
        for child in self._shown(node):
            self._step(child, name, turns=self._turns(node, child), negated=False)

    def _box(self, node: ProofNode, under: str) -> str:
        if node.kind == "criterion":
            name = f"c:{node.criterion}" + (f"@{under}" if self.pack.criteria[node.criterion].scope != "case" else "")
            doubt = node.review == "unverified"
            cites = "; ".join(node.citations)
            return self.graph.add(
                Node(name, "criterion", inert(node.text), node.status, node.criterion, note=cites, unverified=doubt)
            )
        if node.kind in ("fact", "applies"):
            return self._fact(node)
        self._groups += 1
        text = _GROUPS.get(node.kind, node.text)
        return self.graph.add(Node(f"g:{self._groups}", "group", inert(text), node.status))

    def _fact(self, node: ProofNode) -> str:
        found = node.finding
        label = found.fact if found else ""
        value = inert(found.shown) if found and found.source not in ("register", "date") else ""
        _, where = self.words.question(label)
        standing = (
            {"finding": found.standing, "presumption": "presumed", "burden": "by the burden of proof"}.get(
                found.source, ""
            )
            if found
            else ""
        )
        note = "; ".join(part for part in (where, standing) if part)
        return self.graph.add(
            Node(f"f:{label}:{node.text}", "fact", inert(node.text), node.status, inert(label), value, inert(note))
        )
