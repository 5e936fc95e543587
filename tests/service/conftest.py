"""Servers on each database, and one plain server that the harmless tests of a session share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.server import Server, log_of, running
from tests.store.conftest import kind  # noqa: F401 - a fixture
from tests.store.support import database_url


@pytest.fixture
def server(kind: str, tmp_path: Path) -> Iterator[Server]:  # noqa: F811
    """A server on a fresh database, not yet started; whatever runs at the end is killed."""
    with database_url(kind, tmp_path) as url:
        made = Server(tmp_path, url if kind == "postgresql" else "")
        made.store().close()
        yield made
        if made.process is not None and made.process.poll() is None:
            made.kill()
    assert "Traceback" not in log_of(made)


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Server]:
    """A running server on SQLite."""
    with running(Server(tmp_path)) as server:
        yield server
    assert "Traceback" not in log_of(server)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server for tests that leave it as it is."""
    with running(Server(tmp_path_factory.mktemp("shared"))) as server:
        yield server
