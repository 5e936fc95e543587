"""The trace on paper: which rules fired, in order, each with what it was concluded from.

Firings about instruments not in force here are left out unless everything is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.documents.language.words import STATUSES
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
)
from api.documents.text.words import outcome_span, status_span
from engine.answer.model import Answer, StepSaid

_PHASES = {"known": "From what is known", "burden": "Added by the burden of proof"}
#: How the engine says that an instrument is not in force between the two States.
_NOT_BOUND = " binds: no"


def visible(trace: Sequence[StepSaid], *, everything: bool) -> list[StepSaid]:
    """The firings worth showing: those that conclude a criterion of an instrument in force here."""
    return [step for step in trace if everything or not (step.internal or _unbound(step))]


def _unbound(step: StepSaid) -> bool:
    return len(step.because) == 1 and step.because[0].endswith(_NOT_BOUND)


def trace_paper(answer: Answer, *, everything: bool) -> Paper:
    """All firings, in order, by phase."""
    steps = visible(answer.trace, everything=everything)
    lead = [line(f"{len(steps)} firings, in order.")]
    left = len(answer.trace) - len(steps)
    if left:
        lead.append(line(faint(f"{left} more are parts of conditions, or of instruments not in force here (--all).")))
    sections = []
    for phase, title in _PHASES.items():
        rows = [step_entry(step) for step in steps if step.phase == phase]
        sections += [Section(f"{title} ({len(rows)})", tuple(rows))] if rows else []
    end = Section("So", (entry(outcome_span(answer.outcome, settled=answer.settled), ": ", answer.sentence),))
    return Paper(line(f"Trace of {answer.title or answer.case or 'the case'}"), tuple(lead), (*sections, end))


def step_entry(step: StepSaid) -> Entry:
    """One firing with its reasons."""
    return entry(*_head(step), below=[entry(faint("because "), reason) for reason in reasons(step)])


def _head(step: StepSaid) -> list[Span]:
    name = [Span(" ("), code(step.criterion), Span(")")] if step.criterion else []
    cited = strong(f"{'; '.join(step.citations)}: ") if step.citations else Span("")
    place = f" [{step.place}]" if step.place else ""
    return [faint(f"{step.step}. "), cited, Span(step.title), Span(place), *name, Span(": "), status_span(step.status)]


def reasons(step: StepSaid) -> list[str]:
    """What it was concluded from; unnamed parts of conditions only when there is nothing else."""
    named = [reason for reason in step.because if " of a group" not in reason]
    return list(dict.fromkeys(named or step.because))


def step_paper(step: StepSaid, number: int, total: int) -> Paper:
    """One firing on its own, for stepping."""
    title = line(f"[{number}/{total}] {_PHASES[step.phase]}")
    because = [line(faint("  because "), reason) for reason in reasons(step)]
    return Paper(title, (line(*_head(step)), *because))


def same(one: StepSaid, other: StepSaid) -> bool:
    """Whether two firings conclude the same of the same thing."""
    return (one.criterion, one.place, one.status, one.title) == (
        other.criterion,
        other.place,
        other.status,
        other.title,
    )


def said(step: StepSaid) -> str:
    """One firing in a sentence."""
    place = f" [{step.place}]" if step.place else ""
    return f"{'; '.join(step.citations)}: {step.title}{place}: {STATUSES[step.status]}"
