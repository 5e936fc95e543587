"""Decided cases to teach with: those of the law content in use, by the ids that they have elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from api.law.conformity import DecidedCase, decided_folder, load_decided
from api.law.content import content_folder
from api.law.decided import named
from api.settings import Settings
from engine.errors import InputProblems
from engine.facts.reading import Reading


@dataclass(frozen=True)
class TeachingCase:
    """A decided case: its short name, what it stands for (which gives the result away), and its facts as data."""

    id: str
    title: str
    about: str
    group: str
    on: date
    reading: Reading
    document: dict[str, Any]


def teaching_cases(settings: Settings) -> dict[str, TeachingCase]:
    """All decided cases by id; none when the law content has none."""
    try:
        return _read(decided_folder(content_folder(settings)))
    except InputProblems:
        return {}


@lru_cache(4)
def _read(folder: Path) -> dict[str, TeachingCase]:
    found: dict[str, TeachingCase] = {}
    for case in load_decided(folder):
        name = first = named(case.decided.row, case.name)
        number = 1
        while name in found:
            number += 1
            name = f"{first}-{number}"
        found[name] = _taught(name, case)
    return found


def _taught(name: str, case: DecidedCase) -> TeachingCase:
    title, _, about = case.name.partition(" - ")
    plain: dict[str, Any] = json.loads(json.dumps(case.document.data, default=date.isoformat))
    return TeachingCase(name, title, about, case.group, case.on, case.reading, plain)
