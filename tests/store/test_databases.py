"""T3, T9 and T29: faults of the database, row-level security, migrations."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from api.operations.erasure import erase_matter
from api.storage.database import Database
from api.storage.errors import SchemaMismatch, Unavailable, UnfitDatabase
from api.storage.matters import create_matter, list_matters, read_facts
from api.storage.migrate import (
    newest,
    require_current,
    schema_of,
    upgrade,
)
from api.storage.roles import owns_tables, prepare, tidy
from api.storage.rotation import rotate_master, rotate_workspace
from api.storage.store import Store, Transaction
from api.storage.tables import Base, DataKey, Matter
from api.storage.workspaces import create_workspace
from tests.api.support import here
from tests.store.stock import Stock
from tests.store.support import SERVER, database_url, open_store, postgres_answers

ME = "usr_one"
BIG = {"notes": secrets.token_hex(100_000)}


def save(store: Store, workspace: str, reference: str) -> str:
    with store.write(workspace, ME) as tx:
        return create_matter(tx, reference, BIG).id


def test_sqlite_is_set_up_to_keep_and_to_forget(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0}
    with database.session(writes=False) as session:
        assert {name: session.execute(text(f"PRAGMA {name}")).scalar_one() for name in wanted} == wanted
    database.close()


def test_a_new_file_is_opened_by_many_at_once_without_a_refusal(tmp_path: Path) -> None:
    barrier = threading.Barrier(8, timeout=20)

    def opened(number: int) -> str:
        database = Database(f"sqlite:///{tmp_path / str(number // 8)}.db")
        barrier.wait()
        try:
            with database.session(writes=True) as session:
                session.execute(text(f"CREATE TABLE of_{number} (id)"))
                return str(session.execute(text("PRAGMA journal_mode")).scalar_one())
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(opened, range(320))) == {"wal"}


def test_T3_a_full_database_says_so_and_recovers(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path)
    workspace = create_workspace(store, "x", ME)

    def fill() -> None:
        for number in range(100):
            with store.write(workspace, ME) as tx:
                tx.session.execute(text("PRAGMA max_page_count = 60"))
                create_matter(tx, f"full-{number}", BIG)

    with pytest.raises(Unavailable, match="SQLITE_FULL"):
        fill()
    store.close()
    store = open_store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path)
    save(store, workspace, "after")
    assert store.database.sound()
    store.close()


def test_T3_a_read_only_database_says_so_and_recovers(store: Store, workspace: str) -> None:
    read_only = "PRAGMA query_only = ON" if store.database.sqlite else "SET TRANSACTION READ ONLY"

    def write(tx: Transaction) -> None:
        tx.session.execute(text(read_only))
        create_matter(tx, "REF", BIG)

    with pytest.raises(Unavailable, match=r"READONLY|ReadOnly"), store.write(workspace, ME) as tx:
        write(tx)
    if store.database.sqlite:
        store.close()  # the setting belongs to the connection
    save(store, workspace, "REF")


def test_T3_a_locked_database_says_so_and_recovers(store: Store, workspace: str, url: str) -> None:
    matter, impatient = save(store, workspace, "REF"), Store(Database(url, patience=0.2), store.master)
    with store.write(workspace, ME) as tx:
        tx.session.execute(select(Matter).where(Matter.id == matter).with_for_update())
        with pytest.raises(Unavailable):
            erase_matter(impatient, workspace, matter, ME)
    assert erase_matter(impatient, workspace, matter, ME)
    impatient.close()


def test_T3_a_database_that_went_away_says_so_and_recovers(tmp_path: Path) -> None:
    if not postgres_answers():
        pytest.skip("no PostgreSQL server answers")
    with database_url("postgresql", tmp_path) as url:
        store = open_store(url, tmp_path)
        workspace = create_workspace(store, "x", ME)
        with pytest.raises(Unavailable), store.write(workspace, ME) as tx:
            _cut_and_write(url, tx)
        save(store, workspace, "REF")
        store.close()
    with pytest.raises(Unavailable):
        open_store("postgresql://postgres@127.0.0.1:1/none", tmp_path)


def _cut_and_write(url: str, tx: Transaction) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    create_matter(tx, "REF", BIG)


def test_T29_the_migrations_make_exactly_the_tables(store: Store) -> None:
    with store.database.session(writes=False) as session:
        assert compare_metadata(MigrationContext.configure(session.connection()), Base.metadata) == []
    assert schema_of(store.database) == newest()


def test_T29_a_newer_database_is_refused(store: Store, url: str, tmp_path: Path) -> None:
    with store.database.session(writes=True) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="newer"):
        open_store(url, tmp_path)


def test_T29_a_database_without_schema_is_not_worked_on(bare: str) -> None:
    database = Database(bare)
    with pytest.raises(SchemaMismatch, match="schema none"):
        require_current(database)
    database.close()


def test_T29_a_migration_that_fails_leaves_nothing(bare: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = command.upgrade

    def fail(*arguments: Any) -> None:
        real(*arguments)
        raise RuntimeError

    database = Database(bare)
    monkeypatch.setattr(command, "upgrade", fail)
    with pytest.raises(RuntimeError):
        upgrade(database)
    assert inspect(database.engine).get_table_names() == []
    monkeypatch.undo()
    upgrade(database)
    require_current(database)
    database.close()


def test_T29_nodes_that_start_at_once_migrate_once(bare: str, tmp_path: Path) -> None:
    barrier = threading.Barrier(4)

    def start(_: int) -> None:
        barrier.wait()
        open_store(bare, tmp_path).close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))


@pytest.fixture
def restricted(stock: Stock, tmp_path: Path) -> Iterator[Store]:
    """A store whose role does not own the tables and is bound by row-level security."""
    if not postgres_answers():
        pytest.skip("no PostgreSQL server answers")
    role = f"dedere_app_{secrets.token_hex(4)}"
    with stock.lent("postgresql", tmp_path) as url:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"CREATE ROLE {role} LOGIN")
        owner = Database(url)
        prepare(owner, role)
        owner.close()
        store = open_store(url.replace("postgres@", f"{role}@"), tmp_path)
        yield store
        store.close()
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP OWNED BY {role}")
            server.execute(f"DROP ROLE {role}")


def test_T9_a_role_of_the_service_can_do_everything(restricted: Store) -> None:
    workspace = create_workspace(restricted, "x", ME)
    matter, other = save(restricted, workspace, "A"), save(restricted, workspace, "B")
    rotate_master(restricted, ME)
    rotate_workspace(restricted, workspace, ME, matters=True)
    with restricted.write(workspace, ME) as tx:
        assert read_facts(tx, matter).document == BIG
    assert erase_matter(restricted, workspace, other, ME) is False  # the owner of the tables has to scrub
    with restricted.write(workspace, ME) as tx:
        assert [one.id for one in list_matters(tx)] == [matter]


def test_M12_the_services_role_cannot_unprotect_what_it_uses(restricted: Store) -> None:
    create_workspace(restricted, "x", ME)
    assert not owns_tables(restricted.database)
    for statement in (
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "ALTER TABLE matters NO FORCE ROW LEVEL SECURITY",
        "DELETE FROM audit_entries",
        "UPDATE audit_entries SET actor = 'usr_other'",
        "TRUNCATE audit_entries",
        "CREATE TABLE mine (id int)",
        "UPDATE alembic_version SET version_num = '0001'",
    ):
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            _run(restricted.database, statement)
    with pytest.raises(UnfitDatabase, match="does not own the tables"):
        tidy(restricted.database)
    with pytest.raises(UnfitDatabase, match="no such role"):
        prepare(restricted.database, "dedere_nobody")


def _run(database: Database, statement: str) -> None:
    with database.session(writes=True) as session:
        session.execute(text(statement))


def test_M12_the_owner_brings_the_schema_up_to_date_and_clears_away_erased_keys(tmp_path: Path) -> None:
    if not postgres_answers():
        pytest.skip("no PostgreSQL server answers")
    role = f"dedere_app_{secrets.token_hex(4)}"
    with database_url("postgresql", tmp_path) as url, psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN")
        theirs, owners = url.replace("postgres@", f"{role}@"), Database(url)
        upgrade(owners, "0001")
        _run(owners, f"GRANT SELECT ON alembic_version TO {role}")
        with pytest.raises(SchemaMismatch, match="as their owner: dedere database prepare"):
            open_store(theirs, tmp_path)
        prepare(owners, role)
        store = open_store(theirs, tmp_path)
        create_workspace(store, "x", ME)
        assert (owns_tables(owners), tidy(owners)) == (True, True)
        store.close()
        _run(owners, f"DROP OWNED BY {role}")
        owners.close()
        server.execute(f"DROP ROLE {role}")


def test_roles_are_for_postgresql(tmp_path: Path) -> None:
    done = here("database", "prepare", "dedere", DEDERE_DATA=str(tmp_path))
    assert done.status == 2
    assert "roles are for PostgreSQL" in done.err
    assert here("database", "prepare", DEDERE_DATA=str(tmp_path)).status == 2


def test_T9_without_a_workspace_there_are_no_rows(restricted: Store) -> None:
    workspace = create_workspace(restricted, "x", ME)
    save(restricted, workspace, "A")
    other = create_workspace(restricted, "y", ME)
    with restricted.database.session(writes=False) as session:
        for table in ("data_keys", "matters", "matter_versions", "assessments", "idempotency_keys", "audit_entries"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    with restricted.read(other) as tx:
        assert tx.session.scalars(select(Matter)).all() == []
        assert {key.workspace_id for key in tx.session.scalars(select(DataKey))} == {other}


def test_T9_a_row_for_another_workspace_is_refused(restricted: Store) -> None:
    workspace, other = create_workspace(restricted, "x", ME), create_workspace(restricted, "y", ME)
    foreign = Matter(id="mat_x", workspace_id=other, version=1, created_at="", updated_at="")
    with pytest.raises(DBAPIError, match="row-level security"), restricted.write(workspace, ME) as tx:
        tx.add(foreign)


def test_a_database_that_knows_no_letters_is_refused_and_it_is_said_what_to_do(tmp_path: Path) -> None:
    if not postgres_answers():
        pytest.skip("no PostgreSQL server answers")
    name = f"dedere_test_{secrets.token_hex(6)}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
        try:
            with pytest.raises(UnfitDatabase, match=r"as SQL_ASCII, .* TEMPLATE template0 ENCODING 'UTF8'"):
                open_store(SERVER.rsplit("/", 1)[0] + f"/{name}", tmp_path)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
