"""What the commands of safekeeping share: opening the store, and saying in one line why something is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.safekeeping.errors import SafekeepingError
from api.store.errors import StoreError
from api.store.settings import StoreSettings
from api.store.store import Store
from api.vault.errors import VaultError
from engine.errors import InputProblems, Problem


@contextmanager
def said() -> Iterator[None]:
    """Refusals become one line; none of them holds content."""
    try:
        yield
    except (SafekeepingError, StoreError, VaultError) as error:
        raise InputProblems([Problem(str(error))]) from None
    except OSError as error:
        reason = (error.strerror or "it cannot be read or written").lower()
        raise InputProblems([Problem(f"cannot use the file: {reason}", str(error.filename or ""))]) from None


@contextmanager
def opened() -> Iterator[Store]:
    """The store of this installation."""
    with said():
        store = Store.open(StoreSettings())
        try:
            yield store
        finally:
            store.close()
