"""Forward chaining with durable_rules: the firings that a class can walk through, one by one.

Every node of the program becomes positive *support* and *refute* rules over status facts: the fact
``n12t`` says that node 12 holds, ``n12f`` that it does not. Unknown is the absence of both, so no
rule ever tests for absence. Facts are asserted in waves: all rules that can fire do, their
conclusions are the next wave. First what is known is asserted, then what the burden adds.

This is the only module that imports durable_rules. How that library fails, and why it is embedded
this way: docs/durable_rules.md.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from typing import Literal as TypingLiteral

import durable_rules_engine
from durable.engine import Host, Ruleset
from pydantic_core import from_json

from engine.errors import InternalError
from engine.facts.columns import HERE, Place
from engine.inference.program import Program

#: A node and whether it holds.
Literal = tuple[int, bool]
Phase = TypingLiteral["known", "burden"]
Known = dict[Place, dict[Literal, int]]
_NOTHING: dict[Literal, int] = {}
# A join of more than 16 facts makes the library fail; wider conjunctions are cut into chunks.
MAX_JOIN = 12
MAX_RULES = 300
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


class DurableEngine:
    """One ruleset for the case and one for each part, made once per pack; one case at a time."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.lock = threading.Lock()
        rules = _Rules(program)
        self.conclusions = rules.conclusions
        self.aliases = rules.aliases
        self.scopes = {scope: _Scope(scope, found, rules.conclusions) for scope, found in sorted(rules.rules.items())}
        limits = (entry.applies for entry in program.entries.values() if entry.applies is not None)
        self.limits = {node for top in limits for node in (top, *program.nodes[top].children)}
        self.loose = program.loose
        self.quantified = [(index, node) for index, node in enumerate(program.nodes) if node.part]
        #: for each node the literals that stand for its holding and for its failing, through all negations
        self.standing = [
            (rules.literal(index, holds=True), rules.literal(index, holds=False)) for index in range(len(program.nodes))
        ]
        self.roots = {*program.of_node, *program.loose}

    def run(self, strict: Known, record: Known, parts: PartsView) -> Run:
        """Chain forward from the atoms known strictly, then from those the burden adds.

        Raises:
            InternalError: the library reported a fault; nothing can be concluded.
        """
        with self.lock:
            session = _Session(self, parts)
            try:
                session.phase("known", strict)
                first = {place: dict(literals) for place, literals in session.known.items()}
                session.phase("burden", record)
                return Run(first, session.known, session.firings)
            finally:
                session.close()


@dataclass(frozen=True)
class PartsView:
    """Which items each part has, whether the list is complete (strictly, on the record), which is latest."""

    sizes: dict[str, int]
    listed: dict[str, dict[str, bool]]
    latest: dict[str, int | None]


class _Rules:
    """The support and refute rules of a program, by scope."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.conclusions: dict[str, Literal] = {}
        self.aliases: dict[int, Literal] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self.spare = len(program.nodes)
        for index, node in enumerate(program.nodes):
            if node.op == "not":
                self.aliases[index] = self.literal(node.children[0], holds=False)
            elif node.op in ("all", "any"):
                self._node(index, node.scope, node.op, node.children)

    def literal(self, node: int, *, holds: bool) -> Literal:
        """The literal that stands for a node's truth, looking through negations."""
        while node in self.aliases:
            target, same = self.aliases[node]
            node, holds = target, holds == same
        return node, holds

    def _node(self, index: int, scope: str, op: str, children: tuple[int, ...]) -> None:
        joined = op == "all"
        together = [self.literal(child, holds=joined) for child in children]
        self._join(index, scope, together, holds=joined)
        for position, child in enumerate(children):
            self._rule(
                f"n{index}{'f' if joined else 't'}{position}",
                scope,
                (index, not joined),
                [self.literal(child, holds=not joined)],
            )

    def _join(self, index: int, scope: str, literals: list[Literal], *, holds: bool) -> None:
        chunk = 0
        while len(literals) > MAX_JOIN:
            spare, self.spare = self.spare, self.spare + 1
            self._rule(f"n{index}c{chunk}", scope, (spare, True), literals[:MAX_JOIN])
            literals, chunk = [(spare, True), *literals[MAX_JOIN:]], chunk + 1
        self._rule(f"n{index}{'t' if holds else 'f'}", scope, (index, holds), literals)

    def _rule(self, name: str, scope: str, concludes: Literal, literals: list[Literal]) -> None:
        needs = [{f"m{position}": {_property(literal): 1}} for position, literal in enumerate(dict.fromkeys(literals))]
        self.rules.setdefault(scope, {})[name] = {"all": needs}
        self.conclusions[name] = concludes


