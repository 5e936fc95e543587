"""The origin case as briefs and filings are written on it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.documents.filings.brief import brief_of
from api.documents.filings.plan import Plan
from api.documents.filings.wording import Wording, read_wording
from api.documents.memo.tree import Memo
from engine.assess import Engine
from engine.content.documents import Document, read_path
from engine.facts.casefile import Case

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "akhmetova.yaml"
Brief = Callable[..., Memo]


def origin(engine: Engine, change: Callable[[dict[str, Any]], object] | None = None) -> Case:
    """The origin case, changed."""
    data = copy.deepcopy(read_path(EXAMPLE).data)
    if change:
        change(data)
    return engine.read(Document(data, "akhmetova"))


@pytest.fixture(scope="session")
def wording() -> Wording:
    """The wording of papers."""
    return read_wording(ROOT / "filings")


@pytest.fixture(scope="session")
def brief(engine: Engine, wording: Wording) -> Brief:
    """Writes a brief on the origin case."""

    def run(
        plan: dict[str, Any] | None = None, change: Callable[[dict[str, Any]], object] | None = None, **more: Any
    ) -> Memo:
        return brief_of(engine, origin(engine, change), Plan.model_validate(plan or {}), wording, **more)

    return run
