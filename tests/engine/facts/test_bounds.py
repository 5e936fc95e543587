"""T5: a list has a bound, which is told before anything is made of it; up to there the work grows with the list."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from engine.assess import Engine
from engine.content.documents import Document
from engine.errors import InputProblems
from engine.facts.casefile import MOST_EXHIBITS, MOST_ITEMS


def _read(engine: Engine, data: dict[str, Any]) -> Any:
    return engine.read(Document(data, "case"))


def _steps(act: Callable[[], object]) -> int:
    """How many functions are called, which does not depend on how busy the machine is."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("name", ["counts", "promises", "exhibits"])
def test_T5_a_list_that_is_too_long_is_refused_at_once_with_its_bound(toy_engine: Engine, name: str) -> None:
    most = MOST_EXHIBITS if name == "exhibits" else MOST_ITEMS
    listed: Any = {f"e{n}": 0 for n in range(40_000)} if name == "exhibits" else [0] * 40_000
    with pytest.raises(InputProblems) as refused:
        _read(toy_engine, {name: listed})
    (problem,) = refused.value.problems
    assert (problem.pointer, problem.message) == (
        f"/{name}",
        f"the list of {name} has 40000 entries; at most {most} are taken",
    )
    assert problem.fix


def test_as_many_as_the_bound_are_read(toy_engine: Engine) -> None:
    assert len(_read(toy_engine, {"counts": [{} for _ in range(MOST_ITEMS)]}).items["counts"]) == MOST_ITEMS


def test_T5_one_finding_rests_on_a_bounded_number_of_exhibits(toy_engine: Engine) -> None:
    finding = {"value": 7, "exhibits": ["a"] * (MOST_EXHIBITS + 1)}
    with pytest.raises(InputProblems, match=f"at most {MOST_EXHIBITS} exhibits support one finding"):
        _read(toy_engine, {"facts": {"age": finding}, "exhibits": {"a": {"title": "A"}}})


def test_T5_ranking_the_questions_of_twice_as_many_offences_takes_about_twice_the_work(engine: Engine) -> None:
    def ranking(offences: int) -> int:
        case = _read(engine, {"facts": {}, "counts": [{} for _ in range(offences)]})
        weighed = engine.weigh(case, date(2020, 1, 13))
        assert weighed.relevance.grounds
        return _steps(lambda: engine.ranked(weighed))

    ranking(2)  # what is made once is not counted
    assert ranking(32) < 2.5 * ranking(16)


def test_T5_a_faulty_case_with_many_items_is_read_once(toy_engine: Engine) -> None:
    def reading(items: int) -> int:
        counts = [{"id": f"c{n}"} for n in range(items)]
        fault = {"age": {"value": 7, "exhibits": ["missing"]}}

        def read() -> None:
            with pytest.raises(InputProblems, match="missing"):
                _read(toy_engine, {"facts": fault, "counts": counts})

        return _steps(read)

    reading(2)
    assert reading(256) < 2.5 * reading(128)
