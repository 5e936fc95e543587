"""Building the proof tree of a criterion from the evaluated program.

Each node carries its strict status and its status on the record. A child is *dispositive* when
its parent would no longer have its status if the child were unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.answer import FindingSaid, Kind, ProofNode, Source, Status
from engine.content.conditions import All, Atom, Condition, Not, Quantified, Ref
from engine.content.models import Criterion, Pack
from engine.facts.columns import HERE, Columns, Place
from engine.facts.reading import Read
from engine.facts.values import plain, show
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting
from engine.inference.evaluation import Evaluation
from engine.inference.program import Program
from engine.proofs.wording import atom_text, cited_line, place_label


@dataclass
class ProofBuilder:
    """Proof trees of one evaluated case."""

    pack: Pack
    program: Program
    read: Read
    evaluation: Evaluation
    setting: Setting
    _known: dict[tuple[str, Place], ProofNode] = field(default_factory=dict)
    _leaves: dict[tuple[int, Place], ProofNode] = field(default_factory=dict)

    def criterion(self, name: str, place: Place = HERE) -> ProofNode:
        """The whole proof of a criterion; one that is used several times is built once."""
        scope = self.pack.criteria[name].scope
        key = (name, HERE if scope == CASE else place)
        if key not in self._known:
            self._known[key] = self._criterion(name, place)
        return self._known[key]

    def _criterion(self, name: str, place: Place) -> ProofNode:
        criterion = self.pack.criteria[name]
        entry = self.program.entries[name]
        status, strict = self._status(entry.node, place)
        children = self._applies(criterion, place)
        if not (children and children[0].status == "not_met"):
            children.append(self._condition(criterion.condition, criterion.scope, place))
        else:
            status = "not_applicable"
            strict = status if children[0].status_strict == "not_met" else strict
        shorts = tuple(cited_line(self.pack, cite) for cite in criterion.cites)
        sentence = criterion.title if status == "not_applicable" else getattr(criterion.sentences, status)
        return ProofNode(
            "criterion",
            sentence,
            status,
            strict,
            True,
            name,
            criterion.review,
            shorts,
            criterion.authorities,
            children=self._weighed("all", status, children),
        )

    def _applies(self, criterion: Criterion, place: Place) -> list[ProofNode]:
        limits = self.program.entries[criterion.id].limits
        leaves = [self._atom(atom, self.program.locate(atom, criterion.scope), place) for atom in limits]
        turn = {"not_met": 0, "open": 1}
        decisive = sorted(leaves, key=lambda leaf: turn.get(leaf.status, 2))
        return [_copy(leaf, "applies", leaf.dispositive) for leaf in decisive[:1]]

    def _condition(self, condition: Condition, scope: str, place: Place) -> ProofNode:
        if isinstance(condition, Ref):
            return self.criterion(condition.criterion, place)
        node = self.program.locate(condition, scope)
        if isinstance(condition, Atom):
            return self._atom(condition, node, place)
        status, strict = self._status(node, place)
        if isinstance(condition, Not):
            inner = self._condition(condition.of, scope, place)
            return ProofNode("not", "It is not so that:", status, strict, True, children=(inner,))
        if isinstance(condition, Quantified):
            return self._quantified(condition, status, strict)
        kind: Kind = "all" if isinstance(condition, All) else "any"
        children = [self._condition(operand, scope, place) for operand in condition.of]
        text = "All of these:" if kind == "all" else "At least one of these:"
        return ProofNode(kind, text, status, strict, True, children=self._weighed(kind, status, children))

    def _quantified(self, condition: Quantified, status: Status, strict: Status) -> ProofNode:
        items = self.evaluation.strict_columns.places(condition.part)
        if condition.quantifier == "latest":
            latest = self.evaluation.strict_columns.latest.get(condition.part)
            items = [] if latest is None else [items[latest]]
        children = []
        for place in items:
            inner = self._condition(condition.of, condition.part, place)
            children.append(
                ProofNode(
                    "item",
                    place_label(self.pack, self.read, place),
                    inner.status,
                    inner.status_strict,
                    True,
                    children=(inner,),
                )
            )
        part = self.pack.vocabulary.parts[condition.part]
        text = {"some": "At least one of the {0}", "every": "Each of the {0}", "latest": "The latest of the {0}"}[
            condition.quantifier
        ]
        detail = (
            "" if items else (": none is listed" if condition.part in self.read.items else ": the list is not known")
        )
        kind: Kind = condition.quantifier
        return ProofNode(
            kind,
            text.format(part.title.lower()) + detail,
            status,
            strict,
            True,
            children=self._weighed("any" if kind == "some" else "all", status, children),
        )

    def _weighed(self, kind: str, status: Status, children: list[ProofNode]) -> tuple[ProofNode, ...]:
        """Mark the children on which the status turns."""
        turning: Status = "met" if kind == "all" else "not_met"
        if status == turning:
            return tuple(_marked(child, True) for child in children)
        deciding = [
            index
            for index, child in enumerate(children)
            if child.status == status or {child.status, status} == {"not_met", "not_applicable"}
        ]
        return tuple(
            _marked(child, index in deciding and (len(deciding) == 1 or status == "open"))
            for index, child in enumerate(children)
        )

    def _status(self, node: int, place: Place) -> tuple[Status, Status]:
        return _read(self.evaluation.record.at(node, place)), _read(self.evaluation.strict.at(node, place))

    def _atom(self, atom: Atom, node: int, place: Place) -> ProofNode:
        own = HERE if self.program.nodes[node].scope == CASE else place
        if (node, own) not in self._leaves:
            self._leaves[node, own] = self._leaf(atom, node, place)
        return self._leaves[node, own]

    def _leaf(self, atom: Atom, node: int, place: Place) -> ProofNode:
        status, strict = self._status(node, place)
        facts = self.program.nodes[node].facts
        found = (
            self._finding(facts[0], place)
            if facts and atom.kind not in ("bound", "declared")
            else self._setting(atom, facts)
        )
        return ProofNode(
            "fact", atom_text(atom, self.pack, self.setting, self.read), status, strict, True, finding=found
        )

    def _finding(self, name: str, place: Place) -> FindingSaid:
        fact = self.pack.vocabulary.facts[name]
        own = HERE if fact.scope == CASE else place
        strict, record = self.evaluation.strict_columns, self.evaluation.record_columns
        entered = self.read.columns.values[own].get(name)
        label = fact_label(self.read, own, name)
        if entered and name in self.read.derived:
            return FindingSaid(label, plain(entered[0][0]), show(entered[0][0], fact), "latest item")
        behind = self.read.finding(own, name)
        if entered and behind:
            exhibits = tuple(f"{ref.id} p. {ref.page}" if ref.page else ref.id for ref in behind.exhibits)
            return FindingSaid(
                label,
                plain(entered[0][0]),
                show(entered[0][0], fact),
                "finding",
                behind.standing,
                behind.by,
                exhibits,
                behind.note,
            )
        settled: tuple[tuple[Columns, Source], ...] = ((strict, "gate"), (record, "burden"))
        for columns, source in settled:
            values = columns.values[own].get(name)
            if values:
                return FindingSaid(label, plain(values[0][0]), show(values[0][0], fact), source)
        return FindingSaid(label, None, "disputed" if behind and behind.disputed else "not known", "unknown")

    def _setting(self, atom: Atom, facts: tuple[str, ...]) -> FindingSaid:
        if atom.kind == "variant":
            return FindingSaid(atom.args[0], atom.args[1], self.setting.variants[atom.args[0]], "reading")
        if atom.kind == "within":
            return FindingSaid(
                "assessed_on", self.setting.assessed_on.isoformat(), self.setting.assessed_on.isoformat(), "date"
            )
        return FindingSaid(atom.args[0], None, "treaty register", "register")


def _marked(node: ProofNode, dispositive: bool) -> ProofNode:
    return node if node.dispositive is dispositive else _copy(node, node.kind, dispositive)


def _copy(node: ProofNode, kind: Kind, dispositive: bool) -> ProofNode:
    """What ``dataclasses.replace`` gives, which is five times as slow."""
    return ProofNode(
        kind,
        node.text,
        node.status,
        node.status_strict,
        dispositive,
        node.criterion,
        node.review,
        node.citations,
        node.authorities,
        node.finding,
        node.children,
    )


def _read(pair: tuple[int, int]) -> Status:
    return "met" if pair[0] & 1 else "not_met" if pair[1] & 1 else "open"


def fact_label(read: Read, place: Place, fact: str) -> str:
    """``fact`` for the case, ``counts[fraud].fact`` for an item."""
    if place[0] == CASE:
        return fact
    items = read.items.get(place[0], ())
    name = items[place[1]].id if place[1] < len(items) else "?"
    return f"{place[0]}[{name}].{fact}"
