"""The dossier of an evaluative question, as typed data: evidence, presumptions, findings, precedents, what would help."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from engine.answer.model import Said
from engine.content.evidence import Side
from engine.content.models import Strength
from engine.facts.vocabulary import Review

#: How a question stands: found by somebody, presumed, presumed for both sides, or open.
Standing = Literal["found", "presumed", "both_ways", "open"]


class AuthorityCited(Said):
    """A decision or comment as it is cited; ``later`` says that it was given only after the day of assessment."""

    id: str
    name: str
    body: str
    number: str
    given_on: str
    para: str
    later: bool
    review: Review


class DossierEvidence(Said):
    """A fact of the case that bears on the question; ``favours`` is empty where it depends on its level."""

    fact: str
    question: str
    shown: str
    favours: Side | Literal[""]
    standing: str
    by: str
    exhibits: tuple[str, ...]


class DossierPresumption(Said):
    """A presumption about the question: what it presumes, for whom, and what would rebut it."""

    id: str
    title: str
    sentence: str
    status: Literal["applies", "rebutted", "open", "does_not_apply"]
    strength: Strength
    presumes: str
    favours: Side | Literal[""]
    rebutted_by: tuple[str, ...]
    rebuttal_questions: tuple[str, ...]
    #: Facts that rebut it, as they stand in the case, also where it does not apply anyway
    against: tuple[str, ...]
    missing: tuple[str, ...]
    citations: tuple[str, ...]
    authorities: tuple[str, ...]
    authorities_cited: tuple[AuthorityCited, ...]
    review: Review


class DossierFinding(Said):
    """A country finding: whether it is in force and still presumes something, its age in years, and what came after."""

    id: str
    state: str
    group: str
    level: str
    finding: str
    tribunal: str
    case: str
    since: date
    until: date | None
    years_old: int
    concerns: bool
    presumes: bool
    followed_by: tuple[str, ...]
    authority: AuthorityCited
    review: Review


class DossierPrecedent(Said):
    """A decided case beside this one."""

    id: str
    name: str
    tribunal: str
    formation: str
    number: str
    decided_on: str
    decided_for: Side
    governs: bool
    holding: str
    para: str
    shared: tuple[str, ...]
    lacking: tuple[str, ...]
    distinguishing: tuple[str, ...]
    example_only: str
    confidence: str
    authority: AuthorityCited
    review: Review


class DossierHelp(Said):
    """Evidence that would help: the fact, for whom, what usually proves it, and what would follow."""

    fact: str
    question: str
    favours: Side
    proof: tuple[str, ...]
    burden: str
    follows: tuple[str, ...]


class Dossier(Said):
    """All that bears on one evaluative question in this case."""

    fact: str
    question: str
    standing: Standing
    value: Any
    shown: str
    evidence: tuple[DossierEvidence, ...]
    presumptions: tuple[DossierPresumption, ...]
    findings: tuple[DossierFinding, ...]
    governing: tuple[DossierPrecedent, ...]
    nearest_for_person: tuple[DossierPrecedent, ...]
    nearest_for_state: tuple[DossierPrecedent, ...]
    #: Decisions on the same State, the nearest first
    same_state: tuple[DossierPrecedent, ...]
    helpful: tuple[DossierHelp, ...]
    unverified: tuple[str, ...]
