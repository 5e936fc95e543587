"""The engines compared. Each gives the values of all criteria for a number of cases."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.base import Base
from engine.bulk.kernel import Kernel
from engine.bulk.planes import Array, packed, unpacked
from engine.facts.columns import HERE
from engine.inference.program import Program

#: Values of all criteria, one row a case.
Peer = Callable[[Array], Array]


def plain_loop(base: Base) -> Peer:
    """What one would write first: a loop over the nodes of each case."""

    def run(cases: Array) -> Array:
        results = []
        for case in cases.tolist():
            value = dict(zip(base.atoms, case, strict=True))
            for step in base.steps:
                below = [value[child] for child in step.of]
                value[step.number] = -below[0] if step.op == "not" else min(below) if step.op == "all" else max(below)
            results.append([value[node] for node in base.criteria])
        return np.array(results, dtype=np.int8)

    return run


def generated(base: Base) -> Peer:
    """One generated Python function, two planes of one bit a node: our compiled engine's way, for one case."""
    lines = []
    for step in base.steps:
        true, false = [f"t{child}" for child in step.of], [f"f{child}" for child in step.of]
        if step.op == "not":
            true, false = false, true
        ops = ("&", "|") if step.op == "all" else ("|", "&")
        lines.append(f"t{step.number} = {f' {ops[0]} '.join(true)}; f{step.number} = {f' {ops[1]} '.join(false)}")
    head = f"({''.join(f't{atom}, f{atom}, ' for atom in base.atoms)}) = planes"
    tail = f"return [{', '.join(f't{node} - f{node}' for node in base.criteria)}]"
    namespace: dict[str, Any] = {}
    exec("def decide(planes):\n" + "".join(f"    {line}\n" for line in [head, *lines, tail]), namespace)

    def run(cases: Array) -> Array:
        planes = np.stack((cases == 1, cases == -1), axis=2).reshape(len(cases), -1).astype(int).tolist()
        return np.array([namespace["decide"](row) for row in planes], dtype=np.int8)

    return run


