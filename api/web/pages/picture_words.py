"""A graph in words for those who cannot see it: from the outcome down, each box once, told again only by name."""

from __future__ import annotations

from dataclasses import dataclass

from api.documents.graph.model import Edge, Graph, Node
from api.documents.language.catalogues import LawText
from api.web.pages.verdict_scene import Scene


@dataclass(frozen=True)
class Box:
    """A box with what leads to it; ``again`` when it was told before."""

    node: Node
    text: LawText
    value: LawText
    note: str
    negated: bool
    turns: bool
    again: bool
    below: tuple[Box, ...]


def boxes(graph: Graph, scene: Scene) -> list[Box]:
    """The boxes on which nothing else rests, with everything below them."""
    supports = {edge.source for edge in graph.edges}
    told: set[str] = set()
    return [_box(graph, scene, name, None, told) for name in graph.nodes if name not in supports]


def _box(graph: Graph, scene: Scene, name: str, edge: Edge | None, told: set[str]) -> Box:
    node, leads = graph.nodes[name], graph.below(name)
    again = name in told and bool(leads)
    told.add(name)
    return Box(
        node,
        scene.told(node.text),
        scene.told(node.value),
        node.note,
        edge is not None and edge.negated,
        edge is None or edge.turns,
        again,
        () if again else tuple(_box(graph, scene, one.source, one, told) for one in leads),
    )
