"""T9 and T12: backup by the role of the service, restore by the owner of the tables, both bound by row-level security."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from api.operations.backup.backup import back_up
from api.operations.backup.errors import Unusable
from api.operations.backup.restore import restore
from api.storage.audit.sources import verify_url
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.workspaces import create_workspace
from engine.answer.model import Answer
from tests.safekeeping.support import ME, fill, opened, row_hashes
from tests.store.support import SERVER, database_url, open_store, postgres_answers

OWNED = """
SELECT relname, relforcerowsecurity, relrowsecurity FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
GRANTED = "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants ORDER BY 1, 2, 3"
TRIGGERS = "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"


@pytest.fixture
def roles(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Addresses of one database for a plain owner, and for a service that owns nothing."""
    if not postgres_answers():
        pytest.skip("no PostgreSQL server answers")
    owner, service = (f"dedere_{name}_{secrets.token_hex(4)}" for name in ("owner", "app"))
    with psycopg.connect(SERVER, autocommit=True) as server:
        for role in (owner, service):
            server.execute(f"CREATE ROLE {role} LOGIN")
    try:
        with database_url("postgresql", tmp_path) as url:
            with psycopg.connect(SERVER, autocommit=True) as server:
                server.execute(f"ALTER DATABASE {url.rsplit('/', 1)[1]} OWNER TO {owner}")
            owners, services = url.replace("postgres@", f"{owner}@"), url.replace("postgres@", f"{service}@")
            open_store(owners, tmp_path).close()
            with psycopg.connect(owners, autocommit=True) as server:
                server.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {service}")
            yield owners, services
    finally:
        with psycopg.connect(SERVER, autocommit=True) as server:
            for role in (service, owner):
                server.execute(f"DROP ROLE {role}")


@pytest.fixture
def service(roles: tuple[str, str], tmp_path: Path, answer: Answer) -> Iterator[Store]:
    """The service's store with two workspaces and what is in them."""
    with opened(StoreSettings(data=tmp_path, database_url=roles[1])) as store:
        for name, number in (("One", 3), ("Two", 4)):
            fill(store, create_workspace(store, name, ME), number, answer)
        yield store


def test_T9_the_service_backs_up_every_workspace(service: Store, roles: tuple[str, str], tmp_path: Path) -> None:
    made = back_up(service, tmp_path / "x.backup", tmp_path / "backup.keys")
    with psycopg.connect(SERVER.rsplit("/", 1)[0] + "/" + roles[0].rsplit("/", 1)[1]) as server:  # sees all rows
        for table, number in made.rows.items():
            found = server.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[call-overload]
            assert found == (number,), table
    assert made.rows["matters"] == 7


def test_T9_the_owner_restores_and_everything_is_bolted_again(
    service: Store, roles: tuple[str, str], tmp_path: Path, answer: Answer
) -> None:
    back_up(service, tmp_path / "x.backup", tmp_path / "backup.keys")
    before, queries = row_hashes(service), (OWNED, GRANTED, TRIGGERS)
    fill(service, service.workspaces()[0], 2, answer)
    with psycopg.connect(roles[0], autocommit=True) as server:
        bolts = [server.execute(query).fetchall() for query in queries]  # type: ignore[call-overload]
        restore(settings(roles[0], tmp_path), tmp_path / "x.backup", tmp_path / "backup.keys", replace=True)
        assert [server.execute(query).fetchall() for query in queries] == bolts  # type: ignore[call-overload]
    assert row_hashes(service) == before
    assert verify_url(roles[0]).intact


def test_T9_the_service_itself_may_not_replace_what_it_serves(
    service: Store, roles: tuple[str, str], tmp_path: Path
) -> None:
    back_up(service, tmp_path / "x.backup", tmp_path / "backup.keys")
    before = row_hashes(service)
    with pytest.raises(Unusable, match="the role that owns them"):
        restore(settings(roles[1], tmp_path), tmp_path / "x.backup", tmp_path / "backup.keys", replace=True)
    assert row_hashes(service) == before


def test_T12_a_backup_of_one_database_comes_back_on_the_other(service: Store, tmp_path: Path) -> None:
    back_up(service, tmp_path / "x.backup", tmp_path / "backup.keys")
    machine = tmp_path / "machine"
    machine.mkdir(mode=0o700)
    shutil.copy(tmp_path / "master.keys", machine)
    restore(StoreSettings(data=machine), tmp_path / "x.backup", tmp_path / "backup.keys")
    with opened(StoreSettings(data=machine)) as small:
        assert row_hashes(small) == row_hashes(service)


def settings(url: str, folder: Path) -> StoreSettings:
    return StoreSettings(data=folder, database_url=url)
