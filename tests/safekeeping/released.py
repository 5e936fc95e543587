"""Freezes a released schema with data in it: ``python -m tests.safekeeping.released 0001``.

Writes SQL text for both databases, a backup with its key file, and the master key into ``tests/safekeeping/released/``. Run it
once for the schema of each release, and never again for that schema.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import delete, inspect, update

from api.accounts.keys.service import issue
from api.operations.backup.backup import back_up
from api.operations.backup.rows import our_tables
from api.storage.assessments import record_assessment
from api.storage.database import Database
from api.storage.idempotency import Result, once
from api.storage.matters import add_version, create_matter
from api.storage.migrate import upgrade
from api.storage.store import Store, Transaction
from api.storage.tables import DataKey, Matter, MatterVersion
from api.storage.vault.master import MasterKeys
from api.storage.workspaces import create_workspace
from engine.assess import Engine
from engine.content.loader import load_pack
from tests.conftest import TOYLAND
from tests.safekeeping.support import ME, facts
from tests.store.conftest import toy_answer
from tests.store.support import KINDS, database_url

FOLDER = Path(__file__).parent / "released"
#: What a dump says to its own client, or sets for a session that is not ours.
_NOT_OURS = ("\\", "SET ", "SELECT pg_catalog.set_config", "--")


def fill(store: Store) -> None:
    """Two workspaces; in each a matter with two versions, an assessment, a kept result, a key, and an erased matter."""
    answer = toy_answer(Engine(load_pack(TOYLAND / "rules", TOYLAND / "instruments")))
    for name in ("One", "Two"):
        workspace = create_workspace(store, name, ME)
        with store.write(workspace, ME) as tx:
            matter = create_matter(tx, f"{name}-1", facts(1)).id
            add_version(tx, matter, 1, facts(2))
            record_assessment(tx, matter, 2, answer)
            once(tx, "again", b"", partial(Result, 201, b"done", matter))
            gone = create_matter(tx, f"{name}-2", facts(1)).id
            issue(tx, ["matters:read"])
        with store.write(workspace, ME) as tx:
            _erase(tx, gone)


def _erase(tx: Transaction, matter: str) -> None:
    """As ``erase_matter`` did when there were no other tables; it knows newer ones by now."""
    bare = {"reference_index": None, "sealed": None, "key_id": None, "erased_at": tx.at}
    tx.session.execute(update(Matter).where(Matter.id == matter).values(bare))
    tx.session.execute(delete(MatterVersion).where(MatterVersion.matter_id == matter))
    tx.session.execute(delete(DataKey).where(DataKey.subject == matter))
    tx.record("matter.erased", matter)


def dumped(url: str, kind: str) -> str:
    """A database as SQL text."""
    if kind == "sqlite":
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            return "\n".join(connection.iterdump()) + "\n"
    command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in text.splitlines() if line and not line.startswith(_NOT_OURS)) + "\n"


def back_up_at(revision: str, store: Store) -> None:
    """A backup of the tables there are, as the program of that release made it."""
    there = set(inspect(store.database.engine).get_table_names())
    known = [table for table in our_tables() if table.name in there]
    for name in ("backup", "keys"):
        (FOLDER / f"{revision}.{name}").unlink(missing_ok=True)
    with (
        patch("api.operations.backup.backup.newest", lambda: revision),
        patch("api.operations.backup.backup.our_tables", lambda: known),
        patch("api.operations.backup.keyfile.our_tables", lambda: known),
    ):
        back_up(store, FOLDER / f"{revision}.backup", FOLDER / f"{revision}.keys")


def main() -> None:
    """Freeze one schema on both databases."""
    (revision,) = sys.argv[1:]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        master = MasterKeys.in_file(Path(place) / "master.keys")
        for kind in KINDS:
            with database_url(kind, Path(place)) as url:
                database = Database(url)
                upgrade(database, revision)
                fill(Store(database, master))
                database.scrub()
                (FOLDER / f"{revision}.{kind}.sql").write_text(dumped(url, kind), "utf-8")
                if kind == "sqlite":
                    back_up_at(revision, Store(database, master))
                database.close()
        shutil.copy(Path(place) / "master.keys", FOLDER / f"{revision}.master")


if __name__ == "__main__":
    main()
