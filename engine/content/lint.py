"""Lint: what the content should still put right although it can be used; it protects lawyers.

A *remark* of level ``warning`` is shown; one of level ``release`` must be put right before a
release. Hard faults are found by ``checks.py`` when a pack is loaded. Nothing here reads a clock:
``today`` is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Literal

from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.utils import default_process

from engine.content.located import Located, Where
from engine.content.models import Authority, Pack
from engine.content.sweep import sweep_declarations, sweep_parties, sweep_series, sweep_suspensions, sweep_tags
from engine.content.unread import unread
from engine.errors import Problem
from engine.facts.vocabulary import Fact

Level = Literal["warning", "release"]
MAX_HOLDING = 200
#: From this likeness on (0 to 100), two questions are hard to tell apart.
ALIKE = 93
OLD, TOO_OLD = timedelta(days=366), timedelta(days=2 * 365 + 1)
#: Kind, name, message, what to do, and the key below the name where it stands.
Found = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Remark(Problem):
    """Something to put right, and whether a release can wait for it."""

    level: Level = "warning"


def lint(pack: Pack, today: date, located: Located | None = None) -> list[Remark]:
    """Every remark on a pack as of a day, what stops a release first; ``located`` gives file and line."""
    where = Where(located or {})
    remarks: list[Remark] = []
    for level, find in _finders(today):
        for kind, name, message, fix, below in find(pack):
            found = where.problem(kind, name, message, fix, *filter(None, (below,)))
            remarks.append(Remark(found.message, found.source, found.line, found.pointer, found.fix, level=level))
    return sorted(remarks, key=lambda remark: remark.level != "release")


def _finders(today: date) -> list[tuple[Level, Callable[[Pack], Iterator[Found]]]]:
    return [
        ("release", _authorities),
        ("release", _questions),
        ("release", _allowances),
        ("release", _events),
        ("release", sweep_series),
        ("release", sweep_parties),
        ("release", sweep_declarations),
        ("release", sweep_suspensions),
        ("release", sweep_tags),
        ("release", _undated_alternatives),
        ("release", lambda pack: _age(pack, today, TOO_OLD, None)),
        ("warning", lambda pack: _age(pack, today, OLD, TOO_OLD)),
        ("warning", lambda pack: _checked_later(pack, today)),
        ("warning", _unread),
    ]


def _authorities(pack: Pack) -> Iterator[Found]:
    for authority in pack.authorities.values():
        for message, fix, below in _authority(authority):
            yield "authorities", authority.id, message, fix, below


def _authority(authority: Authority) -> Iterator[tuple[str, str, str]]:
    if not authority.number and not authority.number_absent:
        yield "has no number", "Add number, or say under number_absent why there is none", ""
    if authority.number and authority.number_absent:
        yield "has a number and a reason for having none", "Keep one of them", "number_absent"
    holding = authority.holding.strip()
    if not holding or "\n" in holding:
        yield "its holding is not one line", "Say in one line what was decided", "holding"
    elif len(holding) > MAX_HOLDING:
        yield f"its holding has {len(holding)} characters", f"Say it in at most {MAX_HOLDING}", "holding"


def _questions(pack: Pack) -> Iterator[Found]:
    for first, second, likeness in alike(pack):
        if second.id not in first.distinct_from and first.id not in second.distinct_from:
            message = f"its question is nearly that of {first.id} ({likeness:.0f} of 100 alike)"
            fix = f"Merge the two, or say the difference: distinct_from: {{{first.id}: why}}"
            yield "facts", second.id, message, fix, "question"


def alike(pack: Pack) -> Iterator[tuple[Fact, Fact, float]]:
    """Pairs of facts of one scope whose questions are hard to tell apart, with their likeness."""
    for first, second in combinations(pack.vocabulary.facts.values(), 2):
        if first.scope == second.scope:
            likeness = token_set_ratio(first.question, second.question, processor=default_process)
            if likeness >= ALIKE:
                yield first, second, likeness


def _allowances(pack: Pack) -> Iterator[Found]:
    """A difference explained between facts that nobody would confuse is left over from an older wording."""
    pairs = {frozenset((first.id, second.id)) for first, second, _ in alike(pack)}
    for fact in pack.vocabulary.facts.values():
        for other, reason in fact.distinct_from.items():
            if frozenset((fact.id, other)) not in pairs:
                yield "facts", fact.id, f"is explained to differ from {other}, which is not like it", "Remove it", ""
            elif not reason.strip():
                yield "facts", fact.id, f"does not say how it differs from {other}", "Say it", "distinct_from"


def _events(pack: Pack) -> Iterator[Found]:
    """What happens on a day is said in words of its own, or a table in time order would tell questions."""
    told = {part.dated_by for part in pack.vocabulary.parts.values()}
    for fact in pack.vocabulary.facts.values():
        if fact.type == "date" and not fact.event and fact.id not in told:
            yield "facts", fact.id, "does not say what happens that day", "Add event, a short sentence", ""
        elif fact.event and fact.type != "date":
            yield "facts", fact.id, "is no date, so nothing happens that day", "Remove event", "event"


def _unread(pack: Pack) -> Iterator[Found]:
    """A vocabulary without rules says nothing of what bears on something."""
    for name in unread(pack) if pack.criteria else ():
        yield "facts", name, "bears on nothing", "Let a rule read it, or mark it: background: yes", ""


def _undated_alternatives(pack: Pack) -> Iterator[Found]:
    for criterion in pack.criteria.values():
        if (criterion.valid_from or criterion.valid_until) and not criterion.series:
            fix = "Give it and the reading before or after it the same series (one alone has a series of its own)"
            yield "criteria", criterion.id, "holds only for a time but belongs to no series", fix, ""


def _age(pack: Pack, today: date, over: timedelta, up_to: timedelta | None) -> Iterator[Found]:
    for instrument in pack.instruments.values():
        age = today - instrument.last_checked_on
        if age > over and (up_to is None or age <= up_to):
            message = f"was last checked on {instrument.last_checked_on}, {age.days} days ago"
            fix = "Check the depositary's page and date it anew"
            yield "instruments", instrument.id, message, fix, "last_checked_on"


def _checked_later(pack: Pack, today: date) -> Iterator[Found]:
    for instrument in pack.instruments.values():
        if instrument.last_checked_on > today:
            message = f"was last checked on {instrument.last_checked_on}, which is yet to come"
            yield "instruments", instrument.id, message, "Give the day of the check", "last_checked_on"
