"""Treaty relations and clocks of one case, in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine.answer.lasting import cite_said
from engine.answer.model import ClockSaid, TreatyRelationSaid
from engine.facts.columns import HERE
from engine.facts.vocabulary import REQUESTED, REQUESTING
from engine.reasoning.clocks import time_of
from engine.treaties.relations import Standing

if TYPE_CHECKING:
    from engine.assess import Engine, Weighed


#: The family of what is no treaty but the law of one State.
NATIONAL = "national"
_TURN: dict[bool | None, int] = {True: 0, None: 1, False: 2}


def relations_said(engine: Engine, weighed: Weighed) -> tuple[TreatyRelationSaid, ...]:
    """Every instrument of the register: binding ones first, then unknown, then the rest."""
    requesting, requested = (state_of(weighed, fact) for fact in (REQUESTING, REQUESTED))
    return tuple(relations_between(engine, requesting, requested, weighed.read.assessed_on))


def relations_between(
    engine: Engine, requesting: str | None, requested: str | None, on: date
) -> list[TreatyRelationSaid]:
    """The same for any two States on a day; the laws of States that are not asked are left out."""
    states = tuple(dict.fromkeys(state for state in (requested, requesting) if state))
    known = engine.relations.of_case(requesting, requested, on)
    said = [relation_said(engine, standing, states, on) for standing in known]
    told = [relation for relation in said if relation.family != NATIONAL or relation.binding is not False]
    return sorted(told, key=lambda relation: _TURN[relation.binding])


def laws_of_others(engine: Engine, weighed: Weighed) -> frozenset[str]:
    """The national laws of States that are not asked to surrender anybody: an answer says nothing of them."""
    requested, on = state_of(weighed, REQUESTED), weighed.read.assessed_on
    return frozenset(
        name
        for name, instrument in engine.pack.instruments.items()
        if instrument.family == NATIONAL and engine.relations.state(name, requested, on).binding is False
    )


def relation_said(engine: Engine, standing: Standing, states: tuple[str, ...], on: date) -> TreatyRelationSaid:
    """How one instrument stands between States, in words."""
    instrument = engine.pack.instruments[standing.instrument]
    return TreatyRelationSaid.said(
        instrument=standing.instrument,
        short=instrument.short,
        title=instrument.title,
        family=instrument.family,
        binding=standing.binding,
        since=standing.since,
        until=standing.until,
        reason=standing.reason,
        verified=standing.verified,
        may_have_declared=_may_have_declared(engine, standing, states, on),
    )


def _may_have_declared(engine: Engine, standing: Standing, states: tuple[str, ...], on: date) -> tuple[str, ...]:
    """States that a treaty binds, or may bind, and that may have made declarations which the register lacks."""
    if standing.binding is False or engine.pack.instruments[standing.instrument].family == NATIONAL:
        return ()
    relations, name = engine.relations, standing.instrument
    bound = [state for state in states if relations.state(name, state, on).binding is not False]
    return tuple(state for state in bound if not relations.complete(name, state, on))


def state_of(weighed: Weighed, fact: str) -> str | None:
    """The State that a fact names under this reading."""
    entries = weighed.read.columns.values[HERE].get(fact)
    return str(entries[0][0]) if entries else None


def clocks_said(engine: Engine, weighed: Weighed) -> tuple[ClockSaid, ...]:
    """Clocks of instruments that bind here and whose condition is met; those that have begun first."""
    columns, said = weighed.evaluation.strict_columns, []
    for clock in engine.pack.clocks.values():
        if not engine.clock_applies(weighed, clock):
            continue
        left_out = engine.leaves_out_days(weighed, clock)
        time = time_of(clock, columns, weighed.read.assessed_on, leaves_out=left_out)
        said.append(
            ClockSaid.said(
                id=clock.id,
                title=clock.title,
                citations=tuple(cite_said(engine.pack, clock.review, cite) for cite in clock.cites),
                starts_on=time.starts_on,
                due_on=time.due_on,
                state=time.state,
                consequence=clock.consequence,
                sentence=clock.sentence,
                counting_rule=clock.counting_rule,
                review=clock.review,
            )
        )
    return tuple(sorted(said, key=lambda clock: clock.state == "not_started"))
