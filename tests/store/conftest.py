"""A store on each database, a workspace in it, and a real answer of the engine over Toyland."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.storage.store import Store
from api.storage.workspaces import create_workspace
from engine.answer.model import Answer
from engine.assess import Engine
from tests.store.stock import Stock
from tests.store.support import KINDS, Clock, database_url, open_store, postgres_answers


@pytest.fixture(params=KINDS)
def kind(request: Any) -> str:
    """The kind of database."""
    if request.param == "postgresql" and not postgres_answers():
        pytest.skip("no PostgreSQL server answers")
    return str(request.param)


@pytest.fixture
def url(kind: str, stock: Stock, tmp_path: Path) -> Iterator[str]:
    """An empty database that has its schema."""
    with stock.lent(kind, tmp_path) as address:
        yield address


@pytest.fixture
def bare(kind: str, tmp_path: Path) -> Iterator[str]:
    """A fresh database without a schema."""
    with database_url(kind, tmp_path) as address:
        yield address


@pytest.fixture
def clock() -> Clock:
    """A clock moved by hand."""
    return Clock()


@pytest.fixture
def store(url: str, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(url, tmp_path, clock)
    yield opened
    opened.close()


@pytest.fixture
def workspace(store: Store) -> str:
    """A workspace."""
    return create_workspace(store, "Canary Law Centre", "usr_one")


@pytest.fixture(scope="session")
def answer(toy_engine: Engine) -> Answer:
    """An answer of record."""
    return toy_answer(toy_engine)


def toy_answer(engine: Engine) -> Answer:
    """The engine's answer on an empty case."""
    from datetime import date

    from engine.facts.casefile import Case

    return engine.assess(Case(reference="T-1"), date(2026, 1, 1))
