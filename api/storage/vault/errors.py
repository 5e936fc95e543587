"""What can go wrong with keys and sealed fields. No message ever holds content or a key."""

from __future__ import annotations


class VaultError(Exception):
    """Base of everything the vault refuses."""


class Tampered(VaultError):
    """A sealed field does not belong where it was found, was changed, or has another key."""


class UnknownMasterKey(VaultError):
    """The database is sealed under a master key that this installation does not hold."""


class UnsafeKeyFile(VaultError):
    """The key file may be read by others, or is not a key file."""


class FixedKeys(VaultError):
    """The master keys come from a setting, so that the program cannot change them."""


class Locked(VaultError):
    """The key file is under a passphrase that was not given, or not rightly."""


class NoKeyring(VaultError):
    """There is no keyring of the system that could keep a passphrase."""
