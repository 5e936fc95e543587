"""Two answers on paper: outcome, grounds, missing facts, and where the traces part.

Used for two cases, and for one case before and after a what-if.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.documents.text.blocks import (
    Entry,
    Line,
    Paper,
    Section,
    Span,
    code,
    entry,
    faint,
    line,
    strong,
)
from api.documents.text.grounds import weighs
from api.documents.text.trace import reasons, said
from api.documents.text.verdict import span_of
from api.documents.text.words import (
    FactWords,
    certainty_word,
    cited,
    effect_word,
    outcome_span,
    status_span,
)
from engine.answer.compare import Comparison, Divergence, GroundChange
from engine.answer.model import Answer, GroundSaid, StepSaid
from engine.content.models import Pack

#: Facts listed before the rest is only counted.
SOME = 10


def comparison_paper(found: Comparison, pack: Pack, names: tuple[str, str], title: Line, *, traces: bool) -> Paper:
    """What differs; ``names`` are what the two answers are called in it."""
    words = FactWords(pack)
    sections = [*_grounds(found), *_missing(found, words)]
    if traces and found.divergence:
        sections.append(_divergence(found.divergence, names))
    if found.same:
        sections.append(Section("Nothing else differs: every ground has the same status"))
    return Paper(title, _outcomes(found, names), tuple(sections))


def _outcomes(found: Comparison, names: tuple[str, str]) -> tuple[Line, ...]:
    rows = [_outcome(name, answer) for name, answer in zip(names, (found.before, found.after), strict=True)]
    head = line(strong("The outcome is the same." if found.same_outcome else "The answer changes."))
    duty = []
    if found.before.duty.sentence != found.after.duty.sentence:
        duty = [line(f"{names[0]}: ", found.before.duty.sentence), line(f"{names[1]}: ", found.after.duty.sentence)]
    return (head, *rows, *duty)


def _outcome(name: str, answer: Answer) -> Line:
    possible = f", possible {span_of(answer.range)}" if answer.certainty == "open" else ""
    state = certainty_word(answer) + possible
    record = (
        ""
        if answer.range_on_record == answer.range
        else f"; with the burden of proof applied {span_of(answer.range_on_record)}"
    )
    return line(f"{name}: ", outcome_span(answer.outcome, settled=answer.settled), f" ({state}{record})")


def _grounds(found: Comparison) -> list[Section]:
    deciding = [change for change in found.grounds if weighs(change.before)]
    beside = [change for change in found.grounds if not weighs(change.before)]
    groups = {"Grounds that differ": deciding, "Beside admissibility": beside}
    return [
        Section(f"{title} ({len(changes)})", tuple(_change(change) for change in changes))
        for title, changes in groups.items()
        if changes
    ]


def _change(change: GroundChange) -> Entry:
    one, other = change.before, change.after
    head = (strong(cited(one.citations)), f": {one.title} (", code(one.id), f", {effect_word(one.effect)}): ")
    return entry(*head, *_status(one), " → ", *_status(other), below=[entry(faint(other.sentence))])


def _status(ground: GroundSaid) -> list[Span]:
    strictly = [faint(f" (by what is known alone {status_span(ground.status_strict).text})")]
    counts = [f"{name} {status_span(status).text}" for name, status in ground.counts.items()]
    mixed = [faint(f" ({', '.join(counts)})")] if len(set(ground.counts.values())) > 1 else []
    return [status_span(ground.status), *(strictly if ground.status != ground.status_strict else []), *mixed]


def _missing(found: Comparison, words: FactWords) -> list[Section]:
    lists = {"No longer missing": found.no_longer_missing, "Newly missing": found.newly_missing}
    return [
        Section(f"{title} ({len(labels)})", tuple(_some(labels, words))) for title, labels in lists.items() if labels
    ]


def _some(labels: Sequence[str], words: FactWords) -> list[Entry]:
    rows = [entry(*words.asked(label)) for label in labels[:SOME]]
    left = len(labels) - len(rows)
    return [*rows, *([entry(faint(f"and {left} more"))] if left else [])]


def _divergence(parting: Divergence, names: tuple[str, str]) -> Section:
    note = f"Conclusion {parting.number} about a criterion is the first that differs; until then both go the same way."
    rows = [_step(name, step) for name, step in zip(names, (parting.before, parting.after), strict=True)]
    return Section("Where the traces part", tuple(rows), note)


def _step(name: str, step: StepSaid | None) -> Entry:
    if step is None:
        return entry(f"{name}: ", faint("the trace has ended"))
    return entry(f"{name}: ", said(step), below=[entry(faint("because "), reason) for reason in reasons(step)])
