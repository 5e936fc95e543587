"""What tribunals have held of a State, as of a day: its country findings and the decisions that concern it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.assess import Engine
from engine.content.evidence import Picture, Precedent, Situation
from engine.inference.situations import ends, seen_on

#: How a finding stands on a day: it presumes something, it has ended, or it is too old to presume anything.
Standing = Literal["in_force", "ended", "too_old"]


@dataclass(frozen=True)
class CountryFinding:
    """One country finding as it stands on a day; ``level`` is the label of its level."""

    finding: Situation
    picture: Picture
    level: str
    group: str
    years_old: int
    standing: Standing


def country_findings(engine: Engine, state: str, on: date) -> list[CountryFinding]:
    """What had been held of a State before a day, by the picture that it belongs to, oldest first."""
    decided = list(engine.situations.decided(state, on))
    found = []
    for picture in engine.pack.pictures.values():
        levels = engine.pack.vocabulary.facts[picture.answers].values
        found += [_as_of(engine, one, picture, on) for one in decided if one.level in levels]
    return found


def _as_of(engine: Engine, one: Situation, picture: Picture, on: date) -> CountryFinding:
    level = engine.pack.vocabulary.facts[picture.answers].values[one.level]
    years = engine.pack.variants[picture.years].default
    ended = one.valid_until is not None and on > one.valid_until
    standing: Standing = "in_force" if on <= ends(one, years) else "ended" if ended else "too_old"
    group = engine.pack.groups[one.group].title if one.group else ""
    return CountryFinding(one, picture, level, group, max(0, (on - seen_on(one)).days // 365), standing)


def states_with_findings(engine: Engine) -> list[str]:
    """The codes of the States of which anything is listed, findings or decisions."""
    found = set(engine.situations.by_state)
    return sorted(found | {state for one in engine.pack.precedents.values() for state in states_of(one)})


def states_of(one: Precedent) -> set[str]:
    """The States to which somebody was to be sent, by their codes."""
    return {code for code in (one.requesting_state, one.origin_state) if len(code) == 3 and code.isupper()}


def decisions_on(precedents: Iterable[Precedent], state: str, on: date | None = None) -> list[Precedent]:
    """The decided cases that concern a State, those given before a day if one is named, oldest first."""
    found = [one for one in precedents if state in states_of(one) and (on is None or one.decided_on.last < on)]
    return sorted(found, key=lambda one: (one.decided_on.first, one.id))
