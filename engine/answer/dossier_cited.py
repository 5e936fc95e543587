"""Authorities as a dossier cites them: name, body, number, day and paragraph, and whether they are later than the case."""

from __future__ import annotations

from datetime import date

from engine.answer.dossier_model import AuthorityCited
from engine.content.evidence import Precedent, Ruling, Situation
from engine.content.models import Authority, Pack


def cited(pack: Pack, name: str, on: date) -> AuthorityCited:
    """An authority or a precedent by its id."""
    if name in pack.authorities:
        return cited_authority(pack.authorities[name], on)
    return cited_precedent(pack.precedents[name], None, on)


def cited_authority(one: Authority, on: date) -> AuthorityCited:
    """A decision, comment or guideline in support."""
    return AuthorityCited.said(
        id=one.id,
        name=one.name,
        body=one.body,
        number=one.number,
        given_on=one.decided_on.isoformat() if one.decided_on else str(one.year),
        para=one.pinpoint,
        later=is_later(one, on),
        review=one.review,
    )


def is_later(one: Authority, on: date) -> bool:
    """Whether an authority was given only after a day; of one dated by its year alone, after that year."""
    return one.decided_on > on if one.decided_on else one.year > on.year


def cited_precedent(one: Precedent, ruling: Ruling | None, on: date) -> AuthorityCited:
    """A decided case, with the paragraph of the ruling that is meant."""
    return AuthorityCited.said(
        id=one.id,
        name=one.name,
        body=one.tribunal,
        number=one.number,
        given_on=one.decided_on.text,
        para=ruling.para if ruling else "",
        later=one.decided_on.last > on,
        review=one.review,
    )


def cited_finding(one: Situation, on: date) -> AuthorityCited:
    """The decision in which a country finding was made."""
    return AuthorityCited.said(
        id=one.precedent or one.id,
        name=one.case,
        body=one.tribunal,
        number=one.number,
        given_on=one.decided_on.text if one.decided_on else one.valid_from.isoformat(),
        para=one.para,
        later=bool(one.decided_on and one.decided_on.last > on),
        review=one.review,
    )
