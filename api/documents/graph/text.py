"""A graph in words, for readers who cannot see it, and in the language of Graphviz."""

from __future__ import annotations

from api.documents.graph.model import (
    KINDS,
    Edge,
    Graph,
    Node,
)
from api.documents.language.words import STATUSES

_SHAPES = {
    "met": "box",
    "open": "ellipse",
    "not_met": "octagon",
    "not_applicable": "parallelogram",
    None: "doubleoctagon",
}


def render(graph: Graph) -> str:
    """The same boxes and lines as a nested list, from the outcome down; a box told before is only named."""
    rows = [graph.title, graph.description, ""]
    told: set[str] = set()
    supports = {edge.source for edge in graph.edges}
    for name in graph.nodes:
        if name not in supports:
            rows += _told(graph, name, None, 0, told)
    counts = ", ".join(
        f"{sum(node.kind == kind for node in graph.nodes.values())} {title.lower()}" for kind, title in KINDS.items()
    )
    return "\n".join([*rows, "", f"In all: {counts}."]) + "\n"


def _told(graph: Graph, name: str, edge: Edge | None, depth: int, told: set[str]) -> list[str]:
    node = graph.nodes[name]
    joint = "" if edge is None else "not: " if edge.negated else ""
    weight = "" if edge is None or edge.turns else _weight(graph, edge)
    below = graph.below(name)
    again = " (told above)" if name in told and below else ""
    rows = [f"{'  ' * depth}- {joint}{sentence(node)}{weight}{again}"]
    if not again:
        told.add(name)
        for one in below:
            rows += _told(graph, one.source, one, depth + 1, told)
    return rows


def _weight(graph: Graph, edge: Edge) -> str:
    """What a dashed line means: to the outcome, that it is not there yet."""
    return (
        " (could still change the outcome)" if graph.nodes[edge.target].kind == "outcome" else " (nothing turns on it)"
    )


def sentence(node: Node) -> str:
    """One box in words."""
    head = STATUSES[node.status] if node.status else node.name
    value = f": {node.value}" if node.value else ""
    doubt = " [unverified]" if node.unverified else ""
    note = f" ({node.note})" if node.note else ""
    return f"{head}{value}{doubt} - {node.text}{note}"


def dot(graph: Graph) -> str:
    """The graph for Graphviz."""
    names = {name: f"n{number}" for number, name in enumerate(graph.nodes)}
    rows = [f"digraph {_quoted(graph.title)} {{", "  rankdir=LR; node [fontname=sans, fontsize=10];"]
    for name, node in graph.nodes.items():
        rows.append(f"  {names[name]} [shape={_SHAPES[node.status]}, label={_quoted(sentence(node))}];")
    for edge in graph.edges:
        look = ["style=solid" if edge.turns else "style=dashed", *(['label="not"'] if edge.negated else [])]
        rows.append(f"  {names[edge.source]} -> {names[edge.target]} [{', '.join(look)}];")
    return "\n".join([*rows, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
