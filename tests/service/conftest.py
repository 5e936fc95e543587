"""A server on each database that is killed, and one that the harmless tests of a session share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service.server import Server, ended, log_of, running
from tests.store.stock import Stock
from tests.store.support import KINDS, postgres_answers


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    if request.param == "postgresql" and not postgres_answers():
        pytest.skip("no PostgreSQL server answers")
    return str(request.param)


@pytest.fixture(scope="module")
def node(kind: str, stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the tests of a module end and start again, each with a workspace of its own; a start takes seconds."""
    folder = tmp_path_factory.mktemp("node")
    with stock.lent(kind, folder) as url, ended(Server(folder, url)) as made:
        yield made
    assert "Traceback" not in log_of(made)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server for tests that leave it as it is."""
    with running(Server(tmp_path_factory.mktemp("shared"))) as server:
        yield server
