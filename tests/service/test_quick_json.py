"""JSON read the quick way says what the careful reader says, or nothing."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.content.documents import read_bytes
from engine.content.quick_json import quick_json
from engine.errors import InputProblems
from tests.api.http.hostile import payloads
from tests.api.http.support import CASE

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def carefully(raw: bytes) -> Any:
    """What the careful reader says; None if it refuses."""
    try:
        return read_bytes(raw, "case", is_json=True).data
    except InputProblems:
        return None


def same(raw: bytes) -> bool:
    """Whether both agree; True means that the quick way was taken."""
    quick = quick_json(raw)
    if quick is None:
        return False
    careful = carefully(raw)
    assert (quick, _types(quick)) == (careful, _types(careful)), raw[:200]
    return True


def _types(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _types(one) for key, one in data.items()}
    return [_types(one) for one in data] if isinstance(data, list) else type(data)


@given(_VALUES, st.booleans())
def test_any_json_is_read_alike(value: Any, escaped: bool) -> None:
    same(json.dumps({"facts": value}, ensure_ascii=escaped).encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: f'{{"a": "{text}"}}'.encode("utf-8", "replace")))
def test_any_bytes_are_read_alike(raw: bytes) -> None:
    same(raw)


def test_the_hostile_corpus_is_read_alike() -> None:
    assert sum(same(raw) for raw in payloads()) >= 50


def test_a_usual_case_is_read_the_quick_way() -> None:
    assert quick_json(json.dumps(CASE).encode()) == CASE
