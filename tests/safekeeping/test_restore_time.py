"""T12: how long a bare machine takes to come back, printed; ``pytest -m slow -s`` for 10,000 matters.

The clock covers reading the key file, verifying the backup, restoring, and opening the store anew.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from api.operations.backup.backup import back_up
from api.operations.backup.restore import restore
from api.storage.audit.sources import verify_url
from api.storage.settings import StoreSettings
from api.storage.workspaces import create_workspace
from engine.answer.model import Answer
from tests.safekeeping.support import ME, fill, opened, row_hashes
from tests.store.support import database_url

TARGET = 60.0


def back_again(kind: str, folder: Path, answer: Answer, number: int) -> float:
    """Fill a store, back up, restore elsewhere, compare every row; gives the seconds of the restore."""
    (machine := folder / "machine").mkdir(mode=0o700)
    with opened(StoreSettings(data=folder)) as store, database_url(kind, machine) as url:
        fill(store, create_workspace(store, "Lost", ME), number, answer, at_once=200)
        begun = time.perf_counter()
        made = back_up(store, folder / "x.backup", folder / "backup.keys")
        taken = time.perf_counter() - begun
        shutil.copy(folder / "master.keys", machine)
        settings = StoreSettings(data=machine, database_url=url)
        begun = time.perf_counter()
        restore(settings, folder / "x.backup", folder / "backup.keys")
        with opened(settings) as again:
            seconds = time.perf_counter() - begun
            assert row_hashes(again) == row_hashes(store)
        assert verify_url(url).intact
    size, rows = (folder / "x.backup").stat().st_size / 1e6, sum(made.rows.values())
    print(f"\nT12 {kind}: {number} matters, {rows} rows, {size:.0f} MB: backup {taken:.1f} s, restore {seconds:.1f} s")
    return seconds


def test_T12_three_hundred_matters_come_back(kind: str, tmp_path: Path, answer: Answer) -> None:
    assert back_again(kind, tmp_path, answer, 300) > 0


@pytest.mark.slow
def test_T12_ten_thousand_matters_come_back_within_a_minute(kind: str, tmp_path: Path, answer: Answer) -> None:
    assert back_again(kind, tmp_path, answer, 10_000) <= TARGET
