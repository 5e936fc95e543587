"""Both values of every node at once: strict, from what is known, and on the record, by the burden."""

from __future__ import annotations

from dataclasses import dataclass

from engine.facts.columns import Columns, Entailment
from engine.inference.atoms import Setting
from engine.inference.compiled import CompiledEngine, Planes


@dataclass(frozen=True)
class Evaluation:
    """The two columns and the planes they give."""

    strict_columns: Columns
    record_columns: Columns
    strict: Planes
    record: Planes


def evaluate_both(engine: CompiledEngine, entailment: Entailment, columns: Columns, setting: Setting) -> Evaluation:
    """Spread what is known, and what the burden adds, and evaluate each."""
    return evaluate_spread(engine, *entailment.both(columns), setting)


def evaluate_spread(engine: CompiledEngine, known: Columns, assumed: Columns, setting: Setting) -> Evaluation:
    """Evaluate columns that are spread already, strictly and on the record."""
    if known.lanes == 1:
        strict, record = engine.one.run(known, assumed, setting)
        return Evaluation(known, assumed, strict, record)
    lanes = engine.run(known, setting)
    return Evaluation(known, assumed, lanes, engine.run(assumed, setting, lanes))
