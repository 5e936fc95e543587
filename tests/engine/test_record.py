"""The record of an assessment: small, whole, and refused where its words would say something else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.answer.record import Record, record, worded
from engine.assess import Engine
from engine.content.documents import read_path
from engine.errors import EnginesDisagree
from engine.facts.casefile import Case

EXAMPLE = Path(__file__).parents[2] / "examples" / "akhmetova.yaml"
DAY = date(2020, 1, 13)


@pytest.fixture(scope="module")
def case(engine: Engine) -> Case:
    """The origin case."""
    return engine.read(read_path(EXAMPLE))


@pytest.fixture(scope="module")
def kept(engine: Engine, case: Case) -> Record:
    """Its record, as it comes back from where it is kept."""
    return Record.model_validate_json(record(engine, case, DAY).model_dump_json())


def test_the_origin_case_is_worded_later_as_at_once(engine: Engine, case: Case, kept: Record) -> None:
    assert worded(engine, case, kept).model_dump_json() == engine.assess(case, DAY).model_dump_json()


def test_a_record_is_a_small_part_of_the_answer(engine: Engine, case: Case, kept: Record) -> None:
    assert len(kept.model_dump_json()) * 10 < len(engine.assess(case, DAY).model_dump_json())


def test_a_record_has_two_marks_for_each_criterion_of_each_place(engine: Engine, kept: Record) -> None:
    of_case = [one for one in engine.pack.criteria.values() if one.scope == "case"]
    assert len(kept.statuses["case"]) == 2 * len(of_case)
    assert set("".join(kept.statuses.values())) <= set("+-?/")
    assert "counts 0" in kept.statuses


@pytest.mark.parametrize("other", [{"outcome": "admissible"}, {"statuses": {"case": ""}}])
def test_words_that_would_say_something_else_are_refused(
    engine: Engine, case: Case, kept: Record, other: dict[str, object]
) -> None:
    with pytest.raises(EnginesDisagree, match=f"engine {kept.receipt.engine} recorded"):
        worded(engine, case, kept.model_copy(update=other))


def test_words_for_other_facts_are_refused(engine: Engine, case: Case, kept: Record) -> None:
    with pytest.raises(EnginesDisagree):
        worded(engine, Case(reference=case.reference), kept)


def test_firings_that_another_build_recorded_are_fired_again(engine: Engine, case: Case, kept: Record) -> None:
    foreign = tuple((phase, place, rule, "n0t", because) for phase, place, rule, _, because in kept.firings)
    contrary = tuple((phase, place, rule, "n0f", because) for phase, place, rule, _, because in kept.firings)
    told = [worded(engine, case, kept.model_copy(update={"firings": each})) for each in (foreign, contrary)]
    at_once = engine.assess(case, DAY).trace
    assert at_once in [answer.trace for answer in told]  # node 0 holds or fails: one of the two cannot be


def test_the_receipt_stays_as_it_was_given(engine: Engine, case: Case, kept: Record) -> None:
    earlier = kept.receipt.model_copy(update={"engine": "0.0.9", "digest": "0" * 64})
    assert worded(engine, case, kept.model_copy(update={"receipt": earlier})).receipt == earlier
