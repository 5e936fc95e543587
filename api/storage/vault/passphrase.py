"""Master keys under a passphrase: the key file then opens nothing to whoever only has the disk.

The file has two lines: how the passphrase becomes a key (argon2id, its cost, the salt), and the keys sealed under that
key. The passphrase is asked once in a process, and only what was derived from it is kept, in memory.
"""

from __future__ import annotations

import base64
import binascii
import os
import unicodedata
from collections.abc import Callable
from getpass import getpass

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from api.storage.vault.errors import Locked, Tampered, UnsafeKeyFile
from api.storage.vault.sealing import KEY_BYTES, Place, seal, unseal

Ask = Callable[[], str]
#: Passes, KiB and lanes: a guess costs some tenths of a second and 256 MiB.
COST = (3, 262_144, 4)
SHORTEST = 12
_HEAD = "dedere-master-keys argon2id"
_HIGHEST = (64, 4_194_304, 64)
_SALT_BYTES = 16
#: What was derived in this process, by the first line of the file.
_opened: dict[str, bytes] = {}


def is_protected(text: str) -> bool:
    """Whether the text of a key file is under a passphrase."""
    return text.startswith(_HEAD)


def head_of(text: str) -> str:
    """The first line of a protected key file; empty for any other."""
    return text.partition("\n")[0] if is_protected(text) else ""


def protected(text: str, passphrase: str) -> str:
    """The text of a key file, put under a new passphrase.

    Raises:
        UnsafeKeyFile: the passphrase is too short.
    """
    if len(_normal(passphrase)) < SHORTEST:
        raise UnsafeKeyFile(f"a passphrase has at least {SHORTEST} characters; several words are easy to keep in mind")
    head = " ".join([_HEAD, *map(str, COST), base64.b64encode(os.urandom(_SALT_BYTES)).decode()])
    _opened[head] = _derived(head, passphrase)
    return sealed_again(head, text)


def sealed_again(head: str, text: str) -> str:
    """The text of a key file under the passphrase that this process has opened it with."""
    return f"{head}\n{base64.b64encode(seal(_opened[head], _place(head), text.encode())).decode()}\n"


def opened(text: str, ask: Ask) -> tuple[str, str]:
    """The first line of a protected key file, and the text under it; the passphrase is asked unless it was before.

    Raises:
        Locked: nobody is there to be asked, or the passphrase is not right.
        UnsafeKeyFile: the file is damaged.
    """
    head, _, rest = text.partition("\n")
    secret = _opened.get(head) or _derived(head, ask())
    try:
        plain = unseal(secret, _place(head), base64.b64decode(rest.strip(), validate=True)).decode("ascii")
    except (Tampered, binascii.Error, UnicodeDecodeError):
        raise Locked("master.keys does not open: the passphrase is not right, or the file is damaged") from None
    _opened[head] = secret
    return head, plain


def opened_here() -> dict[str, bytes]:
    """What this process may hand to a process it starts, so that nobody is asked again."""
    return dict(_opened)


def take_over(opened_there: dict[str, bytes]) -> None:
    """Have what the process that started this one has opened."""
    _opened.update(opened_there)


def asked(descriptor: int | None) -> str:
    """The passphrase: the first line from a file descriptor, or typed at the terminal.

    Raises:
        Locked: there is neither.
    """
    if descriptor is not None:
        line = _line(descriptor)
        if not line:
            raise Locked(f"no passphrase can be read from file descriptor {descriptor} (DEDERE_PASSPHRASE_FD)")
        return line
    return typed("Passphrase of the master keys: ")


def _line(descriptor: int) -> str:
    """One line, and nothing of the next, which may be another passphrase."""
    line = b""
    try:
        while (letter := os.read(descriptor, 1)) not in (b"", b"\n"):
            line += letter
        return line.removesuffix(b"\r").decode()
    except (OSError, UnicodeDecodeError):
        return ""


def typed(prompt: str) -> str:
    """What somebody types at the terminal, unseen.

    Raises:
        Locked: there is no terminal.
    """
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        raise Locked(
            "master.keys is under a passphrase: start this at a terminal, or give it by a file descriptor and name its number in DEDERE_PASSPHRASE_FD"
        ) from None
    return getpass(prompt)


def _derived(head: str, passphrase: str) -> bytes:
    words = head.removeprefix(_HEAD).split()
    try:
        *cost, salt = *map(int, words[:-1]), base64.b64decode(words[-1], validate=True)
        passes, memory, lanes = cost
        if any(not 0 < one <= most for one, most in zip((passes, memory, lanes), _HIGHEST, strict=True)):
            raise ValueError
        secret = _normal(passphrase).encode("utf-8", "surrogatepass")
        return hash_secret_raw(secret, salt, passes, memory, lanes, KEY_BYTES, Type.ID)
    except (ValueError, IndexError, HashingError):
        raise UnsafeKeyFile(
            "master.keys is damaged in its first line; bring it back, or: dedere keys recover"
        ) from None


def _normal(passphrase: str) -> str:
    return unicodedata.normalize("NFKC", passphrase)


def _place(head: str) -> Place:
    return Place("", "master.keys", head, "keys")
