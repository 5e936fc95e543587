"""Forward chaining with durable_rules: the firings that a class can walk through, one by one.

The rules come from the rulebook, one case in the making is a chain; here both meet the library.

This is the only module that imports durable_rules. How that library fails, and why it is embedded
this way: docs/durable_rules.md.
"""

from __future__ import annotations

import ctypes
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import durable_rules_engine
from durable.engine import Host, Ruleset

from engine.errors import InternalError
from engine.inference.atoms import Setting
from engine.inference.chaining import OPENED, Chain, Known, PartsView, Run
from engine.inference.precedents import IssueBase
from engine.inference.program import EVIDENCE, Program
from engine.inference.rulebook import Literal, Rule, Rulebook, property_of

# The library keeps the facts that a ruleset tests in 512 places and hangs when these are full, is slow before that,
# and fails at a fact that more than 63 rules have among their alternatives.
MAX_FACTS, MAX_CHOICES = 200, 50
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # as malloc.h has them


class DurableEngine:
    """One ruleset for the case and one for each part, made once per pack; one case at a time."""

    def __init__(self, program: Program, bases: Mapping[str, IssueBase] | None = None) -> None:
        """``bases`` are the precedents on each issue."""
        self.program = program
        self.lock = threading.Lock()
        _keep_freed_memory()
        rules = Rulebook(program)
        self.conclusions, self.needs = rules.conclusions, rules.needs
        self.aliases = rules.aliases
        self.scopes = {scope: _Scope(scope, rules) for scope in sorted(rules.rules)}
        #: by literal: each scope whose rules test it, with the numbers of their rulesets
        self.readers: dict[Literal, list[tuple[str, tuple[int, ...]]]] = {}
        for name, scope in self.scopes.items():
            for literal, uses in scope.uses.items():
                self.readers.setdefault(literal, []).append((name, tuple(uses)))
        self.named = {literal: property_of(literal) for literal in self.readers}
        limits = (entry.applies for entry in program.entries.values() if entry.applies is not None)
        self.limits = {node for top in limits for node in (top, *program.nodes[top].children)}
        self.loose = program.loose
        self.quantified = [(index, node) for index, node in enumerate(program.nodes) if node.part]
        #: nodes that lead from evidence to answers, by their turn: one reads only those of earlier turns
        self.in_turn = _in_turn(program)
        #: of the atoms read through sources, the nodes that read them
        self.read_through = {
            node.children[0]: index for index, node in enumerate(program.nodes) if node.op == "presumed"
        }
        self.bases = bases or {}
        #: for each node the literals that stand for its holding and for its failing, through all negations
        self.standing = [
            (rules.literal(index, holds=True), rules.literal(index, holds=False)) for index in range(len(program.nodes))
        ]
        self.roots = {*program.of_node, *program.loose}

    def run(self, strict: Known, record: Known, parts: PartsView, setting: Setting) -> Run:
        """Chain forward from the atoms known strictly, then from those the burden adds and what is presumed.

        Raises:
            InternalError: the library reported a fault; nothing can be concluded.
        """
        with self.lock:
            session = Chain(self, parts, setting)
            try:
                session.phase("known", strict)
                first = {place: dict(literals) for place, literals in session.known.items()}
                session.phase("burden", record)
                return Run(first, session.known, session.firings)
            finally:
                session.close()


def _in_turn(program: Program) -> list[list[int]]:
    """Nodes of presumptions, precedents and presumed facts: first those below which there is no other, and so on."""
    turns: list[int] = []
    found: dict[int, list[int]] = {}
    for index, node in enumerate(program.nodes):
        turn = max((turns[child] for child in node.children), default=0)
        if node.op in EVIDENCE:
            turn += 1
            found.setdefault(turn, []).append(index)
        turns.append(turn)
    return [found[turn] for turn in sorted(found)]


def _keep_freed_memory() -> None:
    """Let glibc keep what is freed: each session takes megabytes, and faulting them in anew is a fifth of its time."""
    with suppress(OSError, AttributeError):  # another C library
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, 64 << 20)
        libc.mallopt(_M_TRIM_THRESHOLD, 256 << 20)


