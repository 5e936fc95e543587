"""The part of a program that leads from evidence to answers: its presumptions, precedents and country findings.

Every test of a fact that has sources is read through a *presumed* node, so that no condition has to
know how an answer came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from engine.content.conditions import All, AnyOf, Applies, Atom, Condition, Quantified, Ref, walk
from engine.content.evidence import OPPONENT, SITUATION, Issue, Ruling, Side, alike
from engine.content.models import PRESUMING, Pack
from engine.errors import InternalError, present
from engine.facts.values import BadValue, parse
from engine.facts.vocabulary import CASE, Fact
from engine.inference.limits import limits_of
from engine.inference.sources import PRESUMABLE, FactSource, excluders, presumed_truth, sources_of, value_test


class PresumptionEntry(NamedTuple):
    """Where a presumption stands: its own node, its condition within its limits, and what rebuts it."""

    node: int
    condition: int
    rebuttals: tuple[int, ...]


class FactorEntry(NamedTuple):
    """Where the conditions of one factor stand among the children of its issue's nodes, and the facts they read."""

    name: str
    start: int
    stop: int
    facts: frozenset[str]


class IssueEntry(NamedTuple):
    """Where an issue stands: the node of each side, and what is compared.

    ``reasons`` are the children that say that a fact has a value on which a precedent relied and that no factor covers.
    """

    nodes: dict[Side, int]
    children: tuple[int, ...]
    factors: tuple[FactorEntry, ...]
    reasons: dict[tuple[str, Any], int]


@dataclass
class Evidence:
    """Where the sources of evaluative facts stand in a program."""

    sources: dict[str, list[FactSource]] = field(default_factory=dict)
    presumptions: dict[str, PresumptionEntry] = field(default_factory=dict)
    issues: dict[str, IssueEntry] = field(default_factory=dict)
    #: of each fact that has sources: each source with its node
    of_fact: dict[str, list[tuple[FactSource, int]]] = field(default_factory=dict)
    #: of a picture and a level: the node that says that it is the highest level found
    levels: dict[tuple[str, str], int] = field(default_factory=dict)


class Nodes(Protocol):
    """A program in the making."""

    def node(self, condition: Condition, scope: str) -> int:
        """The node of a condition as it stands at a scope."""

    def add(
        self,
        op: str,
        scope: str,
        children: tuple[int, ...],
        *,
        signs: tuple[bool, ...] = (),
        issue: str = "",
        side: Side | None = None,
    ) -> int:
        """The node of these properties."""

    def join(self, op: str, scope: str, children: tuple[int, ...]) -> int:
        """The node that joins others; one alone is itself."""


