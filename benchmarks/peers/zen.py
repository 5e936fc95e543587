"""GoRules zen-engine: one expression node, two expressions a node of ours; with and without its trace."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.base import Base, Step
from benchmarks.peers.peer import Missing, Peer, flat, paired
from engine.bulk.planes import Array


def plain(base: Base) -> Peer:
    """Results only."""
    return _peer(base, "zen-engine", trace=False)


def traced(base: Base) -> Peer:
    """With the trace of the evaluation."""
    return _peer(base, "zen-engine with trace", trace=True)


def _peer(base: Base, name: str, *, trace: bool) -> Peer:
    try:
        from zen import ZenEngine
    except ImportError as error:
        raise Missing("zen-engine is missing: pip install zen-engine") from error
    decision = ZenEngine().create_decision(json.dumps(model(base)))
    options = {"trace": True} if trace else {}
    atoms = set(base.atoms)

    def ready(cases: Array) -> list[dict[str, bool]]:
        return [
            {
                f"{kind}{atom}": value == sign
                for atom, value in zip(base.atoms, row, strict=True)
                for kind, sign in SIGNS
            }
            for row in flat(cases).tolist()
        ]

    def run(rows: list[dict[str, bool]]) -> list[tuple[dict[str, bool], Any]]:
        return [(row, decision.evaluate(row, options)) for row in rows]

    def values(raw: list[tuple[dict[str, bool], Any]]) -> Array:
        rows = []
        for row, told in raw:
            assert not trace or told["trace"]
            rows.append([_value(row if node in atoms else told["result"], node) for node in base.nodes])
        return paired(rows)

    return Peer(name, ready, run, values)


SIGNS = (("t", 1), ("f", -1))


def _value(told: dict[str, bool], node: int) -> int:
    return told[f"t{node}"] - told[f"f{node}"]


def model(base: Base) -> dict[str, Any]:
    """The decision as zen-engine reads it."""
    atoms = set(base.atoms)
    expressions = [each for step in base.steps for each in _expressions(step, atoms)]
    nodes = [("in", "inputNode", {}), ("ex", "expressionNode", {"content": {"expressions": expressions}})]
    nodes.append(("out", "outputNode", {}))
    place = {"x": 0, "y": 0}
    return {
        "nodes": [{"id": key, "type": kind, "name": key, "position": place, **more} for key, kind, more in nodes],
        "edges": [
            {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
            for source, target in (("in", "ex"), ("ex", "out"))
        ],
    }


def _expressions(step: Step, atoms: set[int]) -> list[dict[str, str]]:
    def named(kind: str, node: int) -> str:
        return f"{kind}{node}" if node in atoms else f"$.{kind}{node}"

    made = []
    for kind, other in (("t", "f"), ("f", "t")):
        if step.op == "closed":
            node, record = step.of
            value = named(kind, node)
            if kind == "f":
                value += f" or ({named('t', record)} and not {named('t', node)})"
        else:
            told = other if step.op == "not" else kind
            word = " and " if (step.op == "all") == (kind == "t") else " or "
            value = word.join(named(told, child) for child in step.of)
        key = f"{kind}{step.number}"
        made.append({"id": key, "key": key, "value": value})
    return made
