"""The field: which peers can run here, each shown to give the right values before it is timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from benchmarks.base import Base
from benchmarks.cases import Cases
from benchmarks.peers import clingo, openfisca, ours, prolog, python, zen
from benchmarks.peers.peer import Missing, Peer
from benchmarks.timing import Plan
from engine.assess import Engine
from engine.bulk.planes import Array

#: What makes a peer of a base.
Make = Callable[[Base], Peer]
#: Peers that take one case at a time, values only.
SINGLE: tuple[Make, ...] = (python.generated, python.loop, prolog.plain, zen.plain, clingo.solved, openfisca.single)
#: Peers that say why.
EXPLAINING: tuple[Make, ...] = (zen.traced, prolog.proving)
#: Peers that take arrays.
ARRAYS: tuple[Make, ...] = (python.arrays, openfisca.chunked)


@dataclass
class Field:
    """What every table is made from."""

    engine: Engine
    base: Base
    cases: Cases
    plan: Plan
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Something to be said once."""
        if text not in self.notes:
            self.notes.append(text)
            print(text, file=sys.stderr, flush=True)

    def made(self, make: Make, base: Base) -> Peer | None:
        """A peer; None, with a note, where it is not installed."""
        try:
            return make(base)
        except Missing as missing:
            self.note(str(missing))
            return None

    def checked(self, make: Make) -> Peer | None:
        """A peer on the real base that gives the right values; None, with a note, if it does not."""
        peer = self.made(make, self.base)
        if peer is None:
            return None
        most = len(self.cases.atoms) if peer.chunk != 1 else min(4, len(self.cases.atoms))
        if same(peer, self.cases.atoms[:most], self.cases.right[:most]):
            return peer
        self.note(f"{peer.name} gives other values, so it is not timed")
        peer.close()
        return None

    def held(self, peer: Peer) -> str:
        """On how many cases a peer was found equal."""
        return str(len(self.cases.atoms) if peer.chunk != 1 else min(4, len(self.cases.atoms)))

    def single(self, base: Base) -> Peer:
        """Our evaluation of one case; it judges where the base has a verdict."""
        return ours.single(base, self.engine.judge if base.verdict else None)


def same(peer: Peer, atoms: Array, right: Array) -> bool:
    """Whether a peer gives these values; one that gives no verdict is compared without."""
    found = peer.values(peer.run(peer.ready(atoms)))
    return bool(found.shape[2]) and np.array_equal(found, right[:, :, : found.shape[2]])
