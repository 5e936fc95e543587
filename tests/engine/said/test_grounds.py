"""Grounds as an answer says them: status, what is missing, why not, citations with their weakest mark."""

from __future__ import annotations

from typing import Any

import pytest

from engine.answer.lasting import WEAKEST_FIRST, authority_said, cite_said
from engine.assess import Engine
from engine.content.clocks import Citation
from tests.engine.said.toy import PLAIN, ask, ground
from tests.engine.support import criterion, fact, make_engine, part


def test_grounds_come_weightiest_first_met_before_open_before_the_rest(toy_engine: Engine) -> None:
    answer = ask(toy_engine, {"nap_status": "asked", "stuffing": "rag"})
    order = [found.status for found in answer.grounds]
    assert order == sorted(order, key=["met", "open", "not_met", "not_applicable"].index)
    met = [found.id for found in answer.grounds if found.status == "met"]
    assert met.index("toy-1900.nap") < met.index("toy-1900.rag") < met.index("toy-1900.duty")


def test_a_breach_is_said_though_it_has_no_effect_and_a_concept_is_not(toy_engine: Engine) -> None:
    answer = ask(toy_engine, {"seized_on": "2018-01-01"})
    breach = ground(answer, "toy-1900.detained_too_long")
    assert (breach.effect, breach.status, breach.sentence) == (None, "met", "Too long.")
    assert "concepts.old_doll" not in {found.id for found in answer.grounds}


class TestStatuses:
    def test_an_open_ground_says_what_is_missing(self, toy_engine: Engine) -> None:
        mill = ground(ask(toy_engine, {"ground_up": True}), "toy-1900.mill")
        assert (mill.status, mill.status_strict, mill.missing, mill.rebuttable_by) == (
            "met",
            "open",
            (),
            ("promises", "mill_closed"),
        )
        mill = ground(ask(toy_engine), "toy-1900.mill")
        assert (mill.status, mill.missing) == ("open", ("ground_up",))

    def test_a_ground_of_counts_has_the_status_of_each(self, toy_engine: Engine) -> None:
        counts = [{"id": "a", "broke_vase": True}, {"id": "b", "broke_vase": False}, {"id": "c"}]
        answer = ask(toy_engine, counts=counts)
        duty = ground(answer, "toy-1900.duty")
        assert duty.counts == {"a": "met", "b": "not_met", "c": "open"}
        assert duty.status == "met"
        assert ground(ask(toy_engine, counts=counts[1:]), "toy-1900.duty").status == "open"
        assert ground(ask(toy_engine, counts=counts[1:2]), "toy-1900.duty").status == "not_met"
        assert ground(ask(toy_engine, counts=counts[1:]), "toy-1900.duty").missing == ("counts[c].broke_vase",)

    def test_a_case_without_counts_speaks_of_one_not_described(self, toy_engine: Engine) -> None:
        duty = ground(ask(toy_engine, counts=None), "toy-1900.duty")
        assert (duty.status, duty.missing, duty.counts) == ("open", ("counts[?].broke_vase",), {})

    def test_a_ground_that_does_not_apply_says_so(self, toy_engine: Engine) -> None:
        old = ground(ask(toy_engine, {"age": 99}), "toy-1900.stitches_old")
        assert old.status == old.status_strict == "not_applicable"
        assert old.sentence == "It does not apply here on this date and in this reading of the law."

    def test_a_status_that_hangs_on_the_register_says_which_treaty(self, toy_engine: Engine) -> None:
        answer = ask(toy_engine, {**PLAIN, "requested_state": "PLW", "stuffing": "rag"})
        assert ground(answer, "toy-1900.rag").missing == ("register: TOY",)

    def test_a_status_that_hangs_on_a_declaration_says_of_which_state_and_article(self, toy_engine: Engine) -> None:
        home = ground(ask(toy_engine, {**PLAIN, "requested_state": "SMR", "homes": []}), "toy-1900.home_doll")
        unknown = "The register does not know whether San Marino made a declaration under article 5 of the TOY"
        assert (home.status, home.missing) == ("open", (f"{unknown}: keeps home dolls",))


