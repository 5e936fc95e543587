"""Which facts are worth asking about, in which order, with which values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.assess import Engine
from engine.content.conditions import Atom
from engine.facts.columns import HERE, Columns
from engine.facts.vocabulary import Theme
from engine.inference.atoms import Setting
from engine.reasoning.variations import UNLISTED
from tests.engine.support import DAY, criterion, fact, make_engine, part, variant, weigh

PARTS = [
    part("counts", "count", needs_items=True),
    part("promises", "promise"),
    part("steps", "step", dated_by="step_on"),
]


def asked(engine: Engine, facts: Any = None, **more: Any) -> list[str]:
    ranked = engine.ranked(weigh(engine, facts, **more))
    return [
        option.candidate.place[0] if option.candidate.place[1] == UNLISTED else option.candidate.fact
        for option in ranked
    ]


class TestWorthAsking:
    engine = make_engine(
        [fact("bar"), fact("wait"), fact("may"), fact("nothing"), fact("only_duty")],
        [
            criterion("absolute", "bar", "absolute_bar"),
            criterion("suspended", "wait", "suspension"),
            criterion("optional", "may", "optional_refusal"),
            criterion("duty", "only_duty", "obligation"),
        ],
    )

    def test_only_what_could_raise_the_outcome_is_asked(self) -> None:
        assert set(asked(self.engine)) == {"bar", "wait", "may"}
        assert set(asked(self.engine, {"wait": True})) == {"bar"}
        assert asked(self.engine, {"bar": True}) == []

    def test_what_was_asked_and_is_not_known_is_not_asked_again(self) -> None:
        assert set(asked(self.engine, {"bar": "unknown"})) == {"wait", "may"}
        assert asked(self.engine, dict.fromkeys(("bar", "wait", "may"), "unknown")) == []

    def test_a_disputed_fact_is_not_asked_again(self) -> None:
        disputed = {"standing": "disputed", "person": True, "state": False}
        assert "bar" not in asked(self.engine, {"bar": disputed})


class TestOrder:
    engine = make_engine(
        [
            fact("gate", theme="first"),
            fact("one", theme="later", closed_by=[{"fact": "gate", "is": False, "then": False}]),
            fact("two", theme="later", closed_by=[{"fact": "gate", "is": False, "then": False}]),
            fact("opens_both", theme="later"),
            fact("single", theme="later"),
        ],
        [
            criterion("a", {"all": ["one", "opens_both"]}),
            criterion("b", {"all": ["two", "opens_both"]}),
            criterion("c", "single"),
        ],
        themes=[
            Theme(id="t", title="T", order=0),
            Theme(id="first", title="F", order=1),
            Theme(id="later", title="L", order=20),
        ],
    )

    def test_gates_come_first_then_the_fact_that_closes_most(self) -> None:
        assert asked(self.engine)[0] == "gate"
        assert asked(self.engine).index("opens_both") < asked(self.engine).index("one")

    def test_a_closed_gate_takes_its_questions_away(self) -> None:
        assert asked(self.engine, {"gate": False}) == ["single"]

    def test_an_open_gate_is_not_asked_again(self) -> None:
        assert "gate" not in asked(self.engine, {"gate": True})

    def test_the_order_is_the_same_every_time(self) -> None:
        assert len({tuple(asked(self.engine)) for _ in range(5)}) == 1


class TestLists:
    engine = make_engine(
        [
            fact("k", scope="counts"),
            fact("p", scope="promises"),
            fact("step_on", "date", scope="steps"),
            fact("was", "choice", scope="steps"),
            fact("status", "choice", from_latest="was", closed_by=[{"fact": "sought", "is": False, "then": "a"}]),
            fact("sought"),
        ],
        [
            criterion("x", "k", scope="counts"),
            criterion("y", {"some": {"in": "promises", "that": "p"}}),
            criterion("z", {"is": {"status": "b"}}),
        ],
        parts=PARTS,
    )

    def test_an_unknown_list_is_asked_for_as_a_whole_and_once_given_item_by_item(self) -> None:
        assert "promises" in asked(self.engine)
        assert "promises" not in asked(self.engine, promises=[{}])
        assert "p" in asked(self.engine, promises=[{}])

    def test_a_fact_that_follows_from_a_list_asks_for_the_list_once_its_gate_is_open(self) -> None:
        closed = asked(self.engine, promises=[])
        assert ("status" in closed, "steps" in closed, "sought" in closed) == (True, False, True)
        opened = asked(self.engine, {"sought": True}, promises=[])
        assert ("status" in opened, "steps" in opened) == (False, True)
        listed = asked(self.engine, {"sought": True}, promises=[], steps=[])
        assert ("status" in listed, "steps" in listed) == (True, False)

    def test_a_count_not_described_is_asked_about(self) -> None:
        assert "k" in asked(self.engine, {"sought": False}, promises=[])


class TestDomains:
    """Values worth trying: one for each way in which the rules can tell answers apart."""

    @staticmethod
    def values(of: Any, condition: Any, *others: Any, facts: Any = None) -> list[Any]:
        engine = make_engine([of, *others], [criterion("c", condition)])
        weighed = weigh(engine, facts)
        return list(engine.domains.of(of, weighed.setting, weighed.read.columns))

    def test_a_yes_no_fact(self) -> None:
        assert self.values(fact("f"), "f") == [True, False]

    def test_choices_that_no_rule_tells_apart_are_one(self) -> None:
        assert self.values(fact("f", "choice"), {"is": {"f": "b"}}) == ["a", "b"]

    def test_a_choice_that_closes_others_is_worth_trying(self) -> None:
        closed = fact("g", closed_by=[{"fact": "f", "is": "c", "then": False}])
        assert self.values(fact("f", "choice"), {"is": {"f": "b"}}, closed) == ["a", "b", "c"]

    @pytest.mark.parametrize(
        ("limits", "of", "tried"),
        [
            ([12], {}, [11, 12, 13]),
            ([12, 13], {}, [11, 12, 12.5, 13, 14]),
            ([0.5], {"minimum": 0}, [0, 0.5, 1.5]),
            ([12], {"maximum": 12}, [11, 12]),
        ],
    )
    def test_a_number_on_each_side_of_every_limit(self, limits: list[float], of: Any, tried: list[float]) -> None:
        condition = {
            "any": [{"compare": {"fact": "f", "op": op, "value": limit}} for limit in limits for op in (">=", ">")]
        }
        assert self.values(fact("f", "number", **of), condition) == tried

    def test_a_date_on_each_side_of_every_limit(self) -> None:
        condition = {
            "any": [{"date": {"fact": "f", "op": op, "than": "assessed_on", "plus_months": -1}} for op in ("<", "==")]
        }
        assert self.values(fact("f", "date"), condition) == [date(2019, 12, 12), date(2019, 12, 13), date(2019, 12, 14)]

    def test_a_date_at_the_end_of_the_calendar(self) -> None:
        condition = {"date": {"fact": "f", "op": "<", "than": date.max}}
        assert self.values(fact("f", "date"), condition) == [date(9999, 12, 30), date.max]

    def test_a_date_compared_with_another_fact_has_none(self) -> None:
        assert self.values(fact("f", "date"), {"date": {"fact": "f", "op": "<", "than": "g"}}, fact("g", "date")) == []

    def test_states_are_the_requested_one_or_none(self) -> None:
        condition = {"state_in": {"state": "requested_state", "set": "f"}}
        assert self.values(fact("f", "states"), condition) == [frozenset(), frozenset({"AND"})]
        assert self.values(fact("f", "states"), condition, facts={"requested_state": "unknown"}) == [frozenset()]

    def test_sets_of_values_that_the_rules_tell_apart(self) -> None:
        condition = {"any": [{"includes_any": {"f": ["a", "b"]}}, {"nonempty": "f"}]}
        assert self.values(fact("f", "set"), condition) == [frozenset(), frozenset("a"), frozenset("c")]

    def test_a_set_that_closes_others_is_tried_beside_one_like_it_that_does_not(self) -> None:
        closed = fact("g", closed_by=[{"fact": "f", "is": frozenset("a"), "then": False}])
        tried = self.values(fact("f", "set", values={"a": "A", "b": "B"}), {"nonempty": "f"}, closed)
        assert tried == [frozenset(), frozenset("a"), frozenset("b")]

    @pytest.mark.parametrize("kind", ["number", "date"])
    def test_a_value_that_a_gate_gives_is_tried_and_those_beside_it(self, kind: str) -> None:
        given: Any = 3 if kind == "number" else date(2020, 1, 1)
        beside: Any = [2, 3, 4] if kind == "number" else [date(2019, 12, 31), given, date(2020, 1, 2)]
        of = fact("f", kind, closed_by=[{"fact": "g", "is": False, "then": given}])
        condition = (
            {"compare": {"fact": "f", "op": ">=", "value": 3}}
            if kind == "number"
            else {"date": {"fact": "f", "op": ">=", "than": given}}
        )
        assert set(self.values(of, condition, fact("g"))) == set(beside)

    def test_a_fact_that_no_rule_reads_has_one_value_if_it_has_any(self) -> None:
        engine = make_engine([fact("f"), fact("n", "number"), fact("s", "state")], [criterion("c", "f")])
        setting, columns = Setting(DAY, {}, engine.relations), Columns(1)
        facts = engine.pack.vocabulary.facts
        assert engine.domains.of(facts["n"], setting, columns) == ()
        assert engine.domains.of(facts["s"], setting, columns) == ()

    @pytest.mark.parametrize(
        ("of", "condition", "whole"),
        [
            (fact("f"), "f", True),
            (fact("f", "number"), {"compare": {"fact": "f", "op": ">", "value": 1}}, True),
            (fact("f", "date"), {"date": {"fact": "f", "op": ">", "than": "assessed_on"}}, True),
            (fact("f", "date"), {"date": {"fact": "f", "op": ">", "than": "g"}}, False),
            (fact("f", "state"), {"same_state": ["f", "requested_state"]}, False),
            (fact("f", "states"), {"nonempty": "f"}, False),
            (fact("f", "set"), {"includes": {"f": "a"}}, True),
        ],
    )
    def test_whether_the_values_stand_for_every_answer(self, of: Any, condition: Any, whole: bool) -> None:
        engine = make_engine([of, fact("g", "date")], [criterion("c", condition)])
        assert engine.domains.whole(of) is whole


def test_a_fact_is_found_where_it_stands() -> None:
    engine = make_engine([fact("k", scope="counts")], [criterion("x", "k", scope="counts")], parts=PARTS[:1])
    options = engine.candidates(weigh(engine, counts=[{"k": True}, {}]))
    assert [(option.place, option.fact) for option in options] == [(("counts", 1), "k")]
    assert HERE not in {option.place for option in options}


def test_atoms_over_states_of_the_setting_have_no_candidates_of_their_own() -> None:
    engine = make_engine([fact("f")], [criterion("c", Atom("variant", (), ("v", "x")))], variants=[variant("v", "x")])
    assert engine.candidates(weigh(engine)) == []
