"""Checks across files: each fault that would make an answer wrong is found before any case is read."""

from __future__ import annotations

from typing import Any

import pytest

from engine.content.checks import check
from engine.content.clocks import Citation, Clock
from engine.content.conditions import Atom
from engine.content.declarations import Declaration
from engine.content.models import Authority, Conflict, Decider, Pack, Relation, Suspension
from tests.engine.support import criterion, fact, make_pack, part, party, treaty, variant

COUNTS = part("counts", "count", needs_items=True)
STEPS = part("steps", "step", dated_by="step_on")
STEP_ON = fact("step_on", "date", scope="steps")


def said(pack: Pack) -> list[str]:
    return [problem.message for problem in check(pack, {})]


def of_fact(*facts: Any, **more: Any) -> list[str]:
    return said(make_pack(facts, [_cited()], **more))


def _cited() -> Any:
    """Something must cite the article of the treaty, or that is a problem of its own."""
    return criterion("cited", {"same_state": ["requesting_state", "requested_state"]})


def of_condition(condition: Any, **more: Any) -> list[str]:
    facts = [
        fact("risk"),
        fact("kind", "choice"),
        fact("marks", "set"),
        fact("age", "number"),
        fact("day", "date"),
        fact("homes", "states"),
        fact("broke", scope="counts"),
        STEP_ON,
        fact("kind_step", scope="steps"),
    ]
    scope = more.pop("scope", "case")
    others = more.pop("others", [])
    pack = make_pack(facts, [criterion("c", condition, scope=scope), *others], parts=[COUNTS, STEPS], **more)
    return said(pack)