class _Scope:
    """The rulesets of one scope, as many as the library's limits need."""

    def __init__(self, name: str, book: Rulebook) -> None:
        rules = book.rules[name]
        chunks = rulesets_of(rules)
        self.rulesets = [
            _Ruleset(f"{name}{number}", {rule: rules[rule] for rule in chunk}, book)
            for number, chunk in enumerate(chunks)
        ]
        #: literal -> number of each ruleset that tests it -> the nodes its rules there conclude
        self.uses: dict[Literal, dict[int, set[int]]] = {}
        for number, chunk in enumerate(chunks):
            for rule in chunk:
                for literal in rules[rule].literals:
                    self.uses.setdefault(literal, {}).setdefault(number, set()).add(rules[rule].concludes[0])


def rulesets_of(rules: Mapping[str, Rule]) -> list[list[str]]:
    """Rules in their order, cut where one more would test too many facts, or one fact too often."""
    chunks: list[list[str]] = []
    tested: set[Literal] = set()
    choices: Counter[Literal] = Counter()
    for name, rule in rules.items():
        tested |= {*rule.literals}
        choices.update(() if rule.together else rule.literals)
        if (
            not chunks
            or len(tested) > MAX_FACTS
            or max(map(choices.__getitem__, rule.literals), default=0) > MAX_CHOICES
        ):
            chunks.append([])
            tested, choices = {*rule.literals}, Counter(() if rule.together else rule.literals)
        chunks[-1].append(name)
    return chunks


def _written(rule: Rule) -> dict[str, Any]:
    tests: list[dict[str, Any]] = [{property_of(literal): 1} for literal in rule.literals]
    if not rule.together:
        tests = [{"$or": tests}] if len(tests) > 1 else tests
    return {"all": [{f"m{position}": test} for position, test in enumerate(tests)], "run": _nothing}


def _opening() -> dict[str, Any]:
    return {"all": [{"m0": {OPENED: 1}}], "run": _nothing}


def _nothing(context: Any) -> None:
    """The library wants an action for each rule; ours are read from the firings instead."""


class _QuietHost(Host):  # type: ignore[misc]
    """A host without its timer thread, which starts hundreds of threads a second and crashes."""

    def _run(self) -> None:
        return None


class _Ruleset(Ruleset):  # type: ignore[misc]
    """Fires everything that a batch of facts makes fire and gives the names of the rules in order."""

    def __init__(self, name: str, rules: Mapping[str, Rule], book: Rulebook) -> None:
        super().__init__(name, _QuietHost(), {OPENED: _opening(), **{rule: _written(rules[rule]) for rule in rules}})
        #: of a rule of alternatives, how it is told, by the fact that it matched
        self._told = {
            rule: {property_of(literal): one for literal, one in book.told[rule].items()}
            for rule in rules
            if rule in book.told
        }

    def fire(self, sid: str, names: list[str]) -> Iterator[str]:
        """Facts are named by their property, which is 1; neither name nor session needs escaping in JSON."""
        facts = ",".join([f'{{"sid":"{sid}","id":"{name}","{name}":1}}' for name in names])
        code, state = durable_rules_engine.assert_facts(self._handle, f"[{facts}]")
        if code == 2:
            raise InternalError("durable_rules took a new fact for one already seen")
        started = durable_rules_engine.start_action_for_state(self._handle, state) if code != 1 else None
        message = started[1] if started else None
        while message:
            yield self._rule(message)
            message = durable_rules_engine.complete_and_start_action(self._handle, state)

    def _rule(self, message: str) -> str:
        """The rule of ``{"rule":{"m0":{"sid":…,"id":"the fact that it matched",…},…}}``."""
        end = message.index('"', 2)
        told = self._told.get(rule := message[2:end])
        if told is None:
            return rule
        start = message.index('"id":"', end) + 6
        return told[message[start : message.index('"', start)]]
