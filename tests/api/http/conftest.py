"""A real server on a free port, over Toyland; and the application in this process for the rest."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.accounts.keys.service import authenticate
from api.storage.settings import StoreSettings
from api.storage.store import Store
from engine.assess import Engine
from tests.api.http.support import Client, app_over, new_key
from tests.api.support import ROOT, environment
from tests.store.support import open_store


@dataclass(frozen=True)
class Served:
    """A running server, and the file its log goes to."""

    http: httpx.Client
    log: Path
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    log, data = folder / "log", folder / "data"
    store = Store.open(StoreSettings(data=data))
    key = new_key(store)
    store.close()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "api", "serve", "--port", "0"],
            cwd=ROOT,
            env=environment(DEDERE_MAX_BODY_BYTES="20000", DEDERE_DATA=str(data)),
            stderr=out,
        )
    deadline = time.monotonic() + 60
    while not (found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))):
        assert time.monotonic() < deadline, "the server did not start"
        assert process.poll() is None, log.read_text("utf-8")
        time.sleep(0.1)
    with httpx.Client(base_url=found[0], timeout=30, headers={"authorization": f"Bearer {key}"}) as http:
        yield Served(http, log, process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert "Traceback" not in log.read_text("utf-8")


@pytest.fixture(scope="session")
def toy_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store on SQLite that the tests of a session share."""
    folder = tmp_path_factory.mktemp("store")
    opened = open_store(f"sqlite:///{folder / 'dedere.db'}", folder)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def toy_app(toy_engine: Engine, toy_store: Store) -> FastAPI:
    return app_over(toy_store, toy_engine)


@pytest.fixture(scope="session")
def client(toy_app: FastAPI, toy_store: Store) -> Client:
    """A client of a workspace who may do everything."""
    return Client(toy_app, new_key(toy_store))


@pytest.fixture(scope="session")
def without_facts(client: Client, toy_store: Store) -> Client:
    """A client of the same workspace who may read assessments and no facts."""
    workspace = authenticate(toy_store, client.key).workspace
    return Client(client.app, new_key(toy_store, workspace, ["assessments:read"]))
