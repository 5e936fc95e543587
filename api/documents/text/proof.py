"""One criterion on paper: its proof down to the findings, why not, what is missing, what supports it.

Each step has a sign for its status; brackets mark the steps on which the one above turns.
"""

from __future__ import annotations

from collections.abc import Iterable

from api.documents.language.words import READINGS
from api.documents.text.blocks import (
    Entry,
    Paper,
    Section,
    Span,
    code,
    entry,
    faint,
    line,
    strong,
    warn,
)
from api.documents.text.words import (
    FactWords,
    cited,
    day,
    effect_word,
    status_span,
)
from engine.answer.model import (
    AuthoritySaid,
    FindingSaid,
    GroundSaid,
    ProofNode,
    Status,
)
from engine.content.models import Criterion, Pack
from engine.facts.casemodel import BOTH
from engine.facts.reading import Read
from engine.reasoning.wording import DENIED_GROUPS

_SIGNS: dict[Status, str] = {"met": "+", "not_met": "-", "open": "?", "not_applicable": "/"}
LEGEND = "+ met, - not met, ? open, / not applicable; in brackets: the step above turns on it"
_SOURCES = {
    "gate": "follows from a wider question",
    "latest item": "from the latest step",
    "presumption": "presumed",
    "burden": "not known; by the burden of proof it counts so",
    "unknown": "",
    "register": "treaty register",
    "date": "",
    "reading": "reading of the law",
}


def criterion_paper(
    criterion: Criterion, ground: GroundSaid, proofs: Iterable[tuple[str, ProofNode]], read: Read, pack: Pack
) -> Paper:
    """A criterion in one case; ``proofs`` are its proofs by place, one for the case or one for each item."""
    words = FactWords(pack)
    status = status_span(ground.status)
    by_record = [f"; by what is known alone it is {status_span(ground.status_strict).text}"]
    lead = (
        line(Span(status.text.upper(), status.style), ". ", strong(ground.sentence)),
        line(
            f"As of {day(read.assessed_on)}, {READINGS[read.reading]}",
            *(by_record if ground.status != ground.status_strict else []),
            ".",
        ),
        line(f"{_kind(criterion)}{_span(criterion)}; {_review(ground)}."),
    )
    sections = [*_proofs(proofs), *_why_not(ground), *_hangs(ground, words), *_support(ground, criterion)]
    return Paper(line(f"{cited(ground.citations)}: {criterion.title} ({criterion.id})"), lead, tuple(sections))


def _kind(criterion: Criterion) -> str:
    return (
        effect_word(criterion.effect).capitalize() if criterion.effect or criterion.kind else "A step in other criteria"
    )


def _span(criterion: Criterion) -> str:
    start = f" from {day(criterion.valid_from)}" if criterion.valid_from else ""
    end = f" until {day(criterion.valid_until)}" if criterion.valid_until else ""
    return f", this reading holds{start}{end}" if start or end else ""


def _review(ground: GroundSaid) -> str:
    marks = {"text_seen": "the text was seen", "known": "known, the pinpoint is to be checked"}
    return marks.get(ground.review, "UNVERIFIED: not checked against the text")


def _proofs(proofs: Iterable[tuple[str, ProofNode]]) -> list[Section]:
    return [
        Section(f"Proof{f', {place}' if place else ''}", (proof_entry(proof),), LEGEND if number == 0 else "")
        for number, (place, proof) in enumerate(proofs)
    ]


def proof_entry(node: ProofNode, *, top: bool = True) -> Entry:
    """A step of the proof with the steps below it; that an instrument binds is said once, at the top."""
    sign = f"[{_SIGNS[node.status]}] " if node.dispositive else f" {_SIGNS[node.status]}  "
    text = node.text if node.dispositive else faint(node.text)
    denied = node.text in DENIED_GROUPS  # and so says itself what the group below it would say
    children = node.children[0].children if denied else node.children
    shown = [child for child in children if top or child.kind != "applies" or child.status != "met"]
    below = [proof_entry(child, top=False) for child in shown]
    return entry(
        strong(sign) if node.dispositive else faint(sign),
        *_named(node),
        text,
        *_found(node.finding),
        *_strictly(node),
        below=below,
    )


def _named(node: ProofNode) -> list[Span]:
    if not node.criterion:
        return []
    mark = [warn("[unverified] ")] if node.review == "unverified" else []
    return [strong("; ".join(node.citations)), Span(" ("), code(node.criterion), Span("): "), *mark]


def _strictly(node: ProofNode) -> list[Span]:
    if node.status == node.status_strict or node.kind == "fact":
        return []
    return [faint(f" (by what is known alone: {status_span(node.status_strict).text})")]


def _found(finding: FindingSaid | None) -> list[Span]:
    if finding is None:
        return []
    if finding.source in ("register", "date"):
        return []
    details = [_standing(finding), *(f"exhibit {exhibit}" for exhibit in finding.exhibits), finding.note]
    said = "; ".join(detail for detail in details if detail)
    return [
        Span(" "),
        strong(finding.shown),
        Span(" ("),
        code(finding.fact),
        faint(f"; {said}" if said else ""),
        Span(")"),
    ]


def _standing(finding: FindingSaid) -> str:
    if finding.source != "finding":
        return _SOURCES[finding.source]
    by = {"person": "the person", "state": "the State", BOTH: "both sides"}.get(finding.by, finding.by)
    return f"{finding.standing} by {by}" if by else finding.standing


def _why_not(ground: GroundSaid) -> list[Section]:
    rows = [entry(why) for why in ground.why_not]
    return [Section("Why not", tuple(rows), "What keeps it from being met:")] if rows else []


def _hangs(ground: GroundSaid, words: FactWords) -> list[Section]:
    lists = {"What is missing": ground.missing, "Rebuttable by proof of": ground.rebuttable_by}
    return [
        Section(f"{title} ({len(labels)})", tuple(entry(*words.asked(label)) for label in labels))
        for title, labels in lists.items()
        if labels
    ]


def _support(ground: GroundSaid, criterion: Criterion) -> list[Section]:
    rules = [
        entry(f"{name}: {said}") for name, said in (("standard", ground.standard), ("burden", ground.burden)) if said
    ]
    notes = [entry(warn("unverified: "), note) for note in ground.unverified]
    notes += [entry(ground.note)] if ground.note else []
    found = [Section("Standard and burden", tuple(rules))] if rules else []
    found += (
        [Section("Authorities", tuple(_authority(one) for one in ground.authorities))] if ground.authorities else []
    )
    found += [Section("Notes", tuple(notes))] if notes else []
    return [*found, Section("Where it is written", (entry(f"{criterion.source}:{criterion.line}"),))]


def _authority(one: AuthoritySaid) -> Entry:
    number = f", {one.number}" if one.number else ""
    mark = warn(" [unverified]") if one.review == "unverified" else ""
    place = f" ({one.pinpoint})" if one.pinpoint else ""
    return entry(strong(one.name), f", {one.body}{number} ({one.year})", mark, below=[entry(f"{one.holding}{place}")])
