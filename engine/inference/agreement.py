"""The two engines side by side: what the chaining engine is given, and where its answer differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.facts.columns import HERE, Columns, Place
from engine.facts.vocabulary import Vocabulary
from engine.inference.chaining import NOTHING, Known, PartsView, Run, literals, told
from engine.inference.compiled import Planes
from engine.inference.durable import DurableEngine
from engine.inference.evaluation import Evaluation
from engine.inference.program import Program

#: What a node that holds or fails is told to be; nothing does both.
_TOLD = {(1, 0): True, (0, 1): False, (0, 0): None}


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
    for scope, atoms in program.atoms.items():
        for place in columns.places(scope):
            for index in atoms:
                true, false = planes.at(index, place)
                if (true | false) & 1:
                    yield place, index, bool(true & 1)


def compare(program: Program, durable: DurableEngine, run: Run, evaluation: Evaluation) -> list[str]:
    """Criteria whose status differs between the engines, strictly or on the record."""
    differing: set[int] = set()
    for scope, nodes in program.roots.items():
        for place in evaluation.strict_columns.places(scope):
            for known, planes in ((run.strict, evaluation.strict), (run.record, evaluation.record)):
                own, here = known.get(place, NOTHING), known[HERE]
                for node in nodes:
                    true, false = planes.at(node, place)
                    if told(own, here, durable.standing[node]) is not _TOLD[true & 1, false & 1]:
                        differing.add(node)
    return [name for name, entry in program.entries.items() if entry.node in differing]
