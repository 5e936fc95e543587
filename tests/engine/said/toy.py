"""Answers of Toyland, for the tests in this folder."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.answer.model import Answer, GroundSaid
from engine.assess import Engine
from tests.engine.support import DAY, document

#: Enough to settle everything in favour of surrender.
PLAIN: dict[str, Any] = {
    "mill_feared": False,
    "stuffing": "wool",
    "age": 5,
    "marks": [],
    "nap_wanted": False,
    "homes": [],
    "sleepiness_finding": "not_met",
}


def ask(
    engine: Engine, facts: dict[str, Any] | None = None, *, on: date = DAY, reading: Any = "neutral", **more: Any
) -> Answer:
    """The answer for a doll in AND, asked for by MCO, that broke a vase."""
    more.setdefault("counts", [{"id": "vase", "title": "The vase", "broke_vase": True}])
    return engine.assess(engine.read(document(facts, **more)), on, reading)


def ground(answer: Answer, name: str) -> GroundSaid:
    """One ground of an answer."""
    return next(found for found in answer.grounds if found.id == name)
