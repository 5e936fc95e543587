"""What one would write oneself: a loop over the nodes, one generated function, and arrays of small integers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.base import Base
from benchmarks.peers.peer import Peer, flat, paired
from engine.bulk.planes import Array


def loop(base: Base) -> Peer:
    """A loop over the nodes of each case: the least of what joins, the greatest of what parts."""

    def run(rows: list[list[int]]) -> list[list[int]]:
        results = []
        for row in rows:
            value = dict(zip(base.atoms, row, strict=True))
            for step in base.steps:
                below = [value[child] for child in step.of]
                if step.op == "closed":
                    value[step.number] = -1 if below[0] < 1 and below[1] == 1 else below[0]
                    continue
                value[step.number] = -below[0] if step.op == "not" else min(below) if step.op == "all" else max(below)
            results.append([value[node] for node in base.nodes])
        return results

    return Peer("a plain Python loop", lambda cases: flat(cases).tolist(), run, paired)


def generated(base: Base) -> Peer:
    """One generated function without a loop; a bit for the strict half and one for the half on the record."""
    decide = _function(base)

    def ready(cases: Array) -> list[list[int]]:
        true, false = [(cases[:, 0] == sign) + 2 * (cases[:, 1] == sign) for sign in (1, -1)]
        return np.concatenate((true, false), axis=1).tolist()

    def values(raw: list[tuple[list[int], list[int]]]) -> Array:
        bits = np.array(raw, dtype=np.int8)
        return np.stack([(bits[:, 0] >> half & 1) - (bits[:, 1] >> half & 1) for half in (0, 1)], axis=1)

    return Peer("a generated Python function", ready, lambda rows: [decide(row) for row in rows], values)


def _function(base: Base) -> Callable[[list[int]], tuple[list[int], list[int]]]:
    lines = [f"{''.join(f'{kind}{atom}, ' for kind in 'tf' for atom in base.atoms)} = planes"]
    for step in base.steps:
        true, false = [f"t{child}" for child in step.of], [f"f{child}" for child in step.of]
        if step.op == "closed":
            lines.append(f"t{step.number} = {true[0]}; f{step.number} = {false[0]} | {true[1]} & ~{true[0]}")
            continue
        if step.op == "not":
            true, false = false, true
        ops = ("&", "|") if step.op == "all" else ("|", "&")
        lines.append(f"t{step.number} = {f' {ops[0]} '.join(true)}; f{step.number} = {f' {ops[1]} '.join(false)}")
    wanted = [", ".join(f"{kind}{node}" for node in base.nodes) for kind in "tf"]
    lines.append(f"return [{wanted[0]}], [{wanted[1]}]")
    namespace: dict[str, Any] = {}
    exec("def decide(planes):\n" + "".join(f"    {line}\n" for line in lines), namespace)
    made: Callable[[list[int]], tuple[list[int], list[int]]] = namespace["decide"]
    return made


def arrays(base: Base) -> Peer:
    """NumPy arrays of one byte a value, in chunks."""

    def run(columns: Array) -> list[Array]:
        value: dict[int, Array] = dict(zip(base.atoms, columns, strict=True))
        for step in base.steps:
            below = [value[child] for child in step.of]
            if step.op == "not":
                value[step.number] = np.negative(below[0])
                continue
            if step.op == "closed":
                value[step.number] = np.where((below[1] > 0) & (below[0] < 1), np.int8(-1), below[0])
                continue
            join = np.minimum if step.op == "all" else np.maximum
            joined = join(below[0], below[-1])
            for child in below[1:-1]:
                join(joined, child, out=joined)
            value[step.number] = joined
        return [value[node] for node in base.nodes]

    return Peer(
        "NumPy, a byte a value, chunks of 16,000 rows",
        lambda cases: np.ascontiguousarray(flat(cases).T),
        run,
        lambda columns: paired(np.stack(columns, axis=1)),
        chunk=8_000,
    )
