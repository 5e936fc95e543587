"""What cannot be is refused, in a single case and in a table: order of days, the future, States, statelessness."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from engine.assess import Engine
from engine.bulk.encode import table_of
from engine.bulk.weigh import BulkEngine
from engine.content.checks import check
from engine.errors import InputProblems
from engine.facts.casefile import Case
from engine.facts.vocabulary import Closure, NotBefore
from tests.bulk.support import assert_same, judge
from tests.engine.support import DAY, criterion, document, fact, make_engine, make_pack, part

NOBODY: frozenset[str] = frozenset()
FACTS = [
    fact("seized_on", "date", past=True),
    fact("way", "choice"),
    fact("freed_on", "date", past=True, not_before=(NotBefore(fact="seized_on"),)),
    fact("asked_on", "date", not_before=(NotBefore(fact="seized_on", where={"way": ("a", "b")}),)),
    fact("done_on", "date", scope="deeds", past=True),
    fact("third_state", "state", scope="deeds", other_than=("requesting_state",)),
    fact("route", "states", other_than=("requesting_state",)),
    fact("stateless"),
    fact("nations", "states", agrees_with=(Closure(**{"fact": "stateless", "is": True, "then": NOBODY}),)),
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine(FACTS, [criterion("ground", "stateless")], parts=[part("deeds", "deed")])


def read(engine: Engine, facts: dict[str, Any], **more: Any) -> Case:
    return engine.read(document({"requesting_state": "MCO", "requested_state": "AND", **facts}, **more))


IMPOSSIBLE: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"seized_on": "2019-05-02", "freed_on": "2019-05-01"}, {}, "/facts/freed_on"),
    ({"seized_on": "2020-01-14"}, {}, "/facts/seized_on"),
    ({"seized_on": "2019-05-02", "asked_on": "2019-05-01", "way": "b"}, {}, "/facts/asked_on"),
    ({}, {"deeds": [{"done_on": "2019-01-01"}, {"done_on": "2102-01-01"}]}, "/deeds/1/done_on"),
    ({}, {"deeds": [{"third_state": "MCO"}]}, "/deeds/0/third_state"),
    ({"route": ["FRA", "MCO"]}, {}, "/facts/route"),
    ({"stateless": True, "nations": ["FRA"]}, {}, "/facts/nations"),
]
POSSIBLE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"seized_on": "2020-01-13", "freed_on": "2020-01-13"}, {}),
    ({"seized_on": "2019-05-02", "asked_on": "2019-05-01", "way": "c"}, {}),
    ({"seized_on": "2019-05-02", "asked_on": "2019-05-01"}, {}),
    (
        {
            "seized_on": {"standing": "disputed", "person": "2019-05-02", "state": "2019-04-02"},
            "freed_on": "2019-05-01",
        },
        {},
    ),
    ({}, {"deeds": [{"done_on": "2019-01-01", "third_state": "FRA"}]}),
    ({"route": ["FRA"], "stateless": False, "nations": []}, {}),
    ({"stateless": True, "nations": []}, {}),
]


@pytest.mark.parametrize(("facts", "more", "pointer"), IMPOSSIBLE)
def test_what_cannot_be_is_refused_where_it_stands(
    engine: Engine, facts: dict[str, Any], more: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InputProblems, match="both cannot be right") as caught:
        engine.weigh(read(engine, facts, **more), DAY)
    assert [one.pointer for one in caught.value.problems] == [pointer]


@pytest.mark.parametrize(("facts", "more"), POSSIBLE)
def test_what_can_be_is_assessed(engine: Engine, facts: dict[str, Any], more: dict[str, Any]) -> None:
    assert engine.weigh(read(engine, facts, **more), DAY)


def test_a_table_refuses_the_same_as_single_cases(engine: Engine) -> None:
    cases = [read(engine, facts, **more) for facts, more, *_ in [*IMPOSSIBLE, *POSSIBLE]]
    judged = [judge(engine, case, DAY, "neutral") for case in cases]
    assert [weighed is None for _, _, weighed in judged] == [True] * len(IMPOSSIBLE) + [False] * len(POSSIBLE)
    assert_same(engine, judged)


def test_looking_back_makes_no_future_of_what_has_happened_by_the_day_of_the_case(engine: Engine) -> None:
    case = read(engine, {"seized_on": "2020-01-10"}, assessed_on="2020-01-13")
    back = date(2019, 12, 1)
    assert engine.weigh(case, back)
    assert_same(engine, [judge(engine, case, back, "neutral")])
    with pytest.raises(InputProblems, match="after the day of assessment"):
        engine.weigh(read(engine, {"seized_on": "2020-01-10"}), back)


def test_a_day_of_another_century_is_a_slip(engine: Engine) -> None:
    with pytest.raises(InputProblems, match="is before 1900"):
        read(engine, {"seized_on": "1202-01-25"})


def test_each_reason_of_a_table_names_the_facts_and_no_value(engine: Engine) -> None:
    bulk = BulkEngine(engine)
    case = read(engine, {"seized_on": "2019-05-02", "freed_on": "2019-05-01"})
    weighing = bulk.weigh(table_of([case], engine.pack, bulk.codec, [DAY]))
    assert np.flatnonzero(weighing.refused).tolist() == [0]
    assert [one.reason for one in weighing.reasons(0)] == ["freed_on is before seized_on"]


@pytest.mark.parametrize(
    "wrong",
    [
        fact("freed_on", "date", not_before=(NotBefore(fact="stateless"),)),
        fact("freed_on", "date", not_before=(NotBefore(fact="nothing"),)),
        fact("stateful", past=True),
        fact("third", "state", other_than=("nations",)),
        fact("nation", "states", agrees_with=(Closure(**{"fact": "stateless", "is": "perhaps", "then": NOBODY}),)),
    ],
)
def test_content_that_names_what_cannot_be_compared_is_refused(wrong: Any) -> None:
    pack = make_pack([fact("stateless"), fact("nations", "states"), wrong], [])
    assert any(wrong.id in one.message for one in check(pack, {}))