class TestFacts:
    @pytest.mark.parametrize(
        ("of", "message"),
        [
            (fact("f", "choice", values={}), "f: a choice or set needs its values"),
            (fact("f", scope="countz"), "f: scope 'countz' is not a part"),
            (fact("f", unproved=5), "f: '5' is not a value it can count as"),
            (fact("f", "choice", unproved="x"), "f: 'x' is not a value it can count as"),
            (
                fact("f", closed_by=[{"fact": "g", "is": False, "then": False}]),
                "f: closed_by 'g' is not a fact",
            ),
            (
                fact("f", closed_by=[{"fact": "gate", "is": "maybe", "then": False}]),
                "f: 'maybe' is not a value of gate",
            ),
            (
                fact("f", closed_by=[{"fact": "gate", "is": False, "then": "maybe"}]),
                "f: 'maybe' is not a value it can take",
            ),
            (
                fact("f", closed_by=[{"fact": "in_steps", "is": False, "then": False}]),
                "f: in_steps belongs to another part",
            ),
            (
                fact("f", closed_by=[{"fact": "gate", "is": False, "then": value} for value in (False, True)]),
                "f: one answer to gate gives it two values",
            ),
            (fact("f", from_latest="nothing"), "f: from_latest 'nothing' is not a fact"),
            (fact("f", from_latest="gate"), "f: gate is not a fact of items in the order of their dates"),
            (
                fact("f", scope="steps", from_latest="in_steps"),
                "f: in_steps is not a fact of items in the order of their dates",
            ),
            (fact("f", "number", from_latest="in_steps"), "f: in_steps can have values that this fact cannot"),
            (
                fact("f", "choice", values={"a": "A"}, from_latest="choice_step"),
                "f: choice_step can have values that this fact cannot",
            ),
        ],
    )
    def test_a_fault_of_a_fact(self, of: Any, message: str) -> None:
        others = [fact("gate"), STEP_ON, fact("in_steps", scope="steps"), fact("choice_step", "choice", scope="steps")]
        assert of_fact(of, *others, parts=[STEPS]) == [message]

    def test_sound_facts_pass(self) -> None:
        assert (
            of_fact(
                fact("gate"),
                fact(
                    "f", "set", unproved=frozenset({"a"}), closed_by=[{"fact": "gate", "is": True, "then": frozenset()}]
                ),
                STEP_ON,
                fact("status", "choice", from_latest="status_then"),
                fact("status_then", "choice", scope="steps"),
                parts=[STEPS],
            )
            == []
        )

    @pytest.mark.parametrize(
        "dated_by", [fact("step_on"), fact("step_on", "date"), fact("other_on", "date", scope="steps")]
    )
    def test_a_part_is_dated_by_a_date_of_its_own_items(self, dated_by: Any) -> None:
        assert of_fact(dated_by, parts=[STEPS]) == ["steps: dated_by 'step_on' is not a date fact of its items"]

    def test_facts_that_close_each_other_go_in_a_circle(self) -> None:
        one = fact("one", closed_by=[{"fact": "two", "is": False, "then": False}])
        two = fact("two", closed_by=[{"fact": "one", "is": False, "then": False}])
        (message,) = of_fact(one, two)
        assert "goes in a circle" in message

    def test_the_two_states_are_facts_of_every_vocabulary_with_instruments(self) -> None:
        pack = make_pack([], [criterion("c", "risk", instrument="toy")])
        vocabulary = pack.vocabulary.model_copy(
            update={"facts": {"risk": fact("risk"), "requested_state": fact("requested_state")}}
        )
        assert said(pack.model_copy(update={"vocabulary": vocabulary})) == [
            "the vocabulary needs 'requesting_state', a State fact of the case",
            "the vocabulary needs 'requested_state', a State fact of the case",
        ]


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "message"),
        [
            ("rsk", "c: fact 'rsk' is not in the vocabulary"),
            ("other", "c: fact 'other' is not in the vocabulary ('other' is a criterion: write {criterion: other})"),
            ("age", "c: fact 'age' is of type number; this condition needs yes_no"),
            ({"is": {"risk": "a"}}, "c: fact 'risk' is of type yes_no; this condition needs choice or state"),
            ({"in": {"requesting_state": ["UKR", "Ruritania"]}}, "c: 'Ruritania' is not a State"),
            ({"is": {"kind": "x"}}, "c: 'x' is not a value of kind"),
            ({"includes": {"marks": "x"}}, "c: 'x' is not a value of marks"),
            ({"includes": {"kind": "a"}}, "c: fact 'kind' is of type choice; this condition needs set or states"),
            ({"nonempty": "kind"}, "c: fact 'kind' is of type choice; this condition needs set or states"),
            (
                {"compare": {"fact": "risk", "op": ">", "value": 1}},
                "c: fact 'risk' is of type yes_no; this condition needs number",
            ),
            (
                {"date": {"fact": "age", "op": ">", "than": "assessed_on"}},
                "c: fact 'age' is of type number; this condition needs date",
            ),
            (
                {"date": {"fact": "assessed_on", "op": ">", "than": "day"}},
                "c: fact 'assessed_on' is not in the vocabulary",
            ),
            (
                {"same_state": ["requesting_state", "homes"]},
                "c: fact 'homes' is of type states; this condition needs state",
            ),
            (
                {"state_in": {"state": "homes", "set": "homes"}},
                "c: fact 'homes' is of type states; this condition needs state",
            ),
            (
                {"state_in": {"state": "requesting_state", "set": "requesting_state"}},
                "c: fact 'requesting_state' is of type state; this condition needs states",
            ),
            ("broke", "c: fact 'broke' belongs to each of the counts"),
            ({"some": {"in": "steps", "that": "broke"}}, "c: fact 'broke' belongs to each of the counts"),
            ({"some": {"in": "stepz", "that": "risk"}}, "c: 'stepz' is not a part"),
            (
                {"latest": {"in": "counts", "that": "broke"}},
                "c: items of 'counts' need not say a date, so none is the latest",
            ),
            ({"criterion": "othr"}, "c: criterion 'othr' does not exist"),
            ({"criterion": "per_count"}, "c: 'per_count' is about counts"),
            ({"bound": {"instrument": "toi"}}, "c: instrument 'toi' is not in the register"),
            ({"bound": {"instrument": "toy", "state": "x"}}, "c: 'x' is not a State fact"),
            (
                {"declared": {"instrument": "toy", "tag": "t", "state": "requested_state"}},
                "c: no declaration to toy has the tag 't'",
            ),
            ({"variant": {"w": "x"}}, "c: variant 'w' is not listed"),
            ({"variant": {"v": "z"}}, "c: 'z' is not a reading of v"),
            ({"all": ["risk", {"not": "rsk"}]}, "c: fact 'rsk' is not in the vocabulary"),
        ],
    )
    def test_a_fault_of_a_condition(self, condition: Any, message: str) -> None:
        others = [criterion("other", "risk"), criterion("per_count", "broke", scope="counts")]
        assert of_condition(condition, others=others, variants=[variant("v", "x", "y")]) == [message]

    @pytest.mark.parametrize(
        "condition",
        [
            {"some": {"in": "counts", "that": {"all": ["broke", "risk", {"criterion": "per_count"}]}}},
            {"latest": {"in": "steps", "that": "kind_step"}},
            {"date": {"fact": "day", "op": "<", "than": "assessed_on"}},
            {"state_in": {"state": "requested_state", "set": "homes"}},
            {"includes": {"homes": "AND"}},
            {"bound": {"instrument": "toy", "state": "requesting_state"}},
        ],
    )
    def test_sound_conditions_pass(self, condition: Any) -> None:
        others = [criterion("per_count", "broke", scope="counts")]
        assert of_condition(condition, others=others) == []

    def test_a_quantifier_cannot_stand_inside_a_part(self) -> None:
        inner = {"some": {"in": "steps", "that": "kind_step"}}
        assert of_condition({"some": {"in": "counts", "that": inner}}) == ["c: a quantifier cannot stand inside a part"]
        assert of_condition(inner, scope="counts") == ["c: a quantifier cannot stand inside a part"]

    def test_a_quantifier_can_stand_beside_a_part(self) -> None:
        assert of_condition({"all": [{"some": {"in": "steps", "that": "kind_step"}}, "risk"]}) == []


