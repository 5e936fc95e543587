"""Closed sets of words that every page and memo says: outcomes, effects, statuses, readings, sides, standing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.documents.language.marking import marked
from engine.answer.model import Status
from engine.content.models import Effect
from engine.reasoning.outcome import Outcome

if TYPE_CHECKING:
    from api.documents.language.catalogues import Speech

OUTCOMES: dict[Outcome, str] = {
    Outcome.INADMISSIBLE: marked("inadmissible"),
    Outcome.NOT_NOW: marked("not now"),
    Outcome.CONDITIONAL: marked("conditional"),
    Outcome.DISCRETIONARY: marked("discretionary"),
    Outcome.ADMISSIBLE: marked("admissible"),
    Outcome.UNDETERMINED: marked("undetermined"),
}
EFFECTS: dict[Effect, str] = {
    Effect.ABSOLUTE_BAR: marked("absolute bar"),
    Effect.MANDATORY_REFUSAL: marked("mandatory refusal"),
    Effect.SUSPENSION: marked("suspension"),
    Effect.ASSURANCE_REQUIRED: marked("assurance required"),
    Effect.OPTIONAL_REFUSAL: marked("optional refusal"),
    Effect.PROCEDURAL_DEFECT: marked("procedural defect"),
    Effect.EXCLUDE_EVIDENCE: marked("evidence excluded"),
    Effect.DETENTION_UNLAWFUL: marked("detention unlawful"),
    Effect.OBLIGATION: marked("duty to extradite"),
    Effect.PROSECUTE_INSTEAD: marked("prosecute instead"),
    Effect.POSTPONEMENT: marked("postponement"),
    Effect.LIMIT_AFTER_SURRENDER: marked("limit after surrender"),
    Effect.NO_DUTY: marked("no duty"),
}
BREACH = marked("breach of a duty")
STATUSES: dict[Status, str] = {
    "met": marked("met"),
    "not_met": marked("not met"),
    "open": marked("open"),
    "not_applicable": marked("not applicable here"),
}
READINGS = {
    "neutral": marked("neutral reading"),
    "person": marked("as the person says"),
    "state": marked("as the State says"),
}
REVIEWS = {"text_seen": marked("text seen"), "known": marked("known"), "unverified": marked("unverified")}


def outcome_word(speech: Speech, outcome: Outcome) -> str:
    """An outcome in words."""
    return speech.say(OUTCOMES[outcome])


def effect_word(speech: Speech, effect: Effect | None) -> str:
    """What a ground does, or that it finds a breach."""
    return speech.say(EFFECTS[effect] if effect else BREACH)


def status_word(speech: Speech, status: Status) -> str:
    """The status of a criterion in words."""
    return speech.say(STATUSES[status])


def reading_word(speech: Speech, reading: str) -> str:
    """Whose word counts in a reading."""
    return speech.say(READINGS[reading])
