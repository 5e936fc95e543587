"""The rule base that all engines run: the real criteria over their atoms, for a case with one item in each list.

With one item present in every list, *some* and *every* are the item's own value, so the program becomes
and, or and not over three values, which every engine can be given. A case is a value for each atom:
1 true, -1 false, 0 unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.bulk.planes import Array
from engine.inference.program import Program


@dataclass(frozen=True)
class Step:
    """A node: ``op`` is all, any or not; ``of`` are numbers of earlier nodes."""

    number: int
    op: str
    of: tuple[int, ...]


@dataclass(frozen=True)
class Base:
    """Atoms, steps in order, and the nodes of the criteria."""

    atoms: tuple[int, ...]
    steps: tuple[Step, ...]
    criteria: tuple[int, ...]

    @classmethod
    def of(cls, program: Program) -> Base:
        """The base of a program."""
        ordered = [index for _, _, members in program.blocks() for index in members]
        atoms = tuple(index for index in ordered if program.nodes[index].atom is not None)
        steps = []
        for index in ordered:
            node = program.nodes[index]
            if node.atom is None:
                steps.append(Step(index, "all" if node.part else node.op, node.children))
        return cls(atoms, tuple(steps), tuple(sorted({entry.node for entry in program.entries.values()})))

    def cases(self, number: int, seed: int = 1) -> Array:
        """Random cases, one a row: a third of the atoms unknown."""
        return np.random.default_rng(seed).integers(-1, 2, (number, len(self.atoms)), dtype=np.int8)