class TestCriteria:
    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"instrument": "toi"}, "c: instrument 'toi' is not in the register"),
            ({"scope": "countz"}, "c: scope 'countz' is not a part"),
            ({"scope": "steps"}, "c: a ground is about the case or about each of the counts, not about steps"),
            ({"authorities": ("nobody",)}, "c: authority 'nobody' is not listed"),
            ({"variant": {"w": "x"}}, "c: variant 'w' is not listed"),
            ({"variant": {"v": "z"}}, "c: 'z' is not a reading of v"),
            ({"from": "2000-01-02", "until": "2000-01-01"}, "c: is valid until before it is valid from"),
            (
                {"cites": (Citation(instrument="toi", article="1"), Citation(instrument="toy", article="1"))},
                "c: cites 'toi', which is not in the register",
            ),
            (
                {"cites": (Citation(instrument="toy", article="9"), Citation(instrument="toy", article="1"))},
                "c: cites article 9 of toy, which is not in the register",
            ),
        ],
    )
    def test_a_fault_of_a_criterion(self, more: Any, message: str) -> None:
        pack = make_pack(
            [fact("risk"), STEP_ON], [criterion("c", "risk", **more)], parts=[STEPS], variants=[variant("v", "x")]
        )
        assert said(pack) == [message]

    def test_a_criterion_about_steps_without_effect_is_a_concept(self) -> None:
        pack = make_pack([fact("risk"), STEP_ON], [criterion("c", "risk", None, scope="steps")], parts=[STEPS])
        assert said(pack) == []

    def test_criteria_that_use_each_other_go_in_a_circle(self) -> None:
        criteria = [
            criterion("a", {"criterion": "b"}),
            criterion("b", {"not": {"criterion": "c"}}),
            criterion("c", {"criterion": "a"}),
        ]
        (message,) = said(make_pack([], criteria))
        assert "goes in a circle: " in message

    def test_a_criterion_that_uses_itself_is_a_circle(self) -> None:
        (message,) = said(make_pack([], [criterion("a", {"criterion": "a"})]))
        assert message == "a: goes in a circle: a → a"


