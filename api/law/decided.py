"""The decided cases of an installation's law content, assessed when asked for and then kept."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cached_property

from api.law.conformity import (
    DecidedCase,
    Line,
    Table,
    decided_folder,
    line_of,
    load_decided,
)
from api.law.content import content_folder
from api.settings import Settings
from engine.assess import Engine
from engine.errors import InputProblems


class NoDecidedCases(Exception):
    """The content has no decided cases, or they do not fit its rules."""


class DecidedCases:
    """The conformity table by id. One line takes a tenth of a second to make, and does not change while this runs."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings
        self._lock = threading.RLock()
        self._lines: dict[str, Line] = {}

    def cases(self) -> dict[str, DecidedCase]:
        """The cases by id, in the order of their files.

        Raises:
            NoDecidedCases: there is none.
        """
        with self._lock:
            return self._cases

    @cached_property
    def _cases(self) -> dict[str, DecidedCase]:
        try:
            cases = load_decided(decided_folder(content_folder(self.settings)))
        except InputProblems:
            raise NoDecidedCases from None
        if any(case.decided.authority not in self.engine.pack.authorities for case in cases):
            raise NoDecidedCases
        found: dict[str, DecidedCase] = {}
        for case in cases:
            found[_free(found, named(case.decided.row, case.name))] = case
        return found

    def line(self, name: str) -> Line:
        """The line of one case.

        Raises:
            NoDecidedCases: it does not fit the rules.
        """
        case = self.cases()[name]
        with self._lock:
            if name not in self._lines:
                try:
                    self._lines[name] = line_of(self.engine, case)
                except InputProblems:
                    raise NoDecidedCases from None
            return self._lines[name]

    def made(self) -> dict[str, Line]:
        """The lines that were made already."""
        with self._lock:
            return dict(self._lines)

    def lines(self) -> dict[str, Line]:
        """The lines of the table by id; those not made yet are made.

        Raises:
            NoDecidedCases: there is no table.
        """
        return {name: self.line(name) for name in self.cases()}

    def table(self) -> Table:
        """The whole table.

        Raises:
            NoDecidedCases: there is none.
        """
        return Table(tuple(self.lines().values()))


def named(row: str, case: str) -> str:
    """How a decided case is named in addresses: its row and the first words of its name."""
    plain = unicodedata.normalize("NFKD", f"{row} {case}".lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")


def _free(taken: dict[str, DecidedCase], name: str) -> str:
    """The name, numbered where several cases would have it."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
