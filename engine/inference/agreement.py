"""The two engines side by side: what the chaining engine is given, and where its answer differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.facts.columns import Columns, Place
from engine.facts.vocabulary import CASE, Vocabulary
from engine.inference.compiled import Planes
from engine.inference.durable import DurableEngine, Known, PartsView, Run, holds, literals
from engine.inference.evaluation import Evaluation
from engine.inference.program import Program


@dataclass(frozen=True)
class Observed:
    """Atoms known strictly and on the record, and the shape of the listed parts."""

    strict: Known
    record: Known
    parts: PartsView


def observed(program: Program, evaluation: Evaluation, columns: Columns, vocabulary: Vocabulary) -> Observed:
    """The atoms of an evaluated case: the only thing the two engines share."""
    listed = {
        part: {
            "strict": not evaluation.strict_columns.unlisted.get(part, 0) & 1,
            "record": not evaluation.record_columns.unlisted.get(part, 0) & 1,
        }
        for part in vocabulary.parts
    }
    return Observed(
        literals(_atoms(program, evaluation.strict, columns)),
        literals(_atoms(program, evaluation.record, columns)),
        PartsView(dict(columns.sizes), listed, dict(columns.latest)),
    )


def _atoms(program: Program, planes: Planes, columns: Columns) -> Iterator[tuple[Place, int, bool]]:
    places = {scope: columns.places(scope) for scope in (CASE, *columns.sizes)}
    for index, node in enumerate(program.nodes):
        if node.op == "atom":
            for place in places[node.scope]:
                true, false = planes.at(index, place)
                if (true | false) & 1:
                    yield place, index, bool(true & 1)


def compare(program: Program, durable: DurableEngine, run: Run, evaluation: Evaluation) -> list[str]:
    """Criteria whose status differs between the engines, strictly or on the record."""
    differing = []
    places = {scope: evaluation.strict_columns.places(scope) for scope in (CASE, *evaluation.strict_columns.sizes)}
    for name, entry in program.entries.items():
        for place in places[program.nodes[entry.node].scope]:
            for known, planes in ((run.strict, evaluation.strict), (run.record, evaluation.record)):
                true, false = planes.at(entry.node, place)
                compiled = True if true & 1 else False if false & 1 else None
                if holds(known, durable, entry.node, place) is not compiled:
                    differing.append(name)
    return list(dict.fromkeys(differing))
