"""Bilateral treaties as the register knows them: that they exist, what they cover and since when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from engine.facts.vocabulary import Content, Review


class Bilateral(Content):
    """A treaty between two States that is known and not encoded; an absent day is unknown."""

    states: tuple[str, str]
    covers: Literal["extradition", "extradition_part", "assistance"]
    status: Literal["", "not_in_force"] = ""
    signed: date | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    title: str = ""
    source: str
    note: str = ""
    review: Review


class BilateralList(Content):
    """The known bilateral treaties; the list is not complete."""

    bilateral: tuple[Bilateral, ...] = ()
