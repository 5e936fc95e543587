"""A strict verdict is never taken back: whatever is unknown may turn out as it will."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.assess import Engine
from engine.content.models import Effect
from engine.facts.columns import HERE, Columns
from engine.facts.vocabulary import CASE, Part
from engine.inference.compiled import status_of
from engine.reasoning.outcome import Outcome
from tests.engine.properties.brute import complete, completions, level, unknown_facts
from tests.engine.properties.strategies import (
    DATED,
    Weighing,
    consistent,
    described,
    engines_and_cases,
    findings,
    packs,
    values_of,
    weigh_data,
    weighings,
    without,
    written,
)
from tests.engine.support import criterion, fact


def as_if_listed(columns: Columns, parts: list[Part]) -> Columns:
    """Unknown lists turn out to be empty: one of their completions, and the others only add items."""
    listed = columns.copy()
    listed.unlisted = dict.fromkeys((part.id for part in parts), 0)
    return listed


@settings(max_examples=75)
@given(engines_and_cases(small=True, known=3, largest=2))
def test_what_is_settled_stays_settled_in_every_completion(drawn: tuple[Engine, Weighing]) -> None:
    engine, case = drawn
    weighed, both = case.weighed, case.weighed.evaluation
    assignments = completions(unknown_facts(engine, weighed))
    assume(assignments is not None)
    assert assignments is not None
    parts = list(engine.pack.vocabulary.parts.values())
    low, high = engine.judge.range(both.strict, both.strict_columns).bounds()
    for columns in (weighed.read.columns, as_if_listed(weighed.read.columns, parts)):
        done = complete(engine, weighed, assignments, columns)
        everywhere = done.sound
        for name, entry in engine.program.entries.items():
            scope = engine.pack.criteria[name].scope
            for place in [HERE] if scope == CASE else both.strict_columns.places(scope):
                before = status_of(both.strict, entry, place)
                true, false = done.planes.at(entry.node, place)
                if before == "met":
                    assert true & everywhere == everywhere, name
                if before == "not_met":
                    assert false & everywhere == everywhere, name
        span = engine.judge.range(done.planes, done.columns)
        for lane in done.each():
            least, most = span.bounds(lane)
            assert level(low) <= level(least) <= level(most) <= level(high)
            assert weighed.outcome is least or low is not high


@settings(max_examples=80)
@given(engines_and_cases(known=3), st.data())
def test_a_known_fact_more_never_widens_the_range_or_reopens_a_status(
    drawn: tuple[Engine, Weighing], data: Any
) -> None:
    """On bases of any size: answer one unknown fact and look again, through the whole reading path."""
    engine, case = drawn
    unknown = [
        (place, of) for place, of in unknown_facts(engine, case.weighed) if place[0] == CASE and not of.from_latest
    ]
    unknown = [(place, of) for place, of in unknown if of.id not in case.data["facts"]]
    assume(unknown)
    _, of = data.draw(st.sampled_from(unknown))
    value = written(of, data.draw(st.sampled_from(values_of(of))))
    more = {**case.data, "facts": {**case.data["facts"], of.id: value}}
    after = consistent(engine, more, case.reading)
    assume(after.data == more)
    assert_narrower(engine, case, after)


@settings(max_examples=60)
@given(engines_and_cases(known=3), st.data())
def test_a_list_that_becomes_known_never_widens_the_range(drawn: tuple[Engine, Weighing], data: Any) -> None:
    engine, case = drawn
    parts = [part for part in engine.pack.vocabulary.parts.values() if part.id not in case.data]
    assume(parts)
    part = data.draw(st.sampled_from(parts))
    facts = engine.pack.vocabulary.of_scope(part.id)
    items = data.draw(st.lists(findings(facts, known=4), min_size=int(part.needs_items), max_size=2))
    more = {**case.data, part.id: items}
    after = consistent(engine, more, case.reading)
    assume(after.data == more)
    assert_narrower(engine, case, after)


@settings(max_examples=60)
@given(engines_and_cases(known=3), st.data())
def test_removing_a_finding_never_settles_anything(drawn: tuple[Engine, Weighing], data: Any) -> None:
    engine, case = drawn
    places: list[tuple[Any, ...]] = [("facts", name) for name in case.data["facts"]]
    for part in engine.pack.vocabulary.parts:
        places += [
            (part, str(index), name)
            for index, item in enumerate(case.data.get(part, ()))
            for name in item
            if name != "id" and name not in DATED
        ]
    assume(places)
    fewer = without(case.data, list(data.draw(st.sampled_from(places))))
    before = Weighing(fewer, weigh_data(engine, fewer, case.reading), case.reading)
    assert_narrower(engine, before, case)


def assert_narrower(engine: Engine, before: Weighing, after: Weighing) -> None:
    """``after`` knows more than ``before``: its range lies within, and nothing that was decided changed."""
    ranges = [
        engine.judge.range(w.weighed.evaluation.strict, w.weighed.evaluation.strict_columns) for w in (before, after)
    ]
    (low, high), (least, most) = (span.bounds() for span in ranges)
    assert level(low) <= level(least) <= level(most) <= level(high)
    for name, entry in engine.program.entries.items():
        if engine.pack.criteria[name].scope == CASE:
            was = status_of(before.weighed.evaluation.strict, entry, HERE)
            now = status_of(after.weighed.evaluation.strict, entry, HERE)
            refined = was == "not_met" and now == "not_applicable"  # why it is not met has become clearer
            assert was in ("open", now) or refined


@settings(max_examples=60)
@given(st.data())
def test_nothing_outweighs_an_absolute_bar_that_is_met(data: Any) -> None:
    """The bar is added to a random base and met by its own fact; everything else may be as it likes."""
    base = data.draw(packs())
    bar = criterion("the_bar", "bar_fact", Effect.ABSOLUTE_BAR)
    vocabulary = base.vocabulary
    facts = {**vocabulary.facts, "bar_fact": fact("bar_fact")}
    criteria = {one.id: one for one in data.draw(st.permutations([*base.criteria.values(), bar]))}
    pack = base.model_copy(update={"vocabulary": vocabulary.model_copy(update={"facts": facts}), "criteria": criteria})
    engine = Engine(pack)
    for _ in range(5):
        case = data.draw(weighings(engine))
        found = {**case.data["facts"], "bar_fact": True}
        barred = consistent(engine, {**case.data, "facts": found}, case.reading)
        assert barred.weighed.outcome is Outcome.INADMISSIBLE, described(pack)
        both = barred.weighed.evaluation
        assert engine.judge.range(both.strict, both.strict_columns).bounds() == (Outcome.INADMISSIBLE,) * 2


@settings(max_examples=60)
@given(engines_and_cases(small=True, known=3), st.data())
def test_an_absolute_bar_met_strictly_is_met_whatever_else_is_answered(
    drawn: tuple[Engine, Weighing], data: Any
) -> None:
    """Any absolute bar of a random base, however its condition is built."""
    engine, case = drawn
    bars = [c.id for c in engine.pack.criteria.values() if c.effect is Effect.ABSOLUTE_BAR and c.scope == CASE]
    planes = case.weighed.evaluation.strict
    if any(status_of(planes, engine.program.entries[name], HERE) == "met" for name in bars):
        assert case.weighed.outcome is Outcome.INADMISSIBLE