class EvidenceBuilder:
    """Adds the nodes of sources to a program in the making."""

    def __init__(self, pack: Pack, nodes: Nodes, evidence: Evidence) -> None:
        self.pack, self.nodes, self.evidence = pack, nodes, evidence
        evidence.sources = sources_of(pack)

    def complete(self) -> None:
        """Add the sources that no criterion reads: they are reported nevertheless."""
        for name in self.pack.presumptions:
            self.presumption(name)
        for name in self.pack.issues:
            self._issue(name)
        for picture in self.pack.pictures.values():
            for level in self.pack.vocabulary.facts[picture.answers].values:
                self._level(picture.id, level)
        for fact, sources in self.evidence.sources.items():
            scope = self.pack.vocabulary.facts[fact].scope
            self.evidence.of_fact[fact] = [(source, self._usable(source, fact, scope)) for source in sources]

    def presumption(self, name: str) -> int:
        """The node of a presumption."""
        if name not in self.evidence.presumptions:
            one = self.pack.presumptions[name]
            stated = [self.nodes.node(condition, one.scope) for condition in (*limits_of(one), one.condition)]
            condition = self.nodes.join("all", one.scope, tuple(stated))
            rebuttals = tuple(self.nodes.node(rebuttal, one.scope) for rebuttal in one.rebutted_by)
            if one.strength in PRESUMING:
                against = (self.nodes.join("any", one.scope, rebuttals),) if rebuttals else ()
                node = self.nodes.add("presumption", one.scope, (condition, *against))
            else:
                denied = [self.nodes.add("not", one.scope, (rebuttal,)) for rebuttal in rebuttals]
                node = self.nodes.join("all", one.scope, (condition, *denied))
            self.evidence.presumptions[name] = PresumptionEntry(node, condition, rebuttals)
        return self.evidence.presumptions[name].node

    def read(self, atom: Atom, plain: int, scope: str) -> int:
        """The node by which a test of a fact is read: through the sources of the fact if it has any."""
        sources = self.evidence.sources.get(atom.facts[0]) if len(atom.facts) == 1 else None
        if sources is None or atom.kind not in PRESUMABLE:
            return plain
        sufficient: dict[bool, list[int]] = {True: [], False: []}
        others: dict[bool, list[int]] = {True: [], False: []}
        for source in sources:
            truth = presumed_truth(atom, source.value)
            if truth is not None:
                (sufficient if source.sufficient else others)[truth].append(self._usable(source, atom.facts[0], scope))
        signed = {truth: self._signed(sufficient, others, scope, truth=truth) for truth in (True, False)}
        children = [(truth, node) for truth, node in signed.items() if node is not None]
        if not children:
            return plain
        signs = tuple(truth for truth, _ in children)
        return self.nodes.add("presumed", scope, (plain, *(node for _, node in children)), signs=signs)

    def _signed(
        self, sufficient: dict[bool, list[int]], others: dict[bool, list[int]], scope: str, *, truth: bool
    ) -> int | None:
        """What speaks for a truth; what is not sufficient gives way to what is sufficient for the other."""
        weaker = dict.fromkeys(others[truth])
        if weaker and sufficient[not truth]:
            against = self.nodes.join("any", scope, tuple(dict.fromkeys(sufficient[not truth])))
            together = self.nodes.join("any", scope, tuple(weaker))
            weaker = {self.nodes.add("all", scope, (together, self.nodes.add("not", scope, (against,)))): None}
        found = tuple(dict.fromkeys([*sufficient[truth], *weaker]))
        return self.nodes.join("any", scope, found) if found else None

    def _usable(self, source: FactSource, fact: str, scope: str) -> int:
        """A source as far as its answer may be used: it gives none while the law excludes that answer."""
        node = self._source(source, scope)
        excluding = [self.presumption(one.id) for one in excluders(self.pack, fact, source.value)]
        if not excluding:
            return node
        return self.nodes.add("presumption", scope, (node, self.nodes.join("any", scope, tuple(excluding))))

    def _source(self, source: FactSource, scope: str) -> int:
        if source.kind == "presumption":
            return self.presumption(source.id)
        if source.kind == "situation":
            return self._level(source.id, str(source.value))
        if source.kind == "precedent":
            return self._issue(source.id).nodes[present(source.side, "the side of an issue")]
        return self._gate(source, scope)

    def _gate(self, source: FactSource, scope: str) -> int:
        """That a gate is answered so that it closes, on the record at the most."""
        gate = self.pack.vocabulary.facts[source.id]
        test = value_test(gate, source.answer)
        if test is None:
            raise InternalError(f"no single test says how {gate.id} is answered")
        return self.nodes.add("presumption", scope, (self.nodes.node(test, scope),))

    def _level(self, picture: str, level: str) -> int:
        """That a level is the highest that country findings give."""
        if (picture, level) not in self.evidence.levels:
            levels = list(self.pack.vocabulary.facts[self.pack.pictures[picture].answers].values)
            found = self._found(picture, level)
            higher = [self._found(picture, one) for one in levels[levels.index(level) + 1 :]]
            against = (self.nodes.join("any", CASE, tuple(higher)),) if higher else ()
            self.evidence.levels[(picture, level)] = self.nodes.add("presumption", CASE, (found, *against))
        return self.evidence.levels[(picture, level)]

    def _found(self, picture: str, level: str) -> int:
        """That some finding gives this level for everybody, or for a group to which the person belongs."""
        spec = self.pack.pictures[picture]
        groups = dict.fromkeys(one.group for one in self.pack.situations.values() if one.level == level)
        found = []
        for group in groups or [""]:
            holds: Condition = Atom("situation", (spec.state,), (level, group, spec.years))
            found.append(All((holds, self.pack.groups[group].condition)) if group else holds)
        return self.nodes.node(AnyOf(tuple(found)), CASE)

    def _issue(self, name: str) -> IssueEntry:
        if name not in self.evidence.issues:
            issue = self.pack.issues[name]
            children: list[int] = []
            factors = []
            for factor in issue.factors.values():
                conditions = list(factor.conditions.values())
                start = len(children)
                children += [self.nodes.node(condition, issue.scope) for condition in conditions]
                facts = frozenset(self._facts(conditions))
                factors.append(FactorEntry(factor.name, start, len(children), facts))
            covered = frozenset[str]().union(*(factor.facts for factor in factors))
            reasons: dict[tuple[str, Any], int] = {}
            for fact, value in self._reasons(issue, covered):
                test = holds(self.pack.vocabulary.facts[fact], value, issue.scope)
                if test is not None and (fact, value) not in reasons:
                    reasons[(fact, value)] = len(children)
                    children.append(self.nodes.node(test, issue.scope))
            below = tuple(children)
            nodes = {side: self.nodes.add("governed", issue.scope, below, issue=name, side=side) for side in OPPONENT}
            self.evidence.issues[name] = IssueEntry(nodes, below, tuple(factors), reasons)
        return self.evidence.issues[name]

    def _facts(self, conditions: Iterable[Condition]) -> Iterator[str]:
        """The facts that conditions read, also through criteria and presumptions."""
        for condition in conditions:
            for part in walk(condition):
                if isinstance(part, Atom):
                    yield from part.facts
                elif isinstance(part, Ref):
                    yield from self._facts([self.pack.criteria[part.criterion].condition])
                elif isinstance(part, Applies):
                    one = self.pack.presumptions[part.presumption]
                    yield from self._facts([one.condition, *one.rebutted_by])

    def _reasons(self, issue: Issue, covered: frozenset[str]) -> Iterator[tuple[str, Any]]:
        issues = alike(self.pack.issues, issue.id)
        for precedent in self.pack.precedents.values():
            for ruling in precedent.decided:
                if ruling.issue in issues:
                    yield from reasons_of(self.pack, precedent.facts, ruling, covered)


def reasons_of(pack: Pack, facts: dict[str, Any], ruling: Ruling, covered: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """The facts with their values on which a ruling relied and that no factor covers."""
    for name, value in named_reasons(ruling.because):
        fact = pack.vocabulary.facts.get(name)
        if fact is None or name == SITUATION or name in covered:
            continue
        try:
            stated = parse(fact, facts[name] if value is None else [value] if fact.type == "set" else value)
        except (BadValue, KeyError):
            continue
        yield from ((name, each) for each in (sorted(stated) if isinstance(stated, frozenset) else [stated]))


def named_reasons(reasons: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Reasons by name; with their value where one is named, else None."""
    for reason in reasons:
        yield next(iter(reason.items())) if isinstance(reason, dict) else (str(reason), None)


def holds(fact: Fact, value: Any, scope: str) -> Condition | None:
    """The condition that a fact has a value, or some listed thing has it; None where no test says so."""
    test = Atom("includes", (fact.id,), (value,)) if fact.type in ("set", "states") else value_test(fact, value)
    if fact.type == "number":
        test = Atom("compare", (fact.id,), ("==", value))
    return test if test is None or fact.scope in (CASE, scope) else Quantified("some", fact.scope, test)
