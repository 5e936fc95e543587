"""The grounds of an answer to show: weightiest first, met and open in full, the others collapsed.

Grounds that bear on surrender come first; duties, limits, detention and breaches stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from api.documents.language.catalogues import LawText
from api.documents.language.words import effect_word
from api.web.pages.record import Record
from api.web.pages.verdict_labels import Named, named
from api.web.pages.verdict_scene import Scene
from api.web.pages.verdict_tree import (
    LEVELS,
    Depth,
    Step,
    size,
    steps_of,
)
from engine.answer.model import GroundSaid
from engine.content.models import Effect
from engine.reasoning.outcome import LEVEL_OF


@dataclass(frozen=True)
class Shown:
    """A ground with everything a page says of it."""

    said: GroundSaid
    title: LawText
    sentence: LawText
    effect: str
    weighs: bool
    missing: tuple[Named, ...]
    rebuttable: tuple[Named, ...]
    counts: tuple[tuple[str, str], ...]
    why_not: tuple[LawText, ...]
    unverified: tuple[LawText, ...]
    proof: list[Step]
    steps: int
    open: bool


@dataclass(frozen=True)
class Group:
    """Grounds of one effect."""

    effect: str
    grounds: tuple[Shown, ...]


@dataclass(frozen=True)
class Told:
    """All grounds of an answer, by how they stand."""

    met: tuple[Group, ...]
    open: tuple[Group, ...]
    beside_met: tuple[Group, ...]
    beside_open: tuple[Group, ...]
    not_met: tuple[Shown, ...]
    not_applicable: tuple[Shown, ...]
    #: Every ground by its name
    by_id: dict[str, Shown]


def grounds_told(record: Record, scene: Scene, depth: Depth, only: str = "") -> Told:
    """The grounds with their proofs down to a depth; with ``only``, the other proofs stay at the grounds' level."""
    shown = [_shown(record, scene, one, depth, only) for one in sorted(record.answer.grounds, key=_weight)]
    return Told(
        _groups(one for one in shown if one.weighs and one.said.status == "met"),
        _groups(one for one in shown if one.weighs and one.said.status == "open"),
        _groups(one for one in shown if not one.weighs and one.said.status == "met"),
        _groups(one for one in shown if not one.weighs and one.said.status == "open"),
        tuple(one for one in shown if one.said.status == "not_met"),
        tuple(one for one in shown if one.said.status == "not_applicable"),
        {one.said.id: one for one in shown},
    )


def weighs(ground: GroundSaid) -> bool:
    """Whether the ground bears on surrender when it is met."""
    return ground.effect in LEVEL_OF


def _weight(ground: GroundSaid) -> tuple[int, int, str]:
    order = list(Effect)
    level = LEVEL_OF.get(ground.effect, 0) if ground.effect else 0
    return -level, order.index(ground.effect) if ground.effect else len(order), ground.id


def _groups(grounds: Iterable[Shown]) -> tuple[Group, ...]:
    return tuple(Group(effect, tuple(found)) for effect, found in groupby(grounds, attrgetter("effect")))


def _shown(record: Record, scene: Scene, one: GroundSaid, depth: Depth, only: str) -> Shown:
    law, wanted = scene.speech.law, not only or only == one.id
    proof = record.proofs.get(one.id) if depth != "verdict" else None
    levels = LEVELS[depth] if wanted else LEVELS["grounds"]
    return Shown(
        one,
        law("criterion", one.id, "title", one.title),
        scene.told(one.sentence),
        effect_word(scene.speech, one.effect),
        weighs(one),
        tuple(named(scene, label) for label in one.missing) if one.status == "open" else (),
        tuple(named(scene, label) for label in one.rebuttable_by),
        tuple((record.count_titles.get(name, name), status) for name, status in one.counts.items()),
        tuple(scene.told(text) for text in one.why_not),
        tuple(scene.told(text) for text in one.unverified),
        steps_of(scene, proof, levels, record.proofs) if proof is not None else [],
        size(proof) if proof is not None else 0,
        depth == "full" and wanted,
    )
