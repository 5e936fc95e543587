"""The passphrase of the master keys in the system's keyring: Keychain, Secret Service, Credential Locker.

It is then a random one that nobody knows, and opens with whatever opens the keyring: signing in to the machine. An entry
is named by the salt in the first line of the key file, so that one keyring may serve several installations.
"""

from __future__ import annotations

import secrets
from types import ModuleType

from api.storage.vault.errors import Locked, NoKeyring

_SERVICE = "dedere"
_BYTES = 32


def new_passphrase() -> str:
    """A passphrase for a keyring to keep; no person has to type it."""
    return secrets.token_urlsafe(_BYTES)


def keep(head: str, passphrase: str) -> None:
    """Give a passphrase to the keyring, and see that it gives it back.

    Raises:
        NoKeyring: there is none here that can be used.
    """
    library = _library()
    try:
        library.set_password(_SERVICE, _name(head), passphrase)
        found = library.get_password(_SERVICE, _name(head))
    except library.errors.KeyringError:
        found = None
    if found != passphrase:
        raise NoKeyring(
            "this machine has no keyring that can be used here (Keychain, Secret Service, Credential Locker); "
            "use a passphrase: dedere keys protect. Nothing was changed"
        )


def find(head: str) -> str:
    """The passphrase that the keyring has for a key file; empty where it has none, or there is no keyring.

    Raises:
        Locked: the keyring is there and does not open.
    """
    try:
        library = _library()
    except NoKeyring:
        return ""
    try:
        return library.get_password(_SERVICE, _name(head)) or ""
    except library.errors.NoKeyringError:
        return ""
    except library.errors.KeyringError:
        raise Locked(
            "the system's keyring does not open: unlock it, or bring the keys back: dedere keys recover"
        ) from None


def forget(head: str) -> None:
    """Take an entry out, if there is one."""
    if not head:
        return
    try:
        library = _library()
    except NoKeyring:
        return
    try:
        library.delete_password(_SERVICE, _name(head))
    except library.errors.KeyringError:
        return


def _name(head: str) -> str:
    return f"master.keys {head.rpartition(' ')[2]}"


def _library() -> ModuleType:
    try:
        import keyring  # noqa: PLC0415 - an extra that few want
        import keyring.errors  # noqa: PLC0415
    except ImportError:
        raise NoKeyring("the system's keyring needs a package more: pip install 'dedere[keyring]'") from None
    return keyring
