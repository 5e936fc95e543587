"""T5: the head of a CSV file is read once, however many columns it has, and has a bound."""

from __future__ import annotations

import pytest

from api.cases.csvrows import MOST_COLUMNS, rows
from engine.errors import InputProblems


def _compared(columns: int) -> int:
    """How often names are compared while a head with so many columns is read."""
    compared = 0

    class Name(str):
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

        def strip(self, _: str | None = None) -> Name:
            return self

    from api.cases.csvrows import _head_problems

    assert not _head_problems([Name(f"c{number}") for number in range(columns)])
    return compared


def test_T5_the_names_of_columns_are_not_compared_with_all_before_them() -> None:
    assert _compared(2000) < 2000


def test_T5_a_head_with_more_columns_than_a_case_can_have_is_refused() -> None:
    with pytest.raises(InputProblems, match=f"at most {MOST_COLUMNS} are read"):
        rows(",".join(f"c{number}" for number in range(MOST_COLUMNS + 1)) + "\n")


def test_a_column_that_is_there_twice_is_told_by_its_number() -> None:
    with pytest.raises(InputProblems, match="column 3 is there twice"):
        rows("a,b,a\n1,2,3\n")
