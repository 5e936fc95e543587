"""What known facts settle about others in a single case, strictly and on the record in one pass.

The same rules as ``Entailment`` carries out over many lanes: gates settle what hangs on them, the
burden of proof settles the rest. With one lane there are no masks, and the common answer (the fact
is known already) comes first; a preview has no time for more.
"""

from __future__ import annotations

from bisect import insort
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
#: A fact that a gate closes: its id, which of its gates this is (the first that holds decides), the entry it takes.
_Closed = tuple[str, int, tuple[Value, int]]


class _Turn(NamedTuple):
    """A gate as it comes up in one scope: the entry its burden gives it there, and what each answer closes."""

    gate: str
    of_case: bool
    fill: tuple[Value, int] | None
    answers: tuple[tuple[Value, tuple[_Closed, ...]], ...]


class OneLane:
    """Settles the facts of one case: those of the case first, since none of them hangs on an item."""

    def __init__(self, steps: Sequence[Step], openings: Sequence[Opening], order: Sequence[str]) -> None:
        #: by fact, in the order in which they come up: each before the gates above it
        self.openings = {opening.fact: (turn, opening.gates) for turn, opening in enumerate(openings)}
        self.openers = [opening.fact for opening in openings]
        self.fills = {(step.scope, step.fact): (step.unproved, 1) for step in steps if step.fills}
        self.steps: dict[str, dict[str, Step]] = {CASE: {}}
        for step in steps:
            self.steps.setdefault(step.scope, {})[step.fact] = step
        self.unproved = {
            scope: [(fact, (step.unproved, 1)) for fact, step in steps.items() if step.fills]
            for scope, steps in self.steps.items()
        }
        self.turns = {scope: self._turns(scope, order) for scope in self.steps}

    def _turns(self, scope: str, order: Sequence[str]) -> list[_Turn]:
        """The gates above the facts of a scope, each after the gates above it."""
        closed: dict[str, dict[Value, list[_Closed]]] = {}
        of_case = {}
        for step in self.steps[scope].values():
            for rank, (gate, case, answer, given) in enumerate(step.closures):
                of_case[gate] = case
                closed.setdefault(gate, {}).setdefault(answer, []).append((step.fact, rank, (given, 1)))
        return [
            _Turn(gate, of_case[gate], self.fills.get((scope, gate)), tuple((a, tuple(c)) for a, c in found.items()))
            for gate in order
            if (found := closed.get(gate))
        ]

    def open(self, values: dict[Place, Column]) -> None:
        """Facts that contradict what a closed gate would give show that the gate is open."""
        openings, here = self.openings, values[_HERE]
        columns = [here, *(column for place, column in values.items() if place != _HERE)]
        turns = [(openings[fact][0], n) for n, column in enumerate(columns) for fact in column if fact in openings]
        turns.sort()
        for turn, number in turns:  # grows on the way, always behind the present turn
            fact, column = self.openers[turn], columns[number]
            held = column[fact]
            for gate, of_case, opened, given in openings[fact][1]:
                above = here if of_case else column
                if held and held[0][0] != given and not above.get(gate):
                    above[gate] = [(opened, 1)]
                    if gate in openings:
                        insort(turns, (openings[gate][0], 0 if of_case else number))

    def settle(self, values: dict[Place, Column], *, on_the_record: bool) -> None:
        """Give facts the values that gates settle and, on the record, those of the burden."""
        here = values[_HERE]
        self._settle(CASE, here, here, on_the_record)
        for place, column in values.items():
            if place[0] != CASE and place[0] in self.turns:
                self._settle(place[0], here, column, on_the_record)

    def _settle(self, scope: str, here: Column, column: Column, on_the_record: bool) -> None:
        decided: dict[str, int] = {}
        for gate, of_case, fill, answers in self.turns[scope]:
            held = here.get(gate) if of_case else column.get(gate)
            if not held:
                if fill is None or not on_the_record:
                    continue
                held = column[gate] = [fill]
            for answer, closed in answers:
                if held[0][0] == answer:
                    for fact, rank, entry in closed:
                        if not column.get(fact) or decided.get(fact, -1) > rank:
                            column[fact], decided[fact] = [entry], rank
        if on_the_record:
            for fact, entry in self.unproved[scope]:
                if not column.get(fact):
                    column[fact] = [entry]

    def consistent(self, values: dict[Place, Column]) -> bool:
        """Whether no known fact contradicts an answered gate."""
        here = values[_HERE]
        for place, column in values.items():
            for gate, of_case, _, answers in self.turns.get(place[0], ()):
                answered = here.get(gate) if of_case else column.get(gate)
                for answer, closed in answers if answered else ():
                    if answered and answered[0][0] == answer:
                        for fact, _, given in closed:
                            held = column.get(fact)
                            if held and held[0][0] != given[0]:
                                return False
        return True
