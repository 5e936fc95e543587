"""The first screen of a verdict: what a lawyer acts on before reading anything else.

The grounds that carry the outcome, each with what it rests on and its weakest point; the other side's
best argument; the next time limit; the evidence to get first. Everything comes from the stored answer
and, where its law content is here, from the dossiers of the questions that those grounds turn on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from api.documents.language.catalogues import LawText
from api.web.pages.dossier_view import DossierView, view_of
from api.web.pages.record import Record
from api.web.pages.verdict_changes import Flip, flips
from api.web.pages.verdict_grounds import Shown, Told
from api.web.pages.verdict_labels import Named, named, value_of
from api.web.pages.verdict_scene import Scene
from engine.answer.model import ClockSaid
from engine.reasoning.outcome import LEVEL_OF

MOST_GROUNDS, MOST_ANSWERS, MOST_EVIDENCE = 5, 2, 3
Weak = Literal["disputed", "presumed", "asserted", "burden", "unverified", ""]
_ASIDE = ("register", "date", "reading", "unknown")


@dataclass(frozen=True)
class Rests:
    """An answer that a ground rests on: whose word it is, or that it is presumed."""

    about: Named
    value: LawText | str
    source: str
    standing: str
    by: str


@dataclass(frozen=True)
class Carrying:
    """A ground that carries the outcome.

    ``weakest`` is the fact that its weakest point is about, unless an earlier ground says the same;
    ``dossier`` is that of the question it turns on, if one bears on it.
    """

    shown: Shown
    rests: tuple[Rests, ...]
    #: The number of an earlier ground that rests on the same answers; 0 when there is none
    same_as: int
    weak: Weak
    weakest: Named | None
    dossier: DossierView | None
    #: Whether it is the first ground here that turns on that question
    first: bool


@dataclass(frozen=True)
class Evidence:
    """Something to get: the question it would answer, and what usually proves it."""

    about: Named
    proof: tuple[LawText, ...]


@dataclass(frozen=True)
class Front:
    """The first screen."""

    carrying: tuple[Carrying, ...]
    more: int
    against: DossierView | None
    flip: Flip | None
    clock: ClockSaid | None
    overdue: int
    evidence: tuple[Evidence, ...]


def front_of(record: Record, scene: Scene, told: Told) -> Front:
    """The first screen of an assessment of record."""
    grounds = _carriers(told)
    dossiers: dict[str, DossierView] = {}
    carrying: list[Carrying] = []
    for one in grounds[:MOST_GROUNDS]:
        carrying.append(_carrying(record, scene, one, dossiers, carrying))
    against = max((one.dossier for one in carrying if one.dossier), key=_weight_against, default=None)
    sides = flips(record.answer, scene)
    flip = next(iter(sides["state"] if grounds else sides["person"]), None)
    clock, overdue = _clock(record.answer.clocks, record.answer.assessed_on)
    evidence = tuple(_evidence(record, scene, dossiers.values()))[:MOST_EVIDENCE]
    return Front(tuple(carrying), max(0, len(grounds) - MOST_GROUNDS), against, flip, clock, overdue, evidence)


def turning_questions(record: Record, told: Told) -> dict[str, str]:
    """The presumed question on which each ground that is met turns, where there is one."""
    grounds = [one for groups in (told.met, told.beside_met) for group in groups for one in group.grounds]
    found = {one.said.id: _turning_on(record, list(_leaves(record.proofs.get(one.said.id)))) for one in grounds}
    return {name: fact for name, fact in found.items() if fact}


def _carriers(told: Told) -> list[Shown]:
    """The grounds that are met and bear on surrender; those of the weightiest level, then of those below."""
    met = [one for group in told.met for one in group.grounds]
    return sorted(met, key=lambda one: -LEVEL_OF[one.said.effect] if one.said.effect else 0)


def _weight_against(view: DossierView) -> tuple[int, int]:
    """How much speaks for the State on a question: decisions that govern, then those on the same State."""
    ours = [one for one in view.said.same_state if one.decided_for == "state"]
    return sum(one.decided_for == "state" for one in view.governing), len(ours)


def _carrying(
    record: Record, scene: Scene, one: Shown, dossiers: dict[str, DossierView], before: list[Carrying]
) -> Carrying:
    found = list(_leaves(record.proofs.get(one.said.id)))
    asked = _turning_on(record, found)
    first = bool(asked) and asked not in dossiers
    if first:
        dossiers[asked] = view_of(record, scene, asked)
    weak, about = _weakest(scene, one, found)
    rests = tuple(_rests(scene, found))[:MOST_ANSWERS]
    same = next((place for place, other in enumerate(before, 1) if rests and other.rests == rests), 0)
    if about is not None and any(other.weakest == about for other in before):
        about = None  # said already
    return Carrying(one, rests, same, weak, about, dossiers.get(asked), first)


def _leaves(proof: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The answers on which a proof turns."""
    if proof is None or not proof["dispositive"]:
        return
    finding = proof["finding"]
    if finding and finding["source"] not in _ASIDE:
        yield finding
    for child in proof["children"]:
        yield from _leaves(child)


