"""Loading content: the path is the name, values are typed, digests follow the bytes."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.content.conditions import All, AnyOf, Atom, Not, Quantified, Ref
from engine.content.loader import digest_folder, load_pack
from engine.content.models import Effect, Pack
from engine.errors import ContentProblems
from tests.conftest import TOYLAND


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Toyland, to be changed at will."""
    shutil.copytree(TOYLAND, tmp_path / "toyland")
    return tmp_path / "toyland"


def load(folder: Path) -> Pack:
    return load_pack(folder / "rules", folder / "instruments")


def refused(folder: Path) -> list[str]:
    with pytest.raises(ContentProblems) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


class TestToyland:
    def test_the_id_of_a_criterion_is_its_folder_and_its_name(self, toyland: Pack) -> None:
        assert toyland.criteria["toy-1900.mill"].instrument == "toy-1900"
        assert toyland.criteria["concepts.old_doll"].instrument == ""

    def test_a_criterion_knows_its_file_and_line(self, toyland: Pack) -> None:
        mill = toyland.criteria["toy-1900.mill"]
        text = (TOYLAND / mill.source).read_text().splitlines()
        assert mill.source == "rules/toy-1900/all.yaml"
        assert text[mill.line - 1] == "  mill:"

    def test_an_exception_is_joined_to_the_condition(self, toyland: Pack) -> None:
        condition = toyland.criteria["dolls-1950.sawdust"].condition
        assert isinstance(condition, All)
        assert condition.of[1] == Not(Quantified("every", "promises", Atom("yes", ("kind_promise",))))
        assert Ref("concepts.old_doll") in condition.of[0].of  # type: ignore[union-attr]

    def test_a_direct_finding_answers_and_where_none_was_made_the_rules_do(self, toyland: Pack) -> None:
        assert toyland.criteria["toy-1900.sleepy_doll"].condition == AnyOf(
            (
                Atom("in", ("sleepiness_finding",), ("met",)),
                All((Atom("in", ("sleepiness_finding",), ("none_made",)), Atom("yes", ("sleepy",)))),
            )
        )

    def test_dates_effects_and_variants_are_typed(self, toyland: Pack) -> None:
        assert toyland.criteria["toy-1900.stitches_old"].valid_until == date(1999, 12, 31)
        assert toyland.criteria["toy-1900.mill"].effect is Effect.ABSOLUTE_BAR
        assert toyland.criteria["toy-1900.tickling_strict"].variant == {"tickling": "strict"}

    def test_facts_come_in_the_order_of_themes_and_files(self, toyland: Pack) -> None:
        names = list(toyland.vocabulary.facts)
        assert names.index("age") < names.index("nap_wanted")
        assert names[:2] == ["requesting_state", "requested_state"]
        assert list(toyland.vocabulary.themes) == ["toys", "naps", "dreams"]

    def test_instruments_are_joined_from_their_files(self, toyland: Pack) -> None:
        toy = toyland.instruments["toy-1900"]
        assert toy.parties["AND"].in_force_from == date(1900, 6, 1)
        assert toy.declarations["lie-5"].tags == ("keeps_home_dolls",)
        assert toy.articles["6"].not_encoded == "Nothing to decide."

    def test_the_version_comes_from_the_pack_file(self, toyland: Pack) -> None:
        assert toyland.version == "toy"
        assert toyland.digest == f"{toyland.rules_digest}+{toyland.instruments_digest}"


