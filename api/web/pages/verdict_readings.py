"""The three readings of what is disputed side by side: their outcomes, and the grounds on which they part."""

from __future__ import annotations

from dataclasses import dataclass

from api.documents.language.catalogues import LawText
from api.web.pages.record import Record
from api.web.pages.verdict_scene import Scene
from engine.answer.grounds import Grounds
from engine.answer.model import Status
from engine.facts.reading import READINGS, Reading


@dataclass(frozen=True)
class Parting:
    """A ground that stands otherwise in one of the readings."""

    id: str
    title: LawText
    statuses: tuple[Status, ...]


@dataclass(frozen=True)
class Readings:
    """Outcomes by reading, in their order; whether anything is disputed; grounds that part."""

    outcomes: tuple[tuple[str, str], ...]
    disputed: bool
    parting: tuple[Parting, ...]


def readings(record: Record, scene: Scene) -> Readings:
    """The readings of an answer. Grounds are compared where the law content of the answer is here."""
    outcomes = tuple((name, str(record.answer.readings[name])) for name in READINGS)
    disputed = record.law_is_here and bool(record.case.disputed)
    return Readings(outcomes, disputed, _parting(record, scene) if disputed else ())


def _parting(record: Record, scene: Scene) -> tuple[Parting, ...]:
    standing = [_statuses(record, name) for name in READINGS]
    return tuple(
        Parting(
            ground.id,
            scene.speech.law("criterion", ground.id, "title", ground.title),
            tuple(one[ground.id] for one in standing),
        )
        for ground in record.answer.grounds
        if len({one[ground.id] for one in standing}) > 1
    )


def _statuses(record: Record, reading: Reading) -> dict[str, Status]:
    """The grounds in a reading: as stored, or weighed anew on the same facts, day and law."""
    if reading == record.answer.reading:
        return {one.id: one.status for one in record.answer.grounds}
    weighed = record.engine.weigh(record.case, record.answer.assessed_on, reading)
    return dict(Grounds(record.engine, weighed).statuses())