def _turning_on(record: Record, found: list[dict[str, Any]]) -> str:
    """The presumed question that tribunals decide, of those on which a ground turns; else the first presumed one."""
    if not record.law_is_here:
        return ""
    presumed = [one["fact"] for one in found if one["source"] == "presumption" and "[" not in one["fact"]]
    decided = {issue.answers[0].fact for issue in record.engine.pack.issues.values()}
    return next((name for name in presumed if name in decided), presumed[0] if presumed else "")


def _rests(scene: Scene, found: list[dict[str, Any]]) -> Iterator[Rests]:
    """What a ground rests on: what people said of the matter itself, then the rest, once each."""
    entered = sorted((one for one in _once(found) if one["source"] != "presumption"), key=lambda one: _rank(scene, one))
    own = [one for one in entered if not any(_rank(scene, one))]
    for one in own or entered:
        about = named(scene, one["fact"])
        yield Rests(
            about, value_of(scene, about, one["value"], one["shown"]), one["source"], one["standing"], one["by"]
        )


def _rank(scene: Scene, finding: dict[str, Any]) -> tuple[bool, bool]:
    """What everybody says of every case comes last, and what only the burden of proof says."""
    fact = named(scene, finding["fact"]).fact
    return finding["source"] == "burden", fact is None or fact.theme == "case"


def _once(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({one["fact"]: one for one in reversed(list(found))}.values())[::-1]


def _weakest(scene: Scene, one: Shown, found: list[dict[str, Any]]) -> tuple[Weak, Named | None]:
    """The weakest point of a ground, and the fact that it is about."""
    tests: tuple[tuple[Weak, Callable[[dict[str, Any]], bool]], ...] = (
        ("disputed", lambda leaf: leaf["standing"] == "disputed"),
        ("presumed", lambda leaf: leaf["source"] == "presumption"),
        ("asserted", lambda leaf: leaf["standing"] == "asserted"),
        ("burden", lambda leaf: leaf["source"] == "burden"),
    )
    for weak, has in tests:
        leaf = next(filter(has, found), None)
        if leaf is not None:
            return weak, one.rebuttable[0] if weak == "presumed" and one.rebuttable else named(scene, leaf["fact"])
    if one.said.status_strict != "met":
        return "presumed", None
    return ("unverified" if one.unverified else ""), None


def _clock(clocks: tuple[ClockSaid, ...], today: date) -> tuple[ClockSaid | None, int]:
    """The time limit that ends next, and how many have expired."""
    running = [one for one in clocks if one.state == "running" and one.due_on and one.due_on >= today]
    expired = sum(one.state == "expired" for one in clocks)
    return min(running, key=lambda one: one.due_on or today, default=None), expired


def _evidence(record: Record, scene: Scene, dossiers: Iterable[DossierView]) -> Iterator[Evidence]:
    """What would help most: what dossiers say would, then what the next questions are usually proved by."""
    facts, asked = record.engine.pack.vocabulary.facts, dict[str, None]()
    for dossier in dossiers:
        asked |= dict.fromkeys(help_.fact for help_ in dossier.said.helpful if help_.favours == "person")
    asked |= dict.fromkeys(one.fact for one in record.answer.next_questions)
    for label in asked:
        about = named(scene, label)
        if about.fact and about.fact.proof and about.fact.id in facts:
            proof = (
                scene.speech.law("fact", about.fact.id, f"proof.{place}", hint)
                for place, hint in enumerate(about.fact.proof)
            )
            yield Evidence(about, tuple(proof))
