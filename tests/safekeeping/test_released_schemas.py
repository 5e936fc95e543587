"""T29: every released schema, with data in it, comes up to this program's on both databases.

A release freezes its schema with ``python -m tests.safekeeping.released``; the texts never change again.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from api.operations.backup.restore import restore
from api.operations.backup.rows import VERSIONS
from api.storage.assessments import list_assessments, read_answer
from api.storage.audit.sources import verify_url
from api.storage.matters import (
    add_version,
    create_matter,
    list_matters,
    read_facts,
)
from api.storage.migrate import newest, schema_of
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.tables import Base, Matter
from engine.answer.model import Answer
from tests.api.support import here
from tests.conftest import ROOT
from tests.safekeeping.released import FOLDER
from tests.safekeeping.support import ME, facts, opened
from tests.store.support import database_url

RELEASED = sorted({path.name.split(".")[0] for path in FOLDER.glob("*.sql")})


@pytest.fixture(params=RELEASED)
def released(request: pytest.FixtureRequest, kind: str, bare: str, tmp_path: Path) -> StoreSettings:
    """A database as a release left it."""
    revision = request.param
    shutil.copy(FOLDER / f"{revision}.master", tmp_path / "master.keys")
    (tmp_path / "master.keys").chmod(0o600)
    script = (FOLDER / f"{revision}.{kind}.sql").read_text("utf-8")
    if kind == "sqlite":
        connection = sqlite3.connect(bare.removeprefix("sqlite:///"))
        connection.executescript(script)
        connection.close()
    else:
        with psycopg.connect(bare) as server:
            server.execute(script)  # type: ignore[call-overload]
    return StoreSettings(data=tmp_path, database_url=bare)


def test_T29_the_first_schema_is_among_the_released() -> None:
    assert RELEASED[0] == "0001"


def test_T29_a_released_schema_comes_up_with_everything_in_it(released: StoreSettings) -> None:
    with opened(released) as store:
        assert schema_of(store.database) == newest()
        assert len(store.workspaces()) == 2
        for workspace in store.workspaces():
            _everything_is_there(store, workspace)
        assert store.database.sound()
    assert verify_url(released.url).intact


def _everything_is_there(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        (matter,) = list_matters(tx)
        assert [read_facts(tx, matter.id, version).document for version in (1, 2)] == [facts(1), facts(2)]
        (said,) = list_assessments(tx, matter.id)
        assert Answer.model_validate_json(read_answer(tx, said.id)[1]).receipt.digest == said.receipt
        rows = tx.session.query(Matter).filter_by(workspace_id=workspace)
        assert sorted(row.erased_at is None for row in rows) == [False, True]
        assert add_version(tx, matter.id, 2, facts(3)) == 3
        create_matter(tx, "after", facts(4))


def test_T29_a_released_schema_becomes_exactly_the_tables_of_this_program(released: StoreSettings) -> None:
    with opened(released) as store, store.database.session(writes=False) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        names = set(inspect(session.connection()).get_table_names()) - {VERSIONS}
    assert names == set(Base.metadata.tables)


def test_T29_an_upgraded_database_has_the_same_bolts_as_a_new_one(
    released: StoreSettings, kind: str, store_beside: Store
) -> None:
    """Row-level security, policies and triggers, which a comparison of tables does not see."""
    with opened(released) as store:
        assert _bolts(store, kind) == _bolts(store_beside, kind) != []


@pytest.fixture
def store_beside(kind: str, tmp_path: Path) -> Iterator[Store]:
    """A store made new by this program."""
    (tmp_path / "new").mkdir()
    with (
        database_url(kind, tmp_path / "new") as url,
        opened(StoreSettings(data=tmp_path / "new", database_url=url)) as made,
    ):
        yield made


def _bolts(store: Store, kind: str) -> list[object]:
    queries = ["SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"]
    if kind == "postgresql":
        queries = [
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
            "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
            "SELECT tgname, tgrelid::regclass::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
        ]
    with store.database.session(writes=False) as session:
        return [tuple(row) for query in queries for row in session.execute(text(query))]


def test_T29_alembic_finds_nothing_to_generate(store: Store, url: str) -> None:
    command = [sys.executable, "-m", "alembic", "check"]
    environment = {**os.environ, "DEDERE_DATABASE_URL": url}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "No new upgrade operations" in done.stdout) == (0, True), done.stdout + done.stderr


def test_T29_a_newer_database_is_refused_in_one_line(store: Store, url: str, tmp_path: Path) -> None:
    with store.database.session(writes=True) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    ran = here("backup", str(tmp_path / "x.backup"), DEDERE_DATA=str(tmp_path), DEDERE_DATABASE_URL=url)
    assert (ran.status, len(ran.err.splitlines())) == (2, 1)
    assert "a newer program made this database (schema 9999); update the program" in ran.err


@pytest.mark.parametrize("revision", RELEASED)
def test_T29_an_old_backup_comes_back_in_this_programs_schema(revision: str, kind: str, tmp_path: Path) -> None:
    """A backup is as old as its schema: what was written under a released one is restored under this one."""
    machine = tmp_path / "machine"
    machine.mkdir(mode=0o700)
    shutil.copy(FOLDER / f"{revision}.master", machine / "master.keys")
    (machine / "master.keys").chmod(0o600)
    with database_url(kind, machine) as url:
        settings = StoreSettings(data=machine, database_url=url)
        restore(settings, FOLDER / f"{revision}.backup", FOLDER / f"{revision}.keys")
        with opened(settings) as store:
            assert schema_of(store.database) == newest()
            for workspace in store.workspaces():
                _everything_is_there(store, workspace)
