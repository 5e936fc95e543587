"""States by name or code."""

from __future__ import annotations

import pytest

from api.cases.states import state_of
from engine.errors import InputProblems


@pytest.mark.parametrize("text", ["Monaco", "monaco", "MCO", "mco", "MC", " Monaco ", "Principality of Monaco"])
def test_a_state_is_known_by_any_of_its_names(text: str) -> None:
    assert state_of(text, "X") == "MCO"


@pytest.mark.parametrize("text", ["Monacco", "Monoco", "Monako"])
def test_a_slip_gets_the_nearest_name(text: str) -> None:
    with pytest.raises(InputProblems, match="Did you mean MCO"):
        state_of(text, "REQUESTING")


@pytest.mark.parametrize("text", ["", "Atlantis of old", "\x1b[2J", "☂" * 200])
def test_what_is_no_state_is_said(text: str) -> None:
    with pytest.raises(InputProblems, match="is not a State") as caught:
        state_of(text, "REQUESTING")
    assert len(str(caught.value)) < 200
