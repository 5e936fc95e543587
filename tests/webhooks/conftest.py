"""One store on each database for a module, a fresh workspace for each test, and a receiver that listens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.storage.store import Store
from api.storage.workspaces import create_workspace
from tests.store.conftest import answer
from tests.store.stock import Stock
from tests.store.support import KINDS, Clock, open_store, postgres_answers
from tests.webhooks.support import ME, Receiver

__all__ = ["answer"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the master keys are."""
    return tmp_path_factory.mktemp("webhooks")


@pytest.fixture(scope="module", params=KINDS)
def url(request: Any, stock: Stock, folder: Path) -> Iterator[str]:
    """A database that the tests of a module share."""
    if request.param == "postgresql" and not postgres_answers():
        pytest.skip("no PostgreSQL server answers")
    with stock.lent(request.param, folder) as address:
        yield address


@pytest.fixture(scope="module")
def home(url: str, folder: Path) -> tuple[str, Path]:
    """What another node needs to open the same store."""
    return url, folder


@pytest.fixture(scope="module")
def clock() -> Clock:
    """A clock moved by hand."""
    return Clock()


@pytest.fixture(scope="module")
def store(url: str, folder: Path, clock: Clock) -> Iterator[Store]:
    """A store with the workspaces of the tests before."""
    opened = open_store(url, folder, clock)
    yield opened
    opened.close()


@pytest.fixture
def workspace(store: Store) -> str:
    """A workspace of its own."""
    return create_workspace(store, "Canary Law Centre", ME)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that answers 204."""
    one = Receiver()
    one.start()
    yield one
    one.stop()