class BitPlanes:
    """Our bulk kernel; both halves of its planes hold cases here."""

    def __init__(self, program: Program) -> None:
        self.kernel = Kernel(program, _one_of_each(program), [entry.node for entry in program.entries.values()])
        self.base = Base.of(program)

    def planes(self, cases: Array) -> tuple[list[Any], Any, Any]:
        """The planes of some cases, a multiple of 64."""
        column = {atom: cases[:, position] for position, atom in enumerate(self.base.atoms)}
        zero = np.zeros(len(cases) // 64, dtype=np.uint64)
        inputs = [
            (~zero, zero) if isinstance(what, str) else (packed(column[what] == 1), packed(column[what] == -1))
            for what, _ in self.kernel.slots
        ]
        return inputs, zero, ~zero

    def __call__(self, cases: Array) -> Array:
        """Values of all criteria."""
        planes = self.kernel.run(*self.planes(cases))
        found = []
        for node in self.base.criteria:
            scope = self.kernel.program.nodes[node].scope
            true, false = planes[(node, HERE if scope == "case" else (scope, 0))]
            found.append(unpacked(true).astype(np.int8) - unpacked(false).astype(np.int8))
        return np.stack(found, axis=1)


def _one_of_each(program: Program) -> dict[str, int]:
    return {scope: 1 for node in program.nodes for scope in (node.scope, node.part) if scope not in ("", "case")}


def clingo(base: Base) -> Peer:
    """clingo: grounded once, one solve a case; ``h(n,1)`` says that node n holds, ``h(n,-1)`` that it does not."""
    from clingo import Control, Function, Number

    lines = [f"#external h({atom},{value})." for atom in base.atoms for value in (1, -1)]
    for step in base.steps:
        if step.op == "not":
            lines += [f"h({step.number},{value}) :- h({step.of[0]},{-value})." for value in (1, -1)]
        else:
            every, some = (1, -1) if step.op == "all" else (-1, 1)
            lines.append(f"h({step.number},{every}) :- {', '.join(f'h({child},{every})' for child in step.of)}.")
            lines += [f"h({step.number},{some}) :- h({child},{some})." for child in step.of]
    control = Control(["--warn=none"])
    control.add("base", [], "\n".join(lines))
    control.ground([("base", [])])
    symbols = {
        (node, value): Function("h", [Number(node), Number(value)])
        for node in (*base.atoms, *base.criteria)
        for value in (1, -1)
    }

    def run(cases: Array) -> Array:
        results: list[list[int]] = []

        def read(model: Any) -> None:
            contains = model.contains
            results.append([contains(symbols[node, 1]) - contains(symbols[node, -1]) for node in base.criteria])

        for case in cases.tolist():
            for atom, value in zip(base.atoms, case, strict=True):
                control.assign_external(symbols[atom, 1], value == 1)
                control.assign_external(symbols[atom, -1], value == -1)
            control.solve(on_model=read)
        return np.array(results, dtype=np.int8)

    return run


def openfisca(base: Base) -> Peer:
    """OpenFisca-core: one variable a node, vectorised over the cases given."""
    from openfisca_core.entities import Entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    entity = Entity("case", "cases", "A case", "")
    entity.is_person = True
    system = TaxBenefitSystem([entity])
    common = {"value_type": int, "entity": entity, "definition_period": DateUnit.YEAR, "label": "A node"}

    def formula(step: Any) -> Callable[..., Any]:
        names = [f"n{child}" for child in step.of]

        def compute(case: Any, period: Any) -> Any:
            below = [case(name, period) for name in names]
            if step.op == "not":
                return -below[0]
            return np.minimum.reduce(below) if step.op == "all" else np.maximum.reduce(below)

        return compute

    for atom in base.atoms:
        system.add_variable(type(f"n{atom}", (Variable,), dict(common)))
    for step in base.steps:
        system.add_variable(type(f"n{step.number}", (Variable,), {**common, "formula": formula(step)}))

    def run(cases: Array) -> Array:
        simulation = SimulationBuilder().build_default_simulation(system, count=len(cases))
        for position, atom in enumerate(base.atoms):
            simulation.set_input(f"n{atom}", "2020", cases[:, position].astype(np.int32))
        found = [simulation.calculate(f"n{node}", "2020") for node in base.criteria]
        return np.stack(found, axis=1).astype(np.int8)

    return run


def zen(base: Base) -> Peer:
    """GoRules zen-engine: one expression node, two expressions a node of ours."""
    import json

    from zen import ZenEngine

    atoms = set(base.atoms)

    def name(kind: str, node: int) -> str:
        return f"{kind}{node}" if node in atoms else f"$.{kind}{node}"

    expressions = []
    for step in base.steps:
        for kind, other, word in (("t", "f", "and"), ("f", "t", "or")):
            if step.op == "not":
                value = name(other, step.of[0])
            else:
                joined = word if step.op == "all" else {"and": "or", "or": "and"}[word]
                value = f" {joined} ".join(name(kind, child) for child in step.of)
            key = f"{kind}{step.number}"
            expressions.append({"id": key, "key": key, "value": value})
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "ex",
            "type": "expressionNode",
            "name": "ex",
            "content": {"expressions": expressions},
            "position": {"x": 0, "y": 0},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "ex", "type": "edge"},
        {"id": "b", "sourceId": "ex", "targetId": "out", "type": "edge"},
    ]
    decision = ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def run(cases: Array) -> Array:
        results = []
        for case in cases.tolist():
            known = {}
            for atom, value in zip(base.atoms, case, strict=True):
                known[f"t{atom}"], known[f"f{atom}"] = value == 1, value == -1
            told = {**known, **decision.evaluate(known)["result"]}
            results.append([told[f"t{node}"] - told[f"f{node}"] for node in base.criteria])
        return np.array(results, dtype=np.int8)

    return run


#: Peers that may not be installed: name, module, how it is made, cases timed at once.
OPTIONAL: tuple[tuple[str, str, Callable[[Base], Peer], int], ...] = (
    ("clingo, one solve a case", "clingo", clingo, 200),
    ("zen-engine, one evaluation a case", "zen", zen, 50),
    ("OpenFisca-core, one case", "openfisca_core", openfisca, 1),
    ("OpenFisca-core, arrays of 16,384", "openfisca_core", openfisca, 16_384),
)


def installed() -> list[tuple[str, Callable[[Base], Peer], int]]:
    """The optional peers that are here."""
    return [(name, make, size) for name, module, make, size in OPTIONAL if find_spec(module)]
