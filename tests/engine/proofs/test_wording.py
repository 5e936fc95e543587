"""Words for leaves: the question itself, and what exactly is asked of its answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.content.conditions import Atom
from engine.content.declarations import Declaration
from engine.reasoning.outline import OF_REGISTER
from engine.reasoning.wording import asked_text, place_label, register_text
from tests.engine.support import (
    criterion,
    fact,
    make_engine,
    part,
    treaty,
    variant,
    weigh,
    when,
)

DECLARED = Declaration(state="AND", article="1", kind="reservation", content="C", tags=("keeps_dolls",), review="known")
ENGINE = make_engine(
    [
        fact("f"),
        fact("k", "choice", values={"a": "Apple", "b": "Pear"}),
        fact("s", "set", values={"a": "Apple", "b": "Pear"}),
        fact("n", "number", unit="months"),
        fact("d", "date"),
        fact("e", "date"),
        fact("home", "state"),
        fact("homes", "states"),
        fact("c", scope="counts"),
    ],
    [criterion("x", "f")],
    parts=[part("counts", "count", needs_items=True)],
    variants=[variant("v", "loose", "strict")],
    instruments=[treaty("t", declarations={"d": DECLARED})],
)


def text(condition: Any, **more: Any) -> str:
    atom = condition if isinstance(condition, Atom) else when(condition)
    assert isinstance(atom, Atom)
    weighed = weigh(ENGINE, **more)
    if atom.kind in OF_REGISTER:
        return register_text(atom, ENGINE.pack, weighed.setting, weighed.read)
    return asked_text(atom, ENGINE.pack)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("f", "f?"),
        ({"is": {"k": "a"}}, "k? [Apple]"),
        ({"in": {"k": ["a", "b"]}}, "k? [Apple or Pear]"),
        ({"in": {"home": ["AND", "SMR"]}}, "home? [Andorra or San Marino]"),
        ({"includes": {"s": "b"}}, "s? [Pear]"),
        ({"includes": {"homes": "AND"}}, "homes? [AND]"),
        ({"nonempty": "s"}, "s? [any]"),
        ({"compare": {"fact": "n", "op": ">=", "value": 12}}, "n? [at least 12 months]"),
        ({"compare": {"fact": "n", "op": "<", "value": 1.5}}, "n? [less than 1.5 months]"),
        ({"date": {"fact": "d", "op": ">", "than": date(2000, 1, 1)}}, "d? [after 2000-01-01]"),
        ({"date": {"fact": "d", "op": "<=", "than": "assessed_on"}}, "d? [on or before the date of assessment]"),
        (
            {"date": {"fact": "d", "op": "<", "than": "assessed_on", "plus_months": -12}},
            "d? [before the date of assessment minus 12 months]",
        ),
        (
            {"date": {"fact": "d", "op": "<", "than": "e", "plus_months": 1, "plus_days": 5}},
            "d? [before e plus 1 months plus 5 days]",
        ),
        ({"same_state": ["home", "requested_state"]}, "home? [the same as: requested_state?]"),
        ({"state_in": {"state": "home", "set": "homes"}}, "home? [the same as: homes?]"),
        ({"variant": {"v": "strict"}}, "v? Reading: STRICT"),
        (
            {"declared": {"instrument": "t", "tag": "keeps_dolls", "state": "requested_state"}},
            "Andorra has made the declaration 'keeps dolls' to the T",
        ),
        (
            {"declared": {"instrument": "t", "tag": "keeps_dolls", "state": "home"}},
            "The home has made the declaration 'keeps dolls' to the T",
        ),
        (
            {"declared": {"instrument": "t", "tag": "keeps_dolls", "state": "requesting_state"}},
            "The register does not know whether Monaco made a declaration under article 1 of the T: keeps dolls",
        ),
        (
            {"bound": {"instrument": "t"}},
            "The T binds here on this date: in force for Andorra since 1900-01-01; in force for Monaco since 1900-01-01",
        ),
        (
            {"bound": {"instrument": "t", "state": "requesting_state"}},
            "The T binds here on this date: in force for Monaco since 1900-01-01",
        ),
        ({"bound": {"instrument": "t", "day": "d"}}, "The T bound here on the day asked for: d?"),
        (Atom("within", (), (date(2000, 1, 1), None)), "This reading holds from 2000-01-01"),
        (Atom("within", (), (None, date(2000, 1, 1))), "This reading holds until 2000-01-01"),
        (
            Atom("within", (), (date(1999, 1, 1), date(2000, 1, 1))),
            "This reading holds from 1999-01-01 until 2000-01-01",
        ),
    ],
)
def test_a_leaf_says_the_question_and_what_is_asked_of_it(condition: Any, words: str) -> None:
    assert text(condition) == words


def test_items_are_called_by_their_title_or_by_their_kind_and_id() -> None:
    weighed = weigh(ENGINE, counts=[{"title": "The theft"}, {"id": "fraud"}])
    labels = [place_label(ENGINE.pack, weighed.read, ("counts", index)) for index in range(3)]
    assert labels == ["The theft", "count fraud", "count (not described)"]
