"""T1 and T12: a restore killed with SIGKILL while it replaces tables leaves the live data as it was."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from api.operations.backup.backup import back_up
from api.operations.backup.restore import restore
from api.storage.audit.sources import verify_url
from api.storage.settings import StoreSettings
from api.storage.store import Store
from engine.answer.model import Answer
from tests.conftest import ROOT
from tests.safekeeping.support import files_below, fill, row_hashes

_KILLED = """
import os, signal, sys
from pathlib import Path
from api.operations.backup import restore
from api.storage.settings import StoreSettings

folder, url, after = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
real, done = restore._copy, []

def copy(*arguments):
    if len(done) == after:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(real(*arguments))
    return done[-1]

restore._copy = copy
settings = StoreSettings(data=folder, database_url=url)
restore.restore(settings, folder / "x.backup", folder / "backup.keys", replace=True)
"""


@pytest.mark.parametrize("after", [0, 7])
def test_T12_a_restore_killed_midway_leaves_live_data_and_the_next_one_works(
    store: Store, workspace: str, answer: Answer, live: StoreSettings, after: int
) -> None:
    fill(store, workspace, 3, answer)
    folder = live.data
    back_up(store, folder / "x.backup", folder / "backup.keys")
    backed_up = row_hashes(store)
    fill(store, workspace, 2, answer)
    before = row_hashes(store)
    command = [sys.executable, "-c", _KILLED, str(folder), live.url, str(after)]
    assert subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode == -signal.SIGKILL
    assert row_hashes(store) == before
    assert verify_url(live.url).intact
    assert not [name for name in files_below(folder) if "restoring" in name], (
        "with all keys, where an erasure misses it"
    )
    restore(live, folder / "x.backup", folder / "backup.keys", replace=True)
    assert row_hashes(store) == backed_up


@pytest.fixture
def live(url: str, tmp_path: Path) -> StoreSettings:
    """The settings of the store under test."""
    return StoreSettings(data=tmp_path, database_url=url)
