"""deploy/database.sh, run as the image of PostgreSQL runs it, makes an owner and a role of the service that owns nothing."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.storage.matters import create_matter, list_matters
from api.storage.roles import owns_tables
from api.storage.workspaces import create_workspace
from tests.api.support import here
from tests.store.support import SERVER, open_store, postgres_answers

SCRIPT = Path(__file__).parents[2] / "deploy" / "database.sh"
ME = "usr_one"
OWNED = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"


@dataclass(frozen=True)
class Made:
    """A database the script made, by the addresses of its two roles."""

    name: str
    service: str
    owner: str


def run(name: str, **passwords: str) -> subprocess.CompletedProcess[str]:
    """The script against the server of the tests."""
    server = conninfo_to_dict(SERVER)
    reached = {"PGHOST": server["host"], "PGPORT": server.get("port", 5432), "PGUSER": server["user"]}
    secret = {"PGPASSWORD": server["password"]} if "password" in server else {}
    given = {**reached, **secret, "DEDERE_NAME": name, **passwords}
    return subprocess.run(
        ["/bin/sh", SCRIPT],
        env={"PATH": os.environ["PATH"], **{key: str(value) for key, value in given.items()}},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    if not postgres_answers() or not shutil.which("psql"):
        pytest.skip("no PostgreSQL server answers, or there is no psql")
    name = f"dedere_test_{secrets.token_hex(6)}"
    server = conninfo_to_dict(SERVER)
    place = f"{server['host']}:{server.get('port', 5432)}/{name}"
    try:
        done = run(name, DEDERE_OWNER_PASSWORD="it's $1", DEDERE_DB_PASSWORD='a "b" `c`')
        assert (done.returncode, done.stderr) == (0, "")
        yield Made(
            name,
            f"postgresql://{name}:a%20%22b%22%20%60c%60@{place}",
            f"postgresql://{name}_owner:it%27s%20%241@{place}",
        )
    finally:
        with psycopg.connect(SERVER, autocommit=True) as server_connection:
            server_connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            for role in (name, f"{name}_owner"):
                server_connection.execute(f'DROP ROLE IF EXISTS "{role}"')


def test_M12_the_role_that_the_script_makes_for_the_service_uses_tables_and_can_neither_own_nor_drop_any(
    made: Made, tmp_path: Path
) -> None:
    done = here("database", "prepare", made.name, DEDERE_DATABASE_URL=made.owner, DEDERE_DATA=str(tmp_path))
    assert done.status == 0, done.err
    store = open_store(made.service, tmp_path)
    workspace = create_workspace(store, "x", ME)
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", {"facts": {}}).id
    assert not owns_tables(store.database)
    for statement in (
        "DROP TABLE matters",
        "DROP SCHEMA public CASCADE",
        "ALTER TABLE matters OWNER TO CURRENT_USER",
        f'SET ROLE "{made.name}_owner"',
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
    ):
        with (
            pytest.raises(DBAPIError, match=r"permission denied|must be owner"),
            store.database.session(writes=True) as tx,
        ):
            tx.execute(text(statement))
    with store.database.session(writes=False) as session:
        assert session.scalar(text(OWNED)) == 0
    with store.write(workspace, ME) as tx:
        assert [one.id for one in list_matters(tx)] == [matter]
    store.close()


def test_neither_role_is_above_row_level_security_and_nobody_else_may_connect(made: Made) -> None:
    with psycopg.connect(SERVER) as server:
        above = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
        roles = [made.name, f"{made.name}_owner"]
        assert server.execute(above, [roles]).fetchall() == []
        entered = server.execute(
            "SELECT has_database_privilege('pg_monitor', %s, 'CONNECT'), has_database_privilege(%s, %s, 'CONNECT')",
            [made.name, made.name, made.name],
        ).fetchone()
        assert entered == (False, True)


def test_without_a_password_the_script_says_which_is_missing_and_makes_nothing(made: Made) -> None:
    other = f"{made.name}_other"
    done = run(other, DEDERE_OWNER_PASSWORD="one")
    assert done.returncode != 0
    assert "DEDERE_DB_PASSWORD" in done.stderr
    with psycopg.connect(SERVER) as server:
        assert server.execute("SELECT 1 FROM pg_roles WHERE rolname LIKE %s", [f"{other}%"]).fetchall() == []
