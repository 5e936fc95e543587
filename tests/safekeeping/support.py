"""What the tests of safekeeping share: filled workspaces, and every row of a database as a hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from api.operations.backup.backup import PASSING
from api.operations.backup.rows import (
    encode,
    our_tables,
    rows_of,
    snapshot,
)
from api.storage.assessments import record_assessment
from api.storage.idempotency import Result, once
from api.storage.matters import add_version, create_matter
from api.storage.settings import StoreSettings
from api.storage.store import Store
from engine.answer.model import Answer

ME = "usr_one"
#: For what hangs on files and not on the database: one kind is enough.
ANY_DATABASE = pytest.mark.parametrize("kind", ["sqlite"])
CANARY = "canary-51d0"


def facts(number: int) -> dict[str, object]:
    return {"title": f"{CANARY}-{number}", "facts": {"place": f"Қарағанды-{number}"}}


def fill(store: Store, workspace: str, number: int, answer: Answer, at_once: int = 1) -> list[str]:
    """Matters with two versions, an assessment of record and a result kept under an idempotency key."""
    written, names = answer.model_dump_json().encode(), []
    for start in range(0, number, at_once):
        with store.write(workspace, ME) as tx:
            for index in range(start, min(start + at_once, number)):
                matter = create_matter(tx, f"{CANARY}-{len(names)}-{tx.at}", facts(index)).id
                add_version(tx, matter, 1, facts(index))
                record_assessment(tx, matter, 2, answer, written)
                once(tx, f"{matter}", b"", partial(Result, 201, CANARY.encode(), matter))
                names.append(matter)
    return names


def row_hashes(store: Store) -> dict[str, set[str]]:
    """The hash of every row, by table; of the audit chain only the entries of the service itself."""
    found: dict[str, set[str]] = {}
    with snapshot(store.database) as look:
        for table in our_tables():
            rows = (row._mapping for row in rows_of(look, table) if table.name not in PASSING)
            kept = (list(row.values()) for row in rows if not str(row.get("act", "")).startswith("backup."))
            found[table.name] = {hashlib.sha256(encode(row).encode()).hexdigest() for row in kept}
    return found


@contextmanager
def opened(settings: StoreSettings) -> Iterator[Store]:
    """A store, closed afterwards."""
    store = Store.open(settings)
    try:
        yield store
    finally:
        store.close()


def files_below(folder: Path) -> set[str]:
    """The names of all files in a folder and below."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
