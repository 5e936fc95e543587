"""Where lessons part: all before is the same, and the found row is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.cases.document import with_finding
from api.service.service import Here
from api.training.cases import TeachingCase
from api.training.lesson import Lesson, Step
from api.training.mainline import along
from api.training.making import make_lesson
from api.training.rewind import first_contradiction, first_difference, side_by_side, step_to_show
from engine.assess import Engine


def step(number: int, criterion: str, status: str) -> Step:
    """A step that concludes something and nothing more."""
    bare: dict[str, Any] = {"place": "", "title": criterion, "sentence": "", "effect": None, "citations": ("x",)}
    more = {"premises": (), "rule": (), "standard": "", "burden": "", "supports": (), "review": "known", "note": ""}
    return Step(number=number, firing=number, phase="known", criterion=criterion, status=status, **bare, **more)


TRACES = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["met", "not_met"])), unique_by=lambda one: one[0]
).map(lambda found: [step(number, *one) for number, one in enumerate(found, 1)])


@given(TRACES, TRACES)
def test_side_by_side_holds_every_step_of_both_once(before: list[Step], after: list[Step]) -> None:
    rows = side_by_side(before, after)
    assert [row.before for row in rows if row.before] == before
    assert sorted(row.after.number for row in rows if row.after) == [one.number for one in after]
    assert all(row.before.about == row.after.about for row in rows if row.before and row.after)


@given(TRACES, TRACES)
def test_the_first_difference_is_the_first(before: list[Step], after: list[Step]) -> None:
    rows = side_by_side(before, after)
    found = first_difference(rows)
    concluded = [{one.concludes for one in side} for side in (before, after)]
    if found is None:
        assert concluded[0] == concluded[1]
        return
    for row in rows[:found]:
        assert row.before.concludes == row.after.concludes  # type: ignore[union-attr]
    parted = rows[found]
    sides = [one.concludes for one in (parted.before, parted.after) if one]
    assert any(one not in concluded[0] or one not in concluded[1] for one in sides)
    changed, number = step_to_show(parted)
    shown = (after if changed else before)[number - 1]
    assert shown in (parted.before, parted.after)


@given(TRACES)
def test_another_order_is_no_difference(trace: list[Step]) -> None:
    turned = [one.model_copy(update={"number": number}) for number, one in enumerate(reversed(trace), 1)]
    assert first_difference(side_by_side(trace, turned)) is None


def test_one_changed_fact_parts_the_trace_where_the_fact_is_used(
    engine: Engine, lesson_of: Callable[[str], Lesson], case_of: Callable[[str], TeachingCase]
) -> None:
    case, fact = case_of("Baysakov"), "state_dispelled_doubts"
    document = with_finding(case.document, ("case", "", fact), {"value": "yes", "standing": "established"})
    first = lesson_of("Baysakov")
    changed = along(make_lesson(engine, Here(engine), document, case.on, case.reading), first)
    rows = side_by_side(first.walked(whole=False), changed.walked(whole=False))
    found = first_difference(rows)
    assert found is not None
    used = {one.name for side in (rows[found].before, rows[found].after) if side for one in side.premises}
    assert fact in used


def test_the_two_cases_of_a_year_apart_part_on_what_is_special_to_the_person(
    lesson_of: Callable[[str], Lesson],
) -> None:
    sides = [lesson_of(name).walked(whole=False) for name in ("Baysakov", "Dzhaksybergenov")]
    rows = side_by_side(*sides)
    found = first_contradiction(rows)
    assert found is not None
    row = rows[found]
    assert row.both
    assert not row.same
    assert row.before is not None
    assert row.before.criterion == "echr.art03_individual"
    assert not any(other.both and not other.same for other in rows[:found])
