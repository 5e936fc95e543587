"""Our own engines on ready atoms: one case at once, and bit planes over many."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.base import Base
from benchmarks.peers.peer import Peer
from engine.bulk.kernel import KNOWN_STRICTLY, RECORD, Kernel, Slot
from engine.bulk.planes import WORD, Array, both, lanes_for, on_the_record, packed, unpacked
from engine.facts.columns import HERE, Columns, Place
from engine.facts.vocabulary import CASE
from engine.inference.chaining import Known, PartsView, Run, holds, literals
from engine.inference.code import compiled, functions
from engine.inference.durable import DurableEngine
from engine.inference.onecase import OneCase
from engine.inference.program import Program
from engine.reasoning.outcome import Judge, Outcome, outcome_in

#: Cases weighed at once in bulk, as ``dedere batch`` does.
CHUNK = 65_536
#: A number of ``OneCase`` by the strict value and the value on the record, each false, unknown, true.
_NUMBERS = ((0b0000, 0b1000, 0b1100), (0b0010, 0b1010, 0b1110), (0b0011, 0b1011, 0b1111))
#: At each place the numbers of its atoms, in one order for all cases.
Ready = dict[Place, list[int]]


class GivenAtoms(OneCase):
    """The evaluation of single cases whose atoms are given, not read off facts."""

    def __init__(self, program: Program, atoms: dict[Place, list[int]]) -> None:
        super().__init__(program, functions(compiled(program)).one)
        self.constants = []
        self.atoms = atoms
        self.given: Ready = {}
        sizes = {part: 1 for part in self.parts if part != CASE}
        places = [HERE, *((part, 0) for part in sizes)]
        self.columns = Columns(1, {place: {} for place in places}, sizes, {}, dict.fromkeys(sizes, 0))

    def _fill(self, numbers: list[int], place: Place, known: Any, assumed: Any, setting: Any) -> None:
        for index, number in zip(self.atoms.get(place, ()), self.given.get(place, ()), strict=True):
            numbers[index] = number


def single(base: Base, judge: Judge | None = None) -> Peer:
    """One case at a time: every node, strictly and on the record, and the verdict if there is one who judges."""
    spots = [_place(base.program, atom) for atom in base.own]
    atoms: dict[Place, list[int]] = {}
    for atom, place in zip(base.own, spots, strict=True):
        atoms.setdefault(place, []).append(atom)
    one = GivenAtoms(base.program, atoms)
    asked = [(_place(base.program, node), node) for node in base.nodes if node not in base.verdict]

    def ready(cases: Array) -> list[Ready]:
        made = []
        for strict, record in cases[:, :, : len(base.own)].tolist():
            given: Ready = {place: [] for place in atoms}
            for place, low, high in zip(spots, strict, record, strict=True):
                given[place].append(_NUMBERS[low + 1][high + 1])
            made.append(given)
        return made

    def decide(given: Ready) -> tuple[list[int], tuple[Any, Any] | None, Outcome | None]:
        one.given = given
        halves = one.run(one.columns, one.columns, None)  # type: ignore[arg-type] - no atom is read off facts
        numbers = halves[0].numbers
        statuses = [numbers[place][node] for place, node in asked]
        if judge is None:
            return statuses, None, None
        ranges = judge.range(halves[0], one.columns), judge.range(halves[1], one.columns)
        return statuses, ranges, outcome_in(*ranges)

    def values(raw: list[Any]) -> Array:
        return np.array([_two(statuses, ranges) for statuses, ranges, _ in raw], dtype=np.int8)

    return Peer("ours, one case, from ready atoms", ready, lambda cases: [decide(each) for each in cases], values)


def _two(statuses: list[int], ranges: tuple[Any, Any] | None) -> list[list[int]]:
    rows = [[(number >> low & 1) - (~number >> low + 1 & 1) for number in statuses] for low in (0, 2)]
    for row, span in zip(rows, ranges or (), strict=False):
        row += [low - (1 - high) for low, high in zip(span.least, span.most, strict=True)]
    return rows


def _place(program: Program, node: int) -> Place:
    scope = program.nodes[node].scope
    return HERE if scope == CASE else (scope, 0)


def chained(base: Base) -> Peer:
    """Our durable_rules engine: what is concluded, and every firing in order."""
    engine = DurableEngine(base.program)
    spots = [_place(base.program, atom) for atom in base.own]
    sizes = {scope: 1 for node in base.program.nodes for scope in (node.scope, node.part) if scope not in ("", CASE)}
    listed = {part: {"strict": True, "record": True} for part in sizes}
    parts = PartsView(sizes, listed, dict.fromkeys(sizes, 0))
    asked = [(node, _place(base.program, node)) for node in base.nodes if node not in base.verdict]

    def known(row: list[int]) -> Known:
        return literals(
            (place, atom, value > 0) for atom, place, value in zip(base.own, spots, row, strict=True) if value
        )

    def values(raw: list[Run]) -> Array:
        both = [[run.strict, run.record] for run in raw]
        found = [[[holds(half, engine, *node) for node in asked] for half in run] for run in both]
        return np.array([[[(v is True) - (v is False) for v in half] for half in run] for run in found], dtype=np.int8)

    return Peer(
        "ours, durable_rules, with the order of firings",
        lambda cases: [(known(strict), known(record)) for strict, record in cases[:, :, : len(base.own)].tolist()],
        lambda cases: [engine.run(strict, record, parts, None) for strict, record in cases],  # type: ignore[arg-type] - nothing is compared
        values,
    )


def planes(base: Base) -> Peer:
    """The bulk kernel on ready planes: criteria only, the verdict is read off them afterwards."""
    program = base.program
    sizes = {scope: 1 for node in program.nodes for scope in (node.scope, node.part) if scope not in ("", CASE)}
    asked = [node for node in base.nodes if node not in base.verdict]
    kernel = Kernel(program, sizes, asked)
    at = {atom: position for position, atom in enumerate(base.own)}

    def ready(cases: Array) -> tuple[int, Any, Array, Array]:
        lanes = lanes_for(len(cases))
        none, known = np.zeros(2 * lanes // WORD, dtype=np.uint64), _planes_of(cases[:, :, : len(at)])

        def plane(slot: Slot) -> tuple[Array, Array]:
            what, record = slot[0], on_the_record(lanes)
            if isinstance(what, str):
                return (record, ~record) if what == RECORD else (~none, none)
            if what >= 0:
                return known[at[what]]
            true, false = known[at[KNOWN_STRICTLY - what]]
            strictly = both((true | false)[: lanes // WORD])
            return strictly, ~strictly

        return len(cases), [plane(slot) for slot in kernel.slots], none, ~none

    def run(given: tuple[int, Any, Array, Array]) -> tuple[int, Any]:
        return given[0], kernel.run(*given[1:], _nothing_compared)

    def values(raw: tuple[int, Any]) -> Array:
        found = []
        for node in asked:
            true, false = raw[1][(node, _place(program, node))]
            halves = (unpacked(true).astype(np.int8) - unpacked(false).astype(np.int8)).reshape(2, -1)
            found.append(halves[:, : raw[0]])
        return np.stack(found, axis=2).transpose(1, 0, 2)

    return Peer("ours, bit planes, rules alone", ready, run, values, chunk=CHUNK)


def _planes_of(cases: Array) -> list[tuple[Array, Array]]:
    """The true and the false plane of each atom; a few atoms at a time, or the largest base would not fit."""
    lanes, found = lanes_for(len(cases)), list[tuple[Array, Array]]()
    for start in range(0, cases.shape[2], 256):
        some = cases[:, :, start : start + 256]
        rows = np.zeros((some.shape[2], 2 * lanes), dtype=np.int8)
        rows[:, : len(cases)], rows[:, lanes : lanes + len(cases)] = some[:, 0].T, some[:, 1].T
        found += [(packed(row == 1), packed(row == -1)) for row in rows]
    return found


def _nothing_compared(*_: Any) -> None:
    """Stand where precedents are compared; which govern is given as an atom.

    Raises:
        TypeError: it was called.
    """
    raise TypeError("precedents are given as atoms here")
