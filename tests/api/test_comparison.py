"""Two answers side by side: what differs, and where the traces part."""

from __future__ import annotations

from api.cases.changes import changed
from engine.answer.compare import compare, divergence
from engine.answer.model import Answer
from engine.assess import Engine
from engine.content.documents import read_bytes
from tests.api.support import TOY


def answer(engine: Engine, *changes: str) -> Answer:
    """The answer on the toy case with other facts."""
    case = engine.read(read_bytes(TOY.encode(), "case"))
    return engine.assess(changed(case, engine.pack, changes, "--set"))


def test_the_same_case_has_the_same_answer(toy_engine: Engine) -> None:
    found = compare(answer(toy_engine), answer(toy_engine))
    assert found.same
    assert found.divergence is None


def test_grounds_that_differ_are_named(toy_engine: Engine) -> None:
    found = compare(answer(toy_engine), answer(toy_engine, "mill_closed=yes"))
    assert not found.same_outcome
    assert [(one.before.id, one.before.status, one.after.status) for one in found.grounds] == [
        ("toy-1900.mill", "met", "not_met")
    ]


def test_what_is_missing_in_one_only_is_told(toy_engine: Engine) -> None:
    found = compare(answer(toy_engine), answer(toy_engine, "counts[jug].broke_vase=yes"))
    assert found.no_longer_missing == ("counts[jug].broke_vase",)
    assert compare(found.after, found.before).newly_missing == ("counts[jug].broke_vase",)


def test_one_count_that_differs_is_a_difference(toy_engine: Engine) -> None:
    found = compare(answer(toy_engine, "counts[jug].broke_vase=yes"), answer(toy_engine, "counts[jug].broke_vase=no"))
    assert {one.before.id for one in found.grounds} >= {"toy-1900.duty", "toy-1900.silly"}


def test_traces_part_at_the_first_conclusion_that_differs(toy_engine: Engine) -> None:
    one, other = answer(toy_engine), answer(toy_engine, "ground_up=no")
    parting = divergence(one.trace, other.trace)
    assert parting is not None
    assert parting.after is not None
    assert (parting.after.criterion, parting.after.status) == ("toy-1900.mill", "not_met")


def test_a_trace_that_ends_earlier_parts_where_it_ends(toy_engine: Engine) -> None:
    trace = answer(toy_engine).trace
    parting = divergence(trace, ())
    assert parting is not None
    assert parting.after is None
