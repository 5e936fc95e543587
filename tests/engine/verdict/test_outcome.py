"""The algebra of outcomes, against a plain computation for every combination of a few grounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import pytest

from engine.assess import Engine
from engine.content.models import Effect
from engine.facts.columns import HERE, Columns
from engine.inference.atoms import Setting
from engine.inference.evaluation import Evaluation, evaluate_both
from engine.reasoning.outcome import (
    LEVEL_OF,
    LEVELS,
    Outcome,
    level_of,
    outcome_in,
    outcomes,
)
from tests.engine.support import DAY, criterion, fact, make_engine, part, weigh

COUNTS = part("counts", "count", needs_items=True)
#: The strict status of a ground, and its status on the record.
STATES = (("met", "met"), ("not_met", "not_met"), ("open", "open"), ("open", "met"), ("open", "not_met"))
MET, NOT_MET, OPEN, LIKELY, UNLIKELY = STATES
SAMPLE = (Effect.ABSOLUTE_BAR, Effect.SUSPENSION, Effect.ASSURANCE_REQUIRED, Effect.OPTIONAL_REFUSAL, Effect.OBLIGATION)


def ground_facts(name: str, scope: str = "case") -> list[Any]:
    """Three facts, of which one stays open, one counts as shown and one as not shown when nobody proves it."""
    return [
        fact(f"{name}_open", scope=scope),
        fact(f"{name}_yes", scope=scope, unproved=True),
        fact(f"{name}_no", scope=scope, unproved=False),
    ]


def ground(name: str, effect: Effect, scope: str = "case") -> Any:
    return criterion(name, {"any": [f"{name}_open", f"{name}_yes", f"{name}_no"]}, effect, scope=scope)


def values(name: str, state: tuple[str, str]) -> dict[str, bool]:
    """The findings that bring a ground into a state."""
    if state == MET:
        return {f"{name}_open": True}
    left_out = {OPEN: "open", LIKELY: "yes", UNLIKELY: "no"}.get(state)
    return {f"{name}_{kind}": False for kind in ("open", "yes", "no") if kind != left_out}


def level(case: Sequence[int], counts: Sequence[Sequence[int]]) -> int:
    """One completion: what bars the case, or what bars surrender for every count."""
    per_count = min((max((0, *levels)) for levels in counts), default=0)
    return max((0, *case, per_count))


Grounds = Sequence[tuple[int, tuple[str, str]]]


def completions(grounds: Grounds, which: int) -> Iterator[list[int]]:
    """The levels that are met, in every way in which the open grounds can turn out."""
    options = [
        [level] if state[which] == "met" else [0] if state[which] == "not_met" else [0, level]
        for level, state in grounds
    ]
    yield from (list(chosen) for chosen in product(*options))


def span(case: Grounds, counts: Sequence[Grounds], which: int) -> tuple[int, int]:
    """The least and the most protective completion."""
    every = [
        level(chosen, per_count)
        for chosen in completions(case, which)
        for per_count in product(*(list(completions(count, which)) for count in counts))
    ]
    return min(every), max(every)


def outcome(strict: tuple[int, int], record: tuple[int, int]) -> Outcome:
    """The rule: agreed strictly; else agreed on the record; else not now where all forbid it."""
    for low, high in (strict, record):
        if low == high:
            return LEVELS[low]
    return Outcome.NOT_NOW if max(strict[0], record[0]) >= LEVELS.index(Outcome.NOT_NOW) else Outcome.UNDETERMINED


def in_lanes(engine: Engine, cases: Sequence[dict[Any, dict[str, bool]]], sizes: dict[str, int]) -> Evaluation:
    columns = Columns(len(cases), sizes=sizes)
    for index in range(sizes.get("counts", 0)):
        columns.values[("counts", index)] = {}
    for lane, places in enumerate(cases):
        for place, found in places.items():
            for name, value in found.items():
                columns.add(place, name, value, 1 << lane)
    return evaluate_both(engine.compiled, engine.entailment, columns, Setting(DAY, {}, engine.relations))


def test_every_combination_of_five_grounds_of_the_case() -> None:
    names = [effect.value for effect in SAMPLE]
    engine = make_engine(
        [found for name in names for found in ground_facts(name)],
        [ground(effect.value, effect) for effect in SAMPLE],
    )
    combinations = list(product(STATES, repeat=len(SAMPLE)))
    both = in_lanes(
        engine,
        [
            {HERE: {k: v for n, s in zip(names, states, strict=True) for k, v in values(n, s).items()}}
            for states in combinations
        ],
        {},
    )
    strict = engine.judge.range(both.strict, both.strict_columns)
    record = engine.judge.range(both.record, both.record_columns)
    for lane, states in enumerate(combinations):
        case = [(LEVEL_OF.get(effect, 0), state) for effect, state in zip(SAMPLE, states, strict=True)]
        expected = span(case, [], 0), span(case, [], 1)
        assert strict.bounds(lane) == tuple(LEVELS[level] for level in expected[0]), states
        assert record.bounds(lane) == tuple(LEVELS[level] for level in expected[1]), states
        assert outcome_in(strict, record, lane) is outcome(*expected), states


def test_every_combination_of_two_grounds_of_two_counts_and_one_of_the_case() -> None:
    effects = {"bar": Effect.MANDATORY_REFUSAL, "may": Effect.OPTIONAL_REFUSAL}
    engine = make_engine(
        [*ground_facts("wait"), *(found for name in effects for found in ground_facts(name, "counts"))],
        [
            ground("wait", Effect.PROCEDURAL_DEFECT),
            *(ground(name, effect, "counts") for name, effect in effects.items()),
        ],
        parts=[COUNTS],
    )
    combinations = list(product(STATES, repeat=5))
    cases = [
        {
            HERE: values("wait", wait),
            ("counts", 0): {**values("bar", bar0), **values("may", may0)},
            ("counts", 1): {**values("bar", bar1), **values("may", may1)},
        }
        for wait, bar0, may0, bar1, may1 in combinations
    ]
    both = in_lanes(engine, cases, {"counts": 2})
    strict = engine.judge.range(both.strict, both.strict_columns)
    record = engine.judge.range(both.record, both.record_columns)
    per_count = [
        dict(engine.judge.count_ranges(planes, columns))
        for planes, columns in ((both.strict, both.strict_columns), (both.record, both.record_columns))
    ]
    for lane, (wait, bar0, may0, bar1, may1) in enumerate(combinations):
        case, counts = [(3, wait)], [[(4, bar0), (1, may0)], [(4, bar1), (1, may1)]]
        expected = span(case, counts, 0), span(case, counts, 1)
        assert strict.bounds(lane) == tuple(LEVELS[level] for level in expected[0])
        assert record.bounds(lane) == tuple(LEVELS[level] for level in expected[1])
        assert outcome_in(strict, record, lane) is outcome(*expected)
        for index in range(2):
            alone = span(case, [counts[index]], 0), span(case, [counts[index]], 1)
            found = [ranges[("counts", index)] for ranges in per_count]
            assert found[0].bounds(lane) == tuple(LEVELS[level] for level in alone[0])
            assert outcome_in(found[0], found[1], lane) is outcome(*alone)


@pytest.mark.parametrize(
    ("effect", "met"),
    [
        (Effect.ABSOLUTE_BAR, Outcome.INADMISSIBLE),
        (Effect.MANDATORY_REFUSAL, Outcome.INADMISSIBLE),
        (Effect.SUSPENSION, Outcome.NOT_NOW),
        (Effect.PROCEDURAL_DEFECT, Outcome.NOT_NOW),
        (Effect.ASSURANCE_REQUIRED, Outcome.CONDITIONAL),
        (Effect.OPTIONAL_REFUSAL, Outcome.DISCRETIONARY),
        (Effect.OBLIGATION, Outcome.ADMISSIBLE),
        (Effect.NO_DUTY, Outcome.ADMISSIBLE),
        (Effect.EXCLUDE_EVIDENCE, Outcome.ADMISSIBLE),
        (Effect.DETENTION_UNLAWFUL, Outcome.ADMISSIBLE),
        (Effect.PROSECUTE_INSTEAD, Outcome.ADMISSIBLE),
        (Effect.POSTPONEMENT, Outcome.ADMISSIBLE),
        (Effect.LIMIT_AFTER_SURRENDER, Outcome.ADMISSIBLE),
        (None, Outcome.ADMISSIBLE),
    ],
)
def test_what_each_effect_does_when_it_is_met(effect: Effect | None, met: Outcome) -> None:
    engine = make_engine([fact("f")], [criterion("c", "f", effect)])
    assert weigh(engine, {"f": True}).outcome is met
    assert weigh(engine, {"f": False}).outcome is Outcome.ADMISSIBLE
    assert weigh(engine).outcome is (Outcome.ADMISSIBLE if met is Outcome.ADMISSIBLE else Outcome.UNDETERMINED)
    assert LEVELS[level_of(engine.pack.criteria["c"])] is met


class TestWholeCases:
    engine = make_engine(
        [fact("bar"), fact("wait"), fact("may"), fact("shown", unproved=False), fact("c", scope="counts")],
        [
            criterion("absolute", "bar", Effect.ABSOLUTE_BAR),
            criterion("asylum", "wait", Effect.SUSPENSION),
            criterion("option", "may", Effect.OPTIONAL_REFUSAL),
            criterion("burden", "shown", Effect.MANDATORY_REFUSAL),
            criterion("count_bar", "c", Effect.MANDATORY_REFUSAL, scope="counts"),
        ],
        parts=[COUNTS],
    )

    @pytest.mark.parametrize(
        ("facts", "counts", "expected"),
        [
            ({"bar": False, "wait": False, "may": False, "shown": False}, [False], Outcome.ADMISSIBLE),
            ({"bar": False, "wait": False, "may": False}, [False], Outcome.ADMISSIBLE),  # on the record
            ({"bar": False, "wait": False, "may": True, "shown": False}, [False], Outcome.DISCRETIONARY),
            ({"wait": True}, [False], Outcome.NOT_NOW),  # some completions forbid it for good, all forbid it today
            ({"wait": False, "may": True}, [False], Outcome.UNDETERMINED),
            ({"bar": True}, [None], Outcome.INADMISSIBLE),
            ({"bar": False, "wait": False, "may": False, "shown": False}, [True, False], Outcome.ADMISSIBLE),
            ({"bar": False, "wait": False, "may": False, "shown": False}, [True, True], Outcome.INADMISSIBLE),
            ({"bar": False, "wait": False, "may": False, "shown": False}, [True, None], Outcome.UNDETERMINED),
            ({"wait": True, "bar": False, "shown": False, "may": False}, [True, True], Outcome.INADMISSIBLE),
        ],
    )
    def test_the_outcome_of_a_whole_case(self, facts: Any, counts: list[Any], expected: Outcome) -> None:
        listed = [{} if value is None else {"c": value} for value in counts]
        assert weigh(self.engine, facts, counts=listed).outcome is expected

    def test_each_lane_has_exactly_one_outcome(self) -> None:
        weighed = weigh(self.engine)
        both = weighed.evaluation
        ranges = [
            self.engine.judge.range(both.strict, both.strict_columns),
            self.engine.judge.range(both.record, both.record_columns),
        ]
        lanes = outcomes(*ranges)
        assert sum(lanes.values()) == both.strict.full
        assert lanes[weighed.outcome] == 1
