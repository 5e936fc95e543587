"""Lessons on decided cases of the real law, and stores on each database."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from api.service.service import Here
from api.settings import Settings
from api.training.cases import TeachingCase, teaching_cases
from api.training.lesson import Lesson
from api.training.making import make_lesson
from engine.assess import Engine
from tests.store.conftest import clock, kind, store, url, workspace  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def cases() -> dict[str, TeachingCase]:
    """All decided cases."""
    return teaching_cases(Settings())


@pytest.fixture(scope="session")
def case_of(cases: dict[str, TeachingCase]) -> Callable[[str], TeachingCase]:
    """A decided case by its short name."""
    return lambda name: next(case for case in cases.values() if case.title == name)


@pytest.fixture(scope="session")
def lesson_of(engine: Engine, case_of: Callable[[str], TeachingCase]) -> Callable[[str], Lesson]:
    """The lesson of a decided case by its short name."""

    @cache
    def made(name: str) -> Lesson:
        case = case_of(name)
        return make_lesson(engine, Here(engine), case.document, case.on, case.reading)

    return made
