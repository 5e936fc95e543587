"""Words for what the engine names: outcomes, effects, statuses, facts, dates.

Styles say what a word means for the person; how that looks is for the renderers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from api.documents.language.words import BREACH, EFFECTS, STATUSES
from api.documents.text.blocks import (
    Span,
    bad,
    code,
    faint,
    good,
    strong,
    warn,
)
from engine.answer.model import Answer, CitationSaid, Status
from engine.content.models import Effect, Pack
from engine.reasoning.outcome import Outcome

_ITEM = re.compile(r"(?s)^([a-z_]+)\[(.*)\]\.([a-z0-9_]+)$")


def day(when: date | None) -> str:
    """13 January 2020."""
    return f"{when.day} {when:%B} {when.year}" if when else "not known"


def outcome_word(outcome: Outcome) -> str:
    """An outcome as words."""
    return outcome.value.replace("_", " ")


def outcome_span(outcome: Outcome, *, settled: bool = False) -> Span:
    """Colour an outcome by what it means for surrender; only what is settled is ever shown as safe."""
    text = outcome_word(outcome)
    if outcome in (Outcome.INADMISSIBLE, Outcome.NOT_NOW):
        return bad(text)
    return good(text) if outcome is Outcome.ADMISSIBLE and settled else warn(text)


def certainty_word(answer: Answer) -> str:
    """Say whether an outcome is settled, and otherwise what it lacks."""
    return {
        "settled": "settled",
        "on_word": f"settled only on the word of {', '.join(answer.rests_on)}",
        "not_examined": "not settled",
        "open": "not settled",
    }[answer.certainty]


def status_span(status: Status) -> Span:
    """A status by its weight."""
    return {"met": strong, "open": warn, "not_met": faint, "not_applicable": faint}[status](STATUSES[status])


def effect_word(effect: Effect | None) -> str:
    """What a ground does, or that it finds a breach."""
    return EFFECTS[effect] if effect else BREACH


def doubted(citations: Iterable[CitationSaid]) -> bool:
    """Whether ``cited`` marks one of them, so that what it stands beside needs no mark of its own."""
    return any(cite.review == "unverified" for cite in citations)


def cited(citations: Iterable[CitationSaid]) -> str:
    """Pinpoints, those of one instrument together; one that nobody has checked says so wherever it stands."""
    places: dict[str, list[str]] = {}
    for cite in citations:
        mark = " [unverified]" if cite.review == "unverified" else ""
        places.setdefault(cite.short, []).append(cite.pinpoint + mark)
    return "; ".join(f"{short} {', '.join(dict.fromkeys(pinpoints))}" for short, pinpoints in places.items())


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


class FactWords:
    """Questions behind the names of facts as answers write them."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def asked(self, label: str) -> list[Span]:
        """A fact's question with its name."""
        question, item = self.question(label)
        where = f", {item}" if item else ""
        return [Span(question), Span(" ("), code(fact_of(label)), Span(f"{where})")] if question else [Span(label)]

    def question(self, label: str) -> tuple[str, str]:
        """The question, and the item it is asked of, if any."""
        found = _ITEM.match(label)
        name = found[3] if found else label
        fact, part = self.pack.vocabulary.facts.get(name), self.pack.vocabulary.parts.get(label)
        if fact:
            return fact.question, f"{self.pack.vocabulary.parts[fact.scope].item} {found[2]}" if found else ""
        return (part.question, "") if part else ("", "")


def fact_of(label: str) -> str:
    """The name of the fact in ``counts[fraud].fact``."""
    found = _ITEM.match(label)
    return found[3] if found else label
