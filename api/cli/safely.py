"""What the commands of safekeeping share: opening the store, and saying in one line why something is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from api.law.content import load_engine
from api.law.shelf import Shelf, with_shelf
from api.operations.backup.errors import SafekeepingError
from api.service.wording import words_under
from api.settings import Settings
from api.storage.errors import StoreError
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.vault.errors import VaultError
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
        places = StoreSettings()
        store = Store.open(places)
        try:
            yield store.with_words(words_under(partial(_shelf, places)))
        finally:
            store.close()


def _shelf(places: StoreSettings) -> Shelf:
    settings = with_shelf(Settings(), places.data)
    return Shelf(load_engine(settings), settings)
