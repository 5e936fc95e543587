"""Readings of one norm follow each other in time: on every day exactly one speaks. Nothing else is checked here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from engine.assess import Engine
from engine.content.models import Criterion
from engine.inference.atoms import Setting, constant
from engine.inference.limits import limits_of


def series(engine: Engine) -> dict[tuple[str, str, str], list[Criterion]]:
    found: dict[tuple[str, str, str], list[Criterion]] = {}
    for criterion in engine.pack.criteria.values():
        if criterion.series:
            key = (criterion.instrument, criterion.series, str(sorted(criterion.variant.items())))
            found.setdefault(key, []).append(criterion)
    return found


def days(readings: list[Criterion]) -> Iterator[date]:
    """Every day on which something begins or ends, and the days beside it."""
    for reading in readings:
        for edge in (reading.valid_from, reading.valid_until):
            for step in (-1, 0, 1) if edge else ():
                yield edge + timedelta(step)  # type: ignore[operator]


def speaks(engine: Engine, reading: Criterion, on: date) -> bool:
    setting = Setting(on, {}, engine.relations)
    return all(constant(limit, setting) for limit in limits_of(reading) if limit.kind == "within")


def test_on_every_day_one_reading_of_each_norm_speaks_and_only_one(engine: Engine) -> None:
    assert series(engine), "the real rules have norms that were read differently in time"
    for key, readings in series(engine).items():
        starts = [reading.valid_from for reading in readings]
        ends = [reading.valid_until for reading in readings]
        for day in days(readings):
            before = None not in starts and day < min(start for start in starts if start)
            after = None not in ends and day > max(end for end in ends if end)
            speaking = [reading.id for reading in readings if speaks(engine, reading, day)]
            assert len(speaking) == (0 if before or after else 1), (key, day, speaking)


def test_readings_of_one_norm_do_the_same(engine: Engine) -> None:
    """They differ in the law of their time, not in what the norm is about."""
    for readings in series(engine).values():
        assert len({reading.scope for reading in readings}) == 1


def test_names_are_never_used_for_two_kinds_of_things(engine: Engine) -> None:
    pack = engine.pack
    kinds = [set(pack.vocabulary.facts), set(pack.criteria), set(pack.vocabulary.parts), set(pack.variants)]
    assert sum(len(kind) for kind in kinds) == len(set().union(*kinds))


def test_what_a_criterion_says_in_each_status_is_something_else(engine: Engine) -> None:
    for criterion in engine.pack.criteria.values():
        said = criterion.sentences
        assert len({said.met, said.not_met, said.open}) == 3, criterion.id
        assert all(sentence.endswith((".", "…", ")", "”")) for sentence in (said.met, said.not_met, said.open)), (
            criterion.id
        )
