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


@pytest.fixture(scope="session")
def neutral(write: Write) -> Memo:
    """The neutral memo, written once."""
    return write()
