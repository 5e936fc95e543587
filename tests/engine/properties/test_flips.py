"""Flip sets are exact and minimal, and *complete* means complete: against brute force over every answer."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings

from engine.assess import Engine, Weighed
from engine.facts.columns import HERE, Place
from engine.reasoning.flips import MAX_SIZE, FlipSet
from tests.engine.properties.brute import in_lanes, minimal_flips, outcomes_of, unknown_facts
from tests.engine.properties.strategies import Weighing, engines_and_cases, values_of

Options = list[tuple[Place, str, list[Any]]]
SMALL = {"small": True, "known": 2, "largest": 2}


def disputed(weighed: Weighed) -> Options:
    """Disputed facts, with what a side says that this reading does not take."""
    read, found = weighed.read, []
    for place, column in read.columns.values.items():
        item = read.case if place == HERE else read.items[place[0]][place[1]] if place[0] in read.items else None
        for name, finding in (item.findings if item else {}).items():
            held = [value for value, _ in column.get(name, ())]
            sides = [side for side in (finding.person, finding.state) if side is not None and side not in held]
            if finding.disputed and sides:
                found.append((place, name, sides))
    return found


def options_of(engine: Engine, weighed: Weighed) -> Options:
    """Everything that could be answered otherwise, but for unknown States, which are too many to try."""
    sources = {of.from_latest for of in engine.pack.vocabulary.facts.values()}
    contested = {(place, name): sides for place, name, sides in disputed(weighed)}
    tried = {(option.place, option.fact): set(option.values) for option in engine.candidates(weighed)}
    for place, of in unknown_facts(engine, weighed):
        only_sides = tried.get((place, of.id), set(values_of(of))) <= set(contested.get((place, of.id), []))
        if of.type not in ("state", "states") and of.id not in sources and not only_sides:
            contested[(place, of.id)] = values_of(of)
    return [(place, name, values) for (place, name), values in contested.items()]


def few_enough(options: Options, largest: int) -> bool:
    """Whether brute force over all sets of that many answers stays below some thousands of them."""
    sets = [1] + [0] * largest
    for _, _, values in options:
        for size in range(largest, 0, -1):
            sets[size] += sets[size - 1] * len(values)
    return sum(sets) <= 3_000


def changes_nothing_inside(engine: Engine, weighed: Weighed, flip: FlipSet) -> bool:
    """Whether no smaller set within a flip set changes the outcome."""
    inner = [(one,) for one in flip.assigned] if len(flip.assigned) > 1 else []
    return (
        all(outcome is weighed.outcome for outcome in outcomes_of(engine, weighed, inner).values()) if inner else True
    )


@settings(max_examples=60)
@given(engines_and_cases(**SMALL))
def test_every_flip_set_changes_the_outcome_as_it_says_and_nothing_smaller_does(
    drawn: tuple[Engine, Weighing],
) -> None:
    engine, case = drawn
    flips, _ = engine.flips(case.weighed)
    assume(flips)
    done = {}
    for size in {len(flip.assigned) for flip in flips}:
        done |= outcomes_of(engine, case.weighed, [flip.assigned for flip in flips if len(flip.assigned) == size])
    for flip in flips:
        assert len(flip.assigned) <= MAX_SIZE
        assert done[frozenset(flip.assigned)] is flip.to is not case.weighed.outcome
        assert changes_nothing_inside(engine, case.weighed, flip)
    assert len({frozenset(flip.assigned) for flip in flips}) == len(flips)


def by_facts(flips: dict[Any, Any]) -> set[tuple[frozenset[tuple[Place, str]], str]]:
    """Flip sets without the values: one value may stand for many that no rule tells apart."""
    return {(frozenset((place, name) for place, name, _ in chosen), to.value) for chosen, to in flips.items()}


@settings(max_examples=90)
@given(engines_and_cases(**SMALL))
def test_no_flip_set_within_the_bound_is_missed(drawn: tuple[Engine, Weighing]) -> None:
    engine, case = drawn
    flips, _ = engine.flips(case.weighed)
    among = {(candidate.place, candidate.fact) for candidate in engine.candidates(case.weighed)}
    options = [option for option in options_of(engine, case.weighed) if option[:2] in among]
    assume(options and few_enough(options, MAX_SIZE))
    brute = minimal_flips(engine, case.weighed, options, MAX_SIZE)
    assert by_facts({flip.assigned: flip.to for flip in flips}) == by_facts(brute)


@settings(max_examples=120)
@given(engines_and_cases(**SMALL))
def test_complete_means_that_no_larger_set_exists(drawn: tuple[Engine, Weighing]) -> None:
    engine, case = drawn
    flips, complete = engine.flips(case.weighed)
    assume(complete)
    among = {(candidate.place, candidate.fact) for candidate in engine.candidates(case.weighed)}
    options = [option for option in options_of(engine, case.weighed) if option[:2] in among]
    assert {option[:2] for option in options} == among, "a fact whose values were not all tried"
    brute = minimal_flips(engine, case.weighed, options, len(options))
    assert by_facts({flip.assigned: flip.to for flip in flips}) == by_facts(brute)


@settings(max_examples=90)
@given(engines_and_cases(**SMALL))
def test_a_fact_that_is_no_candidate_never_changes_the_outcome(drawn: tuple[Engine, Weighing]) -> None:
    """But for one that shows a gate to be open: there the gate itself is the candidate."""
    engine, case = drawn
    weighed = case.weighed
    among = {(candidate.place, candidate.fact) for candidate in engine.candidates(weighed)}
    before = weighed.evaluation.strict_columns
    others = [option for option in options_of(engine, weighed) if option[:2] not in among]
    assignments = [((place, name, value),) for place, name, values in others for value in values]
    assume(assignments)
    outcomes = outcomes_of(engine, weighed, assignments)
    spread = engine.entailment.spread(in_lanes(weighed.read.columns, assignments), on_the_record=False)
    for lane, chosen in enumerate(assignments):
        reveals = any(
            spread.known(place, name) >> lane & 1 and not before.known(place, name)
            for place, name in among
            if place == HERE or place in spread.values
        )
        if not reveals and frozenset(chosen) in outcomes:
            assert outcomes[frozenset(chosen)] is weighed.outcome, chosen


@settings(max_examples=60)
@given(engines_and_cases(**SMALL))
def test_a_settled_outcome_has_no_candidates_but_what_is_disputed(drawn: tuple[Engine, Weighing]) -> None:
    engine, case = drawn
    both = case.weighed.evaluation
    low, high = engine.judge.range(both.strict, both.strict_columns).bounds()
    assume(low is high)
    contested = {(place, name) for place, name, _ in disputed(case.weighed)}
    assert {(option.place, option.fact) for option in engine.candidates(case.weighed)} <= contested
    assert engine.ranked(case.weighed) == []
