"""A place for every box: layers from facts to outcome, few crossings, straight lines where there can be.

The classic steps of layered drawing, each deterministic: longest paths give layers, dummies reserve room for long edges,
barycentres order a layer, and an isotonic fit puts each box as near to its neighbours as the order allows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from api.documents.graph.model import Graph

SWEEPS = 12
Point = tuple[float, float]


@dataclass
class Spot:
    """A box or a dummy: its layer, its size and the middle of its height."""

    name: str
    layer: int
    height: float
    y: float = 0.0
    dummy: bool = False


@dataclass(frozen=True)
class Layout:
    """Spots by name, layers from left to right, and for each edge the names it passes."""

    spots: dict[str, Spot]
    layers: tuple[tuple[str, ...], ...]
    routes: tuple[tuple[str, ...], ...]
    height: float


def laid_out(graph: Graph, height_of: Callable[[str], float], gap: float) -> Layout:
    """Layers, order and heights of all boxes of a graph."""
    levels = _levels(graph)
    spots = {name: Spot(name, level, height_of(name)) for name, level in levels.items()}
    routes = tuple(_route(edge.source, edge.target, number, spots) for number, edge in enumerate(graph.edges))
    layers: list[list[str]] = [[] for _ in range(max(levels.values(), default=0) + 1)]
    for spot in spots.values():
        layers[spot.layer].append(spot.name)
    before, after = _neighbours(routes)
    _order(layers, before, after)
    _settle(layers, spots, before, after, gap)
    top = min((spot.y - spot.height / 2 for spot in spots.values()), default=0.0)
    for spot in spots.values():
        spot.y -= top
    height = max((spot.y + spot.height / 2 for spot in spots.values()), default=0.0)
    return Layout(spots, tuple(tuple(layer) for layer in layers), routes, height)


def _levels(graph: Graph) -> dict[str, int]:
    """Facts in the first layer, everything else one after what it needs; grounds and outcome at the end."""
    below: dict[str, list[str]] = {name: [] for name in graph.nodes}
    for edge in graph.edges:
        below[edge.target].append(edge.source)
    levels: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in levels:
            needs = [level(one) for one in below[name]]
            levels[name] = max(needs, default=-1) + 1
        return levels[name]

    for name in graph.nodes:
        level(name)
    end = max((levels[name] for name, node in graph.nodes.items() if node.kind == "ground"), default=0)
    for name, node in graph.nodes.items():
        if node.kind == "ground" and not any(
            graph.nodes[edge.target].kind != "outcome" for edge in graph.edges if edge.source == name
        ):
            levels[name] = max(end, levels[name])
    for name, node in graph.nodes.items():
        if node.kind == "outcome":
            levels[name] = max((levels[one] for one in below[name]), default=0) + 1
    return levels


def _route(source: str, target: str, number: int, spots: dict[str, Spot]) -> tuple[str, ...]:
    """The names an edge passes, with a dummy in each layer between."""
    names = [source]
    for layer in range(spots[source].layer + 1, spots[target].layer):
        name = f"edge {number} layer {layer}"
        spots[name] = Spot(name, layer, 6, dummy=True)
        names.append(name)
    return (*names, target)


def _neighbours(routes: Sequence[tuple[str, ...]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for route in routes:
        for left, right in pairwise(route):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    return before, after


def _order(layers: list[list[str]], before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    """Sort each layer by the mean place of its neighbours, left to right and back."""
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 1
        beside = before if forward else after
        numbers = range(1, len(layers)) if forward else range(len(layers) - 2, -1, -1)
        for number in numbers:
            fixed = layers[number - 1 if forward else number + 1]
            place = {name: index for index, name in enumerate(fixed)}
            own = {name: index for index, name in enumerate(layers[number])}
            layers[number].sort(
                key=lambda name: (_mean([place[one] for one in beside.get(name, ())], own[name]), own[name])
            )


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _settle(
    layers: list[list[str]],
    spots: dict[str, Spot],
    before: dict[str, list[str]],
    after: dict[str, list[str]],
    gap: float,
) -> None:
    """Stack every layer, then move boxes towards their neighbours without changing the order."""
    for layer in layers:
        _place(layer, spots, [0.0] * len(layer), gap)
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 else reversed(layers):
            wanted = []
            for name in layer:
                beside = [*before.get(name, ()), *after.get(name, ())]
                wanted.append(_mean([spots[one].y for one in beside], spots[name].y))
            _place(layer, spots, wanted, gap)


def _place(layer: Sequence[str], spots: dict[str, Spot], wanted: Sequence[float], gap: float) -> None:
    """The heights nearest to what is wanted, by pooling neighbours that would overlap."""
    offsets, offset = [], 0.0
    for index, name in enumerate(layer):
        if index:
            offset += (spots[layer[index - 1]].height + spots[name].height) / 2 + gap
        offsets.append(offset)
    pools: list[tuple[float, int]] = []
    for want, shift in zip(wanted, offsets, strict=True):
        pools.append((want - shift, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (left, many), (right, few) = pools[-2], pools[-1]
            pools[-2:] = [((left * many + right * few) / (many + few), many + few)]
    fitted = [mean for mean, many in pools for _ in range(many)]
    for name, base, shift in zip(layer, fitted, offsets, strict=True):
        spots[name].y = base + shift
