"""H4: master keys that open with the keyring of the system, by the library as it is, over a keyring in memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from api.storage.settings import StoreSettings
from api.storage.vault import passphrase
from api.storage.vault.errors import Locked
from api.storage.vault.master import MasterKeys, protect_file
from tests.api.support import Ran, here


class InMemory(KeyringBackend):
    """A keyring of one account; ``locked`` refuses as one does whose owner has not signed in."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.entries.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.entries:
            raise PasswordDeleteError
        del self.entries[service, username]


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemory]:
    """The keyring of the account, a passphrase that costs nothing to try, and no terminal."""
    monkeypatch.setattr(passphrase, "COST", (1, 8, 1))
    monkeypatch.setattr(passphrase, "_opened", {})
    monkeypatch.setattr(passphrase, "typed", nobody)
    before, made = keyring.get_keyring(), InMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def nobody(prompt: str) -> str:
    """There is no terminal to type at."""
    raise Locked("nobody to type it")


def desk(data: Path, *arguments: str) -> Ran:
    """A command in a process that was just started."""
    passphrase._opened.clear()
    return here(*arguments, DEDERE_DATA=str(data), DEDERE_DATABASE_URL="", DEDERE_MASTER_KEYS="")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An installation with one workspace."""
    assert desk(tmp_path, "people", "workspace", "Office").status == 0
    return tmp_path


def test_H4_the_keyring_opens_the_keys_and_a_copy_elsewhere_does_not_open(data: Path, ring: InMemory) -> None:
    (name,) = StoreSettings(data=data).master().ids
    done = desk(data, "keys", "protect", "--keyring")
    assert (done.status, done.err) == (0, "")
    assert "opens with the keyring" in done.out
    (kept,) = ring.entries.values()
    assert kept not in (data / "master.keys").read_text() + done.out
    assert desk(data, "people", "list").status == 0
    assert StoreSettings(data=data).master().ids == [name]
    ring.entries.clear()  # the folder on another machine
    assert "nobody to type it" in desk(data, "people", "list").err


def test_H4_a_locked_keyring_is_said_and_the_way_back_named(data: Path, ring: InMemory) -> None:
    assert desk(data, "keys", "protect", "--keyring").status == 0
    ring.locked = True
    refused = desk(data, "people", "list")
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)
    assert "keyring does not open" in refused.err
    assert "dedere keys recover" in refused.err


def test_H4_a_rotation_keeps_the_keyring_and_what_is_taken_off_is_forgotten(data: Path, ring: InMemory) -> None:
    assert desk(data, "keys", "protect", "--keyring").status == 0
    assert desk(data, "keys", "rotate").status == 0
    assert desk(data, "keys", "protect", "--keyring").status == 0
    assert len(ring.entries) == 1
    assert desk(data, "people", "list").status == 0
    assert desk(data, "keys", "unprotect").status == 0
    assert ring.entries == {}
    assert desk(data, "people", "list").status == 0


def test_H4_where_there_is_no_keyring_it_is_said_and_nothing_is_changed(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (data / "master.keys").read_bytes()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    refused = desk(data, "keys", "protect", "--keyring")
    assert refused.status == 2
    assert "no keyring that can be used here" in refused.err
    monkeypatch.setitem(sys.modules, "keyring", None)
    refused = desk(data, "keys", "protect", "--keyring")
    assert refused.status == 2
    assert "pip install 'dedere[keyring]'" in refused.err
    assert (data / "master.keys").read_bytes() == before


def test_H4_without_the_library_a_passphrase_opens_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "master.keys"
    MasterKeys.in_file(place)
    protect_file(place, lambda: "", "seven quiet harbours")
    monkeypatch.setitem(sys.modules, "keyring", None)
    passphrase._opened.clear()
    monkeypatch.setattr(passphrase, "typed", lambda prompt: "seven quiet harbours")
    assert len(StoreSettings(data=tmp_path).master().ids) == 1