class TestSeries:
    @staticmethod
    def of(*intervals: tuple[str | None, str | None], **more: Any) -> list[str]:
        criteria = [
            criterion(f"c{number}", "risk", series="s", **{"from": start, "until": end}, **more)
            for number, (start, end) in enumerate(intervals)
        ]
        return said(make_pack([fact("risk")], criteria, variants=[variant("v", "x", "y")]))

    def test_readings_that_follow_each_other_pass(self) -> None:
        assert self.of((None, "1999-12-31"), ("2000-01-01", "2009-12-31"), ("2010-01-01", None)) == []

    @pytest.mark.parametrize("start", ["1999-12-31", "1999-01-01", None])
    def test_overlapping_readings_are_refused(self, start: str | None) -> None:
        assert "overlaps" in self.of((None, "1999-12-31"), (start, None))[0]

    def test_a_reading_without_end_before_another_overlaps_it(self) -> None:
        assert self.of((None, None), ("2000-01-01", None)) == ["c1: its validity overlaps that of c0"]

    def test_a_gap_of_one_day_is_refused(self) -> None:
        assert self.of((None, "1999-12-31"), ("2000-01-02", None)) == ["c1: leaves a gap after c0"]

    def test_two_readings_at_one_time_may_belong_to_two_variants(self) -> None:
        criteria = [
            criterion("a", "risk", series="s", variant={"v": "x"}),
            criterion("b", "risk", series="s", variant={"v": "y"}),
        ]
        assert said(make_pack([fact("risk")], criteria, variants=[variant("v", "x", "y")])) == []


class TestOtherLists:
    @pytest.mark.parametrize("name", ["risk", "nothing", "broken_on"])
    @pytest.mark.parametrize("key", ["from", "stopped_by"])
    def test_a_clock_runs_between_dates_of_the_case(self, key: str, name: str) -> None:
        clock = Clock.model_validate(
            {
                "id": "k",
                "title": "K",
                "cites": [{"instrument": "toy", "article": "1"}],
                "from": "day",
                "length": {"days": 1},
                "consequence": "treaty_effect",
                "sentence": "S.",
                "review": "known",
                key: name,
            }
        )
        facts = [fact("risk"), fact("day", "date"), fact("broken_on", "date", scope="counts")]
        assert said(make_pack(facts, [], parts=[COUNTS], clocks=[clock])) == [
            f"k: '{name}' is not a date fact of the case"
        ]

    def test_days_that_a_clock_leaves_out_lie_between_dates_and_depend_on_a_criterion(self) -> None:
        clock = Clock.model_validate(
            {
                "id": "k",
                "title": "K",
                "cites": [{"instrument": "toy", "article": "1"}],
                "from": "day",
                "length": {"days": 1},
                "not_counted": {"from": "day", "until": "nothing", "where": "toy.no"},
                "consequence": "treaty_effect",
                "sentence": "S.",
                "review": "known",
            }
        )
        assert said(make_pack([fact("day", "date")], [], clocks=[clock])) == [
            "k: 'nothing' is not a date fact of the case",
            "k: not_counted where 'toy.no' is met: there is no such criterion",
        ]

    def test_the_condition_of_a_clock_is_checked_like_any_other(self) -> None:
        clock = Clock.model_validate(
            {
                "id": "k",
                "title": "K",
                "cites": [{"instrument": "toy", "article": "1"}],
                "from": "day",
                "length": {},
                "consequence": "treaty_effect",
                "sentence": "S.",
                "review": "known",
                "applies_when": Atom("yes", ("nothing",)),
            }
        )
        assert said(make_pack([fact("day", "date")], [], clocks=[clock])) == [
            "k: fact 'nothing' is not in the vocabulary"
        ]

    def test_a_conflict_names_criteria_and_authorities_that_exist(self) -> None:
        conflict = Conflict(
            id="k",
            prevails=("c", "nobody"),
            yields=("none",),
            reason="R.",
            cites=(Citation(instrument="toy", article="7"),),
            authorities=("x",),
            review="known",
        )
        authority = Authority(id="y", name="Y", body="B", year=2000, holding="H.", review="known")
        pack = make_pack([fact("risk")], [criterion("c", "risk")], conflicts=[conflict], authorities=[authority])
        assert said(pack) == [
            "k: cites article 7 of toy, which is not in the register",
            "k: criterion 'nobody' does not exist",
            "k: criterion 'none' does not exist",
            "k: authority 'x' is not listed",
        ]

    def test_the_default_of_a_variant_is_one_of_its_values(self) -> None:
        wrong = variant("v", "x").model_copy(update={"default": "y"})
        assert said(make_pack([], [_cited()], variants=[wrong])) == ["v: the default 'y' is not one of its values"]

    @pytest.mark.parametrize(
        ("instrument", "article", "message"),
        [
            ("toi", "1", "d: instrument 'toi' is not in the register"),
            ("toy", "9", "d: article 9 of toy is not in the register"),
        ],
    )
    def test_who_decides_is_said_of_an_article_that_exists(self, instrument: str, article: str, message: str) -> None:
        decider = Decider(id="d", matter="M", instrument=instrument, article=article, who="W", review="known")
        assert said(make_pack([], [_cited()]).model_copy(update={"deciders": {"d": decider}})) == [message]


