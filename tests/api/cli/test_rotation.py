"""``dedere keys rotate``: a new master key, while all can still be read, and whatever stops it midway."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from api.storage.audit.sources import verify_url
from api.storage.matters import create_matter, read_facts
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.tables import DataKey
from api.storage.vault.master import MasterKeys
from api.storage.workspaces import create_workspace
from tests.api.support import ROOT, here

_STOPPED = """
import os, signal
from api.cli.app import run
from api.storage import rotation

real = rotation.{step}

def then(*arguments):
    {before}
    os.kill(os.getpid(), signal.SIGKILL)

rotation.{step} = then
run(["keys", "rotate"])
"""


@pytest.fixture
def matters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A matter in each of two workspaces of an installation."""
    monkeypatch.setenv("DEDERE_DATA", str(tmp_path))
    monkeypatch.delenv("DEDERE_MASTER_KEYS", raising=False)
    store = Store.open(StoreSettings(data=tmp_path))
    found = {}
    for name in ("One", "Two"):
        workspace = create_workspace(store, name, "usr_test")
        with store.write(workspace, "usr_test") as tx:
            found[workspace] = create_matter(tx, f"{name} 1", {"case": name}).id
    store.close()
    return found


def _wrapped_under(folder: Path) -> set[str]:
    """The master keys that anything is wrapped under."""
    store = Store.open(StoreSettings(data=folder))
    try:
        found = set()
        for workspace in store.workspaces():
            with store.read(workspace) as tx:
                found |= set(tx.session.scalars(select(DataKey.master).where(DataKey.master.is_not(None))))
        return {name for name in found if name}
    finally:
        store.close()


def _all_open(folder: Path, matters: dict[str, str]) -> bool:
    store = Store.open(StoreSettings(data=folder))
    try:
        for workspace, matter in matters.items():
            with store.look(workspace, "usr_test") as tx:
                assert read_facts(tx, matter).document["case"] in ("One", "Two")
        return True
    finally:
        store.close()


def test_a_rotation_leaves_one_master_key_and_all_can_be_read(tmp_path: Path, matters: dict[str, str]) -> None:
    (before,) = MasterKeys.in_file(tmp_path / "master.keys").ids
    ran = here("keys", "rotate")
    assert (ran.status, ran.err) == (0, "")
    (after,) = MasterKeys.in_file(tmp_path / "master.keys").ids
    assert after != before
    assert after in ran.out
    assert _wrapped_under(tmp_path) == {after}
    assert _all_open(tmp_path, matters)


@pytest.mark.parametrize(
    ("step", "before"),
    [("_wrap_all", "pass"), ("_wrap_anew", "real(*arguments)"), ("_dropped", "pass"), ("_dropped", "real(*arguments)")],
    ids=["key made", "one of two workspaces wrapped", "all wrapped", "old key gone"],
)
def test_whatever_stops_it_midway_all_can_be_read_and_the_next_one_finishes(
    tmp_path: Path, matters: dict[str, str], step: str, before: str
) -> None:
    script = _STOPPED.format(step=step, before=before)
    stopped = subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=60, check=False)
    assert stopped.returncode == -signal.SIGKILL
    assert _all_open(tmp_path, matters)
    left = MasterKeys.in_file(tmp_path / "master.keys").ids
    ran = here("keys", "rotate")
    assert ran.status == 0
    assert ("begun before" in ran.out) == (len(left) == 2)
    (after,) = MasterKeys.in_file(tmp_path / "master.keys").ids
    assert (after == left[-1]) == (len(left) == 2), "a rotation that was begun is finished, not begun anew"
    assert _wrapped_under(tmp_path) == {after}
    assert _all_open(tmp_path, matters)
    assert verify_url(StoreSettings(data=tmp_path).url).intact


def test_everything_gets_new_data_keys_too(tmp_path: Path, matters: dict[str, str]) -> None:
    def keys() -> set[str]:
        store = Store.open(StoreSettings(data=tmp_path))
        found = set()
        for workspace, matter in matters.items():
            with store.read(workspace) as tx:
                found |= set(tx.session.scalars(select(DataKey.id).where(DataKey.subject.in_([workspace, matter]))))
        store.close()
        return found

    before = keys()
    assert here("keys", "rotate", "--everything").status == 0
    assert len(keys()) == len(before) == 4
    assert not keys() & before
    assert _all_open(tmp_path, matters)


def test_keys_of_a_setting_are_added_and_taken_out_by_the_operator(
    tmp_path: Path, matters: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = (tmp_path / "master.keys").read_text("ascii").split()
    assert here("keys", "rotate").status == 0
    newer = (tmp_path / "master.keys").read_text("ascii").split()
    monkeypatch.setenv("DEDERE_MASTER_KEYS", ",".join(newer))
    ran = here("keys", "rotate")
    assert ran.status == 2
    assert "add a new one at its end" in ran.err
    monkeypatch.setenv("DEDERE_MASTER_KEYS", ",".join([*newer, *kept]))
    ran = here("keys", "rotate")
    assert ran.status == 0
    assert "take the older keys out" in ran.out
    monkeypatch.setenv("DEDERE_MASTER_KEYS", ",".join(kept))
    assert _all_open(tmp_path, matters)
