"""What safekeeping refuses, each in one line that holds nothing of a case."""

from __future__ import annotations


class SafekeepingError(Exception):
    """Base of everything refused here."""


class Damaged(SafekeepingError):
    """A file is damaged, was cut off, or is not what it was taken for."""


class Unusable(SafekeepingError):
    """A file is whole, but does not fit what it is to be used with."""


class InTheWay(SafekeepingError):
    """Something is there already, and it is not overwritten unasked."""
