"""OpenFisca-core: one variable a node, vectorised over the cases given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.base import Base, Step
from benchmarks.peers.peer import Missing, Peer, flat, paired
from engine.bulk.planes import Array

PERIOD = "2020"


def chunked(base: Base) -> Peer:
    """Chunks of 16,000 rows, strict and on the record."""
    return _peer(base, "OpenFisca-core, chunks of 16,000 rows", 8_000)


def single(base: Base) -> Peer:
    """One case at a time."""
    return _peer(base, "OpenFisca-core, one case", 1)


def _peer(base: Base, name: str, chunk: int) -> Peer:
    system, builder = _system(base)

    def ready(cases: Array) -> tuple[int, list[Array]]:
        columns = np.ascontiguousarray(flat(cases).T.astype(np.int32))
        return columns.shape[1], list(columns)

    def run(given: tuple[int, list[Array]]) -> list[Array]:
        simulation = builder().build_default_simulation(system, count=given[0])
        for atom, column in zip(base.atoms, given[1], strict=True):
            simulation.set_input(f"n{atom}", PERIOD, column)
        return [simulation.calculate(f"n{node}", PERIOD) for node in base.nodes]

    return Peer(name, ready, run, lambda raw: paired(np.stack(raw, axis=1)), chunk)


def _system(base: Base) -> tuple[Any, Any]:
    try:
        from openfisca_core.entities import Entity
        from openfisca_core.periods import DateUnit
        from openfisca_core.simulations import SimulationBuilder
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem
        from openfisca_core.variables import Variable
    except ImportError as error:
        raise Missing("OpenFisca-core is missing: pip install openfisca-core") from error
    entity = Entity("case", "cases", "A case", "")
    entity.is_person = True
    system = TaxBenefitSystem([entity])
    common = {"value_type": int, "entity": entity, "definition_period": DateUnit.YEAR, "label": "A node"}
    for atom in base.atoms:
        system.add_variable(type(f"n{atom}", (Variable,), dict(common)))
    for step in base.steps:
        system.add_variable(type(f"n{step.number}", (Variable,), {**common, "formula": _formula(step)}))
    return system, SimulationBuilder


def _formula(step: Step) -> Callable[..., Any]:
    names = [f"n{child}" for child in step.of]

    def formula(case: Any, period: Any) -> Any:
        below = [case(name, period) for name in names]
        if step.op == "not":
            return -below[0]
        if step.op == "closed":
            value, record = below
            return np.where((record > 0) & (value < 1), -1, value)
        return np.minimum.reduce(below) if step.op == "all" else np.maximum.reduce(below)

    return formula