class TestWhyNot:
    def test_it_names_the_leaves_that_keep_it_from_being_met(self, toy_engine: Engine) -> None:
        answer = ask(toy_engine, PLAIN)
        assert ground(answer, "toy-1900.mill").why_not == ("Would the doll be ground up?: no",)
        assert ground(answer, "toy-1900.rag").why_not == (
            "What is it stuffed with? [Rags]: Wool",
            "How old? [at least 10 years]: 5 years",
            "Which marks? [Red]: none",
        )

    def test_an_exception_that_holds_is_why_not(self, toy_engine: Engine) -> None:
        answer = ask(toy_engine, {**PLAIN, "stuffing": "rag", "age": 150}, promises=[{"kind_promise": True}])
        assert ground(answer, "dolls-1950.sawdust").why_not == ("Is it kind?: yes",)

    def test_only_a_ground_that_is_not_met_says_why_not(self, toy_engine: Engine) -> None:
        assert ground(ask(toy_engine, {"stuffing": "rag"}), "toy-1900.rag").why_not == ()

    def test_where_no_item_counts_yet_there_is_nothing_to_name(self) -> None:
        engine = make_engine(
            [fact("k", scope="counts"), fact("done_on", "date", scope="counts")],
            [criterion("c", "k", scope="counts")],
            parts=[part("counts", "count", needs_items=True, dated_by="done_on")],
        )
        answer = ask(engine, counts=[{"id": "later", "done_on": "2021-01-01", "k": True}])
        assert (ground(answer, "c").status, ground(answer, "c").why_not, answer.counts) == ("not_met", (), ())


class TestSources:
    def test_a_citation_has_the_weakest_mark_of_all_behind_it(self, toy_engine: Engine) -> None:
        pack = toy_engine.pack
        plain, article5 = Citation(instrument="toy-1900", article="1"), Citation(instrument="toy-1900", article="5")
        marked = plain.model_copy(update={"pinpoint_review": "unverified"})
        assert [cite_said(pack, "text_seen", cite).review for cite in (plain, article5, marked)] == [
            "text_seen",
            "unverified",
            "unverified",
        ]
        assert cite_said(pack, "known", plain).review == "known"
        assert cite_said(pack, "known", plain).pinpoint == "art 1"
        assert WEAKEST_FIRST[0] == "unverified"

    def test_an_authority_says_when_its_pinpoint_is_unverified(self, toy_engine: Engine) -> None:
        said = authority_said(toy_engine.pack, "toy-court.lullaby")
        assert (said.pinpoint, said.review, said.number) == ("§ 4 (pinpoint unverified)", "known", "7")
        bare = toy_engine.pack.authorities["toy-court.lullaby"].model_copy(update={"pinpoint_review": None})
        pack = toy_engine.pack.model_copy(update={"authorities": {"x": bare}})
        assert authority_said(pack, "x").pinpoint == "§ 4"

    @pytest.mark.parametrize(
        ("name", "notes"),
        [
            ("toy-1900.tickling_strict", ("this reading of the law has not been verified",)),
            ("toy-1900.sleepy_doll", ("the pinpoint or text of TOY art 4(2) has not been verified",)),
            ("toy-1900.mill", ()),
        ],
    )
    def test_what_is_unverified_is_said_of_each_ground(self, toy_engine: Engine, name: str, notes: Any) -> None:
        assert ground(ask(toy_engine), name).unverified == notes

    def test_a_treaty_relation_that_is_unverified_taints_the_ground(self, toy_engine: Engine) -> None:
        notes = ground(ask(toy_engine, {"requested_state": "PLW"}), "toy-1900.mill").unverified
        assert notes == ("the status of the TOY is unverified: the status of Palau is not verified",)
