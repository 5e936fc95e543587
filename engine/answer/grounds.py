"""Every ground with its status, what it hangs on, and what supports it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.answer.model import GroundSaid, ProofNode, Status
from engine.answer.sources import laws_of_others
from engine.content.conditions import Atom
from engine.content.models import Criterion
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE
from engine.reasoning.build import fact_label
from engine.reasoning.missing import Missing, Need
from engine.reasoning.wording import register_text, standing_of

if TYPE_CHECKING:
    from engine.assess import Engine, Weighed

_ORDER: dict[Status, int] = {"met": 0, "open": 1, "not_met": 2, "not_applicable": 3}


class Grounds:
    """The grounds of one weighed case."""

    def __init__(self, engine: Engine, weighed: Weighed) -> None:
        self.engine, self.weighed = engine, weighed
        self.prover = engine.prover(weighed)
        self.order, scopes = engine.lasting.fact_order, engine.lasting.fact_scopes
        self.elsewhere = laws_of_others(engine, weighed)
        self._relations: dict[int, str] = {}
        self._said: dict[str, GroundSaid] = {}
        both = weighed.evaluation
        self.strict = Missing(engine.program, both.strict, both.strict_columns, scopes=scopes, record=both.record)
        self.record = Missing(engine.program, both.record, both.record_columns, scopes=scopes)

    def all(self) -> tuple[GroundSaid, ...]:
        """Grounds and breaches, weightiest first: met before open before the rest; none of another State's law."""
        said = [self.said(item) for item in self.engine.lasting.grounds if item.instrument not in self.elsewhere]
        return tuple(sorted(said, key=lambda ground: (_ORDER[ground.status], self.engine.lasting.weight[ground.id])))

    def statuses(self) -> list[tuple[str, Status]]:
        """Every ground and breach with its status on the record, in the order of the answer."""
        grounds = self.engine.lasting.by_weight
        found = [(item.id, self._status(item)) for item in grounds if item.instrument not in self.elsewhere]
        return sorted(found, key=lambda said: _ORDER[said[1]])

    def said(self, criterion: Criterion) -> GroundSaid:
        """One criterion as part of the answer."""
        if criterion.id not in self._said:
            self._said[criterion.id] = self._say(criterion)
        return self._said[criterion.id]

    def _say(self, criterion: Criterion) -> GroundSaid:
        status, strict, counts = self._statuses(criterion)
        missing = self._needs(self.record, criterion) if status == "open" else ()
        rebuttable = self._needs(self.strict, criterion) if strict == "open" and status != "open" else ()
        citations, authorities = self.engine.lasting.sources(criterion)
        main = criterion.cites[0]
        return GroundSaid.said(
            id=criterion.id,
            title=criterion.title,
            instrument=criterion.instrument or main.instrument,
            article=main.article,
            effect=criterion.effect,
            status=status,
            status_strict=strict,
            sentence=_sentence(criterion, status),
            rebuttable_by=rebuttable,
            missing=missing,
            citations=citations,
            authorities=authorities,
            standard=criterion.standard,
            burden=criterion.burden,
            review=criterion.review,
            unverified=self._unverified(criterion),
            counts=counts,
            why_not=self._why_not(criterion) if status == "not_met" else (),
            note=criterion.note,
        )

    def proof_place(self, ground: GroundSaid) -> list[Place]:
        """Where to prove a ground that is met or open: at the case, or the first count in that status."""
        if ground.status not in ("met", "open"):
            return []
        criterion = self.engine.pack.criteria[ground.id]
        places = self._places(criterion)
        matching = [place for place in places if self.prover.status(ground.id, place)[0] == ground.status]
        return (matching or places)[:1]

    def not_relied_on(self) -> tuple[str, ...]:
        """Facts recorded in the case that no met or open ground uses, directly or by what they settle; background is none."""
        used: set[str] = set()
        for criterion in self.engine.pack.criteria.values():
            if criterion.effect and any(
                self.prover.status(criterion.id, place)[0] in ("met", "open") for place in self._places(criterion)
            ):
                used |= self.engine.facts_below(self.engine.program.entries[criterion.id].node)
        read, facts = self.weighed.read, self.engine.pack.vocabulary.facts
        used = self._with_what_settles(used)
        return tuple(
            fact_label(read, place, name)
            for place, column in read.columns.values.items()
            for name in column
            if name not in used and not facts[name].background
        )

    def _with_what_settles(self, used: set[str]) -> set[str]:
        """Facts with the gates above them, and with the steps from the latest of which they follow."""
        vocabulary, found, waiting = self.engine.pack.vocabulary, set[str](), list(used)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            fact = vocabulary.facts[name]
            waiting += [closure.fact for closure in fact.closed_by]
            if fact.from_latest:
                part = vocabulary.parts[vocabulary.facts[fact.from_latest].scope]
                waiting += [fact.from_latest, part.dated_by]
        return found

    def _places(self, criterion: Criterion) -> list[Place]:
        return [HERE] if criterion.scope == CASE else self.weighed.evaluation.strict_columns.places(criterion.scope)

    def _status(self, criterion: Criterion) -> Status:
        if criterion.scope == CASE:
            return self.prover.status(criterion.id)[0]
        return self._statuses(criterion)[0]

    def _statuses(self, criterion: Criterion) -> tuple[Status, Status, dict[str, Status]]:
        pairs = [self.prover.status(criterion.id, place) for place in self._places(criterion)]
        record, strict = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        items = self.weighed.read.items.get(criterion.scope, ())
        each = {item.id: status for item, status in zip(items, record, strict=False)}
        return _together(record), _together(strict), each

    def _needs(self, missing: Missing, criterion: Criterion) -> tuple[str, ...]:
        node = self.engine.program.entries[criterion.id].node
        needs = frozenset().union(*(missing.of(node, place) for place in self._places(criterion)))
        ranked = sorted(needs, key=lambda need: (self.order.get(need.fact, -1), need))
        return tuple(need_label(self.engine, self.weighed, need) for need in ranked)

    def _unverified(self, criterion: Criterion) -> tuple[str, ...]:
        lasting = self.engine.lasting
        notes = [self._relation(index) for index in lasting.bound_below(criterion)]
        return tuple(dict.fromkeys([*lasting.unverified(criterion), *(note for note in notes if note)]))

    def _relation(self, node: int) -> str:
        """What is unverified of a treaty relation, said once for all grounds behind which it stands."""
        if node not in self._relations:
            self._relations[node] = unverified_relation(self.engine, self.weighed, node)
        return self._relations[node]

    def _why_not(self, criterion: Criterion) -> tuple[str, ...]:
        places = self._places(criterion)
        if not places:
            return ()
        proof = self.prover.criterion(criterion.id, places[0])
        return tuple(dict.fromkeys(_decisive(proof)))