class TestRegister:
    @staticmethod
    def of(*instruments: Any) -> list[str]:
        return said(make_pack([], [_cited()], instruments=instruments))

    @staticmethod
    def quiet(name: str, **more: Any) -> Any:
        """A treaty whose articles are accounted for."""
        return treaty(name, articles={}, **more)

    def test_an_article_is_encoded_or_said_not_to_be_and_not_both(self) -> None:
        article = treaty().articles["1"]
        silent = treaty("silent")
        both = treaty("toy", articles={"1": article.model_copy(update={"not_encoded": "because"})})
        assert self.of(silent) == ["silent/1: is neither encoded nor said not to be"]
        assert self.of(both) == ["toy/1: is cited by a criterion but says it is not encoded"]

    def test_a_treaty_relates_to_treaties_that_exist(self) -> None:
        assert self.of(self.quiet("a", parent="nobody", relations=(Relation(kind="requires", instrument="none"),))) == [
            "a: relates to 'nobody', which is not in the register",
            "a: relates to 'none', which is not in the register",
        ]

    def test_intervals_run_forward(self) -> None:
        declaration = Declaration.model_validate(
            {
                "state": "AND",
                "article": "1",
                "kind": "reservation",
                "content": "C",
                "from": "2001-01-01",
                "until": "2000-01-01",
                "review": "known",
            }
        )
        suspension = Suspension.model_validate(
            {"states": ["AND", "MCO"], "from": "2001-01-01", "until": "2000-01-01", "review": "known"}
        )
        found = treaty(
            "toy",
            parties={"AND": party("2001-01-01", "2000-01-01")},
            declarations={"d": declaration},
            suspensions=(suspension,),
        )
        assert self.of(found) == [
            "toy/AND: is in force until before it is in force from",
            "toy: is suspended until before it is suspended from",
            "toy/d: is valid until before it is valid from",
        ]

    def test_a_declaration_is_to_an_article_that_exists(self) -> None:
        declaration = Declaration(state="AND", article="9", kind="reservation", content="C", review="known")
        assert self.of(treaty("toy", declarations={"d": declaration})) == [
            "toy/d: is to article 9, which is not in the register"
        ]

    @pytest.mark.parametrize(
        ("one", "two", "words"),
        [
            ("displaced_by", "displaced_by", "is displaced in a circle"),
            ("requires", "requires", "rests on others in a circle"),
        ],
    )
    def test_treaties_that_lead_back_to_themselves_are_refused(self, one: str, two: str, words: str) -> None:
        first = self.quiet("a", relations=(Relation(kind=one, instrument="b"),))  # type: ignore[arg-type]
        second = self.quiet("b", relations=(Relation(kind=two, instrument="a"),))  # type: ignore[arg-type]
        (message,) = self.of(first, second)
        assert words in message

    def test_a_protocol_cannot_both_require_and_extend_its_convention(self) -> None:
        relations = (Relation(kind="requires", instrument="a"), Relation(kind="extends", instrument="a"))
        (message,) = self.of(self.quiet("a"), self.quiet("b", relations=relations))
        assert "rests on others in a circle" in message


def test_a_problem_without_a_place_still_names_the_thing() -> None:
    (problem,) = check(make_pack([], [criterion("c", "nothing")]), {})
    assert str(problem).startswith("c: fact 'nothing' is not in the vocabulary")
