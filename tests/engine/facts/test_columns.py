"""Columns of values over lanes, and what known facts settle about others: gates and burdens."""

from __future__ import annotations

from typing import Any

import pytest

from engine.facts.columns import HERE, Columns, Entailment
from engine.facts.vocabulary import Fact, Part, Theme, Vocabulary
from tests.engine.support import fact, part


def entailment(*facts: Fact, parts: tuple[Part, ...] = ()) -> Entailment:
    return Entailment(
        Vocabulary(
            facts={item.id: item for item in facts},
            parts={item.id: item for item in parts},
            themes={"t": Theme(id="t", title="T", order=1)},
        )
    )


def columns(lanes: int = 1, **values: Any) -> Columns:
    made = Columns(lanes)
    for name, entries in values.items():
        for value, mask in entries.items() if isinstance(entries, dict) else ((entries, made.full),):
            made.add(HERE, name, value, mask)
    return made


def gated(name: str, gate: str, is_: Any = False, then: Any = False, kind: str = "yes_no", **more: Any) -> Fact:
    return fact(name, kind, closed_by=[{"fact": gate, "is": is_, "then": then}], **more)


class TestColumns:
    def test_values_cover_the_lanes_of_their_masks_and_the_rest_is_unknown(self) -> None:
        made = columns(3, f={True: 0b001, False: 0b100})
        assert made.full == 0b111
        assert made.known(HERE, "f") == 0b101
        assert made.entries(HERE, "f") == [(True, 1), (False, 4)]

    def test_an_item_sees_its_own_values_before_those_of_the_case(self) -> None:
        made = columns(1, f=True)
        made.values[("counts", 0)] = {"f": [(False, 1)]}
        made.values[("counts", 1)] = {}
        made.sizes["counts"] = 2
        assert made.entries(("counts", 0), "f") == [(False, 1)]
        assert made.entries(("counts", 1), "f") == [(True, 1)]
        assert made.known(("counts", 1), "f") == 0
        assert made.places("counts") == [("counts", 0), ("counts", 1)]

    def test_an_empty_mask_adds_nothing(self) -> None:
        made = Columns(1)
        made.add(HERE, "f", True, 0)
        assert made.values == {HERE: {}}

    def test_a_copy_is_independent(self) -> None:
        made = columns(1, f=True)
        twin = made.copy()
        twin.add(HERE, "g", True, 1)
        twin.add(HERE, "f", False, 1)
        assert made.values == {HERE: {"f": [(True, 1)]}}


class TestGates:
    def test_a_closed_gate_settles_what_hangs_on_it(self) -> None:
        rules = entailment(fact("gate"), gated("risk", "gate"))
        assert rules.spread(columns(1, gate=False), on_the_record=False).values[HERE]["risk"] == [(False, 1)]

    def test_an_open_gate_settles_nothing(self) -> None:
        rules = entailment(fact("gate"), gated("risk", "gate"))
        assert "risk" not in rules.spread(columns(1, gate=True), on_the_record=False).values[HERE]

    def test_what_is_known_is_never_replaced(self) -> None:
        rules = entailment(fact("gate"), gated("risk", "gate"))
        spread = rules.spread(columns(2, gate={False: 0b11}, risk={False: 0b01}), on_the_record=False)
        assert spread.known(HERE, "risk") == 0b11

    def test_a_fact_against_its_gate_shows_that_the_gate_is_open(self) -> None:
        rules = entailment(fact("gate"), gated("risk", "gate"), gated("other", "gate"))
        spread = rules.spread(columns(1, risk=True), on_the_record=False)
        assert spread.values[HERE]["gate"] == [(True, 1)]
        assert "other" not in spread.values[HERE]

    def test_a_fact_that_fits_a_closed_gate_says_nothing_about_it(self) -> None:
        rules = entailment(fact("gate"), gated("risk", "gate"))
        assert "gate" not in rules.spread(columns(1, risk=False), on_the_record=False).values[HERE]

    def test_gates_settle_gates_below_them(self) -> None:
        rules = entailment(fact("top"), gated("middle", "top"), gated("low", "middle"))
        assert rules.spread(columns(1, top=False), on_the_record=False).values[HERE]["low"] == [(False, 1)]

    def test_a_fact_opens_every_gate_above_it(self) -> None:
        rules = entailment(fact("top"), gated("middle", "top"), gated("low", "middle"))
        spread = rules.spread(columns(1, low=True), on_the_record=False)
        assert spread.values[HERE]["middle"] == spread.values[HERE]["top"] == [(True, 1)]

    def test_a_choice_can_be_a_gate_and_is_never_guessed_from_below(self) -> None:
        rules = entailment(fact("stage", "choice"), gated("risk", "stage", is_="a"))
        assert rules.spread(columns(1, stage="a"), on_the_record=False).values[HERE]["risk"] == [(False, 1)]
        assert "stage" not in rules.spread(columns(1, risk=True), on_the_record=False).values[HERE]

    def test_any_value_can_follow_from_a_closed_gate(self) -> None:
        rules = entailment(
            fact("gate"),
            gated("number", "gate", then=0, kind="number"),
            gated("marks", "gate", then=frozenset(), kind="set"),
            gated("kind", "gate", then="b", kind="choice"),
        )
        spread = rules.spread(columns(1, gate=False), on_the_record=False).values[HERE]
        assert (spread["number"], spread["marks"], spread["kind"]) == ([(0, 1)], [(frozenset(), 1)], [("b", 1)])

    def test_a_gate_of_the_case_settles_facts_of_every_item(self) -> None:
        rules = entailment(fact("gate"), gated("risk", "gate", scope="counts"), parts=(part("counts", "count"),))
        made = columns(1, gate=False)
        made.sizes["counts"] = 2
        made.values[("counts", 0)], made.values[("counts", 1)] = {}, {}
        spread = rules.spread(made, on_the_record=False)
        assert spread.values[("counts", 1)]["risk"] == [(False, 1)]

    def test_one_item_against_the_gate_opens_it_for_all(self) -> None:
        rules = entailment(fact("gate"), gated("risk", "gate", scope="counts"), parts=(part("counts", "count"),))
        made = columns(1)
        made.sizes["counts"] = 2
        made.values[("counts", 0)], made.values[("counts", 1)] = {"risk": [(True, 1)]}, {"risk": [(True, 1)]}
        assert rules.spread(made, on_the_record=False).values[HERE]["gate"] == [(True, 1)]

    def test_a_gate_within_an_item_settles_only_that_item(self) -> None:
        rules = entailment(
            fact("gate", scope="counts"), gated("risk", "gate", scope="counts"), parts=(part("counts", "count"),)
        )
        made = columns(1)
        made.sizes["counts"] = 2
        made.values[("counts", 0)], made.values[("counts", 1)] = {"gate": [(False, 1)]}, {"risk": [(True, 1)]}
        spread = rules.spread(made, on_the_record=False)
        assert spread.values[("counts", 0)]["risk"] == [(False, 1)]
        assert spread.values[("counts", 1)]["gate"] == [(True, 1)]


