"""What a criterion declares of itself: a status that never comes about has its reason."""

from __future__ import annotations

from typing import Any

import pytest

from engine.content.checks import check
from tests.engine.support import criterion, fact, make_pack

A, B = fact("a"), fact("b", question="Another?")


def said(*facts: Any, **more: Any) -> list[str]:
    pack = make_pack(facts or [A], [criterion("c", "a", **more)])
    return [problem.message for problem in check(pack, {})]


@pytest.mark.parametrize(
    ("more", "messages"),
    [
        ({"never": ("open",), "never_because": "The date is always known."}, []),
        ({"never": ("open",)}, ["c: declares that it is never open, but not why"]),
        ({"never": ("met", "open"), "never_because": " "}, ["c: declares that it is never met or open, but not why"]),
        ({"never_because": "So it is."}, ["c: never_because stands without never"]),
        ({"never": ("met", "not_met", "open"), "never_because": "So it is."}, ["c: can have no status at all"]),
    ],
)
def test_a_status_that_never_comes_about(more: dict[str, Any], messages: list[str]) -> None:
    assert said(**more) == messages


def test_a_difference_is_explained_from_a_fact_that_exists() -> None:
    assert said(A, fact("b", distinct_from={"a": "Another thing"})) == []
    assert said(A, fact("b", distinct_from={"aa": "Another thing"})) == ["b: distinct_from 'aa' is not a fact"]
