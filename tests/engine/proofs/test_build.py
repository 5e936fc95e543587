"""Proof trees: what each step says, where its value comes from, and on what it turns."""

from __future__ import annotations

from typing import Any

from api.documents.text.proof import proof_entry
from engine.answer.model import ProofNode
from engine.assess import Engine
from tests.engine.support import (
    criterion,
    fact,
    make_engine,
    part,
    treaty,
    variant,
    weigh,
)


def prove(engine: Engine, name: str, facts: Any = None, place: Any = ("case", 0), **more: Any) -> ProofNode:
    return engine.prove(weigh(engine, facts, **more), name, place)


def leaves(node: ProofNode) -> list[ProofNode]:
    return [leaf for child in node.children for leaf in leaves(child)] if node.children else [node]


def turning(node: ProofNode) -> list[str]:
    """The leaves reached by dispositive steps only."""
    if not node.children:
        return [node.text]
    return [text for child in node.children if child.dispositive for text in turning(child)]


class TestSources:
    """Where the value of a leaf comes from."""

    engine = make_engine(
        [
            fact("entered"),
            fact("gate"),
            fact("gated", closed_by=[{"fact": "gate", "is": False, "then": False}]),
            fact("filled", unproved=True),
            fact("unknown_one"),
            fact("follows", "choice", from_latest="then_was"),
            fact("step_on", "date", scope="steps"),
            fact("then_was", "choice", scope="steps"),
        ],
        [
            criterion("c", {"all": ["entered", "gated", "filled", "unknown_one", {"is": {"follows": "a"}}]}),
            criterion(
                "of_setting", {"all": [{"variant": {"v": "x"}}, {"bound": {"instrument": "t"}}]}, until="2030-01-01"
            ),
        ],
        parts=[part("steps", "step", dated_by="step_on")],
        variants=[variant("v", "x", "y")],
        instruments=[treaty("t")],
    )

    def test_findings_gates_burdens_and_the_latest_item(self) -> None:
        facts = {
            "entered": {
                "value": True,
                "standing": "established",
                "by": "court",
                "exhibits": ["E1", {"id": "E2", "page": 4}],
                "note": "n",
            },
            "gate": False,
        }
        proof = prove(
            self.engine,
            "c",
            facts,
            steps=[{"step_on": "2019-01-01", "then_was": "a"}],
            exhibits={"E1": {"title": "x"}, "E2": {"title": "y"}},
        )
        found = {leaf.finding.fact: leaf.finding for leaf in leaves(proof) if leaf.finding}
        assert {name: (finding.source, finding.shown) for name, finding in found.items()} == {
            "entered": ("finding", "yes"),
            "gated": ("gate", "no"),
            "filled": ("burden", "yes"),
            "unknown_one": ("unknown", "not known"),
            "follows": ("latest item", "A"),
        }
        entered = found["entered"]
        assert (entered.standing, entered.by, entered.exhibits, entered.note) == (
            "established",
            "court",
            ("E1", "E2 p. 4"),
            "n",
        )

    def test_a_disputed_fact_is_said_to_be_disputed(self) -> None:
        proof = prove(self.engine, "c", {"unknown_one": {"standing": "disputed", "person": True, "state": False}})
        shown = {leaf.finding.fact: leaf.finding.shown for leaf in leaves(proof) if leaf.finding}
        assert shown["unknown_one"] == "disputed"

    def test_the_date_the_reading_of_law_and_the_register(self) -> None:
        proof = prove(self.engine, "of_setting")
        found = [(leaf.finding.source, leaf.finding.shown) for leaf in leaves(proof) if leaf.finding]
        assert found == [("date", "2020-01-13"), ("reading", "x"), ("register", "treaty register")]


