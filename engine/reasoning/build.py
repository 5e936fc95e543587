"""Building the proof tree of a criterion from the evaluated program.

Each node carries its strict status and its status on the record. A child is *dispositive* when
its parent would no longer have its status if the child were unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.answer.model import (
    FindingSaid,
    Kind,
    ProofNode,
    Source,
    Status,
)
from engine.content.conditions import Atom
from engine.errors import InternalError
from engine.facts.columns import HERE, Columns, Place
from engine.facts.reading import Read
from engine.facts.values import plain, show
from engine.facts.vocabulary import CASE
from engine.inference.atoms import Setting
from engine.inference.evaluation import Evaluation
from engine.inference.onecase import STATUSES, Half
from engine.inference.sources import FactSource, value_test
from engine.reasoning.outline import Outline, Outlines, Step
from engine.reasoning.presumed import Presumed
from engine.reasoning.wording import cited_line, place_label, precedent_line, register_text, situation_line

#: A status on the record, and the strict one.
Pair = tuple[Status, Status]
_TURN = {"not_met": 0, "open": 1, "met": 2}


@dataclass
class ProofBuilder:
    """Proof trees of one evaluated case."""

    outlines: Outlines
    read: Read
    evaluation: Evaluation
    setting: Setting
    presumed: Presumed
    _pairs: dict[Place, Sequence[Pair]] = field(init=False)
    _known: dict[tuple[str, Place], ProofNode] = field(default_factory=dict)
    _leaves: dict[tuple[int, Place], ProofNode] = field(default_factory=dict)
    _findings: dict[tuple[str, Place], FindingSaid] = field(default_factory=dict)

    def __post_init__(self) -> None:
        half = self.evaluation.strict
        if not isinstance(half, Half):
            raise TypeError("a proof is of one case, not of many lanes")
        self._pairs = {place: [STATUSES[number] for number in numbers] for place, numbers in half.numbers.items()}

    def status(self, name: str, place: Place = HERE) -> Pair:
        """The status of a criterion on the record, and the strict one, as seen from a place."""
        return self._status_of(self.outlines.of(name), place)

    def statuses(self, names: Iterable[str], place: Place) -> list[Pair]:
        """The statuses of several criteria as seen from a place."""
        of, here = self.outlines.of, self._pairs[HERE]
        own = self._pairs.get(place, here)  # no node reads the items of a part that is only counted
        found = [(outline, (here if outline.of_case else own)[outline.node]) for outline in map(of, names)]
        return [
            self._status_of(outline, place) if outline.limits and pair[0] == "not_met" else pair
            for outline, pair in found
        ]

    def criterion(self, name: str, place: Place = HERE) -> ProofNode:
        """The whole proof of a criterion; one that is used several times is built once."""
        outline = self.outlines.of(name)
        key = (name, HERE if outline.criterion.scope == CASE else place)
        if key not in self._known:
            self._known[key] = self._criterion(outline, place)
        return self._known[key]

    def _criterion(self, outline: Outline, place: Place) -> ProofNode:
        criterion, limit = outline.criterion, self._limit(outline, place)
        pair = self._status_of(outline, place)
        status = pair[0]
        steps = [] if limit is None else [limit]
        if status != "not_applicable":
            steps.append(outline.condition)
        children = list(self._children("all", status, steps, place))
        if limit is not None:
            children[0] = _copy(children[0], "applies", children[0].dispositive)
        sentence = criterion.title if status == "not_applicable" else getattr(criterion.sentences, status)
        return ProofNode(
            "criterion",
            sentence,
            *pair,
            True,
            criterion.id,
            criterion.review,
            outline.cited,
            criterion.authorities,
            children=tuple(children),
        )

    def _limit(self, outline: Outline, place: Place) -> Step | None:
        """The limit on which it turns whether a criterion applies: one that fails, or else one that is open."""
        if len(outline.limits) == 1:
            return outline.limits[0]
        return min(outline.limits, key=lambda limit: _TURN[self._pair(limit, place)[0]], default=None)

    def _status_of(self, outline: Outline, place: Place) -> Pair:
        pair = self._pair(outline, place)
        if outline.limits and pair[0] == "not_met":
            limit = self._pair(self._limit(outline, place) or outline.limits[0], place)
            if limit[0] == "not_met":
                return "not_applicable", "not_applicable" if limit[1] == "not_met" else pair[1]
        return pair

    def _children(self, kind: Kind, status: Status, steps: Sequence[Step], place: Place) -> tuple[ProofNode, ...]:
        """Steps under another, marked where its status turns on them."""
        pairs = [self._status(step, place) for step in steps]
        marks = _dispositive(kind, status, [pair[0] for pair in pairs])
        return tuple([self._step(*each, place) for each in zip(steps, pairs, marks, strict=True)])

    def _status(self, step: Step, place: Place) -> Pair:
        return self._status_of(self.outlines.of(step.criterion), place) if step.criterion else self._pair(step, place)

    def _pair(self, stands: Step | Outline, place: Place) -> Pair:
        return self._pairs[HERE if stands.of_case else place][stands.node]

    def _step(self, step: Step, pair: Pair, dispositive: bool, place: Place) -> ProofNode:
        if step.criterion:
            return _marked(self.criterion(step.criterion, place), dispositive)
        if step.presumption:
            return _marked(self.presumption(step.presumption, place), dispositive)
        if step.atom is not None:
            return _marked(self._leaf(step, step.atom, pair, place), dispositive)
        if step.part:
            return self._quantified(step, pair, dispositive)
        children = self._children(step.kind, pair[0], step.steps, place)
        return ProofNode(step.kind, step.text, *pair, dispositive, children=children)

    def _quantified(self, step: Step, pair: Pair, dispositive: bool) -> ProofNode:
        places, within = self._items(step), step.steps[0]
        pairs = [self._status(within, place) for place in places]
        marks = _dispositive(step.kind, pair[0], [each[0] for each in pairs])
        children = tuple(
            ProofNode(
                "item",
                place_label(self.outlines.pack, self.read, place),
                *each,
                mark,
                children=(self._step(within, each, True, place),),
            )
            for place, each, mark in zip(places, pairs, marks, strict=True)
        )
        return ProofNode(step.kind, step.text + self._detail(step.part, places), *pair, dispositive, children=children)

    def _items(self, step: Step) -> list[Place]:
        columns = self.evaluation.strict_columns
        places = columns.places(step.part)
        if step.kind != "latest":
            return places
        latest = columns.latest.get(step.part)
        return [] if latest is None else [places[latest]]

    def _detail(self, part: str, places: list[Place]) -> str:
        if places:
            return ""
        return ": none is listed" if part in self.read.items else ": the list is not known"

    def _leaf(self, step: Step, atom: Atom, pair: Pair, place: Place) -> ProofNode:
        key = (step.node, HERE if step.of_case else place)
        if key not in self._leaves:
            found = self._found(step.fact, place) if step.fact else self._setting(atom)
            text = step.text or register_text(atom, self.outlines.pack, self.setting, self.read)
            sources = self._sources(step.fact, key[1]) if found.source == "presumption" else ()
            self._leaves[key] = ProofNode("fact", text, *pair, True, finding=found, children=sources)
        return self._leaves[key]

    def _sources(self, fact: str, place: Place) -> tuple[ProofNode, ...]:
        """The presumptions, country findings and precedents by which a fact is presumed, for both sides."""
        presumed = self.presumed.value(fact, place)
        nodes = (self._source(source, node, place) for source, node in presumed.sources) if presumed else ()
        return tuple(node for group in nodes for node in group)

    def _source(self, source: FactSource, node: int, place: Place) -> list[ProofNode]:
        pack = self.outlines.pack
        if source.kind == "presumption":
            return [self.presumption(source.id, place)]
        if source.kind == "gate":
            gate = pack.vocabulary.facts[source.id]
            test = value_test(gate, source.answer)
            if test is None:
                raise InternalError(f"no single test says how {gate.id} is answered")
            step = self.outlines.test(test, gate.scope)
            return [self._step(step, self._status(step, place), True, place)]
        pair = self._pairs[HERE if self.outlines.program.nodes[node].scope == CASE else place][node]
        if source.kind == "situation":
            return [
                ProofNode("situation", situation_line(one), *pair, True, review=one.review, source=one.id)
                for one in self.presumed.findings(source.id, str(source.value))
            ]
        return [
            ProofNode(
                "precedent", precedent_line(row), *pair, True, review=row.precedent.review, source=row.precedent.id
            )
            for row in self.presumed.governing(source.id, place)
            if row.side == source.side
        ]

    def presumption(self, name: str, place: Place = HERE) -> ProofNode:
        """The proof of a presumption: its condition, and whether anything rebuts it."""
        pack, (condition, rebuttals) = self.outlines.pack, self.outlines.presumption(name)
        one, entry = pack.presumptions[name], self.outlines.program.evidence.presumptions[name]
        own = HERE if self.outlines.program.nodes[entry.node].scope == CASE else place
        pair = self._pairs[own][entry.node]
        stated, *denied = [self._status(step, own) for step in (condition, *rebuttals)]
        rebutted = stated[0] == "met" and any(each[0] == "met" for each in denied)
        sentence = (
            one.title
            if pair[0] != "met" and not rebutted
            else one.sentences.rebutted
            if rebutted
            else one.sentences.applies
        )
        marks = [not rebutted, *(each[0] == "met" for each in denied)]
        children = tuple(
            self._step(step, each, mark, own)
            for step, each, mark in zip((condition, *rebuttals), (stated, *denied), marks, strict=True)
        )
        cited = tuple(cited_line(pack, cite) for cite in one.cites)
        return ProofNode(
            "presumption",
            sentence,
            *pair,
            True,
            review=one.review,
            citations=cited,
            authorities=one.authorities,
            children=children,
            source=name,
        )

    def _found(self, name: str, place: Place) -> FindingSaid:
        key = (name, HERE if self.outlines.pack.vocabulary.facts[name].scope == CASE else place)
        if key not in self._findings:
            self._findings[key] = self._finding(name, key[1])
        return self._findings[key]

    def _finding(self, name: str, own: Place) -> FindingSaid:
        fact = self.outlines.pack.vocabulary.facts[name]
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
            presumed = self.presumed.value(name, own) if source == "burden" else None
            if presumed:
                value = presumed.value
                shown = "presumed both ways" if value is None else show(value, fact)
                return FindingSaid(label, None if value is None else plain(value), shown, "presumption")
            values = columns.values[own].get(name)
            if values:
                return FindingSaid(label, plain(values[0][0]), show(values[0][0], fact), source)
        return FindingSaid(label, None, "disputed" if behind and behind.disputed else "not known", "unknown")

    def _setting(self, atom: Atom) -> FindingSaid:
        if atom.kind == "variant":
            return FindingSaid(atom.args[0], atom.args[1], self.setting.variants[atom.args[0]], "reading")
        if atom.kind == "within":
            return FindingSaid(
                "assessed_on", self.setting.assessed_on.isoformat(), self.setting.assessed_on.isoformat(), "date"
            )
        return FindingSaid(atom.args[0], None, "treaty register", "register")


def _dispositive(kind: Kind, status: Status, children: Sequence[Status]) -> list[bool]:
    """Of each child, whether the status turns on it: of all in a conjunction that holds or a disjunction that fails."""
    if kind == "not" or status == ("not_met" if kind in ("any", "some") else "met"):
        return [True] * len(children)
    deciding = [child == status or {child, status} == {"not_met", "not_applicable"} for child in children]
    alone = status == "open" or sum(deciding) == 1
    return [alone and decides for decides in deciding]


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
        node.source,
    )


def fact_label(read: Read, place: Place, fact: str) -> str:
    """``fact`` for the case, ``counts[fraud].fact`` for an item."""
    if place[0] == CASE:
        return fact
    items = read.items.get(place[0], ())
    name = items[place[1]].id if place[1] < len(items) else "?"
    return f"{place[0]}[{name}].{fact}"
