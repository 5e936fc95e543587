"""The board: every instrument that was looked at, and how each of its articles stands.

An article stands as its weightiest ground does. What bars surrender and what stands beside it are kept
apart, so that a duty to extradite never looks like a bar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from api.documents.language.catalogues import LawText
from api.web.pages.verdict_grounds import weighs
from api.web.pages.verdict_scene import Scene
from engine.answer.model import (
    Answer,
    GroundSaid,
    Status,
    TreatyRelationSaid,
)

_RANK: dict[Status, int] = {"met": 0, "open": 1, "not_met": 2, "not_applicable": 3}


@dataclass(frozen=True)
class Cell:
    """One article: how it stands, how many of its grounds stand so, and the first of them."""

    article: str
    status: Status
    grounds: int
    of: int
    first: str
    title: str


@dataclass(frozen=True)
class Row:
    """One instrument: whether it binds, what its articles say against surrender, and beside it."""

    id: str
    short: LawText
    binding: bool | None
    verified: bool
    reason: LawText
    may_have_declared: tuple[str, ...]
    against: tuple[Cell, ...]
    beside: tuple[Cell, ...]


def board(answer: Answer, scene: Scene) -> list[Row]:
    """The instruments that bind first, then those of which it is not clear, then the others."""
    order = {True: 0, None: 1, False: 2}
    relations = sorted(answer.treaty_relations, key=lambda one: order[one.binding])
    return [_row(one, answer, scene) for one in relations]


def _row(one: TreatyRelationSaid, answer: Answer, scene: Scene) -> Row:
    own = [ground for ground in answer.grounds if ground.instrument == one.instrument]
    bound = own if one.binding is not False else []
    return Row(
        one.instrument,
        scene.speech.law("instrument", one.instrument, "short", one.short),
        one.binding,
        one.verified,
        scene.told(one.reason),
        one.may_have_declared,
        _cells([ground for ground in bound if weighs(ground)], scene),
        _cells([ground for ground in bound if not weighs(ground)], scene),
    )


def _cells(grounds: list[GroundSaid], scene: Scene) -> tuple[Cell, ...]:
    articles = sorted({ground.article for ground in grounds}, key=_natural)
    return tuple(_cell(one, [ground for ground in grounds if ground.article == one], scene) for one in articles)


def _cell(article: str, grounds: list[GroundSaid], scene: Scene) -> Cell:
    status = min((ground.status for ground in grounds), key=_RANK.__getitem__)
    alike = [ground for ground in grounds if ground.status == status]
    titles = (scene.speech.law("criterion", one.id, "title", one.title).text for one in alike)
    return Cell(article, status, len(alike), len(grounds), alike[0].id, "; ".join(titles))


def _natural(article: str) -> tuple[tuple[int, str], ...]:
    """Article 9 before article 10, 57-1 after 57."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", article))