def _property(literal: Literal) -> str:
    return f"n{literal[0]}{'t' if literal[1] else 'f'}"


def _literal(name: str) -> Literal:
    return int(name[1:-1]), name[-1] == "t"


class _Scope:
    """The rulesets of one scope; the library hangs on more than some 500 rules in one."""

    def __init__(self, name: str, rules: dict[str, Any], conclusions: dict[str, Literal]) -> None:
        names = list(rules)
        chunks = [names[start : start + MAX_RULES] for start in range(0, len(names), MAX_RULES)]
        self.rulesets = [
            _Ruleset(
                f"{name}{number}",
                _QuietHost(),
                {OPENED: _opening(), **{rule: {**rules[rule], "run": _nothing} for rule in chunk}},
            )
            for number, chunk in enumerate(chunks)
        ]
        #: literal -> number of each ruleset that tests it -> the nodes its rules there conclude
        self.uses: dict[Literal, dict[int, set[int]]] = {}
        for number, chunk in enumerate(chunks):
            for rule in chunk:
                for literal in _tested(rules[rule]):
                    self.uses.setdefault(literal, {}).setdefault(number, set()).add(conclusions[rule][0])


def _opening() -> dict[str, Any]:
    return {"all": [{"m0": {OPENED: 1}}], "run": _nothing}


def _tested(rule: dict[str, Any]) -> Iterator[Literal]:
    for need in rule["all"]:
        for test in need.values():
            for name in test:
                yield _literal(name)


def _nothing(context: Any) -> None:
    """The library wants an action for each rule; ours are read from the firings instead."""


class _QuietHost(Host):  # type: ignore[misc]
    """A host without its timer thread, which starts hundreds of threads a second and crashes."""

    def _run(self) -> None:
        return None


