"""Case files: what is accepted, what is refused, where the fault is, and what would be right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.assess import Engine
from engine.content.documents import Document, read_bytes
from engine.errors import InputProblems, Problem
from engine.facts.casefile import Case, Finding, pointer
from tests.engine.support import fact, make_engine


def read(engine: Engine, data: Any) -> Case:
    return engine.read(Document(data, "case.yaml"))


def refused(engine: Engine, data: Any) -> list[Problem]:
    with pytest.raises(InputProblems) as caught:
        read(engine, data)
    return list(caught.value.problems)


def said(engine: Engine, data: Any) -> list[str]:
    return [f"{problem.pointer}: {problem.message}" for problem in refused(engine, data)]


class TestFindings:
    def test_a_bare_value_is_asserted_by_nobody_named(self, toy_engine: Engine) -> None:
        finding = read(toy_engine, {"facts": {"age": 7}}).findings["age"]
        assert (finding.value, finding.standing, finding.by, finding.disputed) == (7, "asserted", "", False)

    def test_a_finding_may_say_its_standing_source_and_exhibits(self, toy_engine: Engine) -> None:
        case = read(
            toy_engine,
            {
                "facts": {
                    "age": {
                        "value": 7,
                        "standing": "established",
                        "by": "nurse",
                        "exhibits": ["E1", {"id": "E2", "page": 3}, {"id": "E2", "page": "iv"}],
                        "note": "measured",
                    }
                },
                "exhibits": {
                    "E1": {"title": "Label"},
                    "E2": {"title": "Book", "dated": "2019-01-01", "official": True},
                },
            },
        )
        finding = case.findings["age"]
        assert [(ref.id, ref.page) for ref in finding.exhibits] == [("E1", None), ("E2", 3), ("E2", "iv")]
        assert case.exhibits["E2"].dated == date(2019, 1, 1)

    @pytest.mark.parametrize("official", [True, False, "yes", "no"])
    def test_an_exhibit_is_official_or_not_in_the_words_of_a_yes_no_question(
        self, toy_engine: Engine, official: Any
    ) -> None:
        case = read(toy_engine, {"facts": {}, "exhibits": {"E1": {"title": "Label", "official": official}}})
        assert case.exhibits["E1"].official is (official in (True, "yes"))

    @pytest.mark.parametrize("official", [0, 1, 1.0, "true", "on", "Yes", "", [], {}, None])
    def test_nothing_else_stands_for_yes_or_no(self, toy_engine: Engine, official: Any) -> None:
        (problem,) = said(toy_engine, {"facts": {}, "exhibits": {"E1": {"title": "Label", "official": official}}})
        assert problem.startswith("/exhibits/E1/official: official: ")
        assert problem.endswith("is not an answer to a yes/no question. Write yes or no")

    @pytest.mark.parametrize("page", [True, -1, 2.5, 1_000_001, 10**400, float("nan"), float("inf"), [], {}])
    def test_a_page_is_a_number_or_a_text(self, toy_engine: Engine, page: Any) -> None:
        finding = {"value": 7, "exhibits": [{"id": "E1", "page": page}]}
        (problem,) = said(toy_engine, {"facts": {"age": finding}, "exhibits": {"E1": {"title": "Label"}}})
        assert problem == ("/facts/age/exhibits/0/page: page: a page is a whole number from 0 to 1000000, or a text")

    def test_a_finding_made_in_python_is_taken_as_it_is(self, toy_engine: Engine) -> None:
        finding = Finding(value=7, standing="established")
        assert read(toy_engine, {"facts": {"age": finding}}).findings["age"] == finding

    def test_a_disputed_finding_has_what_each_side_says(self, toy_engine: Engine) -> None:
        finding = read(
            toy_engine, {"facts": {"age": {"standing": "disputed", "person": 7, "state": "unknown"}}}
        ).findings["age"]
        assert finding.disputed
        assert (finding.value, finding.person, finding.state) == (None, 7, None)

    def test_unknown_is_asked_and_not_known_but_recorded(self, toy_engine: Engine) -> None:
        assert read(toy_engine, {"facts": {"age": "unknown"}}).findings["age"].value is None
        assert "age" not in read(toy_engine, {"facts": {}}).findings

    @pytest.mark.parametrize(
        "finding",
        [
            {"standing": "disputed"},
            {"standing": "disputed", "value": 7},
            {"standing": "disputed", "person": 7, "value": 7},
            {"standing": "asserted", "person": 7},
            {"note": "no value"},
            {},
        ],
    )
    def test_value_and_sides_do_not_mix(self, toy_engine: Engine, finding: Any) -> None:
        assert said(toy_engine, {"facts": {"age": finding}}) == [
            "/facts/age: age: a finding has 'value'; a disputed one has 'person' and 'state' (what each side says) instead"
        ]

    @pytest.mark.parametrize("value", [None, {"value": None}])
    def test_nothing_is_not_a_value(self, toy_engine: Engine, value: Any) -> None:
        assert said(toy_engine, {"facts": {"age": value}}) == [
            "/facts/age: age: no value is given. Leave the fact out, or write unknown"
        ]

    def test_a_wrong_standing_is_refused(self, toy_engine: Engine) -> None:
        (problem,) = said(toy_engine, {"facts": {"age": {"value": 1, "standing": "certain"}}})
        assert problem.startswith("/facts/age/standing: standing: input should be 'established', 'asserted'")


class TestNames:
    def test_an_unknown_fact_gets_the_nearest_name(self, toy_engine: Engine) -> None:
        (problem,) = refused(toy_engine, {"facts": {"stufing": "rag"}})
        assert (problem.message, problem.fix) == (
            "'stufing' is not a fact of the vocabulary",
            "Did you mean 'stuffing'?",
        )

    def test_a_name_like_no_other_gets_the_command_that_finds_names(self) -> None:
        engine = make_engine([fact(f"fact_{number}") for number in range(20)], [])
        (problem,) = refused(engine, {"facts": {"zzzzzz": 1}})
        assert problem.fix == "See: dedere facts WORD"

    @pytest.mark.parametrize(
        ("data", "where", "fix"),
        [
            ({"facts": {"broke_vase": True}}, "/facts/broke_vase", "It belongs to each of the counts"),
            ({"counts": [{"age": 7}]}, "/counts/0/age", "It belongs under 'facts'"),
            ({"counts": [{"kind_promise": True}]}, "/counts/0/kind_promise", "It belongs to each of the promises"),
            ({"age": 7}, "/age", "Write it under 'facts:'"),
            ({"fact": {}}, "/fact", "Did you mean 'facts'?"),
            ({"variants": {"tickle": "loose"}}, "/variants/tickle", "Did you mean 'tickling'?"),
            ({"facts": {"age": {"value": 1, "exhibit": []}}}, "/facts/age/exhibit", "Did you mean 'exhibits'?"),
            ({"exhibits": {"E1": {"title": "x", "autor": "y"}}}, "/exhibits/E1/autor", "Did you mean 'author'?"),
        ],
    )
    def test_a_misplaced_or_misspelt_key_is_told_where_it_belongs(
        self, toy_engine: Engine, data: Any, where: str, fix: str
    ) -> None:
        (problem,) = refused(toy_engine, data)
        assert (problem.pointer, problem.fix) == (where, fix)

    def test_several_faults_are_reported_at_once_each_with_its_line(self, toy_engine: Engine) -> None:
        text = b"facts:\n  age: seven\n  stufing: rag\n  marks: red\nassessed_on: yesterday\n"
        with pytest.raises(InputProblems) as caught:
            toy_engine.read(read_bytes(text, "case.yaml"))
        assert sorted((problem.line, problem.pointer) for problem in caught.value.problems) == [
            (2, "/facts/age"),
            (3, "/facts/stufing"),
            (4, "/facts/marks"),
            (5, "/assessed_on"),
        ]


class TestWhole:
    @pytest.mark.parametrize("data", [None, [], "text", 5])
    def test_a_case_is_a_mapping(self, toy_engine: Engine, data: Any) -> None:
        assert said(toy_engine, data) == [": a case is a mapping that begins with, for example, 'facts:'"]

    def test_a_date_left_empty_is_no_date(self, toy_engine: Engine) -> None:
        assert read(toy_engine, {"assessed_on": None}).assessed_on is None

    def test_an_empty_mapping_is_a_case_of_which_nothing_is_known(self, toy_engine: Engine) -> None:
        assert read(toy_engine, {}) == Case()

    def test_reference_title_notes_date_and_variants_are_kept(self, toy_engine: Engine) -> None:
        case = read(
            toy_engine,
            {
                "case": "T/1",
                "title": "A doll",
                "notes": "n",
                "assessed_on": "2020-01-13",
                "variants": {"tickling": "strict"},
            },
        )
        assert (case.reference, case.title, case.notes) == ("T/1", "A doll", "n")
        assert (case.assessed_on, case.variants) == (date(2020, 1, 13), {"tickling": "strict"})

    def test_a_variant_that_is_not_listed_is_refused(self, toy_engine: Engine) -> None:
        (problem,) = said(toy_engine, {"variants": {"tickling": "wild"}})
        assert problem == "/variants/tickling: tickling: input should be 'loose' or 'strict'"

    def test_a_wrong_date_is_refused_in_words(self, toy_engine: Engine) -> None:
        assert said(toy_engine, {"assessed_on": "13.01.2020"}) == [
            "/assessed_on: assessed_on: '13.01.2020' is not a date. Write it as year-month-day, for example 2020-01-13"
        ]

    @pytest.mark.parametrize("page", [-1, 10**30, 1.5])
    def test_a_page_is_a_number_or_a_word(self, toy_engine: Engine, page: Any) -> None:
        data = {
            "facts": {"age": {"value": 1, "exhibits": [{"id": "E1", "page": page}]}},
            "exhibits": {"E1": {"title": "x"}},
        }
        assert all(problem.pointer.startswith("/facts/age/exhibits/0/page") for problem in refused(toy_engine, data))


class TestItems:
    def test_items_without_id_are_numbered(self, toy_engine: Engine) -> None:
        case = read(toy_engine, {"counts": [{"broke_vase": True}, {"id": "jar"}, {}]})
        assert [item.id for item in case.items["counts"]] == ["count-1", "jar", "count-3"]

    def test_two_items_with_one_id_are_refused(self, toy_engine: Engine) -> None:
        assert said(toy_engine, {"counts": [{"id": "a"}, {"id": "a"}, {"id": "a"}]}) == [
            "/counts/1/id: two of the counts have the id 'a'",
            "/counts/2/id: two of the counts have the id 'a'",
        ]

    def test_a_list_that_needs_items_is_not_empty(self, toy_engine: Engine) -> None:
        (problem,) = refused(toy_engine, {"counts": []})
        assert problem.message == "the list of counts is empty"
        assert problem.fix == "List at least one, or leave 'counts' out if they are not known"

    def test_a_list_that_needs_none_may_be_empty(self, toy_engine: Engine) -> None:
        assert read(toy_engine, {"promises": []}).items == {"promises": ()}

    def test_a_list_left_out_is_not_an_empty_one(self, toy_engine: Engine) -> None:
        assert read(toy_engine, {"promises": None}).items == {}

    @pytest.mark.parametrize(
        "date_finding", [None, "unknown", {"standing": "disputed", "person": "2019-01-01", "state": "2019-02-01"}]
    )
    def test_steps_need_a_date_that_is_known_and_undisputed(self, toy_engine: Engine, date_finding: Any) -> None:
        step = {"status_then": "asked"} | ({"nap_on": date_finding} if date_finding else {})
        assert said(toy_engine, {"nap_steps": [step]}) == ["/nap_steps/0: needs 'nap_on'"]

    def test_a_promise_needs_no_date(self, toy_engine: Engine) -> None:
        assert len(read(toy_engine, {"promises": [{"kind_promise": True}]}).items["promises"]) == 1

    @pytest.mark.parametrize("counts", [{"id": "a"}, "a", 5])
    def test_a_list_is_a_list(self, toy_engine: Engine, counts: Any) -> None:
        assert said(toy_engine, {"counts": counts}) == ["/counts: counts: input should be a valid list"]

    def test_exhibits_that_are_not_listed_are_refused_wherever_they_are_named(self, toy_engine: Engine) -> None:
        data = {
            "facts": {"age": {"value": 1, "exhibits": ["E9"]}},
            "counts": [{"broke_vase": {"value": True, "exhibits": ["E1"]}}],
            "exhibits": {"E2": {"title": "x"}},
        }
        problems = refused(toy_engine, data)
        assert [(problem.pointer, problem.fix) for problem in problems] == [
            ("/facts/age", "Use one of: E2"),
            ("/counts/0/broke_vase", "Use one of: E2"),
        ]


class TestCanonical:
    def test_the_order_of_writing_does_not_matter(self, toy_engine: Engine) -> None:
        one = read(toy_engine, {"facts": {"age": 7, "marks": ["red", "blue"]}, "title": "x"})
        two = read(toy_engine, {"title": "x", "facts": {"marks": ["blue", "red"], "age": 7.0}})
        assert one.canonical() == two.canonical()

    def test_it_is_plain_json_data(self, toy_engine: Engine) -> None:
        case = read(
            toy_engine, {"facts": {"seized_on": "2020-01-01"}, "counts": [{"id": "a", "broke_vase": "unknown"}]}
        )
        assert case.canonical()["findings"]["seized_on"]["value"] == "2020-01-01"
        assert "value" not in case.canonical()["items"]["counts"][0]["findings"]["broke_vase"]

    def test_sets_of_disputed_findings_are_sorted_too(self, toy_engine: Engine) -> None:
        case = read(toy_engine, {"facts": {"marks": {"standing": "disputed", "person": ["red", "blue"], "state": []}}})
        assert case.canonical()["findings"]["marks"]["person"] == ["blue", "red"]


def test_the_pointer_of_a_fact_is_where_it_was_written() -> None:
    assert pointer("age") == "/facts/age"
    assert pointer("broke_vase", "counts", 2) == "/counts/2/broke_vase"


def test_the_generated_model_has_a_json_schema_that_speaks_of_questions(toy_engine: Engine) -> None:
    schema = toy_engine.reader.model.model_json_schema()
    assert schema["$defs"]["Facts"]["properties"]["age"]["description"] == "How old?"
    assert schema["additionalProperties"] is False


def test_faults_are_told_in_the_order_of_the_file(toy_engine: Engine) -> None:
    written = b"facts:\n  stufing: rag\n  age: old\n  made_of: wood\ncounts:\n  - {broke_vase: perhaps}\n"
    with pytest.raises(InputProblems) as refusal:
        toy_engine.read(read_bytes(written, "case.yaml"))
    assert [problem.line for problem in refusal.value.problems] == [2, 3, 4, 6]