def _together(statuses: list[Status]) -> Status:
    """A ground on each count: met where some count meets it, not met where none can."""
    kinds = set(statuses)
    if len(kinds) == 1:
        return statuses[0]
    if not kinds or kinds == {"not_met", "not_applicable"}:
        return "not_met"
    return "met" if "met" in kinds else "open"


def _sentence(criterion: Criterion, status: Status) -> str:
    return (
        "It does not apply here on this date and in this reading of the law."
        if status == "not_applicable"
        else str(getattr(criterion.sentences, status))
    )


def _decisive(node: ProofNode) -> list[str]:
    """The leaves that keep a criterion from being met."""
    if not node.children:
        answer = f": {node.finding.shown}" if node.finding else ""
        return [f"{node.text}{answer}"] if node.status != "open" else []
    failing = [child for child in node.children if child.status == node.status or node.kind == "not"]
    return [leaf for child in failing for leaf in _decisive(child)]


def unverified_relation(engine: Engine, weighed: Weighed, node: int) -> str:
    """What to say of a treaty relation that the register marks as unverified; empty for any other."""
    atom = engine.program.nodes[node].atom
    if atom is None:
        return ""
    standing = standing_of(atom, weighed.setting, weighed.read)
    if standing.verified:
        return ""
    return f"the status of the {engine.pack.instruments[atom.args[0]].short} is unverified: {standing.reason}"


def need_label(engine: Engine, weighed: Weighed, need: Need) -> str:
    """The name of something missing."""
    if need.tag:
        atom = Atom("declared", (), (need.instrument, need.tag, need.of))
        return register_text(atom, engine.pack, weighed.setting, weighed.read)
    if need.instrument:
        return f"register: {engine.pack.instruments[need.instrument].short}"
    return fact_label(weighed.read, need.place, need.fact) if need.fact else need.part
