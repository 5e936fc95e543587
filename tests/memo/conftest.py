"""The origin case as memos are written on it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.documents.memo.compose import memo_of
from api.documents.memo.profiles import PROFILES
from api.documents.memo.tree import Memo
from engine.assess import Engine
from engine.content.documents import Document, read_path
from engine.facts.casefile import Case

EXAMPLE = Path(__file__).parents[2] / "examples" / "akhmetova.yaml"
EVE = date(2020, 1, 13)
Write = Callable[..., Memo]


def changed(engine: Engine, change: Callable[[dict[str, Any]], None] | None = None) -> Case:
    """The origin case, changed."""
    data = copy.deepcopy(read_path(EXAMPLE).data)
    if change:
        change(data)
    return engine.read(Document(data, "akhmetova"))


@pytest.fixture(scope="session")
def write(engine: Engine) -> Write:
    """Writes a memo on the origin case."""

    def run(profile: str = "neutral", change: Callable[[dict[str, Any]], None] | None = None, **options: Any) -> Memo:
        return memo_of(engine, changed(engine, change), on=EVE, profile=PROFILES[profile], **options)

    return run


#: What is on file of people like her and of the charge; dangers are presumed from it.
EVIDENCE = (
    "comparable_persons_tortured",
    "political_profile",
    "pretext_indicators",
    "authorities_currently_interested",
    "banned_movement_accusation",
    "prior_case_politically_tainted",
    "prosecution_character",
    "journalist_or_defender",
)


def without_evidence(data: dict[str, Any]) -> None:
    """Leave only what is known of the person and of the procedure, so that nothing is presumed."""
    for name in EVIDENCE:
        data["facts"].pop(name)


@pytest.fixture(scope="session")
def undecided(write: Write) -> Memo:
    """The neutral memo on the same case before its evidence is entered."""
    return write("neutral", without_evidence)


@pytest.fixture(scope="session")
def neutral(write: Write) -> Memo:
    """The neutral memo, written once."""
    return write()
