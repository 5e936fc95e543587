"""Brute force over completions: every way in which what is unknown could turn out, all at once in lanes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from engine.assess import Engine, Weighed
from engine.facts.columns import HERE, Columns, Place
from engine.facts.vocabulary import CASE, Fact
from engine.inference.compiled import Planes
from engine.inference.evaluation import evaluate_both
from engine.reasoning.outcome import LEVELS, Outcome, outcomes
from tests.engine.properties.strategies import DATED, values_of

Unknown = tuple[Place, Fact]
#: A fact at a place with a value.
Assigned = tuple[Place, str, Any]
MOST = 6_000


def unknown_facts(engine: Engine, weighed: Weighed) -> list[Unknown]:
    """Facts of which nothing is known where they stand. A date that orders a list is part of the list."""
    columns = weighed.evaluation.strict_columns
    return [
        (place, of)
        for of in engine.pack.vocabulary.facts.values()
        if of.id not in DATED
        for place in ([HERE] if of.scope == CASE else columns.places(of.scope))
        if not columns.known(place, of.id)
    ]


def completions(unknown: Sequence[Unknown], most: int = MOST) -> list[tuple[Assigned, ...]] | None:
    """Every assignment of all unknown facts, or None if they are too many."""
    size = 1
    for _, of in unknown:
        size *= len(values_of(of))
    if size > most:
        return None
    options = [[(place, of.id, value) for value in values_of(of)] for place, of in unknown]
    return [tuple(chosen) for chosen in product(*options)]


@dataclass
class Completed:
    """Completions evaluated: one lane each, and which of them contradict themselves."""

    lanes: int
    columns: Columns
    planes: Planes
    sound: int

    def each(self) -> Iterator[int]:
        """Lanes without contradiction."""
        return (lane for lane in range(self.lanes) if self.sound >> lane & 1)


def in_lanes(columns: Columns, assignments: Sequence[tuple[Assigned, ...]]) -> Columns:
    """One lane for each set of assignments, which replace what one-lane ``columns`` say of those facts."""
    full = (1 << len(assignments)) - 1
    replaced: dict[tuple[Place, str], dict[Any, int]] = {}
    for lane, chosen in enumerate(assignments):
        for place, name, value in chosen:
            masks = replaced.setdefault((place, name), {})
            masks[value] = masks.get(value, 0) | 1 << lane
    unlisted = {part: full * bit for part, bit in columns.unlisted.items()}
    wide = Columns(len(assignments), {}, dict(columns.sizes), unlisted, dict(columns.latest))
    for place, facts in columns.values.items():
        wide.values[place] = {}
        for name, entries in facts.items():
            rest = full & ~sum(replaced.get((place, name), {}).values())
            wide.values[place][name] = [(value, rest) for value, _ in entries if rest]
    for (place, name), masks in replaced.items():
        wide.values[place].setdefault(name, []).extend(masks.items())
    return wide


def complete(
    engine: Engine, weighed: Weighed, assignments: Sequence[tuple[Assigned, ...]], columns: Columns
) -> Completed:
    """Evaluate assignments on top of ``columns``; unknown lists may still be unknown."""
    lanes = engine.entailment.spread(in_lanes(columns, assignments), on_the_record=False)
    planes = engine.compiled.run(lanes, weighed.setting)
    return Completed(len(assignments), lanes, planes, lanes.full & ~engine.entailment.clashes(lanes))


def outcomes_of(
    engine: Engine, weighed: Weighed, assignments: Sequence[tuple[Assigned, ...]]
) -> dict[frozenset[Assigned], Outcome]:
    """The outcome of the case with each set of assignments added or put in place; contradictions left out."""
    lanes = in_lanes(weighed.read.columns, assignments)
    both = evaluate_both(engine.compiled, engine.entailment, lanes, weighed.setting)
    sound = lanes.full & ~engine.entailment.clashes(both.strict_columns)
    by_outcome = outcomes(
        engine.judge.range(both.strict, both.strict_columns), engine.judge.range(both.record, both.record_columns)
    )
    return {
        frozenset(assignments[lane]): outcome
        for outcome, mask in by_outcome.items()
        for lane in range(len(assignments))
        if mask & sound & (1 << lane)
    }


def sets_of(options: Sequence[tuple[Place, str, Sequence[Any]]], size: int) -> Iterator[tuple[Assigned, ...]]:
    """Every set of assignments of so many facts."""
    for group in combinations(options, size):
        for values in product(*(values for _, _, values in group)):
            yield tuple((place, fact, value) for (place, fact, _), value in zip(group, values, strict=True))


def minimal_flips(
    engine: Engine, weighed: Weighed, options: Sequence[tuple[Place, str, Sequence[Any]]], largest: int
) -> dict[frozenset[Assigned], Outcome]:
    """Sets of assignments that change the outcome while no set inside them does."""
    found: dict[frozenset[Assigned], Outcome] = {}
    for size in range(1, largest + 1):
        tried = list(sets_of(options, size))
        if not tried:
            continue
        for chosen, outcome in outcomes_of(engine, weighed, tried).items():
            if outcome is not weighed.outcome and not any(inner < chosen for inner in found):
                found[chosen] = outcome
    return found


def level(outcome: Outcome) -> int:
    """How protective an outcome is."""
    return LEVELS.index(outcome)
