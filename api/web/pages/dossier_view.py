"""A dossier as pages show it: the argument in the visitor's words, and everything it was drawn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.documents.language.catalogues import LawText
from api.web.pages.record import Record
from api.web.pages.verdict_labels import Named, named
from api.web.pages.verdict_scene import Scene
from engine.answer.argument import Kind, Move, argument
from engine.answer.dossier_model import AuthorityCited, Dossier, DossierEvidence, DossierHelp, DossierPrecedent
from engine.facts.columns import HERE, Place

#: Decisions told one by one in the State's answer.
FEW = 2


@dataclass(frozen=True)
class MoveView:
    """One step of the argument in words."""

    kind: str
    text: LawText | None
    says: LawText | None
    holding: str
    shared: tuple[LawText, ...]
    lacking: tuple[LawText, ...]
    apart: tuple[LawText, ...]
    authorities: tuple[AuthorityCited, ...]


@dataclass(frozen=True)
class DossierView:
    """A dossier in words; ``said`` is what it was made from."""

    said: Dossier
    about: Named
    question: LawText | str
    point: tuple[MoveView, ...]
    answer: tuple[MoveView, ...]
    reply: tuple[MoveView, ...]
    governing: tuple[DossierPrecedent, ...]
    nearest: tuple[DossierPrecedent, ...]


def view_of(record: Record, scene: Scene, fact: str, place: Place = HERE) -> DossierView:
    """The dossier of one question of an assessment of record, whose law content is here."""
    made = record.engine.dossier(record.weighed, fact, place)
    said = argument(made)
    about = named(scene, made.fact)
    return DossierView(
        made,
        about,
        about.question,
        _moves(scene, said.point),
        _moves(scene, first_few(said.answer, "nearest")),
        _moves(scene, together(said.reply, "distinguished")),
        made.governing,
        tuple({one.id: one for one in (*made.same_state, *made.nearest_for_person, *made.nearest_for_state)}.values()),
    )


def first_few(moves: tuple[Move, ...], kind: Kind) -> list[Move]:
    """The moves, of one kind only the first few; the others stand below the argument."""
    few = [one for one in moves if one.kind == kind][:FEW]
    return [one for one in moves if one.kind != kind or one in few]


def together(moves: tuple[Move, ...], kind: Kind) -> list[Move]:
    """The moves, those of one kind that cite decisions said once, with what is true of all of them.

    What is true of one of them alone stands with that decision.
    """
    alike = [one for one in moves if one.kind == kind]
    if len(alike) < 2:
        return list(moves)
    common = {
        part: tuple(text for text in getattr(alike[0], part) if all(text in getattr(one, part) for one in alike))
        for part in ("lacking", "apart")
    }
    first = alike[0].model_copy(update={**common, "authorities": tuple(one.authorities[0] for one in alike)})
    return [*(one for one in moves if one.kind != kind), first]


def entered(scene: Scene, view: DossierView) -> list[tuple[Named, DossierEvidence, LawText]]:
    """What was entered that bears on a question: the fact, whose word it is, its value in words."""
    return [(named(scene, one.fact), one, scene.told(one.shown)) for one in view.said.evidence]


def helping(scene: Scene, view: DossierView) -> list[tuple[Named, DossierHelp, tuple[LawText, ...]]]:
    """What would help most, with what usually proves it."""
    return [
        (
            named(scene, one.fact),
            one,
            tuple(scene.speech.law("fact", one.fact, f"proof.{place}", hint) for place, hint in enumerate(one.proof)),
        )
        for one in view.said.helpful
    ]


def _moves(scene: Scene, moves: Iterable[Move]) -> tuple[MoveView, ...]:
    return tuple(
        MoveView(
            one.kind,
            scene.told(one.text) if one.text else None,
            scene.told(one.says) if one.says else None,
            one.holding if len(one.authorities) == 1 else "",
            _told(scene, one.shared),
            _told(scene, one.lacking),
            _told(scene, one.apart),
            one.authorities,
        )
        for one in moves
    )


def _told(scene: Scene, texts: Iterable[str]) -> tuple[LawText, ...]:
    return tuple(scene.told(text) for text in texts)
