"""Facts that bear on nothing: no rule, presumption, factor, group, picture or time limit reads them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.content.conditions import Atom, Condition, walk
from engine.content.models import Pack
from engine.facts.vocabulary import REQUESTED, REQUESTING


def unread(pack: Pack) -> Iterator[str]:
    """The facts that settle nothing, neither by themselves nor through what they close, and are no background."""
    read = {REQUESTING, REQUESTED}  # what binds is read of them
    read |= {name for condition in conditions(pack) for name in _named(condition)}
    read |= {part.dated_by for part in pack.vocabulary.parts.values()}
    read |= {picture.state for picture in pack.pictures.values()}
    read |= {name for clock in pack.clocks.values() for name in clock.dates}
    facts = pack.vocabulary.facts
    read |= {fact.from_latest for fact in facts.values() if fact.from_latest}
    waiting = [name for name in read if name in facts]
    while waiting:
        gates = {closure.fact for closure in facts[waiting.pop()].closed_by} - read
        read |= gates
        waiting += gates
    yield from (fact.id for fact in facts.values() if fact.id not in read and not fact.background)


def conditions(pack: Pack) -> Iterator[Condition]:
    """Every condition of a pack: of rules, time limits, groups, presumptions and factors."""
    yield from (criterion.condition for criterion in pack.criteria.values())
    yield from (clock.applies_when for clock in pack.clocks.values() if clock.applies_when is not None)
    yield from (group.condition for group in pack.groups.values())
    for presumption in pack.presumptions.values():
        yield from (presumption.condition, *presumption.rebutted_by)
    for issue in pack.issues.values():
        for factor in issue.factors.values():
            yield from factor.conditions.values()


def _named(condition: Condition) -> Iterator[str]:
    """The facts of a condition, also those that an atom names beside its own, as a test of bindingness does."""
    for part in walk(condition):
        if isinstance(part, Atom):
            yield from part.facts
            yield from (arg for arg in part.args if isinstance(arg, str))
