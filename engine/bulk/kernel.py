"""The kernel: the flat program as straight-line NumPy code over bit planes, for lists of some length.

Every step is one ``&``, ``|`` or ``^`` of two planes into a third, or a comparison of precedents. Planes that are no longer needed are
written over, so that a chunk of cases stays in the processor's cache; *not* costs nothing, since it
only swaps the two planes of a node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.bulk.planes import Words
from engine.content.evidence import Side
from engine.errors import present
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE
from engine.inference.program import EVIDENCE, Node, Program

#: A node at a place, or a plane of the lists: (what, place)
Slot = tuple[int | str, Place]
Truth = tuple[int, int]
#: A plane, and the operation and planes that it is made by.
_Made = tuple[int, str, tuple[int, ...]]
#: Whether precedents of an issue govern for a side, of the planes of its conditions at a place, into a plane.
Govern = Callable[[str, Side, Place, Sequence[Words], Words], None]
ZERO, FULL = 0, 1
PRESENT, LATEST, DATELESS, LISTED, RECORD = "present", "latest", "dateless", "listed", "record"
#: The slot of an atom counted down from here has the cases in which its fact is known strictly.
KNOWN_STRICTLY = -1


@dataclass
class _Steps:
    """Operations on numbered planes; equal ones are made once."""

    inputs: dict[Slot, Truth] = field(default_factory=dict)
    made: list[_Made] = field(default_factory=list)
    known: dict[tuple[str, tuple[int, ...]], int] = field(default_factory=dict)
    count: int = 2

    def new(self) -> int:
        self.count += 1
        return self.count - 1

    def given(self, slot: Slot) -> Truth:
        if slot not in self.inputs:
            self.inputs[slot] = (self.new(), self.new())
        return self.inputs[slot]

    def conjunction(self, planes: Iterable[int]) -> int:
        return self._join("AND", planes, FULL, ZERO)

    def disjunction(self, planes: Iterable[int]) -> int:
        return self._join("OR", planes, ZERO, FULL)

    def complement(self, plane: int) -> int:
        if plane in (ZERO, FULL):
            return FULL if plane == ZERO else ZERO
        return self.operation("NOT", (plane,))

    def governed(self, issue: str, side: Side, place: Place, planes: Sequence[int]) -> int:
        return self.operation(f"govern {issue} {side} {place[0]} {place[1]}", tuple(planes))

    def operation(self, op: str, operands: tuple[int, ...]) -> int:
        key = (op, operands)
        if key not in self.known:
            self.known[key] = self.new()
            self.made.append((self.known[key], *key))
        return self.known[key]

    def _join(self, op: str, planes: Iterable[int], neutral: int, absorbing: int) -> int:
        operands = tuple(sorted({plane for plane in planes if plane != neutral}))
        if absorbing in operands:
            return absorbing
        if len(operands) < 2:
            return operands[0] if operands else neutral
        return self.operation(op, operands)


class Kernel:
    """The program for lists of the given lengths; ``outputs`` are the nodes whose planes are wanted."""

    def __init__(self, program: Program, sizes: Mapping[str, int], outputs: Iterable[int]) -> None:
        self.program, self.sizes = program, sizes
        self.steps = _Steps()
        self.truth: dict[Slot, Truth] = {}
        for _, scope, members in program.blocks():
            for place in self.places(scope):
                for index in members:
                    self.truth[(index, place)] = self._node(index, program.nodes[index], place)
        self.outputs = [
            (node, place) for node in sorted(set(outputs)) for place in self.places(program.nodes[node].scope)
        ]
        wanted = [self.truth[slot] for slot in self.outputs]
        order = _in_order(self.steps, [plane for pair in wanted for plane in pair])
        read = {operand for _, _, operands in order for operand in operands}.union(*wanted)
        inputs = {slot: pair for slot, pair in self.steps.inputs.items() if not read.isdisjoint(pair)}
        self.slots = list(inputs)
        self.code, self.registers = _generate(order, list(inputs.values()), wanted)
        self._buffers: Words = np.empty((0, 0), dtype=np.uint64)

    def places(self, scope: str) -> list[Place]:
        """Every place of a scope."""
        return [HERE] if scope == CASE else [(scope, index) for index in range(self.sizes.get(scope, 0))]

    def run(
        self, inputs: Sequence[tuple[Words, Words]], zero: Words, full: Words, govern: Govern
    ) -> dict[Slot, tuple[Words, Words]]:
        """True and false planes of the outputs; they are written over by the next run.

        ``inputs`` are the planes of ``slots``.
        """
        if self._buffers.shape != (self.registers, len(zero)):
            self._buffers = np.empty((self.registers, len(zero)), dtype=np.uint64)
        planes = [plane for pair in inputs for plane in pair]
        results = self.code(zero, full, planes, list(self._buffers), np.bitwise_and, np.bitwise_or, np.invert, govern)
        return {slot: (results[2 * at], results[2 * at + 1]) for at, slot in enumerate(self.outputs)}

    def _at(self, node: int, place: Place) -> Truth:
        return self.truth[(node, HERE if self.program.nodes[node].scope == CASE else place)]

    def _node(self, index: int, node: Node, place: Place) -> Truth:
        steps = self.steps
        if node.op == "atom":
            return steps.given((index, place))
        if node.part:
            return self._quantified(node)
        if node.op in EVIDENCE:
            return self._evident(node, place)
        below = [self._at(child, place) for child in node.children]
        if node.op == "not":
            return below[0][1], below[0][0]
        true, false = [pair[0] for pair in below], [pair[1] for pair in below]
        if node.op == "all":
            return steps.conjunction(true), steps.disjunction(false)
        return steps.disjunction(true), steps.conjunction(false)

    def _evident(self, node: Node, place: Place) -> Truth:
        """What leads from evidence to an answer: the strict half can only fail, the half on the record is presumed."""
        steps, below = self.steps, [self._at(child, place) for child in node.children]
        record = steps.given((RECORD, HERE))[0]
        if node.op == "presumed":
            return self._presumed(node, place, below)
        if node.op == "governed":
            side: Side = present(node.side, "the side of an issue")
            true = steps.governed(node.issue, side, place, [pair[0] for pair in below])
            return true, steps.conjunction((record, steps.complement(true)))
        against = [pair[0] for pair in below[1:]]
        true = steps.conjunction((record, below[0][0], *(steps.complement(plane) for plane in against)))
        false = steps.conjunction((record, steps.complement(true)))
        return true, steps.disjunction((false, below[0][1], *against))

    def _presumed(self, node: Node, place: Place, below: Sequence[Truth]) -> Truth:
        steps, atom = self.steps, node.children[0]
        where = HERE if self.program.nodes[atom].scope == CASE else place
        known = steps.given((KNOWN_STRICTLY - atom, where))[0]
        yes, no = (
            steps.disjunction(pair[0] for pair, sign in zip(below[1:], node.signs, strict=True) if sign is wanted)
            for wanted in (True, False)
        )
        plain = steps.disjunction((known, steps.complement(steps.disjunction((yes, no)))))
        return (
            self._either(below[0][0], plain, yes, steps.disjunction((no, known))),
            self._either(below[0][1], plain, no, steps.disjunction((yes, known))),
        )

    def _either(self, plane: int, plain: int, presumed: int, against: int) -> int:
        """A plane where nothing else counts, or what is presumed where nothing is against it."""
        steps = self.steps
        free = steps.conjunction((presumed, steps.complement(against)))
        return steps.disjunction((steps.conjunction((plane, plain)), free))

    def _quantified(self, node: Node) -> Truth:
        steps, places = self.steps, self.places(node.part)
        pairs = [self._at(node.children[0], place) for place in places]
        listed = steps.given((LISTED, (node.part, 0)))[0]
        if node.op == "latest":
            newest = [steps.given((LATEST, place))[0] for place in places]
            dateless = steps.conjunction((steps.given((DATELESS, (node.part, 0)))[0], listed))
            true = [steps.conjunction((at, pair[0])) for at, pair in zip(newest, pairs, strict=True)]
            false = [steps.conjunction((at, pair[1])) for at, pair in zip(newest, pairs, strict=True)]
            return steps.disjunction(true), steps.disjunction([*false, dateless])
        which = 0 if node.op == "some" else 1
        present = [steps.given((PRESENT, place)) for place in places]
        some = [steps.conjunction((here[0], pair[which])) for here, pair in zip(present, pairs, strict=True)]
        every = [steps.disjunction((here[1], pair[1 - which])) for here, pair in zip(present, pairs, strict=True)]
        found, lacking = steps.disjunction(some), steps.conjunction([*every, listed])
        return (found, lacking) if node.op == "some" else (lacking, found)


def _in_order(steps: _Steps, wanted: Iterable[int]) -> list[_Made]:
    """The operations that are needed, each right before the first that reads it, so that its plane is still in cache."""
    made = {operation[0]: operation for operation in steps.made}
    order: dict[int, _Made] = {}
    for plane in wanted:
        waiting = [plane]
        while waiting:
            operation = made.get(waiting[-1])
            if operation is None or waiting[-1] in order:
                waiting.pop()
            elif below := [operand for operand in reversed(operation[2]) if operand in made and operand not in order]:
                waiting += below
            else:
                order[waiting.pop()] = operation
    return list(order.values())


def _generate(
    order: Sequence[_Made], inputs: Sequence[Truth], outputs: Sequence[Truth]
) -> tuple[Callable[..., list[Words]], int]:
    """The code of all steps, and how many registers it needs."""
    kept = {plane for pair in outputs for plane in pair}
    last = {operand: at for at, (_, _, operands) in enumerate(order) for operand in operands}
    name = {ZERO: "zero", FULL: "full"}
    name |= {plane: f"i{plane}" for pair in inputs for plane in pair}
    free: list[str] = []
    registers, lines = 0, []
    for at, (plane, op, operands) in enumerate(order):
        if not free:
            free.append(f"r{registers}")
            registers += 1
        name[plane] = target = free.pop()
        lines += _lines(op, [name[operand] for operand in operands], target)
        free += [
            name[operand]
            for operand in dict.fromkeys(operands)
            if last[operand] == at and operand not in kept and name[operand].startswith("r")
        ]
    taken = "".join(f"{name[plane]}, " for pair in inputs for plane in pair)
    held = "".join(f"r{number}, " for number in range(registers))
    head = [f"({taken}) = planes"] * bool(taken) + [f"({held}) = registers"] * bool(held)
    wanted = ", ".join(name[plane] for pair in outputs for plane in pair)
    body = "".join(f"    {line}\n" for line in [*head, *lines, f"return [{wanted}]"])
    namespace: dict[str, Any] = {}
    source = f"def kernel(zero, full, planes, registers, AND, OR, NOT, govern):\n{body}"
    exec(compile(source, "<bulk kernel>", "exec"), namespace)  # noqa: S102 - our own generated code, planes only
    function: Callable[..., list[Words]] = namespace["kernel"]
    return function, registers


def _lines(op: str, operands: list[str], target: str) -> list[str]:
    if op == "NOT":
        return [f"NOT({operands[0]}, {target})"]
    if op.startswith("govern"):
        _, issue, side, part, index = op.split()
        return [
            f"govern({issue!r}, {side!r}, ({part!r}, {index}), ({''.join(f'{one}, ' for one in operands)}), {target})"
        ]
    lines = [f"{op}({operands[0]}, {operands[1]}, {target})"]
    return lines + [f"{op}({target}, {operand}, {target})" for operand in operands[2:]]