class TestBurdens:
    def test_the_burden_fills_what_is_unknown_only_on_the_record(self) -> None:
        rules = entailment(fact("risk", unproved=False), fact("open_one"))
        assert rules.spread(columns(1), on_the_record=False).values[HERE] == {}
        assert rules.spread(columns(1), on_the_record=True).values[HERE] == {"risk": [(False, 1)]}

    def test_it_fills_only_the_lanes_that_are_unknown(self) -> None:
        spread = entailment(fact("risk", unproved=False)).spread(columns(2, risk={True: 0b10}), on_the_record=True)
        assert spread.values[HERE]["risk"] == [(True, 2), (False, 1)]

    def test_a_gate_that_the_burden_closes_closes_what_hangs_on_it(self) -> None:
        rules = entailment(fact("gate", unproved=False), gated("risk", "gate"))
        assert rules.spread(columns(1), on_the_record=True).values[HERE]["risk"] == [(False, 1)]

    def test_a_known_fact_keeps_the_burden_from_closing_its_gate(self) -> None:
        rules = entailment(fact("gate", unproved=False), gated("risk", "gate"))
        assert rules.spread(columns(1, risk=True), on_the_record=True).values[HERE]["gate"] == [(True, 1)]

    def test_an_unknown_list_counts_as_empty_where_the_burden_says_so(self) -> None:
        rules = entailment(parts=(part("promises", "promise", unproved="empty"), part("steps", "step")))
        made = Columns(1, unlisted={"promises": 1, "steps": 1})
        assert rules.spread(made, on_the_record=True).unlisted == {"promises": 0, "steps": 1}
        assert rules.spread(made, on_the_record=False).unlisted == {"promises": 1, "steps": 1}


class TestContradictions:
    rules = entailment(fact("gate"), gated("risk", "gate"))

    @pytest.mark.parametrize(
        ("values", "found"),
        [
            ({"gate": False, "risk": True}, 1),
            ({"gate": False, "risk": False}, 0),
            ({"gate": True, "risk": True}, 0),
            ({"risk": True}, 0),
        ],
    )
    def test_a_known_fact_beside_a_closed_gate(self, values: dict[str, Any], found: int) -> None:
        made = columns(1, **values)
        assert len(list(self.rules.contradictions(made))) == found
        assert self.rules.clashes(made) == found

    def test_clashes_are_found_lane_by_lane(self) -> None:
        made = columns(4, gate={False: 0b0011, True: 0b1100}, risk={True: 0b0101, False: 0b1010})
        assert self.rules.clashes(made) == 0b0001

    def test_two_gates_that_give_different_values_contradict_each_other_once_spread(self) -> None:
        both = fact(
            "kind",
            "choice",
            closed_by=[{"fact": "g", "is": False, "then": "a"}, {"fact": "h", "is": False, "then": "b"}],
        )
        rules = entailment(fact("g"), fact("h"), both)
        made = rules.spread(columns(1, g=False, h=False), on_the_record=False)
        assert [(found.id, closure.fact) for found, _, closure in rules.contradictions(made)] == [("kind", "h")]
