"""What the commands print in a pipe: an answer to be read, or data to be taken further."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.support import TOY, dedere, here, write

ESCAPE = "\x1b"


@pytest.fixture
def case(tmp_path: Path) -> str:
    return write(tmp_path, TOY)


def test_the_outcome_comes_first_then_duty_grounds_and_receipt(case: str) -> None:
    out = here("assess", case).out
    order = [
        "INADMISSIBLE. Surrender is not permitted",
        "Duty to extradite",
        "Grounds that are met (1)",
        "TOY art 2: The mill (toy-1900.mill) [rebuttable]",
        "Grounds still open",
        "Per offence",
        "Treaty relations on this date",
        "Conflicts of norms",
        "What is missing",
        "What would change the answer",
        "Next questions",
        "Taken for granted",
        "Receipt",
    ]
    places = [out.index(words) for words in order]
    assert places == sorted(places)


def test_a_pipe_gets_plain_text_within_eighty_columns(case: str) -> None:
    out = here("assess", case, "--all").out
    assert ESCAPE not in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_narrow_width_is_respected(case: str) -> None:
    out = here("assess", case, "--all", COLUMNS="50").out
    assert max(map(len, out.splitlines())) <= 50


def test_what_is_unverified_is_always_said(case: str) -> None:
    out = here("assess", case).out
    assert "TOY art 4(2) [unverified]: A sleepy doll needs" in " ".join(out.split())
    assert "Unverified: check these before relying on what rests on them" in out


def test_everything_is_shown_when_asked_for(case: str) -> None:
    short, whole = here("assess", case).out, here("assess", case, "--all").out
    assert "toy-1900.tickling_strict" not in short
    assert "toy-1900.tickling_strict" in whole
    assert len(whole) > len(short)


def test_the_answer_as_json_is_the_answer(case: str) -> None:
    answer = json.loads(here("assess", case, "--format", "json").out)
    assert answer["outcome"] == "inadmissible"
    assert answer["receipt"]["digest"]


def test_the_date_given_wins_over_the_date_of_the_case(case: str) -> None:
    answer = json.loads(here("assess", case, "--on", "1900-01-01", "--format", "json").out)
    assert answer["assessed_on"] == "1900-01-01"
    assert answer["outcome"] == "admissible"


def test_a_case_can_come_through_standard_input() -> None:
    assert dedere("assess", "-", typed=TOY).out.startswith("A rag doll (rag-doll)\nINADMISSIBLE")


def test_a_case_may_be_json(tmp_path: Path) -> None:
    text = json.dumps({"assessed_on": "1950-06-01", "facts": {"ground_up": "yes"}, "title": "A 🧸 doll"})
    ran = here("assess", write(tmp_path, text, "case.json"))
    assert ran.status == 0
    assert "A 🧸 doll" in ran.out


def test_one_criterion_is_proved_down_to_the_findings(case: str) -> None:
    out = here("explain", case, "toy-1900.mill").out
    assert "[+] Would the doll be ground up? yes (ground_up; asserted by the person;" in out
    assert "[-] Is the mill closed? no (mill_closed; not known; by the burden of" in out
    assert "Rebuttable by proof of (2)" in out
    assert "rules/toy-1900/all.yaml:" in out


def test_a_criterion_about_offences_is_proved_for_each(case: str) -> None:
    out = here("explain", case, "toy-1900.duty").out
    assert "Proof, The vase" in out
    assert "Proof, The jug" in out


def test_why_not_is_said_of_a_ground_that_is_not_met(tmp_path: Path) -> None:
    text = TOY.replace("value: yes, standing: asserted", "value: no, standing: asserted")
    out = here("explain", write(tmp_path, text), "toy-1900.mill").out
    assert "NOT MET." in out
    assert "Why not" in out
    assert "- Would the doll be ground up?: no" in out


def test_the_trace_lists_firings_with_their_reasons(case: str) -> None:
    out = here("trace", case).out
    assert "Added by the burden of proof (3)" in out
    assert "  - because mill_closed: no" in out
    assert "all conditions of a group" not in out
    assert len(here("trace", case, "--all").out) > len(out)


def test_what_if_shows_what_changes_and_leaves_the_file_alone(tmp_path: Path) -> None:
    case = write(tmp_path, TOY)
    out = here("whatif", case, "--set", "mill_closed=yes", "--set", "counts[jug].broke_vase=no").out
    assert "The answer changes." in out
    assert "what if: undetermined" in out
    assert "(toy-1900.mill, absolute bar): met" in out
    assert Path(case).read_text("utf-8") == TOY


def test_what_if_nothing_changes_it_says_so(case: str) -> None:
    out = here("whatif", case, "--set", "ground_up=yes").out
    assert "The outcome is the same." in out
    assert "Nothing else differs" in out


def test_two_cases_part_at_a_firing(tmp_path: Path) -> None:
    one = write(tmp_path, TOY, "one.yaml")
    other = write(
        tmp_path,
        TOY.replace("case: rag-doll", "case: other").replace("broke_vase: yes", "broke_vase: no"),
        "other.yaml",
    )
    out = here("compare", one, other).out
    assert out.startswith("rag-doll and other\n")
    assert "Where the traces part" in out
    assert "TOY art 1: Duty to surrender [The vase]: met" in out


def test_facts_are_found_by_word_and_shown_in_full_when_few() -> None:
    out = here("facts", "mill", "closed").out
    assert "mill_closed: Is the mill closed?" in out
    assert "burden: the State; unknown counts on the record as: no" in out
    assert "used by: toy-1900.mill" in out
    assert here("facts").out.startswith("30 facts")


def test_a_fact_that_settles_others_says_so() -> None:
    assert "a wider question, which can settle unasked: ground_up" in here("facts", "mill_feared").out


def test_instruments_take_names_and_codes_alike() -> None:
    by_name = here("instruments", "andorra", "Monaco", "--on", "1950-01-01").out
    assert by_name == here("instruments", "AND", "mco", "--on", "1950-01-01").out
    assert by_name.startswith("Andorra asks Monaco: instruments on 1 January 1950\n")
    assert "TOY Convention of Toyland on the Surrender of Dolls: in force for Monaco" in by_name


def test_instruments_say_what_is_not_yet_binding() -> None:
    out = here("instruments", "AND", "MCO", "--on", "1900-07-01").out
    assert "not yet in force for Monaco (from 1901-01-01)" in " ".join(out.split())


def test_check_counts_the_content() -> None:
    out = here("check").out
    assert out.startswith("Clean: law content toy\n")
    said = " ".join(out.split())
    assert "15 criteria (11 grounds), 30 facts, 3 instruments, 1 authority, 2 clocks, 1 conflict of norms" in said
    assert "Articles: 6 encoded, 2 not encoded" in said


def test_schemas_are_printed() -> None:
    assert json.loads(here("schema").out)["title"] == "Answer"
    assert "requesting_state" in json.loads(here("schema", "case").out)["$defs"]["Facts"]["properties"]


def test_markdown_has_the_same_sections_and_names_as_code(case: str) -> None:
    text, marked = here("assess", case).out, here("assess", case, "--format", "markdown").out
    assert marked.startswith("# A rag doll (rag-doll)\n\n**INADMISSIBLE**. **Surrender is not permitted")
    assert "`toy-1900.mill`" in marked
    titles = [row.removeprefix("## ") for row in marked.splitlines() if row.startswith("## ")]
    assert len(titles) > 10
    for title in titles:
        assert title.replace("\\", "") in " ".join(text.split())


def test_other_readings_are_told_when_they_differ(tmp_path: Path) -> None:
    text = TOY.replace("value: yes, standing: asserted, by: person", "standing: disputed, person: yes, state: no")
    assert "Other readings of what is disputed: " in here("assess", write(tmp_path, text)).out