class _Ruleset(Ruleset):  # type: ignore[misc]
    """Fires everything that a batch of facts makes fire and returns (rule, matched facts) in order."""

    def fire(self, facts: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
        code, state = durable_rules_engine.assert_facts(self._handle, json.dumps(facts))
        if code == 2:
            raise InternalError("durable_rules took a new fact for one already seen")
        started = durable_rules_engine.start_action_for_state(self._handle, state) if code != 1 else None
        message = started[1] if started else None
        while message:
            yield from from_json(message).items()
            message = durable_rules_engine.complete_and_start_action(self._handle, state)


class _Open(NamedTuple):
    """The sessions of one place that are open: one in each of these rulesets of its scope."""

    place: Place
    sid: str
    rulesets: set[int]


class _Session:
    def __init__(self, engine: DurableEngine, parts: PartsView) -> None:
        self.engine = engine
        self.parts = parts
        self.key = uuid.uuid4().hex
        self.known: Known = {place: {} for place in self._places()}
        #: nodes concluded either way at a place
        self.decided: dict[Place, set[int]] = {place: set() for place in self.known}
        self.waiting: dict[Place, list[Literal]] = {place: [] for place in self._places() if place[0] in engine.scopes}
        self.firings: list[Firing] = []
        self.sessions: dict[str, _Open] = {}
        self.name: Phase = "known"

    def _places(self) -> list[Place]:
        return [HERE, *((part, index) for part, size in self.parts.sizes.items() for index in range(size))]

    def phase(self, name: Phase, atoms: Known) -> None:
        self.name = name
        self._atoms(atoms, self.engine.limits)
        live = self._live()
        self._atoms(atoms, {node for literals in atoms.values() for node, _ in literals} & live)

    def _atoms(self, atoms: Known, wanted: Collection[int]) -> None:
        for place, literals in atoms.items():
            for literal in literals:
                if literal[0] in wanted:
                    self._learn(place, literal)
        self._quantify()  # also where no rule reads what was learnt
        while any(self.waiting.values()):
            for place in list(self.waiting):
                self._wave(place)
            self._quantify()

    def _live(self) -> set[int]:
        """Nodes on which an undecided criterion can still hang; the rest need not be asserted."""
        nodes, roots, live = self.engine.program.nodes, self.engine.roots, set[int]()
        decided = self.decided[HERE]
        for index in range(len(nodes) - 1, -1, -1):
            if (index in live or index in roots) and index not in decided:
                live.add(index)
                live.update(nodes[index].children)
        return live

    def _learn(self, place: Place, literal: Literal) -> None:
        if literal in self.known[place]:
            return
        if (literal[0], not literal[1]) in self.known[place]:
            raise InternalError(f"node {literal[0]} was concluded both ways")
        self.known[place][literal] = len(self.firings)
        self.decided[place].add(literal[0])
        for other, batch in self.waiting.items():
            if place in (HERE, other) and literal in self.engine.scopes[other[0]].uses:
                batch.append(literal)

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
        while batch := self.waiting[place]:
            self.waiting[place] = []
            self._fire(session, batch)

    def _begin(self, place: Place) -> _Open:
        """Beginning takes longer than asserting all that is known, so a session is kept as long as it can be."""
        sid = self.key if place == HERE else f"{self.key}.{place[0]}.{place[1]}.{len(self.firings)}"
        if place != HERE:
            known = dict.fromkeys([*self.known[HERE], *self.known[place]])
            self.waiting[place] = [literal for literal in known if literal in self.engine.scopes[place[0]].uses]
        session = self.sessions[place[0]] = _Open(place, sid, set())
        return session

    def _fire(self, session: _Open, batch: list[Literal]) -> None:
        place, sid, opened = session
        scope = self.engine.scopes[place[0]]
        batches: dict[int, list[str]] = {}
        for literal in batch:
            for number, nodes in scope.uses[literal].items():
                if not nodes <= self.decided[place]:
                    batches.setdefault(number, []).append(_property(literal))
        for number in sorted(batches):
            names = batches[number] if number in opened else [OPENED, *batches[number]]
            opened.add(number)
            for rule, matched in scope.rulesets[number].fire([{"sid": sid, "id": name, name: 1} for name in names]):
                if rule != OPENED:
                    self._fired(place, rule, matched)

    def _end(self, session: _Open) -> None:
        for number in session.rulesets:
            self.engine.scopes[session.place[0]].rulesets[number].delete_state(session.sid)

    def _fired(self, place: Place, rule: str, matched: dict[str, Any]) -> None:
        concludes = self.engine.conclusions[rule]
        if concludes in self.known[place]:
            return
        because = tuple([_literal(fact["id"]) for fact in matched.values()])
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
        for session in self.sessions.values():
            self._end(session)


def holds(run_known: Known, engine: DurableEngine, node: int, place: Place) -> bool | None:
    """Whether a node was concluded to hold at a place, looking through negations; None is open."""
    own, here = run_known.get(place, _NOTHING), run_known[HERE]
    for literal, value in zip(engine.standing[node], (True, False), strict=True):
        if literal in own or literal in here:
            return value
    return None


def literals(rows: Iterable[tuple[Place, int, bool]]) -> Known:
    """Atoms known at their places, in a stable order."""
    known: Known = {}
    for place, node, value in rows:
        known.setdefault(place, {})[(node, value)] = 0
    return known
