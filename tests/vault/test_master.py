"""Master keys: made once, read by their owner only, changed at once and for good."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.storage.settings import StoreSettings
from api.storage.vault.errors import FixedKeys, UnknownMasterKey, UnsafeKeyFile
from api.storage.vault.master import MasterKeys, id_of
from api.storage.vault.sealing import new_key
from api.storage.workspaces import create_workspace
from tests.safekeeping.support import opened


def test_the_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "master.keys"
    keys = MasterKeys.in_file(path)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert MasterKeys.in_file(path).newest() == keys.newest()
    assert [entry.name for entry in path.parent.iterdir()] == ["master.keys"]


def test_processes_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: MasterKeys.in_file(tmp_path / "master.keys").newest(), range(32)))
    assert len(set(made)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.keys"
    MasterKeys.in_file(path)
    path.chmod(mode)
    with pytest.raises(UnsafeKeyFile):
        MasterKeys.in_file(path)


@pytest.mark.parametrize("text", ["!", "AAAA", "", " , "])
def test_what_is_not_a_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UnsafeKeyFile) as refused:
        MasterKeys.given(text)
    assert "AAAA" not in str(refused.value)


def test_a_new_key_is_the_newest_and_seen_by_others(tmp_path: Path) -> None:
    one, other = MasterKeys.in_file(tmp_path / "k"), MasterKeys.in_file(tmp_path / "k")
    old = one.ids[0]
    added = one.add()
    assert (other.newest()[0], other.ids) == (added, [old, added])
    one.drop([old, added])
    assert one.ids == [added]
    with pytest.raises(UnknownMasterKey, match=old):
        MasterKeys.in_file(tmp_path / "k").key(old)


def test_a_dropped_key_is_overwritten_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "k"
    keys = MasterKeys.in_file(path)
    text = path.read_bytes().strip()
    (tmp_path / "old").hardlink_to(path)  # the old file's blocks, seen through another name
    keys.add()
    keys.drop(keys.ids[:1])
    assert text not in path.read_bytes()
    assert set((tmp_path / "old").read_bytes()) == {0}


def test_keys_of_a_setting_cannot_be_changed_by_the_program() -> None:
    first, last = new_key(), new_key()
    keys = MasterKeys.given(",".join(base64.b64encode(key).decode() for key in (first, last)))
    assert keys.newest() == (id_of(last), last)
    assert keys.key(id_of(first)) == first
    with pytest.raises(FixedKeys):
        keys.add()


def test_M2_no_keys_are_made_where_a_database_is_whose_keys_are_lost(tmp_path: Path) -> None:
    settings = StoreSettings(data=tmp_path, database_url="")
    with opened(settings) as store:
        create_workspace(store, "A law centre", "usr_one")
    kept = (tmp_path / "master.keys").rename(tmp_path / "elsewhere")
    with pytest.raises(UnknownMasterKey, match=r"put the file back, or: dedere keys recover"):
        settings.master()
    assert not (tmp_path / "master.keys").exists(), "keys of a recovery kit would not be taken any more"
    kept.rename(tmp_path / "master.keys")
    with opened(settings) as store:
        assert len(store.workspaces()) == 1


def test_M2_a_key_file_that_is_no_text_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "master.keys"
    path.write_bytes(b"\xff\xfe" * 20)
    path.chmod(0o600)
    with pytest.raises(UnsafeKeyFile, match="base64"):
        MasterKeys.in_file(path)
