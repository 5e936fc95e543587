"""Rows that cannot be assessed: which row, where in it, and why; names in it that are none of ours, never a value."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from engine.bulk.spread import Clash
from engine.errors import Problem
from engine.facts.columns import HERE


@dataclass(frozen=True)
class Reject:
    """A row that got no result, and what to put right in it."""

    row: int
    reasons: tuple[tuple[str, str], ...]
    #: The reference of the case, where the row could be read so far
    case: str = ""

    def line(self) -> str:
        """One line of the reject file."""
        reasons = [{"at": at, "problem": problem} for at, problem in self.reasons]
        named = {"case": self.case} if self.case else {}
        return json.dumps({"row": self.row, **named, "reasons": reasons}, ensure_ascii=False) + "\n"


def of_problems(row: int, problems: Iterable[Problem], case: str = "") -> Reject:
    """A reject from the problems the single-case reader found."""
    quiet = [problem.quiet(names=True) for problem in problems]
    return Reject(row, tuple((p.pointer, f"{p.message}. {p.fix}" if p.fix else p.message) for p in quiet), case)


def of_clashes(row: int, clashes: Iterable[Clash], case: str = "") -> Reject:
    """A reject from findings that cannot stand together."""
    said = ((c.fact if c.place == HERE else f"{c.place[0]}[{c.place[1]}].{c.fact}", c.reason) for c in clashes)
    return Reject(row, tuple(dict.fromkeys((at, f"{reason}; both cannot be right") for at, reason in said)), case)


NO_DATE = ("/assessed_on", "the date of assessment is not given. Add it to the row, or give one with --on")
