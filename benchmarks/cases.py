"""The cases that all engines get: drawn over the whole vocabulary, then told atom by atom.

Each has one offence, one assurance and one item of any other list. What its atoms are, strictly and on the
record, is read off our own evaluation; so is what every peer's answer is compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.base import Base, completed
from engine.assess import Engine, Weighed
from engine.bulk.planes import Array
from engine.errors import InputProblems
from engine.facts.casefile import Case
from engine.facts.columns import HERE
from engine.facts.vocabulary import CASE
from engine.inference.compiled import Planes
from engine.reasoning.outcome import LEVELS
from tests.bulk.support import Generator

#: The day of all cases, so that what holds on a day is found once, as in the previews of one case.
DAY = "2025-01-13"


class OneOfEach(Generator):
    """Random cases with one item in each list."""

    def data(self) -> dict[str, Any]:
        """A case file, possibly with findings that contradict each other."""
        data = super().data()
        for part in self.engine.pack.vocabulary.parts.values():
            data[part.id] = [self._item(part.id, part.dated_by, 0.5)]
        return {**data, "assessed_on": DAY}


@dataclass(frozen=True)
class Cases:
    """Cases as files say them, as our engine weighs them, and atom by atom.

    ``atoms`` and ``right`` are (cases, strict and on the record, atoms or nodes asked for).
    """

    read: list[Case]
    weighed: list[Weighed]
    atoms: Array
    right: Array

    def tiled(self, number: int, seed: int = 2) -> Array:
        """The atoms of so many cases, drawn from these."""
        return self.atoms[np.random.default_rng(seed).integers(0, len(self.atoms), number)]


def drawn(engine: Engine, base: Base, number: int, seed: int = 1) -> Cases:
    """So many cases that can be assessed and have one item in each list."""
    generator, read, weighed = OneOfEach(engine, seed), list[Case](), list[Weighed]()
    while len(read) < number:
        case = generator.case()
        try:
            found = engine.weigh(case)
        except InputProblems:
            continue
        if _plain(engine, found):
            read.append(case)
            weighed.append(found)
    atoms = np.array([[_values(p, base.own, base) for p in _both(w)] for w in weighed], dtype=np.int8)
    asked = [node for node in base.nodes if node not in base.verdict]
    right = np.array([[_values(p, asked, base) for p in _both(w)] for w in weighed], dtype=np.int8)
    reached = np.array([_reached(engine, w) for w in weighed], dtype=np.int8)
    return Cases(read, weighed, completed(atoms, base), np.concatenate((right, reached), axis=2))


def random_atoms(base: Base, number: int, seed: int = 3) -> Array:
    """Atoms drawn at random, a third of them unknown; what is known strictly is known on the record."""
    random = np.random.default_rng(seed)
    record = random.integers(-1, 2, (number, len(base.own)), dtype=np.int8)
    strict = record * random.integers(0, 2, record.shape, dtype=np.int8)
    governed = [place for place, atom in enumerate(base.own) if atom in base.given.governed]
    record[:, governed], strict[:, governed] = np.where(record[:, governed] > 0, 1, -1), 0
    return completed(np.stack((strict, record), axis=1), base)


def _both(weighed: Weighed) -> tuple[Planes, Planes]:
    return weighed.evaluation.strict, weighed.evaluation.record


def _plain(engine: Engine, weighed: Weighed) -> bool:
    """Whether every list is known to have one item, also after later ones were left out."""
    columns = weighed.evaluation.strict_columns
    parts = engine.pack.vocabulary.parts.values()
    return all(
        columns.sizes.get(part.id) == 1
        and not columns.unlisted.get(part.id)
        and (not part.dated_by or columns.latest.get(part.id) == 0)
        for part in parts
    )


def _values(planes: Planes, nodes: Any, base: Base) -> list[int]:
    return [value(planes, node, base) for node in nodes]


def value(planes: Planes, node: int, base: Base) -> int:
    """1 true, -1 false, 0 unknown."""
    scope = base.program.nodes[node].scope
    true, false = planes.at(node, HERE if scope == CASE else (scope, 0))
    return (true & 1) - (false & 1)


def _reached(engine: Engine, weighed: Weighed) -> list[list[int]]:
    """For each level above admissible whether it is reached: yes, no, or open; strictly and on the record."""
    both, rows = weighed.evaluation, []
    for planes, columns in ((both.strict, both.strict_columns), (both.record, both.record_columns)):
        least, most = (LEVELS.index(bound) for bound in engine.judge.range(planes, columns).bounds())
        rows.append([(level <= least) - (level > most) for level in range(1, len(LEVELS))])
    return rows
