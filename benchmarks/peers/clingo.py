"""clingo: grounded once, one solve for each half of a case.

``h(n,1)`` says that node n holds, ``h(n,-1)`` that it does not; unknown is neither. Atoms are externals.
"""

from __future__ import annotations

from typing import Any

from benchmarks.base import Base, Step
from benchmarks.peers.peer import Missing, Peer, flat, paired
from engine.bulk.planes import Array


def rules_of(step: Step) -> list[str]:
    """The rules of a node, for its holding and for its failing."""
    if step.op == "not":
        return [f"h({step.number},{value}) :- h({step.of[0]},{-value})." for value in (1, -1)]
    if step.op == "closed":
        node, record = step.of
        kept = [f"h({step.number},{value}) :- h({node},{value})." for value in (1, -1)]
        return [*kept, f"h({step.number},-1) :- h({record},1), not h({node},1)."]
    every, some = (1, -1) if step.op == "all" else (-1, 1)
    joined = f"h({step.number},{every}) :- {', '.join(f'h({child},{every})' for child in step.of)}."
    return [joined, *(f"h({step.number},{some}) :- h({child},{some})." for child in step.of)]


def solved(base: Base) -> Peer:
    """One control for all cases."""
    try:
        from clingo import Control, Function, Number
    except ImportError as error:
        raise Missing("clingo is missing: pip install clingo") from error
    lines = [f"#external h({atom},{value})." for atom in base.atoms for value in (1, -1)]
    lines += [rule for step in base.steps for rule in rules_of(step)]
    control = Control(["--warn=none"])
    control.add("base", [], "\n".join(lines))
    control.ground([("base", [])])
    literal: dict[tuple[int, int], int] = {}
    for node in {*base.atoms, *base.nodes}:
        for value in (1, -1):
            found = control.symbolic_atoms[Function("h", [Number(node), Number(value)])]
            literal[node, value] = found.literal if found else 0

    def ready(cases: Array) -> list[list[tuple[int, bool]]]:
        rows = flat(cases).tolist()
        return [
            [
                (literal[atom, sign], value == sign)
                for atom, value in zip(base.atoms, row, strict=True)
                for sign in (1, -1)
            ]
            for row in rows
        ]

    asked = [(literal[node, 1], literal[node, -1]) for node in base.nodes]

    def run(rows: list[list[tuple[int, bool]]]) -> list[list[int]]:
        results: list[list[int]] = []

        def read(model: Any) -> None:
            holds = model.is_true
            results.append([bool(true and holds(true)) - bool(false and holds(false)) for true, false in asked])

        assign = control.assign_external
        for row in rows:
            for number, holds in row:
                assign(number, holds)
            control.solve(on_model=read)
        return results

    return Peer("clingo, one solve for each half", ready, run, paired)
