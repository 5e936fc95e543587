"""T6: a single case takes shorter ways than many at once, to the same values and statuses."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess import Engine
from engine.content.documents import Document
from engine.errors import InputProblems
from engine.facts.columns import Columns
from engine.inference.evaluation import evaluate_both
from tests.engine.properties.brute import in_lanes
from tests.engine.properties.strategies import Weighing, cases, engines, engines_and_cases

LANES = 3
ALL = (1 << LANES) - 1
ODD: tuple[Any, ...] = (
    None,
    [],
    {},
    "",
    "x",
    7,
    True,
    -1,
    ["x"],
    {"value": None},
    {"value": "x", "by": 3},
    {"page": 1},
)


def in_every_lane(columns: Columns) -> dict[Any, Any]:
    """What lanes that are all the same say, which must be the same in each."""
    said = {}
    for place, column in columns.values.items():
        for name, entries in column.items():
            for value, mask in entries:
                assert mask in (0, ALL)
                if mask:
                    said[place, name] = value
    return said


@settings(max_examples=75)
@given(engines_and_cases(known=3))
def test_one_case_is_settled_and_evaluated_as_each_of_many(drawn: tuple[Engine, Weighing]) -> None:
    engine, case = drawn
    one, setting = case.weighed.evaluation, case.weighed.setting
    columns = in_lanes(case.weighed.read.columns, [()] * LANES)
    many = evaluate_both(engine.compiled, engine.entailment, columns, setting)
    for alone, wide in ((one.strict_columns, many.strict_columns), (one.record_columns, many.record_columns)):
        said = {(place, name): held[0][0] for place, found in alone.values.items() for name, held in found.items()}
        assert said == in_every_lane(wide)
    for single, planes in ((one.strict, many.strict), (one.record, many.record)):
        for index, node in enumerate(engine.program.nodes):
            for place in columns.places(node.scope):
                assert tuple(bit * ALL for bit in single.at(index, place)) == planes.at(index, place)


def paths(data: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything inside some data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path for key, value in inner for path in ((*above, key), *paths(value, (*above, key)))]


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value at a path."""
    changed = deepcopy(data)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return changed


@st.composite
def written_oddly(draw: Any) -> tuple[Engine, dict[str, Any]]:
    """A case file in which one thing may be replaced by something that does not belong there."""
    engine = draw(engines(small=True))
    data = draw(cases(engine.pack, known=3))
    data["exhibits"] = {"e1": {"title": "A letter"}}
    for name, found in list(data["facts"].items()):
        if draw(st.booleans()) and not isinstance(found, dict):
            refs: list[Any] = draw(st.lists(st.sampled_from(["e1", "e2", {"id": "e1", "page": 3}]), max_size=2))
            data["facts"][name] = {"value": found, "standing": "established", "by": "court", "exhibits": refs}
    if draw(st.booleans()):
        data = replaced(data, draw(st.sampled_from(paths(data))), draw(st.sampled_from(ODD)))
    return engine, data


@settings(max_examples=120)
@given(written_oddly())
def test_a_case_read_quickly_is_the_case_that_the_model_reads(drawn: tuple[Engine, dict[str, Any]]) -> None:
    engine, data = drawn
    quick = engine.reader.quick.read(data)
    try:
        whole = engine.reader.explained(Document(data, "case"))
    except InputProblems:
        assert quick is None
        return
    if quick is not None:
        assert quick == whole
        assert quick.model_dump_json() == whole.model_dump_json()


@settings(max_examples=60)
@given(engines_and_cases(small=True))
def test_a_plain_case_needs_no_model(drawn: tuple[Engine, Weighing]) -> None:
    engine, case = drawn
    assert engine.reader.quick.read(case.data) is not None