class TestTyping:
    """Values in closures and burdens are compared with values of facts, so they have the same type."""

    @pytest.fixture
    def pack(self, copy: Path) -> Pack:
        (copy / "rules" / "facts" / "typed.yaml").write_text(
            """
theme: typed
title: Typed
order: 30
facts:
  answer: {question: "?", type: choice, values: {yes: "Yes", no: "No", partly: Partly}, unproved: no, review: known}
  follows: {question: "?", type: choice, values: {yes: Yes, no: No}, review: known, closed_by: [{fact: answer, is: no, then: no}]}
  spots: {question: "?", type: set, values: {red: Red, none_seen: None}, unproved: [], review: known, closed_by: [{fact: answer, is: no, then: [red]}]}
  lands: {question: "?", type: states, unproved: none, review: known, closed_by: [{fact: spots, is: [red], then: none}]}
  day: {question: "?", type: date, review: known, closed_by: [{fact: answer, is: no, then: 2000-01-01}]}
  weight: {question: "?", type: number, unproved: 0, review: known, closed_by: [{fact: answer, is: "no", then: 3}]}
  sure: {question: "?", type: yes_no, unproved: "yes", review: known, closed_by: [{fact: answer, is: partly, then: "no"}]}
""".lstrip()
        )
        return load(copy)

    @pytest.mark.parametrize(
        ("fact", "is_", "then", "unproved"),
        [
            ("follows", "no", "no", "open"),
            ("spots", "no", frozenset({"red"}), frozenset()),
            ("lands", frozenset({"red"}), frozenset(), frozenset()),
            ("day", "no", date(2000, 1, 1), "open"),
            ("weight", "no", 3, 0),
            ("sure", "partly", False, True),
        ],
    )
    def test_closures_and_burdens_are_typed(
        self, pack: Pack, fact: str, is_: object, then: object, unproved: object
    ) -> None:
        found = pack.vocabulary.facts[fact]
        assert [(closure.is_, closure.then) for closure in found.closed_by] == [(is_, then)]
        assert found.unproved == unproved
        assert type(found.unproved) is type(unproved)

    def test_a_choice_of_yes_and_no_is_a_choice_of_words(self, pack: Pack) -> None:
        assert pack.vocabulary.facts["answer"].unproved == "no"
        assert pack.vocabulary.facts["answer"].values == {"yes": "Yes", "no": "No", "partly": "Partly"}

    def test_a_fact_that_nobody_must_prove_stays_open(self, pack: Pack) -> None:
        assert not pack.vocabulary.facts["day"].fills
        assert pack.vocabulary.facts["spots"].fills
        assert pack.vocabulary.facts["weight"].fills


class TestProblems:
    def test_problems_of_several_files_are_reported_together(self, copy: Path) -> None:
        (copy / "rules" / "toy-1900" / "x.yaml").write_text("instrument: toy-1900\ncriteria:\n  a: {title: A}\n")
        (copy / "rules" / "facts" / "x.yaml").write_text("theme: x\ntitle: X\norder: 1\nfacts:\n  q: {question: Q}\n")
        (copy / "instruments" / "toy-1900" / "x.yaml").write_text("x: 1\n")
        problems = refused(copy)
        assert any("x.yaml:3 /criteria/a: a criterion needs a condition under 'when'" in line for line in problems)
        assert any("x.yaml:5 /facts/q/type: type: Field required" in line for line in problems)
        assert any("'x.yaml' is not a register file" in line for line in problems)

    def test_a_fault_in_a_list_of_a_treaty_points_into_that_file(self, copy: Path) -> None:
        parties = copy / "instruments" / "toy-1900" / "parties.yaml"
        parties.write_text(parties.read_text() + "  NRU: {status: maybe, review: known}\n")
        (problem,) = refused(copy)
        assert "parties.yaml:9 /parties/NRU/status" in problem

    def test_a_missing_folder_is_an_empty_one(self, tmp_path: Path) -> None:
        pack = load_pack(tmp_path / "none", tmp_path / "nor_this")
        assert pack.criteria == {}


class TestDigests:
    def test_they_do_not_depend_on_where_the_folder_is(self, copy: Path) -> None:
        assert digest_folder(copy / "rules") == digest_folder(TOYLAND / "rules")

    def test_a_changed_byte_changes_them(self, copy: Path) -> None:
        before = digest_folder(copy / "rules")
        (copy / "rules" / "pack.yaml").write_text("version: toy \n")
        assert digest_folder(copy / "rules") != before

    def test_a_renamed_file_changes_them(self, copy: Path) -> None:
        before = digest_folder(copy / "rules")
        (copy / "rules" / "variants.yaml").rename(copy / "rules" / "variants2.yaml")
        assert digest_folder(copy / "rules") != before

    def test_a_file_that_is_no_content_does_not(self, copy: Path) -> None:
        (copy / "rules" / "NOTES.md").write_text("Notes.")
        assert digest_folder(copy / "rules") == digest_folder(TOYLAND / "rules")
