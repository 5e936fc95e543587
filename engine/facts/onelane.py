"""What known facts settle about others in a single case, strictly and on the record in one pass.

The same rules as ``Entailment`` carries out over many lanes: gates settle what hangs on them, the
burden of proof settles the rest. With one lane there are no masks, and the common answer (the fact
is known already) comes first; a preview has no time for more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.facts.values import Value
from engine.facts.vocabulary import CASE, Closure, Fact, Vocabulary

#: A fact's values, each with the mask of lanes in which it has it.
Entries = list[tuple[Value, int]]
#: (part, index of the item), or (case, 0)
Place = tuple[str, int]
#: Of a gate: its id, whether it is the case's, an answer, and the value that the closed fact takes.
Gate = tuple[str, bool, Value, Value]
_HERE: Place = (CASE, 0)


class Step(NamedTuple):
    """A fact that gates or its burden can settle; of each gate, the answer that closes."""

    fact: str
    scope: str
    fills: bool
    unproved: Value
    closures: tuple[Gate, ...]


class Opening(NamedTuple):
    """A fact that can show its yes/no gates to be open; of each gate, the answer that then holds."""

    fact: str
    scope: str
    gates: tuple[Gate, ...]


def step_of(fact: Fact, vocabulary: Vocabulary) -> Step:
    """What settling needs to know of a fact, looked up beforehand."""
    closures = tuple(
        (gate.fact, vocabulary.facts[gate.fact].scope == CASE, is_(gate), then(gate)) for gate in fact.closed_by
    )
    return Step(fact.id, fact.scope, fact.fills, unproved(fact), closures)


def opening_of(fact: Fact, vocabulary: Vocabulary) -> Opening:
    """The yes/no gates above a fact that it can show to be open."""
    gates = tuple(
        (gate.id, gate.scope == CASE, not is_(closure), then(closure))
        for closure in fact.closed_by
        if (gate := vocabulary.facts[closure.fact]).type == "yes_no" and gate.scope in (CASE, fact.scope)
    )
    return Opening(fact.id, fact.scope, gates)


def is_(closure: Closure) -> Value:
    """The gate's answer that closes; the loader has typed it."""
    answer: Value = closure.is_
    return answer


def then(closure: Closure) -> Value:
    """The value the closed fact takes."""
    value: Value = closure.then
    return value


def unproved(fact: Fact) -> Value:
    """The value the burden of proof gives an unknown fact."""
    value: Value = fact.unproved
    return value


Column = dict[str, Entries]
#: A fact that a gate closes: its id, which of its gates this is (the first that holds decides), the value it takes.
_Closed = tuple[str, int, Entries]


class _Turn(NamedTuple):
    """A gate as it comes up in one scope: what its burden gives it there, and what each answer closes."""

    gate: str
    of_case: bool
    fill: Entries | None
    closes: dict[Value, tuple[_Closed, ...]]


class _Shown(NamedTuple):
    """A yes/no gate, the answer that it is shown to have, and the facts that show it by any value but these."""

    gate: str
    of_case: bool
    opened: Entries
    below: tuple[tuple[str, Value], ...]


class OneLane:
    """Settles the facts of one case: those of the case first, since none of them hangs on an item."""

    def __init__(self, steps: Sequence[Step], openings: Sequence[Opening], order: Sequence[str]) -> None:
        self.fills: dict[tuple[str, str], Entries] = {
            (step.scope, step.fact): [(step.unproved, 1)] for step in steps if step.fills
        }
        self.steps: dict[str, dict[str, Step]] = {CASE: {}}
        for step in steps:
            self.steps.setdefault(step.scope, {})[step.fact] = step
        self.unproved = {
            scope: [(fact, self.fills[(scope, fact)]) for fact, step in steps.items() if step.fills]
            for scope, steps in self.steps.items()
        }
        self.turns = {scope: self._turns(scope, order) for scope in self.steps}
        #: each gate after those below it; what items show of gates of the case comes before what the case shows
        self.shown = {scope: _shown(scope, openings, order) for scope in self.steps}

    def _turns(self, scope: str, order: Sequence[str]) -> list[_Turn]:
        """The gates above the facts of a scope, each after the gates above it."""
        closed: dict[str, dict[Value, list[_Closed]]] = {}
        of_case = {}
        for step in self.steps[scope].values():
            for rank, (gate, case, answer, given) in enumerate(step.closures):
                of_case[gate] = case
                closed.setdefault(gate, {}).setdefault(answer, []).append((step.fact, rank, [(given, 1)]))
        return [
            _Turn(gate, of_case[gate], self.fills.get((scope, gate)), {a: tuple(c) for a, c in found.items()})
            for gate in order
            if (found := closed.get(gate))
        ]

    def open(self, values: dict[Place, Column]) -> None:
        """Facts that contradict what a closed gate would give show that the gate is open."""
        here = values[_HERE]
        for place, column in values.items():
            if column is not here:
                self._open(place[0], here, column)
        self._open(CASE, here, here)

    def _open(self, scope: str, here: Column, column: Column) -> None:
        for gate, of_case, opened, below in self.shown.get(scope, ()):
            above = here if of_case else column
            if not above.get(gate):
                for fact, given in below:
                    held = column.get(fact)
                    if held and held[0][0] != given:
                        above[gate] = opened
                        break

    def settle(self, values: dict[Place, Column], *, on_the_record: bool) -> bool:
        """Give facts the values that gates settle and, on the record, those of the burden.

        False if a fact that has a value contradicts an answered gate.
        """
        here = values[_HERE]
        agree = self._settle(CASE, here, here, on_the_record)
        for place, column in values.items():
            if column is not here and place[0] in self.turns:
                agree &= self._settle(place[0], here, column, on_the_record)
        return agree

    def _settle(self, scope: str, here: Column, column: Column, on_the_record: bool) -> bool:
        decided: dict[str, int] = {}
        agree = True
        for gate, of_case, fill, closes in self.turns[scope]:
            held = here.get(gate) if of_case else column.get(gate)
            if not held:
                if fill is None or not on_the_record:
                    continue
                held = column[gate] = fill
            for fact, rank, entries in closes.get(held[0][0], ()):
                had = column.get(fact)
                if had and had[0][0] != entries[0][0]:
                    agree = False
                if not had or decided.get(fact, -1) > rank:
                    column[fact], decided[fact] = entries, rank
        if on_the_record:
            for fact, entries in self.unproved[scope]:
                if not column.get(fact):
                    column[fact] = entries
        return agree


def _shown(scope: str, openings: Sequence[Opening], order: Sequence[str]) -> list[_Shown]:
    """What facts of a scope can show of the gates above them, the lowest gates first."""
    below: dict[tuple[str, bool, Value], list[tuple[str, Value]]] = {}
    for opening in openings:
        for gate, of_case, opened, given in opening.gates if opening.scope == scope else ():
            below.setdefault((gate, of_case, opened), []).append((opening.fact, given))
    turn = {fact: number for number, fact in enumerate(order)}
    lowest_first = sorted(below.items(), key=lambda item: -turn[item[0][0]])
    return [_Shown(gate, of_case, [(opened, 1)], tuple(facts)) for (gate, of_case, opened), facts in lowest_first]
