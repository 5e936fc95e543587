"""What a memo says: every part a lawyer expects, each drawn from the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from api.documents.memo.citations import Citations, style_of
from api.documents.memo.tree import (
    Memo,
    Para,
    Section,
    Table,
    words_of,
)
from engine.answer.lasting import authority_said
from engine.answer.model import AuthoritySaid
from engine.assess import Engine
from engine.errors import InputProblems
from tests.memo.conftest import EVE, Write, changed


def sections(memo: Memo) -> Iterator[Section]:
    def walk(section: Section) -> Iterator[Section]:
        yield section
        for below in section.sections:
            yield from walk(below)

    for one in memo.sections:
        yield from walk(one)


def named(memo: Memo, title: str) -> Section:
    return next(one for one in sections(memo) if one.title.startswith(title))


def text_of(section: Section) -> str:
    return words_of(Memo("", (), (section,), None))


def rows(section: Section) -> list[list[str]]:
    return [
        ["".join(run.text for run in cell) for cell in row]
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]


def test_the_parts_stand_in_the_order_a_lawyer_expects(neutral: Memo) -> None:
    titles = [one.title for one in neutral.sections if one.title]
    expected = ["Question", "Brief answer", "Facts", "Instruments in force", "Discussion", "Conclusion", "Assurances"]
    expected += [
        "Open and disputed facts",
        "Evidence to obtain",
        "Time limits",
        "A human decides",
        "Table of authorities",
    ]
    expected += ["Annex: trace", "Annex: receipt"]
    assert [title for title in titles if title in expected] == expected


def test_the_memo_says_of_which_states_declarations_may_be_missing(neutral: Memo) -> None:
    told = text_of(named(neutral, "Instruments in force"))
    assert "the register does not know whether they made other declarations" in told
    assert "Minsk 1993: Ukraine, Kazakhstan" in told


def test_the_brief_answer_says_outcome_and_certainty_without_citing(neutral: Memo) -> None:
    said = text_of(named(neutral, "Brief answer"))
    assert "Inadmissible." in said
    assert "not settled" in said
    assert "from not now to inadmissible" in said
    assert "Asylum first (suspension)" in said


def test_dated_facts_and_steps_stand_in_time_order_with_their_exhibits(neutral: Memo) -> None:
    told = rows(named(neutral, "In time order"))
    assert [row[0] for row in told][:3] == ["31 March 2017", "18 October 2017", "21 October 2017"]
    assert "Refused by the migration service" in told[1][1]
    assert "Exhibit 1" in told[1][2]
    assert told[2][1] == "The person is arrested for this request"
    assert not [event for _, event, _ in told if "?" in event]


def test_every_ground_that_is_met_or_open_has_a_pinpoint_and_its_application(neutral: Memo, engine: Engine) -> None:
    answer = engine.assess(changed(engine), EVE)
    live = [one for one in answer.grounds if one.status in ("met", "open")]
    discussed = [one for one in sections(neutral) if re.fullmatch(r"5\.\d+\.\d+", one.number)]
    assert len(discussed) > 30
    for one in discussed:
        lead = next(block for block in one.blocks if isinstance(block, Para))
        assert re.search(r"(Article|art) \d", "".join(run.text for run in lead.line)), one.title
        said = text_of(one)
        assert "Application" in said
        assert "Best argument of" in said
        assert "Reply of" in said
    everything = words_of(neutral)
    assert [one.title for one in live if one.title not in everything] == []


def test_arguments_come_from_the_three_readings_and_the_disputed_facts(undecided: Memo) -> None:
    said = text_of(named(undecided, "No surrender of a refugee"))
    assert "Read as the State says, this ground is not met." in said
    assert "Read as the person says, this ground is met." in said
    assert "the person says yes, the State says no; Exhibit 1" in said


def test_a_fact_that_would_decide_alone_is_the_reply(undecided: Memo) -> None:
    said = text_of(named(undecided, "Right to life - danger of being killed"))
    assert "If yes, the outcome is inadmissible." in said


def test_what_is_unverified_is_marked_wherever_it_is_relied_on(neutral: Memo, engine: Engine) -> None:
    answer = engine.assess(changed(engine), EVE)
    doubtful = [one for one in answer.grounds if one.unverified and one.status in ("met", "open")]
    listed = text_of(named(neutral, "Unverified law"))
    assert doubtful
    for ground in doubtful:
        assert ground.title in listed
        assert all(note in listed for note in ground.unverified)
    assert "CED [unverified]" in text_of(named(neutral, "Instruments in force"))


def test_the_table_of_authorities_is_complete_both_ways(neutral: Memo, engine: Engine) -> None:
    answer = engine.assess(changed(engine), EVE)
    live = {
        one.name
        for ground in answer.grounds
        if ground.status in ("met", "open") and ground.effect
        for one in ground.authorities
    }
    tables = [row for one in sections(neutral) if one.number.startswith("16.") for row in rows(one)]
    listed = " ".join(row[0] for row in tables)
    body = "\n".join(text_of(one) for one in neutral.sections if one.title == "Discussion")
    assert all(name in listed for name in live if name in body)
    numbers = {one.number for one in sections(neutral)}
    places = {place for row in tables for place in row[-1].split(", ")}
    assert places <= numbers
    for row in tables:
        if len(row) == 2:
            assert row[0].split(",")[0].replace(" [GC]", "") in body


def test_missing_facts_are_listed_with_what_proves_them(neutral: Memo, engine: Engine) -> None:
    answer = engine.assess(changed(engine), EVE)
    listed = text_of(named(neutral, "Evidence to obtain"))
    vocabulary = engine.pack.vocabulary.facts
    weighed = [one for one in answer.grounds if one.status == "open" and one.effect == "absolute_bar"]
    for ground in weighed:
        for label in ground.missing:
            if label in vocabulary:
                assert vocabulary[label].question in listed
                assert all(proof in listed for proof in vocabulary[label].proof)


def test_assurances_are_told_question_by_question_and_test_by_test(neutral: Memo) -> None:
    said = text_of(named(neutral, "Assurances"))
    assert "Is it specific to this person" in said
    assert "The promise protects a person in custody: not met." in said
    assert "never authorises surrender past a bar" in said


def test_a_human_decides_and_signs(neutral: Memo) -> None:
    said = text_of(named(neutral, "A human decides"))
    assert "a human decides" in said
    assert "Prepared by" in said


def test_the_receipt_is_that_of_the_answer(neutral: Memo, engine: Engine) -> None:
    assert engine.assess(changed(engine), EVE).receipt.digest in words_of(neutral)


def test_the_memo_for_the_person_reads_disputed_facts_as_the_person_says(write: Write) -> None:
    memo = write("person")
    assert (
        "as the person says"
        in {label: "".join(run.text for run in said) for label, said in memo.about}["Disputed facts"]
    )
    assert "met" in named(memo, "No surrender of a refugee").title


@pytest.mark.parametrize(
    ("style", "name", "expected"),
    [
        (
            "court",
            "saadi-italy-2008",
            "Saadi v. Italy [GC], no. 37201/06, §§\u00a0124-133, 137-143, 147-148, 28 February 2008",
        ),
        (
            "oscola",
            "saadi-italy-2008",
            "Saadi v Italy App no 37201/06 (ECtHR [GC], 28 February 2008), paras 124\u2013133, 137\u2013143, 147\u2013148",
        ),
        ("court", "mutombo-1994", "Mutombo v. Switzerland, CAT-Committee, communication no. 13/1993, 1994"),
        ("oscola", "mutombo-1994", "Mutombo v Switzerland Communication No 13/1993 (CAT-Committee, 1994)"),
    ],
)
def test_authorities_are_cited_in_two_styles(engine: Engine, style: str, name: str, expected: str) -> None:
    said: AuthoritySaid = authority_said(engine.pack, name)
    found = "".join(run.text for run in Citations(style_of(style), engine.pack).authority(said, "5.1"))
    assert found.removesuffix(" [pinpoint unverified]") == expected
    assert ("[pinpoint unverified]" in found) == ("unverified" in said.pinpoint)


def test_a_wrong_style_is_refused_with_the_right_ones() -> None:
    with pytest.raises(InputProblems, match="oscola"):
        style_of("oscolla")


def test_a_presumed_ground_is_argued_with_point_answer_and_reply(neutral: Memo) -> None:
    torture = text_of(named(neutral, "Real risk of torture or inhuman or degrading treatment"))
    point, rest = torture.split("\nBest argument of the State\n", 1)
    answer, reply = rest.split("\nReply of the person\n", 1)
    assert "\nPoint\n" in point
    assert "Baysakov and Others v. Ukraine" in point
    assert "Dzhaksybergenov v. Ukraine, no. 12343/10" in answer
    assert "It would govern if this were proved:" in answer
    assert "Nothing sets this person apart. The other side cannot rely on this" in reply
    assert "Here, and not there: " in reply


def test_an_authority_later_than_the_memo_says_so(neutral: Memo) -> None:
    later = [line for line in words_of(neutral).splitlines() if "Khasanov and Rakhmanov" in line]
    assert later
    assert all("[given after the day of this memo]" in line for line in later)
    earlier = [line for line in words_of(neutral).splitlines() if line.startswith("Soering")]
    assert not any("given after" in line for line in earlier)


def test_a_memo_says_no_in_plain_words(neutral: Memo) -> None:
    assert "It is not the case" not in words_of(neutral)
