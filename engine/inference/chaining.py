"""One chaining: what is known at each place, what waits to be asserted, and the firings in order.

Facts are asserted in waves: all rules that can fire do, their conclusions are the next wave. First
what is known is asserted, then what the burden adds. The library counts nothing, so conclusions
about lists are drawn here and recorded as firings too.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Container, Iterable, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from typing import Literal as TypingLiteral

from engine.errors import InternalError
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting
from engine.inference.precedents import governing_one_by_one
from engine.inference.program import Node
from engine.inference.rulebook import Literal

if TYPE_CHECKING:
    from engine.inference.durable import DurableEngine

Phase = TypingLiteral["known", "burden"]
Known = dict[Place, dict[Literal, int]]
#: Literals that wait to be asserted, by the number of a ruleset.
_Queue = dict[int, list[Literal]]
NOTHING: dict[Literal, int] = {}
# The library frees memory it never set when a session ends in which no rule ever fired: a crash that
# depends on what the heap holds. So every session begins with a fact that fires a rule of its own.
OPENED = "opened"


class Firing(NamedTuple):
    """One rule that fired: in which phase, where, what it concluded and from what."""

    number: int
    phase: Phase
    place: Place
    rule: str
    concludes: Literal
    because: tuple[Literal, ...]


@dataclass
class Run:
    """What was derived strictly and on the record, and the firings in order."""

    strict: Known
    record: Known
    firings: list[Firing]


@dataclass(frozen=True)
class PartsView:
    """Which items each part has, whether the list is complete (strictly, on the record), which is latest."""

    sizes: dict[str, int]
    listed: dict[str, dict[str, bool]]
    latest: dict[str, int | None]


class _Open(NamedTuple):
    """The sessions of one place that are open: one in each of these rulesets of its scope."""

    place: Place
    sid: str
    rulesets: set[int]


class Chain:
    """One case in the making; it must be closed."""

    def __init__(self, engine: DurableEngine, parts: PartsView, setting: Setting) -> None:
        self.engine = engine
        self.parts = parts
        self.setting = setting
        self.key = uuid.uuid4().hex
        self.known: Known = {place: {} for place in self._places()}
        #: nodes concluded either way at a place
        self.decided: dict[Place, set[int]] = {place: set() for place in self.known}
        self.waiting: dict[Place, _Queue] = {place: {} for place in self._places() if place[0] in engine.scopes}
        #: the places of each scope that has rules
        self.places: dict[str, list[Place]] = {}
        for place in self.waiting:
            self.places.setdefault(place[0], []).append(place)
        self.firings: list[Firing] = []
        self.sessions: dict[str, _Open] = {}
        self.name: Phase = "known"

    def _places(self) -> list[Place]:
        return [HERE, *((part, index) for part, size in self.parts.sizes.items() for index in range(size))]

    def phase(self, name: Phase, atoms: Known) -> None:
        """Assert atoms and all that follows from them: first those of limits, which close most of the rest."""
        self.name = name
        self._atoms(atoms, self.engine.limits.__contains__)
        self._atoms(atoms, Wanted(self.engine, self.decided[HERE]).__getitem__)
        if name == "burden":
            self._presume()

    def _atoms(self, atoms: Known, wanted: Callable[[int], bool]) -> None:
        for place, literals in atoms.items():
            for literal in [literal for literal in literals if wanted(literal[0])]:
                self._learn(place, literal)
        self._settle()

    def _settle(self) -> None:
        """Draw every conclusion that follows; also those about lists where no rule reads what was learnt."""
        self._quantify()
        while any(self.waiting.values()):
            for place in list(self.waiting):
                self._wave(place)
            self._quantify()

    def _presume(self) -> None:
        """What is presumed on the record, turn by turn: each turn looks at what nothing can change any more."""
        wanted = Wanted(self.engine, self.decided[HERE])
        for turn in self.engine.in_turn:
            for index in turn:
                if wanted[index]:  # what nothing hangs on was not asserted in full
                    node = self.engine.program.nodes[index]
                    for place in self.places_of(node.scope):
                        if index not in self.decided[place]:
                            self._presume_at(index, node, place)
            self._settle()

    def _presume_at(self, index: int, node: Node, place: Place) -> None:
        if node.op == "presumption":
            condition, *rebuttal = node.children
            applies = self._holds(condition, place) and not any(self._holds(each, place) for each in rebuttal)
            self._conclude(place, (index, bool(applies)), "presumption", [self._literal_of(condition, True)])
        elif node.op == "governed":
            reasons = self._governing(node, place)
            self._conclude(place, (index, reasons is not None), "precedent", reasons or ())
        else:
            atom, *sources = node.children
            speaking = [
                (sign, self._literal_of(source, True))
                for sign, source in zip(node.signs, sources, strict=True)
                if self._holds(source, place)
            ]
            if not speaking:
                value = self._holds(atom, place)
                if value is not None:
                    self._learn(place, (index, value))
            elif len(speaking) == 1:
                sign, literal = speaking[0]
                self._conclude(place, (index, sign), "presumed", [literal], told=True)

    def _conclude(
        self, place: Place, literal: Literal, rule: str, because: Iterable[Literal], *, told: bool = False
    ) -> None:
        """Learn what the host concludes; that something is presumed is a firing, that nothing is presumed is none."""
        if told or literal[1]:
            named = f"{rule} n{literal[0]}"
            self.firings.append(Firing(len(self.firings) + 1, self.name, place, named, literal, tuple(because)))
        self._learn(place, literal)

    def _governing(self, node: Node, place: Place) -> tuple[Literal, ...] | None:
        """The conditions that hold of the first precedent that governs for the node's side; None where none does."""
        base = self.engine.bases.get(node.issue)
        holding = [bool(self._holds(child, place)) for child in node.children]
        rows = governing_one_by_one(base, holding, self.setting) if base else []
        row = next((one for one in rows if one.side == node.side), None)
        if base is None or row is None:
            return None
        children = base.marks.conditions_of(row.needs, holding)
        return tuple(dict.fromkeys(self._literal_of(node.children[child], True) for child in children))

    def places_of(self, scope: str) -> list[Place]:
        """Every place of a scope in this case."""
        return [HERE] if scope == CASE else [(scope, index) for index in range(self.parts.sizes.get(scope, 0))]

    def _learn(self, place: Place, literal: Literal) -> None:
        known, (node, holds) = self.known[place], literal
        if literal in known:
            return
        if (node, not holds) in known:
            raise InternalError(f"node {node} was concluded both ways")
        known[literal] = len(self.firings)
        self.decided[place].add(node)
        if self.name == "known" and node in self.engine.read_through:
            self._read_through(place, self.engine.read_through[node], holds)
        for scope, numbers in self.engine.readers.get(literal, ()):
            for other in self.places.get(scope, ()) if place == HERE else (place,):
                if other[0] == scope:
                    self._await(other, numbers, literal)

    def _read_through(self, place: Place, node: int, holds: bool) -> None:
        """An atom that is known strictly is so wherever it is read through its sources."""
        where = self.places_of(self.engine.program.nodes[node].scope) if place == HERE else [place]
        for each in where:
            self._learn(each, (node, holds))

    def _await(self, place: Place, numbers: Iterable[int], literal: Literal) -> None:
        """Let a literal wait for the rulesets that test it."""
        queue = self.waiting[place]
        for number in numbers:
            queue.setdefault(number, []).append(literal)

    def _wave(self, place: Place) -> None:
        """Fire everything at one place until nothing new follows there.

        The library crashes when one ruleset holds several sessions, so those of one item end when
        another's begin; those begin with all that is known.
        """
        if not self.waiting[place]:
            return
        session = self.sessions.get(place[0])
        if session is None or session.place != place:
            if session is not None:
                self._end(session)
            session = self._begin(place)
        while queue := self.waiting[place]:
            number = min(queue)  # children stand before their parents, so the first may feed the others
            self._fire(session, number, queue.pop(number))

    def _begin(self, place: Place) -> _Open:
        """Beginning takes longer than asserting all that is known, so a session is kept as long as it can be."""
        sid = self.key if place == HERE else f"{self.key}.{place[0]}.{place[1]}.{len(self.firings)}"
        if place != HERE:
            self.waiting[place] = {}
            uses = self.engine.scopes[place[0]].uses
            for literal in dict.fromkeys([*self.known[HERE], *self.known[place]]):
                self._await(place, uses.get(literal, ()), literal)
        session = self.sessions[place[0]] = _Open(place, sid, set())
        return session

    def _fire(self, session: _Open, number: int, batch: list[Literal]) -> None:
        place, sid, opened = session
        scope, decided = self.engine.scopes[place[0]], self.decided[place]
        names = [self.engine.named[literal] for literal in batch if not scope.uses[literal][number] <= decided]
        if not names:
            return
        if number not in opened:
            opened.add(number)
            names.insert(0, OPENED)
        for rule in scope.rulesets[number].fire(sid, names):
            if rule != OPENED:
                self._fired(place, rule)

    def _end(self, session: _Open) -> None:
        for number in session.rulesets:
            self.engine.scopes[session.place[0]].rulesets[number].delete_state(session.sid)

    def _fired(self, place: Place, rule: str) -> None:
        concludes = self.engine.conclusions[rule]
        if concludes in self.known[place]:
            return
        because = self.engine.needs[rule]
        self.firings.append(Firing(len(self.firings) + 1, self.name, place, rule, concludes, because))
        self._learn(place, concludes)

    def _quantify(self) -> None:
        """Conclusions about lists: the library cannot count, so the host does and records the firing."""
        for index, node in self.engine.quantified:
            if index in self.decided[HERE]:
                continue
            holds = self._judge(node.op, node.children[0], node.part)
            if holds is not None:
                # one item, or all of them, are as the list is found to be; of an empty list there is nothing to name
                because = (self._literal_of(node.children[0], holds),) if self.parts.sizes[node.part] else ()
                self.firings.append(
                    Firing(len(self.firings) + 1, self.name, HERE, f"{node.op} of {node.part}", (index, holds), because)
                )
                self._learn(HERE, (index, holds))

    def _judge(self, op: str, child: int, part: str) -> bool | None:
        phase = "strict" if self.name == "known" else "record"
        listed = self.parts.listed[part][phase]
        values = [self._holds(child, (part, index)) for index in range(self.parts.sizes[part])]
        if op == "latest":
            index = self.parts.latest.get(part)
            return values[index] if index is not None else (False if listed else None)
        decisive = op == "some"
        if decisive in values:
            return decisive
        return not decisive if listed and all(value is (not decisive) for value in values) else None

    def _literal_of(self, node: int, holds: bool) -> Literal:
        return self.engine.standing[node][0 if holds else 1]

    def _holds(self, node: int, place: Place) -> bool | None:
        return holds(self.known, self.engine, node, place)

    def close(self) -> None:
        """End every session, or the library runs out of them."""
        for session in self.sessions.values():
            self._end(session)


class Wanted(dict[int, bool]):
    """Whether an undecided criterion can still hang on a node; the rest need not be asserted."""

    def __init__(self, engine: DurableEngine, decided: Set[int]) -> None:
        super().__init__(dict.fromkeys(decided, False))
        self.engine = engine

    def __missing__(self, node: int) -> bool:
        found = node in self.engine.roots or any(map(self.__getitem__, self.engine.program.readers[node]))
        self[node] = found
        return found


def holds(run_known: Known, engine: DurableEngine, node: int, place: Place) -> bool | None:
    """Whether a node was concluded to hold at a place, looking through negations; None is open."""
    return told(run_known.get(place, NOTHING), run_known[HERE], engine.standing[node])


def told(own: Container[Literal], here: Container[Literal], standing: tuple[Literal, Literal]) -> bool | None:
    """The same of the literals that stand for its holding and its failing, known at a place and at the case."""
    yes, no = standing
    if yes in own or yes in here:
        return True
    return False if no in own or no in here else None


def literals(rows: Iterable[tuple[Place, int, bool]]) -> Known:
    """Atoms known at their places, in a stable order."""
    known: Known = {}
    for place, node, value in rows:
        known.setdefault(place, {})[(node, value)] = 0
    return known
