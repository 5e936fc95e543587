"""Master keys: they wrap the workspace keys and never enter the database.

They live in a file that only its owner may read, made on first use, or come from the setting
``DEDERE_MASTER_KEYS``. Both hold one key per line (or comma), base64, the newest last; the file may be under a
passphrase (``passphrase.py``). A key's id
is derived from the key, so a wrong key is noticed by name before anything is written.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from api.storage.vault import keyring
from api.storage.vault.errors import FixedKeys, Locked, UnknownMasterKey, UnsafeKeyFile
from api.storage.vault.passphrase import Ask, head_of, is_protected, opened, protected, sealed_again
from api.storage.vault.sealing import KEY_BYTES, blind, new_key

_ID_BYTES = 8


def nobody_to_ask() -> str:
    """What asks for a passphrase where none can be given.

    Raises:
        Locked: always.
    """
    raise Locked("master.keys is under a passphrase, and nobody can be asked for it here")


def id_of(key: bytes) -> str:
    """The public name of a master key."""
    return "mk_" + hashlib.sha256(b"dedere master key\x00" + key).hexdigest()[: 2 * _ID_BYTES]


class MasterKeys:
    """The master keys of this installation; the last one wraps what is new."""

    def __init__(self, read: Callable[[], list[bytes]], write: Callable[[list[bytes]], None]) -> None:
        self._read, self._write = read, write
        self._keys = read()

    @classmethod
    def in_file(cls, path: Path, ask: Ask = nobody_to_ask) -> MasterKeys:
        """The keys of a file, which is made with one fresh key if it is not there; ``ask`` gives its passphrase."""
        if not path.exists():
            _create(path)
        return cls(lambda: _read_file(path, ask), lambda keys: _replace(path, _as_before(path, keys, ask)))

    @classmethod
    def given(cls, text: str) -> MasterKeys:
        """The keys of a setting."""
        keys = _parse(text)
        return cls(lambda: keys, _refuse)

    @property
    def fixed(self) -> bool:
        """Whether they come from a setting, which only the operator changes."""
        return self._write is _refuse

    @property
    def ids(self) -> list[str]:
        """The names of the keys held, oldest first."""
        return [id_of(key) for key in self._keys]

    def newest(self) -> tuple[str, bytes]:
        """The key for new work, read anew because another process may have added one."""
        self._keys = self._read()
        return id_of(self._keys[-1]), self._keys[-1]

    def derived(self, purpose: str) -> bytes:
        """A key for something beside the database, which whoever has no master key cannot make."""
        return blind(self.newest()[1], "derived", purpose)

    def key(self, name: str) -> bytes:
        """A key by its name.

        Raises:
            UnknownMasterKey: it is not held here.
        """
        if name not in self.ids:
            self._keys = self._read()
        for key in self._keys:
            if id_of(key) == name:
                return key
        raise UnknownMasterKey(f"the data is sealed under master key {name}, which is not in this installation")

    def add(self) -> str:
        """Make a fresh key the newest and give its name.

        Raises:
            FixedKeys: the keys come from a setting.
        """
        self._keys = [*self._read(), new_key()]
        self._write(self._keys)
        return id_of(self._keys[-1])

    def drop(self, names: Iterable[str]) -> None:
        """Forget keys for good; the newest is never dropped.

        Raises:
            FixedKeys: the keys come from a setting.
        """
        gone, keys = set(names), self._read()
        self._keys = [key for key in keys[:-1] if id_of(key) not in gone] + keys[-1:]
        self._write(self._keys)


def _refuse(keys: list[bytes]) -> None:
    raise FixedKeys("the master keys come from a setting; change them there, newest last")


def _parse(text: str) -> list[bytes]:
    try:
        keys = [base64.b64decode(part, validate=True) for part in text.replace(",", "\n").split()]
    except binascii.Error:
        raise UnsafeKeyFile("master keys are base64 of 32 bytes, one a line") from None
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise UnsafeKeyFile("master keys are base64 of 32 bytes, one a line")
    return keys


def _read_file(path: Path, ask: Ask) -> list[bytes]:
    text = _text(path)
    return _parse(opened(text, ask)[1] if is_protected(text) else text)


def _text(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise UnsafeKeyFile(f"the key file {path} may be read by others; make it 0600")
    try:
        return path.read_text("ascii")
    except UnicodeDecodeError:
        raise UnsafeKeyFile("master keys are base64 of 32 bytes, one a line") from None


def _as_before(path: Path, keys: list[bytes], ask: Ask) -> str:
    """The text of a key file with other keys, under the passphrase that it is under now."""
    text = _text(path)
    return sealed_again(opened(text, ask)[0], _lines(keys)) if is_protected(text) else _lines(keys)


def protect_file(path: Path, ask: Ask, passphrase: str) -> None:
    """Put a key file under a new passphrase, or with an empty one under none; the keyring forgets the one before.

    Raises:
        VaultError: the file does not open, or the passphrase is too short.
        OSError: it cannot be written.
    """
    plain, before = _lines(_read_file(path, ask)), head_of(_text(path))
    _replace(path, protected(plain, passphrase) if passphrase else plain)
    keyring.forget(before)


def protect_by_keyring(path: Path, ask: Ask) -> None:
    """Put a key file under a random passphrase that the system's keyring keeps, which has it before the file changes.

    Raises:
        VaultError: the file does not open, or there is no keyring.
        OSError: it cannot be written.
    """
    plain, before, passphrase = _lines(_read_file(path, ask)), head_of(_text(path)), keyring.new_passphrase()
    text = protected(plain, passphrase)
    keyring.keep(head_of(text), passphrase)
    _replace(path, text)
    keyring.forget(before)


def passphrase_by_keyring(path: Path) -> str:
    """The passphrase that the system's keyring has for a key file, or nothing.

    Raises:
        VaultError: the keyring does not open, or the file is none.
    """
    return keyring.find(head_of(_text(path)))


def _lines(keys: list[bytes]) -> str:
    return "".join(base64.b64encode(key).decode() + "\n" for key in keys)


def _written(path: Path, text: str) -> Path:
    """A file beside ``path`` that holds the text and is on the disk."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    return beside


def _create(path: Path) -> None:
    with suppress(FileExistsError):  # of two processes that start at once, one makes the file
        install(path, [new_key()])


def install(path: Path, keys: list[bytes]) -> None:
    """Make a key file of keys that are given, oldest first.

    Raises:
        FileExistsError: there is one already.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = _written(path, _lines(keys))
    try:
        os.link(beside, path)
    finally:
        beside.unlink()
    _settle(path.parent)


def _replace(path: Path, text: str) -> None:
    """Put new keys in place at once, then overwrite the old file's blocks."""
    with path.open("r+b") as old:
        size = path.stat().st_size
        _written(path, text).replace(path)
        _settle(path.parent)
        old.write(b"\x00" * size)
        old.flush()
        os.fsync(old.fileno())


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
