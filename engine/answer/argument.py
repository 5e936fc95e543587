"""The argument on an evaluative question: the point, the other side's best answer, and the reply, with authority.

Everything is drawn from the dossier: what applies makes the point, what would defeat it or comes near
to the contrary makes the answer, what sets those decisions apart makes the reply. Nothing is invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from engine.answer.dossier_model import AuthorityCited, Dossier, DossierPrecedent, DossierPresumption
from engine.answer.model import Said
from engine.content.evidence import OPPONENT, Side

#: Moves of each part before the rest is left to the dossier.
MOST_MOVES, MOST_BARRED, MOST_NEAR = 6, 2, 3
Kind = Literal[
    "presumption", "finding", "governs", "nearest", "rebuttal", "distinguished", "barred", "excluded", "unheard"
]
#: What is said of each kind of move, beside the sentence of the presumption or finding itself.
WORDS: dict[Kind, str] = {
    "presumption": "",
    "finding": "",
    "barred": "The other side cannot rely on this: what is entered stands against it.",
    "governs": "This decision governs the case: all that it rested on is here, and all that speaks against it was there too.",
    "nearest": "The nearest decision for this side. It would govern if this were proved:",
    "rebuttal": "The presumption falls if one of these is shown:",
    "distinguished": "This decision does not govern: it differs in this.",
    "excluded": "This may not be relied on.",
    "unheard": "Nothing that would rebut the presumption has been entered.",
}


class Move(Said):
    """One step of an argument: the sentence of the rule, what is said of it, what it names, the authority for it.

    ``lacking`` is what a decision rested on and this case has not, ``apart`` what is here and was not there.
    """

    kind: Kind
    id: str
    text: str
    says: str
    holding: str
    shared: tuple[str, ...]
    lacking: tuple[str, ...]
    apart: tuple[str, ...]
    authorities: tuple[AuthorityCited, ...]


class Argument(Said):
    """Point of one side, best answer of the other, and the reply."""

    by: Side
    point: tuple[Move, ...]
    answer: tuple[Move, ...]
    reply: tuple[Move, ...]


def argument(dossier: Dossier, by: Side = "person") -> Argument:
    """The argument on a question as one side makes it."""
    other = OPPONENT[by]
    return Argument.said(
        by=by,
        point=tuple(_point(dossier, by))[:MOST_MOVES],
        answer=tuple(_answer(dossier, by, other))[:MOST_MOVES],
        reply=tuple(_reply(dossier, by, other))[:MOST_MOVES],
    )


def _point(dossier: Dossier, side: Side) -> Iterator[Move]:
    yield from _applying(dossier, side)
    if side == "person":
        yield from (
            _move("finding", one.id, one.finding, authorities=(one.authority,))
            for one in dossier.findings
            if one.presumes
        )
    governs = [one for one in dossier.governing if one.decided_for == side]
    yield from (_cited("governs", one) for one in governs)
    if not governs:
        yield from (_cited("nearest", one) for one in _near(dossier, side)[:2])


def _answer(dossier: Dossier, side: Side, other: Side) -> Iterator[Move]:
    yield from (_move("presumption", one.id, one.sentence, one.authorities_cited) for one in _of(dossier, other))
    yield from (_cited("governs", one) for one in dossier.governing if one.decided_for == other)
    for one in _of(dossier, side):
        if one.rebutted_by:
            yield _move("rebuttal", one.id, lacking=one.rebuttal_questions)
            break
    yield from (_cited("nearest", one) for one in _near(dossier, other)[:MOST_NEAR])


def _reply(dossier: Dossier, side: Side, other: Side) -> Iterator[Move]:
    entered = {one.fact.rpartition(".")[2] for one in dossier.evidence}
    own = _of(dossier, side)
    if own and own[0].rebutted_by and entered.isdisjoint(own[0].rebutted_by):
        yield _move("unheard", own[0].id)
    for one in dossier.presumptions:
        if one.status == "applies" and one.strength == "excluded":
            yield _move("excluded", one.id, one.sentence, one.authorities_cited)
    barred = [one for one in dossier.presumptions if one.favours == other and one.status != "applies" and one.against]
    for one in sorted(barred, key=lambda one: -len(one.against))[:MOST_BARRED]:
        yield _move("barred", one.id, one.title, one.authorities_cited, apart=one.against)
    for near in _near(dossier, other)[:MOST_NEAR]:
        if near.distinguishing or near.lacking:
            yield _cited("distinguished", near)


def _of(dossier: Dossier, side: Side) -> list[DossierPresumption]:
    return [one for one in dossier.presumptions if one.status == "applies" and one.favours == side]


def _applying(dossier: Dossier, side: Side) -> Iterable[Move]:
    return (_move("presumption", one.id, one.sentence, one.authorities_cited) for one in _of(dossier, side))


def _near(dossier: Dossier, side: Side) -> list[DossierPrecedent]:
    """Decisions that do not govern: those on the same State before the others, each once."""
    near = dossier.nearest_for_person if side == "person" else dossier.nearest_for_state
    own = [one for one in dossier.same_state if one.decided_for == side and not one.governs]
    return list({one.id: one for one in (*own, *near)}.values())


def _move(
    kind: Kind,
    name: str,
    text: str = "",
    authorities: tuple[AuthorityCited, ...] = (),
    *,
    holding: str = "",
    shared: tuple[str, ...] = (),
    lacking: tuple[str, ...] = (),
    apart: tuple[str, ...] = (),
) -> Move:
    return Move.said(
        kind=kind,
        id=name,
        text=text,
        says=WORDS[kind],
        holding=holding,
        shared=shared,
        lacking=lacking,
        apart=apart,
        authorities=authorities,
    )


def _cited(kind: Kind, one: DossierPrecedent) -> Move:
    return _move(
        kind,
        one.id,
        authorities=(one.authority,),
        holding=one.holding,
        shared=one.shared,
        lacking=one.lacking,
        apart=one.distinguishing,
    )
