"""Putting content into a sealed row and taking it out again."""

from __future__ import annotations

import zlib

from api.storage.datakeys import key_by_id
from api.storage.errors import NotFound
from api.storage.tables import Holder
from api.storage.transaction import Key, Transaction
from api.storage.vault.errors import VaultError
from api.storage.vault.sealing import seal, unseal

#: What shows that a row is damaged, or has lost its key.
UNREADABLE = (VaultError, NotFound, zlib.error)


def put(holder: Holder, key: Key, content: bytes) -> None:
    """Compress and seal content into a row whose place is already set."""
    holder.key_id = key.id
    holder.sealed = seal(key.secret, holder.place(), zlib.compress(content, 1))


def take(tx: Transaction, holder: Holder) -> bytes:
    """Open what a row holds.

    Raises:
        NotFound: it was erased.
        Tampered: it was changed or moved.
    """
    if holder.sealed is None:
        raise NotFound("the content was erased")
    return zlib.decompress(unseal(key_by_id(tx, holder.key_id).secret, holder.place(), holder.sealed))


def readable(tx: Transaction, holder: Holder) -> bytes | None:
    """The same; None where it cannot be read, so that one damaged row hides no other."""
    try:
        return take(tx, holder)
    except UNREADABLE:
        return None
