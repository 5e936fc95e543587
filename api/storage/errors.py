"""What the store refuses, in words that hold nothing of a case."""

from __future__ import annotations


class StoreError(Exception):
    """Base of everything the store refuses."""


class NotFound(StoreError):
    """There is no such thing in this workspace; whether another one has it is not said."""


class Conflict(StoreError):
    """The matter has another version than the writer thought; nothing was written."""

    def __init__(self, current: int) -> None:
        super().__init__(f"the matter is at version {current}")
        self.current = current


class ReferenceTaken(StoreError):
    """Another matter of the workspace has this reference."""


class KeyReused(StoreError):
    """An idempotency key came again with another request."""


class NoWords(StoreError):
    """The answer is not yet in words, and the law content it was made under is not here."""


class OnHold(StoreError):
    """The matter is on legal hold, so that nothing may erase it before the hold is lifted."""


class Unavailable(StoreError):
    """The database is away, locked, full or read-only. Nothing was acknowledged; trying again may help.

    If the connection broke during the commit itself, the write may have happened: an idempotency key tells.
    """


class Full(Unavailable):
    """The disk is nearly full, so that nothing new is kept; what is there can be read and erased."""


class SchemaMismatch(StoreError):
    """The database was made by another version of the program."""


class UnfitDatabase(StoreError):
    """The database is set up so that what is kept in it would not come back as it was."""
