"""What can go wrong, and how it is said.

    DedereError
    ├── InputProblems      the case or the question is wrong: several problems at once, exit status 2
    ├── ContentProblems    rules/ or instruments/ are wrong: file and line of each, exit status 2
    └── InternalError      we are wrong: nothing is answered, nothing is stored, exit status 1
        └── EnginesDisagree

A problem says what is wrong, where, and what to do; it never repeats a whole case file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

T = TypeVar("T")
#: A strange name that makes a message longer than this is a text, and not repeated to anybody.
_LONG = 120


@dataclass(frozen=True)
class Problem:
    """One thing to put right.

    ``pointer`` is an RFC 6901 JSON pointer into the input, ``line`` counts from 1 (0 when the
    input has no lines), ``fix`` is what the reader can do about it. ``echoes`` are the parts of the
    message that repeat the input; ``own_fix`` says that the fix does not.
    """

    message: str
    source: str = ""
    line: int = 0
    pointer: str = ""
    fix: str = ""
    echoes: tuple[str, ...] = ()
    own_fix: bool = False

    def quiet(self, *, names: bool = False) -> Problem:
        """The same without anything that repeats a value of the input, for whoever must not hear it.

        With ``names``, a name of a fact or key that is none of ours is repeated: for whoever typed it.
        """
        if names and self._strange_name and self.message.isprintable() and len(self.message) < _LONG:
            return replace(self, echoes=())
        message = self.message
        for echo in self.echoes:
            message = message.replace(echo, "the value given")
        head = self.pointer.rpartition("/")[0]
        pointer = f"{head}/(another)" if self._strange_name else self.pointer
        fix = "" if self.echoes and not self.own_fix else self.fix
        return replace(self, message=message, pointer=pointer, fix=fix, echoes=())

    @property
    def _strange_name(self) -> bool:
        return f"'{self.pointer.rpartition('/')[2]}'" in self.echoes

    def __str__(self) -> str:
        place = self.source + (f":{self.line}" if self.line else "")
        where = " ".join(part for part in (place, self.pointer) if part)
        return f"{where}: {self.message}{'. ' + self.fix if self.fix else ''}".lstrip(": ")


class DedereError(Exception):
    """Base of every error the engine raises on purpose."""


class _Problems(DedereError):
    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputProblems(_Problems):
    """The case file, or what was asked about it, cannot be accepted as it is."""


class ContentProblems(_Problems):
    """The law content (rules or instruments) cannot be loaded as it is."""


class InternalError(DedereError):
    """A fault of the engine itself; no answer is given."""


class EnginesDisagree(InternalError):
    """The two inference engines gave different statuses for the same case."""


def present(value: T | None, what: str) -> T:
    """A value that the program itself has put there; ``what`` names it.

    Raises:
        InternalError: it is not there.
    """
    if value is None:
        raise InternalError(f"{what} is missing")
    return value


def expected(value: object, kind: type[T]) -> T:
    """A value that the program itself has made of this kind.

    Raises:
        InternalError: it is of another.
    """
    if not isinstance(value, kind):
        raise InternalError(f"a {kind.__name__} is expected here, not a {type(value).__name__}")
    return value
