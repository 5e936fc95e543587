"""The short answer: what a tracker shows of an assessment, and further parts by name.

It is read out of the whole answer, which weighs two megabytes and more, without building what it leaves out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json

from api.law.library import EVERYWHERE
from api.web.problems import Refused, fault
from engine.answer.model import (
    AssumptionSaid,
    Certainty,
    ClockSaid,
    ConflictSaid,
    CountSaid,
    DutySaid,
    FlipSetSaid,
    GroundSaid,
    PresumedFact,
    ProofNode,
    QuestionSaid,
    Status,
    StepSaid,
    TreatyRelationSaid,
)
from engine.content.models import Effect
from engine.facts.vocabulary import Fact, Review
from engine.reasoning.outcome import Outcome

#: How many of the questions still worth asking a short answer names.
MOST_MISSING = 20


class _Read(BaseModel):
    """Base of what is read of a whole answer, and no more than that."""

    model_config = ConfigDict(extra="ignore")


class GroundSummary(_Read):
    """A ground in one sentence."""

    id: str
    title: str
    instrument: str
    article: str
    effect: Effect | None
    status: Status
    status_strict: Status = Field(description="Without presumptions, precedents and burdens of proof")
    sentence: str
    review: Review


class DeadlineSummary(BaseModel):
    """A time limit with what follows from missing it; ``status`` is as of the day of the assessment."""

    clock: str
    title: str
    on: date
    status: str
    consequence: str


class MissingFact(BaseModel):
    """A fact that nobody gave; ``weight`` is the number of grounds that hang on it."""

    fact: str
    label: str = Field(description="The question that it answers")
    weight: int


class Parts(BaseModel):
    """Parts of the whole answer, each there only when it is asked for by name in ``include``."""

    duty: DutySaid | None = None
    treaty_relations: list[TreatyRelationSaid] | None = None
    conflicts: list[ConflictSaid] | None = None
    counts: list[CountSaid] | None = None
    clocks: list[ClockSaid] | None = None
    flip_sets: list[FlipSetSaid] | None = None
    next_questions: list[QuestionSaid] | None = None
    trace: list[StepSaid] | None = None
    proof: dict[str, ProofNode] | None = None
    assumptions: list[AssumptionSaid] | None = None
    presumed: list[PresumedFact] | None = None
    not_relied_on: list[str] | None = None
    unverified: list[str] | None = None
    variants: dict[str, str] | None = None


class ShortAnswer(Parts):
    """An assessment of record: what it comes to, and why, in a few sentences."""

    id: str
    matter: str
    version: int
    created_at: str
    hypothetical: bool
    imported: bool
    title: str
    outcome: Outcome
    settled: bool
    certainty: Certainty
    sentence: str
    range: tuple[Outcome, Outcome]
    readings: dict[str, Outcome]
    reading: str
    assessed_on: date
    grounds: list[GroundSaid | GroundSummary] = Field(
        description="Those that are met, and open ones on which a fact was given; all, with all that is told of them, by include=grounds"
    )
    grounds_not_raised: int = Field(description="Open grounds on which no fact of their own was given")
    due: list[DeadlineSummary]
    missing: list[MissingFact] = Field(description=f"The {MOST_MISSING} that tell most, in that order")
    missing_total: int = Field(description="How many there are; see its questions")
    rests_on: list[str] = Field(description="Whose word the outcome rests on")
    not_examined: list[str]
    receipt: str
    rules: str
    instruments: str
    engine: str


#: What may be asked for by ``include``.
INCLUDED = ("grounds", *Parts.model_fields)
Include = Annotated[
    str,
    Query(
        max_length=300,
        description=f"Further parts, with commas between, or all: {', '.join(INCLUDED)}",
        json_schema_extra={"examples": ["treaty_relations,flip_sets"]},
    ),
]


class _Finding(_Read):
    fact: str
    source: str


class _Node(_Read):
    finding: _Finding | None
    children: tuple[_Node, ...]

    def facts(self) -> Iterator[str]:
        """The facts that somebody gave, in this step and below."""
        if self.finding is not None and self.finding.source == "finding":
            yield self.finding.fact
        for child in self.children:
            yield from child.facts()


class _Question(_Read):
    fact: str
    question: str
    hangs: tuple[str, ...]


class _Brief(_Read):
    title: str
    outcome: Outcome
    settled: bool
    certainty: Certainty = "open"
    sentence: str
    range: tuple[Outcome, Outcome]
    readings: dict[str, Outcome]
    reading: str
    assessed_on: date
    rests_on: list[str] = []
    not_examined: list[str] = []
    grounds: tuple[GroundSummary, ...]
    clocks: tuple[ClockSaid, ...]
    next_questions: tuple[_Question, ...]
    proof: dict[str, _Node]


def wanted_parts(include: str) -> set[str]:
    """The parts that a request names.

    Raises:
        Refused: there is no such part.
    """
    names = {name.strip() for name in include.split(",") if name.strip()}
    if names == {"all"}:
        return set(INCLUDED)
    if names - set(INCLUDED):
        fix = f"Parts here: all, {', '.join(INCLUDED)}"
        raise Refused(422, [fault("names a part that there is not", parameter="include", fix=fix)])
    return names


def short_answer(
    about: Mapping[str, Any], written: bytes, facts: Mapping[str, Fact], include: Collection[str] = ()
) -> bytes:
    """The short answer as JSON; ``about`` is what is known of the assessment besides, and goes before the answer's own."""
    brief = _Brief.model_validate_json(written)
    raised = [
        one for one in brief.grounds if one.status == "met" or (one.status == "open" and _raised(one, brief, facts))
    ]
    said = brief.model_dump(mode="json", exclude={"grounds", "clocks", "next_questions", "proof"}) | {
        "grounds": [one.model_dump() for one in sorted(raised, key=lambda one: one.status)],
        "grounds_not_raised": sum(one.status == "open" for one in brief.grounds) - _open(raised),
        "due": [one.model_dump(mode="json") for one in _due(brief.clocks)],
        "missing": [one.model_dump() for one in _missing(brief.next_questions)][:MOST_MISSING],
        "missing_total": len(brief.next_questions),
    }
    if include:
        whole = from_json(written)
        said |= {name: whole[name] for name in INCLUDED if name in include and name in whole}
    return json.dumps({**said, **about}, ensure_ascii=False, separators=(",", ":")).encode()


def _open(grounds: Iterable[GroundSummary]) -> int:
    return sum(one.status == "open" for one in grounds)


def _raised(ground: GroundSummary, brief: _Brief, facts: Mapping[str, Fact]) -> bool:
    """Whether somebody gave a fact of an open ground's own: not one that stands in every case, nor a gate alone."""
    proof = brief.proof.get(ground.id)
    given = set(proof.facts()) if proof is not None else set()
    return any(name not in facts or facts[name].theme not in EVERYWHERE for name in map(_bare, given))


def _bare(label: str) -> str:
    """The fact in ``counts[fraud].offence_on``."""
    return label.rpartition("].")[2]


def _due(clocks: Iterable[ClockSaid]) -> list[DeadlineSummary]:
    running = [one for one in clocks if one.due_on is not None and one.state in ("running", "expired")]
    told = [
        DeadlineSummary(
            clock=one.id, title=one.title, on=str(one.due_on), status=one.state, consequence=one.consequence
        )
        for one in running
    ]
    return sorted(told, key=lambda one: one.on)


def _missing(questions: Iterable[_Question]) -> list[MissingFact]:
    return [MissingFact(fact=one.fact, label=one.question, weight=len(one.hangs)) for one in questions]
