"""Every ground with its status, what it hangs on, and what supports it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.answer import AuthoritySaid, CitationSaid, GroundSaid, ProofNode, Status
from engine.content.models import Citation, Criterion, Pack
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE, Review
from engine.inference.compiled import Planes, status_of
from engine.proofs.build import fact_label
from engine.proofs.missing import Missing, Need
from engine.verdict.outcome import level_of

if TYPE_CHECKING:
    from engine.assess import Engine, Weighed

WEAKEST_FIRST: tuple[Review, ...] = ("unverified", "known", "text_seen")
Sources = tuple[tuple[CitationSaid, ...], tuple[AuthoritySaid, ...]]
_ORDER: dict[Status, int] = {"met": 0, "open": 1, "not_met": 2, "not_applicable": 3}


class Grounds:
    """The grounds of one weighed case."""

    def __init__(self, engine: Engine, weighed: Weighed) -> None:
        self.engine, self.weighed = engine, weighed
        self.prover = engine.prover(weighed)
        self.order = {name: position for position, name in enumerate(engine.pack.vocabulary.facts)}
        both = weighed.evaluation
        scopes = {fact.id: fact.scope for fact in engine.pack.vocabulary.facts.values()}
        self.strict = Missing(engine.program, both.strict, both.strict_columns, scopes=scopes)
        self.record = Missing(engine.program, both.record, both.record_columns, scopes=scopes)

    def all(self) -> tuple[GroundSaid, ...]:
        """Grounds and breaches, weightiest first: met before open before the rest."""
        said = [self.said(item) for item in self.engine.pack.criteria.values() if item.effect or item.kind]
        levels = {item.id: level_of(item) for item in self.engine.pack.criteria.values()}
        return tuple(sorted(said, key=lambda ground: (_ORDER[ground.status], -levels[ground.id], ground.id)))

    def statuses(self) -> list[tuple[str, Status]]:
        """Every ground and breach with its status on the record, in the order of the answer."""
        found = [
            (_ORDER[status], -level_of(item), item.id, status)
            for item in self.engine.pack.criteria.values()
            if item.effect or item.kind
            for status in [self._statuses(item)[0]]
        ]
        return [(name, status) for _, _, name, status in sorted(found)]

    def said(self, criterion: Criterion) -> GroundSaid:
        """One criterion as part of the answer."""
        status, strict, counts = self._statuses(criterion)
        missing = self._needs(self.record, criterion) if status == "open" else ()
        rebuttable = self._needs(self.strict, criterion) if strict == "open" and status != "open" else ()
        citations, authorities = self.engine.sources(criterion)
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
        entry = self.engine.program.entries[ground.id]
        matching = [
            place for place in places if status_of(self.weighed.evaluation.record, entry, place) == ground.status
        ]
        return (matching or places)[:1]

    def not_relied_on(self) -> tuple[str, ...]:
        """Facts recorded in the case that no met or open ground uses."""
        used: set[str] = set()
        for name, entry in self.engine.program.entries.items():
            criterion = self.engine.pack.criteria[name]
            if criterion.effect and any(
                status_of(self.weighed.evaluation.record, entry, place) in ("met", "open")
                for place in self._places(criterion)
            ):
                used |= self.engine.facts_below(entry.node)
        read = self.weighed.read
        return tuple(
            fact_label(read, place, name)
            for place, column in read.columns.values.items()
            for name in column
            if name not in used
        )

    def _places(self, criterion: Criterion) -> list[Place]:
        return [HERE] if criterion.scope == CASE else self.weighed.evaluation.strict_columns.places(criterion.scope)

    def _statuses(self, criterion: Criterion) -> tuple[Status, Status, dict[str, Status]]:
        both, places = self.weighed.evaluation, self._places(criterion)
        strict = [self._status(both.strict, criterion, place) for place in places]
        record = [self._status(both.record, criterion, place) for place in places]
        items = self.weighed.read.items.get(criterion.scope, ())
        return (
            _together(record),
            _together(strict),
            {item.id: status for item, status in zip(items, record, strict=False)},
        )

    def _status(self, planes: Planes, criterion: Criterion, place: Place) -> Status:
        return status_of(planes, self.engine.program.entries[criterion.id], place)  # type: ignore[return-value]

    def _needs(self, missing: Missing, criterion: Criterion) -> tuple[str, ...]:
        node = self.engine.program.entries[criterion.id].node
        needs = frozenset().union(*(missing.of(node, place) for place in self._places(criterion)))
        ranked = sorted(needs, key=lambda need: (self.order.get(need.fact, -1), need))
        return tuple(need_label(self.engine, self.weighed, need) for need in ranked)

    def _unverified(self, criterion: Criterion) -> tuple[str, ...]:
        notes = []
        if criterion.review == "unverified":
            notes.append("this reading of the law has not been verified")
        for cite, said in zip(criterion.cites, self.engine.sources(criterion)[0], strict=True):
            if said.review == "unverified" and criterion.review != "unverified":
                notes.append(
                    f"the pinpoint or text of {self.engine.pack.instruments[cite.instrument].short} {cite.pinpoint or cite.article} has not been verified"
                )
        notes += self.engine.unverified_relations(self.weighed, criterion)
        return tuple(dict.fromkeys(notes))

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


def cite_said(pack: Pack, review: Review, cite: Citation) -> CitationSaid:
    """A citation with the weakest of its own mark, its article's, and ``review`` of what cites it."""
    instrument = pack.instruments[cite.instrument]
    marks = [
        review,
        instrument.articles[cite.article].review,
        *([cite.pinpoint_review] if cite.pinpoint_review else []),
    ]
    weakest = next(mark for mark in WEAKEST_FIRST if mark in marks)
    return CitationSaid.said(
        instrument=cite.instrument,
        short=instrument.short,
        article=cite.article,
        pinpoint=cite.pinpoint or f"art {cite.article}",
        review=weakest,
    )


def authority_said(pack: Pack, name: str) -> AuthoritySaid:
    """An authority as listed."""
    found = pack.authorities[name]
    pinpoint = (
        f"{found.pinpoint} (pinpoint unverified)"
        if found.pinpoint and found.pinpoint_review == "unverified"
        else found.pinpoint
    )
    return AuthoritySaid.said(
        id=name,
        name=found.name,
        body=found.body,
        number=found.number,
        year=found.year,
        holding=found.holding,
        pinpoint=pinpoint,
        review=found.review,
    )


def need_label(engine: Engine, weighed: Weighed, need: Need) -> str:
    """The name of something missing."""
    if need.instrument:
        return f"register: {engine.pack.instruments[need.instrument].short}"
    return fact_label(weighed.read, need.place, need.fact) if need.fact else need.part


def sources_said(pack: Pack, criterion: Criterion) -> Sources:
    """What a criterion rests on: its citations and authorities."""
    citations = tuple(cite_said(pack, criterion.review, cite) for cite in criterion.cites)
    return citations, tuple(authority_said(pack, name) for name in criterion.authorities)
