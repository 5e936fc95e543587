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


def evaluate_both(
    engine: CompiledEngine, entailment: Entailment, columns: Columns, setting: Setting, known: Columns | None = None
) -> Evaluation:
    """Spread what is known (unless it is given already spread), then what the burden adds, and evaluate each."""
    known = known or entailment.spread(columns, on_the_record=False)
    assumed = entailment.spread(columns, on_the_record=True)
    return Evaluation(known, assumed, engine.run(known, setting), engine.run(assumed, setting))
