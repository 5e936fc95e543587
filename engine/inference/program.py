"""The flat program: all criteria of a pack as one list of nodes, children before parents.

Equal conditions share a node. A node belongs to the case or to the items of one part; nodes are
grouped into stages so that a stage reads only earlier stages and itself. Both engines run it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from engine.content.conditions import All, Applies, Atom, Condition, Not, Quantified, Ref
from engine.content.evidence import Side
from engine.content.models import Criterion, Pack
from engine.facts.vocabulary import CASE
from engine.inference.atoms import facts_of
from engine.inference.evidence import Evidence, EvidenceBuilder
from engine.inference.limits import limits_of
from engine.treaties.relations import Relations

#: Operations that lead from evidence to an answer.
EVIDENCE = frozenset({"presumption", "governed", "presumed"})


@dataclass(frozen=True)
class Node:
    """One step; ``scope`` is case or a part.

    ``op`` is atom, all, any, not, some, every or latest, or one of those that lead from evidence to an answer:

    - presumption: on the record it holds where its first child does and no other child (a rebuttal) does,
      and fails elsewhere; strictly it can fail, but never holds;
    - governed: on the record it holds where a precedent of ``issue`` for ``side`` governs, by the factors
      that the children are, and fails elsewhere; strictly it is open;
    - presumed: an atom read through its sources. The first child is the atom; it decides where its fact is
      known strictly. Elsewhere, on the record, it has the truth in ``signs`` of the other children that hold;
      it is open where they differ, and as the burden has it where none holds.

    ``key`` is the fact of an atom that stands at the node's own scope.
    """

    op: str
    scope: str
    children: tuple[int, ...] = ()
    atom: Atom | None = None
    facts: tuple[str, ...] = ()
    part: str = ""
    stage: int = 0
    key: str = ""
    signs: tuple[bool, ...] = ()
    issue: str = ""
    side: Side | None = None


@dataclass(frozen=True)
class Entry:
    """Where a criterion stands in the program: its status, whether it applies at all (``limits``), its condition."""

    node: int
    applies: int | None
    condition: int
    limits: tuple[Atom, ...] = ()


@dataclass
class Program:
    """Nodes in execution order, and the entry of every criterion by id.

    ``loose`` nodes belong to no criterion (conditions of clocks). ``locate`` gives the node of a condition as it stands in a criterion of some scope.
    ``evidence`` says where sources of evaluative facts stand.
    """

    nodes: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    of_node: dict[int, list[str]] = field(default_factory=dict)
    loose: set[int] = field(default_factory=set)
    evidence: Evidence = field(default_factory=Evidence)
    locate: Callable[[Condition, str], int] = field(default=lambda _condition, _scope: -1)

    @cached_property
    def atoms(self) -> dict[str, list[int]]:
        """Nodes that ask the case or the register, by scope."""
        found: dict[str, list[int]] = {}
        for index, node in enumerate(self.nodes):
            if node.op == "atom":
                found.setdefault(node.scope, []).append(index)
        return found

    @cached_property
    def readers(self) -> list[list[int]]:
        """For each node those that read it."""
        found: list[list[int]] = [[] for _ in self.nodes]
        for index, node in enumerate(self.nodes):
            for child in node.children:
                found[child].append(index)
        return found

    @cached_property
    def roots(self) -> dict[str, list[int]]:
        """The nodes of criteria, by scope."""
        found: dict[str, list[int]] = {}
        for node in self.of_node:
            found.setdefault(self.nodes[node].scope, []).append(node)
        return found

    def below(self, nodes: Iterable[int]) -> set[int]:
        """Nodes and all they rest on."""
        found, waiting = set[int](), list(nodes)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += self.nodes[node].children
        return found

    def blocks(self) -> list[tuple[int, str, list[int]]]:
        """Nodes by (stage, scope), stages in order."""
        groups: dict[tuple[int, str], list[int]] = {}
        for index, node in enumerate(self.nodes):
            groups.setdefault((node.stage, node.scope), []).append(index)
        return [(stage, scope, members) for (stage, scope), members in sorted(groups.items())]


def compile_pack(pack: Pack, relations: Relations) -> Program:
    """The program of a pack (whose criteria were checked to be free of circles)."""
    builder = _Builder(pack, relations)
    for criterion in pack.criteria.values():
        builder.entry(criterion)
    builder.evidence.complete()
    for clock in pack.clocks.values():
        if clock.applies_when is not None:
            builder.program.loose.add(builder.node(clock.applies_when, CASE))
    program = builder.program
    program.locate = builder.node
    for name, entry in program.entries.items():
        program.of_node.setdefault(entry.node, []).append(name)
    return program


class _Builder:
    def __init__(self, pack: Pack, relations: Relations) -> None:
        self.pack = pack
        self.relations = relations
        self.program = Program()
        self.index: dict[Hashable, int] = {}
        #: where each condition stands; it is held so that no other can take its id
        self.stands: dict[tuple[int, str], tuple[Condition, int]] = {}
        self.evidence = EvidenceBuilder(pack, self, self.program.evidence)

    def entry(self, criterion: Criterion) -> Entry:
        known = self.program.entries.get(criterion.id)
        if known:
            return known
        condition = self.node(criterion.condition, criterion.scope)
        limits = tuple(limits_of(criterion))
        applies = None
        if limits:
            applies = self.join("all", criterion.scope, tuple(self.node(atom, criterion.scope) for atom in limits))
        whole = condition if applies is None else self.join("all", criterion.scope, (applies, condition))
        entry = self.program.entries[criterion.id] = Entry(whole, applies, condition, limits)
        return entry

    def node(self, condition: Condition, scope: str) -> int:
        key = (id(condition), scope)
        if key not in self.stands:
            self.stands[key] = condition, self._node(condition, scope)
        return self.stands[key][1]

    def _node(self, condition: Condition, scope: str) -> int:
        if isinstance(condition, Atom):
            return self.atom(condition, scope)
        if isinstance(condition, Ref):
            return self.entry(self.pack.criteria[condition.criterion]).node
        if isinstance(condition, Applies):
            return self.evidence.presumption(condition.presumption)
        if isinstance(condition, Not):
            return self.add("not", scope, (self.node(condition.of, scope),))
        if isinstance(condition, Quantified):
            return self.add(condition.quantifier, CASE, (self.node(condition.of, condition.part),), part=condition.part)
        children = tuple(self.node(operand, scope) for operand in condition.of)
        return self.join("all" if isinstance(condition, All) else "any", scope, children)

    def join(self, op: str, scope: str, children: tuple[int, ...]) -> int:
        return children[0] if len(children) == 1 else self.add(op, scope, children)

    def atom(self, atom: Atom, scope: str) -> int:
        facts = facts_of(atom, self.relations)
        scopes = {self.pack.vocabulary.facts[name].scope for name in facts if name in self.pack.vocabulary.facts}
        scope = next(iter(scopes - {CASE}), CASE)
        key = next((name for name in facts if self._scope_of(name) == scope), "")
        plain = self.add("atom", scope, (), atom=atom, facts=facts, key=key)
        return self.evidence.read(atom, plain, scope)

    def _scope_of(self, fact: str) -> str:
        return self.pack.vocabulary.facts[fact].scope

    def add(
        self,
        op: str,
        scope: str,
        children: tuple[int, ...],
        *,
        atom: Atom | None = None,
        facts: tuple[str, ...] = (),
        part: str = "",
        key: str = "",
        signs: tuple[bool, ...] = (),
        issue: str = "",
        side: Side | None = None,
    ) -> int:
        """The node of these properties; equal ones are one node."""
        if op != "atom" and part == "":
            scope = next((s for s in (self.program.nodes[child].scope for child in children) if s != CASE), CASE)
        same = (op, scope, children, atom, part, signs, issue, side)
        if same not in self.index:
            # what is counted or compared is already evaluated, also where items read only the case
            later = bool(part or issue)
            stage = max((self._stage(child, scope, later) for child in children), default=0)
            self.index[same] = len(self.program.nodes)
            self.program.nodes.append(Node(op, scope, children, atom, facts, part, stage, key, signs, issue, side))
        return self.index[same]

    def _stage(self, child: int, scope: str, later: bool) -> int:
        node = self.program.nodes[child]
        return node.stage + (later or node.scope != scope)


def atoms_by_fact(
    program: Program,
) -> tuple[list[tuple[int, Atom]], dict[str, list[tuple[int, Atom, tuple[str, ...]]]]]:
    """Atoms that read no fact, and the others by the fact whose being known makes them worth evaluating."""
    constants: list[tuple[int, Atom]] = []
    by_fact: dict[str, list[tuple[int, Atom, tuple[str, ...]]]] = {}
    for index, node in enumerate(program.nodes):
        if node.atom is not None and not node.facts:
            constants.append((index, node.atom))
        elif node.atom is not None:
            by_fact.setdefault(node.key, []).append((index, node.atom, node.facts))
    return constants, by_fact
