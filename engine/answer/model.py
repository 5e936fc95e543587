"""The answer: everything an assessment says, as typed data with a JSON Schema.

Names follow the field's words. Facts of listed items are named ``counts[fraud].offence_on``.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as part
from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from engine.content.models import Effect
from engine.facts.vocabulary import Review
from engine.reasoning.outcome import Outcome

Kind = Literal[
    "criterion",
    "all",
    "any",
    "not",
    "some",
    "every",
    "latest",
    "item",
    "fact",
    "applies",
    "presumption",
    "precedent",
    "situation",
]
Source = Literal["finding", "gate", "latest item", "presumption", "burden", "unknown", "register", "date", "reading"]
_set = object.__setattr__
Status = Literal["met", "not_met", "open", "not_applicable"]
Certainty = Literal["open", "not_examined", "on_word", "settled"]


class Said(BaseModel):
    """Base of everything the engine answers."""

    # validators are made when one is first needed: an answer is made of parts that are right already
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @classmethod
    def said(cls, **fields: Any) -> Self:
        """Made of all its fields, which are right already: ``model_construct`` would look up each of them."""
        made = cls.__new__(cls)
        _set(made, "__dict__", fields)
        _set(made, "__pydantic_fields_set__", set(fields))
        _set(made, "__pydantic_extra__", None)
        _set(made, "__pydantic_private__", None)
        return made


class CitationSaid(Said):
    """A pinpoint in an instrument; ``review`` says how far it was checked."""

    instrument: str
    short: str
    article: str
    pinpoint: str
    review: Review


class AuthoritySaid(Said):
    """A decision or comment in support."""

    id: str
    name: str
    body: str
    number: str
    year: int
    holding: str
    pinpoint: str
    review: Review


# Proof nodes and steps are made by the hundred for one answer; frozen dataclasses take three times as long to make.
@dataclass(slots=True)
class FindingSaid:
    """The finding behind a leaf of the proof. ``source`` says where the value comes from."""

    fact: str
    value: Any
    shown: str
    source: Source
    standing: str = ""
    by: str = ""
    exhibits: tuple[str, ...] = ()
    note: str = ""


@dataclass(slots=True)
class ProofNode:
    """One step of the reasoning; ``dispositive`` steps are those on which the step above turns."""

    kind: Kind
    text: str
    status: Status
    status_strict: Status
    dispositive: bool
    criterion: str = ""
    review: str = ""
    citations: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    finding: FindingSaid | None = None
    children: tuple[ProofNode, ...] = part(default_factory=tuple)
    #: the presumption, precedent or country finding that the step is
    source: str = ""


@dataclass(slots=True)
class StepSaid:
    """One firing of the forward chaining; ``source`` is the presumption or the precedent that it applies."""

    step: int
    phase: Literal["known", "burden"]
    place: str
    criterion: str
    title: str
    status: Status
    because: tuple[str, ...]
    citations: tuple[str, ...]
    internal: bool
    source: str = ""


class GroundSaid(Said):
    """A ground (or a finding of breach, without ``effect``) with its two statuses and what it hangs on."""

    id: str
    title: str
    instrument: str
    article: str
    effect: Effect | None
    status: Status
    status_strict: Status
    sentence: str
    rebuttable_by: tuple[str, ...]
    missing: tuple[str, ...]
    citations: tuple[CitationSaid, ...]
    authorities: tuple[AuthoritySaid, ...]
    standard: str
    burden: str
    review: Review
    unverified: tuple[str, ...]
    counts: dict[str, Status]
    why_not: tuple[str, ...]
    note: str


class TreatyRelationSaid(Said):
    """How an instrument stands between these States on the date.

    ``may_have_declared`` are the States it binds, or may bind, of whose declarations to it the register may lack some.
    """

    instrument: str
    short: str
    title: str
    family: str
    binding: bool | None
    since: date | None
    until: date | None
    reason: str
    verified: bool
    may_have_declared: tuple[str, ...] = ()


class DutySaid(Said):
    """Whether a treaty obliges the requested State to extradite, and what displaces that duty."""

    exists: Literal["yes", "no", "open"]
    sentence: str
    under: tuple[str, ...]
    displaced_by: tuple[str, ...]


class ConflictSaid(Said):
    """A duty and a bar that cannot both be obeyed, and which gives way."""

    id: str
    prevails: tuple[str, ...]
    yields: tuple[str, ...]
    reason: str
    citations: tuple[CitationSaid, ...]
    review: Review


class CountSaid(Said):
    """The answer for one offence of the request."""

    id: str
    title: str
    outcome: Outcome
    range: tuple[Outcome, Outcome]
    grounds: tuple[str, ...]


class ClockSaid(Said):
    """A time limit with its computed day. ``state`` is as of the assessment date."""

    id: str
    title: str
    citations: tuple[CitationSaid, ...]
    starts_on: date | None
    due_on: date | None
    state: Literal["not_started", "running", "met", "expired"]
    consequence: str
    sentence: str
    counting_rule: str
    review: Review


class Assignment(Said):
    """A fact given a value."""

    fact: str
    value: Any
    shown: str


class FlipSetSaid(Said):
    """A minimal set of open or disputed facts that would change the outcome, and to what."""

    set: tuple[Assignment, ...]
    to: Outcome
    favours: Literal["person", "state", "neither"]


class QuestionSaid(Said):
    """A question still worth asking, with the grounds that hang on it.

    ``type`` is the fact's type, or ``list`` when ``fact`` is a part of which no list was given.
    """

    fact: str
    question: str
    help: str
    theme: str
    type: str
    values: dict[str, str]
    unit: str
    proof: tuple[str, ...]
    hangs: tuple[str, ...]


class AssumptionSaid(Said):
    """Something the answer takes for granted, and on whose word."""

    fact: str
    shown: str
    why: str


class PresumptionSource(Said):
    """What a fact is presumed by: a presumption, a country finding, a precedent, or the answer to a gate."""

    kind: Literal["presumption", "situation", "precedent", "gate"]
    id: str
    text: str
    presumes: str
    review: str


class PresumedFact(Said):
    """An evaluative fact that nobody answered and that is presumed on the record; ``value`` is None where sources differ.

    It is rebuttable: by a finding, and by the facts of ``rebuttable_by``.
    """

    fact: str
    value: Any
    shown: str
    by: tuple[PresumptionSource, ...]
    rebuttable_by: tuple[str, ...]


class Receipt(Said):
    """SHA-256 over the canonical JSON (RFC 8785) of everything the answer depends on."""

    digest: str
    case: str
    rules: str
    instruments: str
    engine: str


class Answer(Said):
    """A reasoned verdict on one case under one reading, as of one date."""

    case: str
    title: str
    outcome: Outcome
    sentence: str
    range: tuple[Outcome, Outcome]
    range_on_record: tuple[Outcome, Outcome]
    settled: bool
    #: Answers that were kept before certainty was told leave these three out
    certainty: Certainty = "open"
    rests_on: tuple[str, ...] = ()
    not_examined: tuple[str, ...] = ()
    reading: Literal["neutral", "person", "state"]
    readings: dict[str, Outcome]
    assessed_on: date
    variants: dict[str, str]
    duty: DutySaid
    grounds: tuple[GroundSaid, ...]
    treaty_relations: tuple[TreatyRelationSaid, ...]
    conflicts: tuple[ConflictSaid, ...]
    counts: tuple[CountSaid, ...]
    clocks: tuple[ClockSaid, ...]
    flip_sets: tuple[FlipSetSaid, ...]
    flip_sets_complete: bool
    next_questions: tuple[QuestionSaid, ...]
    trace: tuple[StepSaid, ...]
    proof: dict[str, ProofNode]
    assumptions: tuple[AssumptionSaid, ...]
    presumed: tuple[PresumedFact, ...] = ()
    not_relied_on: tuple[str, ...]
    unverified: tuple[str, ...]
    receipt: Receipt
