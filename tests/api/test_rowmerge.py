"""Rows and people in any order: a place changes by a row only if rows left it so and the row says something new."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.cases.flatrows import FlatCase, flat_case, known_columns
from api.cases.rowmerge import ChangedHere, merged
from engine.content.models import Pack

_CELLS = {
    "ground_up": ["yes", "no", "unknown"],
    "age": ["1", "2"],
    "marks": ["red", "red|blue", "none"],
    "counts[0].broke_vase": ["yes", "no"],
    "counts[1].broke_vase": ["yes", "no"],
}
_ROW = st.fixed_dictionaries({}, optional={name: st.sampled_from(cells) for name, cells in _CELLS.items()})
_ANSWER = st.sampled_from(["yes", "no", {"value": "yes", "standing": "established"}, {"value": "no", "note": "seen"}])
_WORK = st.dictionaries(st.sampled_from([("facts", "ground_up"), ("counts", 0), ("counts", 1)]), _ANSWER, max_size=2)
Places = dict[tuple[Any, ...], Any]


@given(steps=st.lists(st.one_of(_ROW, _WORK), max_size=6))
def test_no_row_changes_what_people_entered_since(toyland: Pack, steps: list[dict[Any, Any]]) -> None:
    document: dict[str, Any] | None = None
    sent: dict[str, Any] = {}
    for step in steps:
        if step and all(isinstance(name, tuple) for name in step):
            document = _worked_on(document or {}, step)
            continue
        row = _row(toyland, step)
        before, earlier = _places(document or {}), _places(sent)
        try:
            found = merged(row, toyland, document, sent)
        except ChangedHere:
            continue
        after, said = _places(found.document), _places(found.sent)
        for place in before.keys() | after.keys():
            if before.get(place) != after.get(place):
                assert before.get(place) == earlier.get(place), "people had changed it"
                assert after[place] == said[place], "it says what the row says"
        assert merged(row, toyland, found.document, found.sent).document is found.document, "sent again it does nothing"
        document, sent = found.document, found.sent


def _row(pack: Pack, cells: dict[str, str]) -> FlatCase:
    return flat_case(cells, known_columns(list(cells), pack), pack)


def _worked_on(document: dict[str, Any], work: dict[tuple[str, Any], Any]) -> dict[str, Any]:
    facts, counts = dict(document.get("facts", {})), [dict(one) for one in document.get("counts", [])]
    for (home, key), answer in work.items():
        if home == "facts":
            facts[key] = answer
        elif key < len(counts):
            counts[key]["broke_vase"] = answer
    return {**document, "facts": facts, **({"counts": counts} if counts else {})}


def _places(document: dict[str, Any]) -> Places:
    listed = {(item["id"], name): raw for item in document.get("counts", []) for name, raw in item.items()}
    return {**{("facts", name): raw for name, raw in document.get("facts", {}).items()}, **listed}
