"""H4: master keys under a passphrase, and everything that has to go on working with them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from api.storage.matters import list_matters
from api.storage.rotation import rotate_master
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.vault import passphrase
from api.storage.vault.errors import Locked, UnsafeKeyFile
from api.storage.vault.master import MasterKeys, protect_file
from engine.answer.model import Answer
from tests.api.support import Ran, here
from tests.safekeeping.support import ANY_DATABASE, ME, fill, opened

WORDS = "seven quiet harbours"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase that costs nothing to try, and a process that has opened nothing yet."""
    monkeypatch.setattr(passphrase, "COST", (1, 8, 1))
    forget(monkeypatch)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that was just started."""
    monkeypatch.setattr(passphrase, "_opened", {})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A protected key file with one key."""
    place = tmp_path / "alone" / "master.keys"
    MasterKeys.in_file(place)
    protect_file(place, lambda: "", WORDS)
    return place


def test_H4_a_stolen_disk_opens_only_with_the_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "master.keys"
    (name,), secret = MasterKeys.in_file(place).ids, place.read_text().strip()
    protect_file(place, lambda: "", WORDS)
    assert secret not in place.read_text()
    assert place.stat().st_mode & 0o777 == 0o600
    forget(monkeypatch)
    with pytest.raises(Locked, match="nobody can be asked"):
        MasterKeys.in_file(place)
    with pytest.raises(Locked, match="the passphrase is not right"):
        MasterKeys.in_file(place, lambda: "seven quiet harbour")
    assert MasterKeys.in_file(place, lambda: WORDS).ids == [name]


def test_H4_the_passphrase_is_asked_once_and_handed_to_processes_that_are_started(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(monkeypatch)
    times = iter([WORDS])
    keys = MasterKeys.in_file(file, lambda: next(times))
    keys.newest()
    there = passphrase.opened_here()
    forget(monkeypatch)
    passphrase.take_over(there)
    assert MasterKeys.in_file(file).ids == keys.ids


def test_H4_a_rotation_leaves_the_keys_under_the_passphrase(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = MasterKeys.in_file(file, lambda: WORDS)
    keys.add()
    keys.drop(keys.ids[:1])
    forget(monkeypatch)
    with pytest.raises(Locked):
        MasterKeys.in_file(file)
    assert MasterKeys.in_file(file, lambda: WORDS).ids == keys.ids


@pytest.mark.parametrize("head", ["argon2id 1 8", "argon2id 1 99999999999 1 c2FsdHNhbHRzYWx0", "argon2id x y z"])
def test_H4_a_damaged_first_line_is_said_and_costs_nothing(file: Path, head: str) -> None:
    file.write_text(f"dedere-master-keys {head}\n" + file.read_text().split("\n", 1)[1])
    with pytest.raises((UnsafeKeyFile, Locked), match="damaged"):
        MasterKeys.in_file(file, lambda: WORDS)


def test_H4_a_short_passphrase_is_refused(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(UnsafeKeyFile, match="at least 12 characters"):
        protect_file(file, lambda: WORDS, "harbour")
    assert file.read_bytes() == before


class Desk:
    """Commands of one installation, each in a fresh process that has a passphrase on a file descriptor, or none."""

    def __init__(self, data: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.data, self.url, self.monkeypatch = data, url, monkeypatch

    def __call__(self, *arguments: object, given: str = "") -> Ran:
        forget(self.monkeypatch)
        reading, writing = os.pipe()
        os.write(writing, given.encode())
        os.close(writing)
        places = {"DEDERE_DATA": str(self.data), "DEDERE_DATABASE_URL": self.url, "DEDERE_MASTER_KEYS": ""}
        try:
            return here(*map(str, arguments), **places, **({"DEDERE_PASSPHRASE_FD": str(reading)} if given else {}))
        finally:
            os.close(reading)


@pytest.fixture
def desk(store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The desk of an installation where no terminal is."""
    monkeypatch.setattr(passphrase.os, "open", no_terminal)
    return Desk(tmp_path, url, monkeypatch)


@ANY_DATABASE
def test_H4_backup_restore_rotation_and_kits_work_with_a_protected_key_file(
    desk: Desk, store: Store, workspace: str, answer: Answer, tmp_path: Path
) -> None:
    fill(store, workspace, 2, answer)
    assert desk("keys", "protect", given=f"{WORDS}\n").status == 0
    locked = desk("people", "list")
    assert (locked.status, len(locked.err.splitlines())) == (2, 1)
    assert "start this at a terminal, or give it by a file descriptor" in locked.err
    assert desk("people", "list", given="seven quiet harbou\n").status == 2
    assert desk("people", "list", given=WORDS).status == 0
    assert desk("backup", tmp_path / "monday.backup", given=WORDS).out.startswith("Whole: ")
    machine = tmp_path / "machine"
    machine.mkdir(mode=0o700)
    shutil.copy(tmp_path / "master.keys", machine)
    other = Desk(machine, f"sqlite:///{machine / 'dedere.db'}", desk.monkeypatch)
    restored = other("restore", tmp_path / "monday.backup", given=WORDS)
    assert (restored.status, restored.err) == (0, "")
    (tmp_path / "kits").mkdir()
    kits = desk("keys", "split", tmp_path / "kits", given=WORDS).out.split()
    assert desk("keys", "check", *kits, given=WORDS).status == 0
    assert desk("keys", "protect", given=f"{WORDS}\nfive loud harbours\n").status == 0
    assert desk("people", "list", given=WORDS).status == 2
    (tmp_path / "master.keys").unlink()
    assert desk("keys", "recover", *kits).status == 0
    settings = StoreSettings(data=tmp_path, database_url=desk.url)
    protect_file(settings.key_file, lambda: "", WORDS)
    with opened(settings) as again:
        rotate_master(again, ME)
        with again.write(workspace, ME) as tx:
            assert len(list_matters(tx)) == 2
    assert desk("keys", "unprotect", given=WORDS).status == 0
    assert desk("people", "list").status == 0


_open = os.open


def no_terminal(path: object, *more: int, **rest: object) -> int:
    """There is no terminal to ask at."""
    if path == "/dev/tty":
        raise OSError
    return _open(path, *more, **rest)  # type: ignore[call-overload,no-any-return]