class TestShape:
    engine = make_engine(
        [fact("a"), fact("b"), fact("k", scope="counts"), fact("p", scope="promises")],
        [
            criterion("group", {"all": ["a", {"any": ["b", {"not": "a"}]}]}),
            criterion("listed", {"every": {"in": "counts", "that": "k"}}),
            criterion("promised", {"some": {"in": "promises", "that": "p"}}),
            criterion("uses", {"all": [{"criterion": "group"}, {"criterion": "limited"}]}),
            criterion("limited", "a", until="2010-01-01", variant={"v": "y"}),
            criterion("per_count", {"all": ["k", "a"]}, scope="counts"),
        ],
        parts=[part("counts", "count", needs_items=True), part("promises", "promise")],
        variants=[variant("v", "x", "y")],
    )

    def test_a_criterion_says_its_sentence_and_cites(self) -> None:
        proof = prove(self.engine, "group", {"a": True, "b": True})
        assert (proof.kind, proof.text, proof.status, proof.citations) == (
            "criterion",
            "group holds.",
            "met",
            ("TOY art 1",),
        )
        assert prove(self.engine, "group", {"a": False}).text == "group fails."
        assert prove(self.engine, "group").text == "group is open."

    def test_groups_negations_and_lists_have_words(self) -> None:
        proof = prove(self.engine, "group", {"a": True, "b": True})
        (group,) = proof.children
        assert (group.kind, group.text) == ("all", "All of these:")
        assert [child.kind for child in group.children] == ["fact", "any"]
        assert [child.text for child in group.children[1].children] == ["b?", "The answer must be no:"]

    def test_a_negation_is_said_by_what_it_negates(self) -> None:
        engine = make_engine(
            [fact("a"), fact("b"), fact("k", scope="counts")],
            [
                criterion("all", {"not": {"all": ["a", "b"]}}),
                criterion("any", {"not": {"any": ["a", "b"]}}),
                criterion("list", {"not": {"some": {"in": "counts", "that": "k"}}}),
                criterion("other", {"not": {"criterion": "all"}}),
                criterion("answer", {"not": "a"}),
            ],
            parts=[part("counts", "count", needs_items=True)],
        )
        assert {name: prove(engine, name).children[0].text for name in ("all", "any", "list", "other", "answer")} == {
            "all": "Not all of these:",
            "any": "None of these:",
            "list": "This must not be so:",
            "other": "This must not be so:",
            "answer": "The answer must be no:",
        }

    def test_on_a_terminal_and_on_a_page_a_negated_group_stands_without_the_group_below_it(self) -> None:
        engine = make_engine([fact("a"), fact("b")], [criterion("none", {"not": {"any": ["a", "b"]}})])
        shown = str(proof_entry(prove(engine, "none")))
        assert "None of these:" in shown
        assert "At least one of these:" not in shown
        assert "a?" in shown

    def test_items_are_named_and_a_missing_list_is_said(self) -> None:
        proof = prove(
            self.engine, "listed", counts=[{"id": "x", "title": "The theft", "k": True}, {"id": "y", "k": False}]
        )
        (quantified,) = proof.children
        assert quantified.text == "Each of the counts"
        assert [(item.kind, item.text, item.status, item.dispositive) for item in quantified.children] == [
            ("item", "The theft", "met", False),
            ("item", "count y", "not_met", True),
        ]
        assert prove(self.engine, "listed").children[0].children[0].text == "count (not described)"
        assert prove(self.engine, "promised").children[0].text == "At least one of the promises: the list is not known"
        assert (
            prove(self.engine, "promised", promises=[]).children[0].text
            == "At least one of the promises: none is listed"
        )

    def test_a_criterion_outside_its_limits_shows_the_limit_and_no_condition(self) -> None:
        proof = prove(self.engine, "limited", {"a": True})
        assert (proof.status, proof.status_strict, proof.text) == (
            "not_applicable",
            "not_applicable",
            "Title of limited",
        )
        assert [(child.kind, child.status, child.dispositive) for child in proof.children] == [
            ("applies", "not_met", True)
        ]

    def test_what_does_not_apply_decides_what_uses_it(self) -> None:
        proof = prove(self.engine, "uses", {"a": True, "b": True})
        assert proof.status == "not_met"
        used = proof.children[0].children
        assert [(child.criterion, child.status, child.dispositive) for child in used] == [
            ("group", "met", False),
            ("limited", "not_applicable", True),
        ]

    def test_a_limit_that_fails_is_shown_before_one_that_is_open(self) -> None:
        engine = make_engine(
            [fact("a")],
            [criterion("c", "a", instrument="t", until="2010-01-01")],
            instruments=[treaty("t")],
        )
        proof = prove(engine, "c", {"requested_state": "unknown", "a": True})
        assert proof.status == "not_applicable"
        assert [child.text for child in proof.children] == ["This reading holds until 2010-01-01"]

    def test_a_criterion_about_counts_is_proved_for_one_of_them(self) -> None:
        counts = [{"id": "x", "k": True}, {"id": "y", "k": False}]
        weighed = weigh(self.engine, {"a": True}, counts=counts)
        proofs = [self.engine.prove(weighed, "per_count", ("counts", index)) for index in (0, 1)]
        assert [proof.status for proof in proofs] == ["met", "not_met"]
        labels = [leaf.finding.fact for leaf in leaves(proofs[1]) if leaf.finding]
        assert labels == ["counts[y].k", "a"]


class TestDispositive:
    engine = make_engine(
        [fact("a"), fact("b"), fact("c")],
        [
            criterion("all_three", {"all": ["a", "b", "c"]}),
            criterion("any_three", {"any": ["a", "b", "c"]}),
            criterion("strict_and_record", {"all": ["a", "b"]}),
        ],
    )

    def test_everything_carries_a_conjunction_that_holds(self) -> None:
        assert turning(prove(self.engine, "all_three", {"a": True, "b": True, "c": True})) == ["a?", "b?", "c?"]

    def test_one_failure_carries_a_conjunction_that_fails_and_two_carry_none(self) -> None:
        assert turning(prove(self.engine, "all_three", {"a": False, "b": True})) == ["a?"]
        assert turning(prove(self.engine, "all_three", {"a": False, "b": False})) == []

    def test_one_reason_carries_a_disjunction_and_two_carry_none(self) -> None:
        assert turning(prove(self.engine, "any_three", {"a": True, "b": False})) == ["a?"]
        assert turning(prove(self.engine, "any_three", {"a": True, "b": True})) == []
        assert turning(prove(self.engine, "any_three", {"a": False, "b": False, "c": False})) == ["a?", "b?", "c?"]

    def test_what_is_unknown_keeps_an_open_step_open(self) -> None:
        assert turning(prove(self.engine, "all_three", {"a": True})) == ["b?", "c?"]


def test_a_criterion_used_twice_is_proved_once(toy_engine: Engine) -> None:
    builder = toy_engine.prover(weigh(toy_engine))
    assert builder.criterion("concepts.old_doll") is builder.criterion("concepts.old_doll")
