"""Dossiers on pages over Toyland: the first screen of a verdict, a question's own page, and the page of a State."""

from __future__ import annotations

import re

import pytest

from api.documents.language.catalogues import speech_in
from engine.answer.argument import WORDS
from tests.pages.support import Visitor, words
from tests.pages.test_verdict import assessed, part


@pytest.fixture
def dreaming(anna: Visitor) -> str:
    """A matter like that of Dolly v. Toyland, and of a doll that would be ground up, assessed for the record."""
    matter = anna.makes(day="1980-01-01")
    for fact, value in (("others_dreamt", "yes"), ("nursery", "dark"), ("courage", "mouse"), ("ground_up", "yes")):
        anna.send(f"/matters/{matter}/ask/{fact}", answer=value, standing="asserted", by="person")
    anna.send(f"/matters/{matter}/assess")
    return matter


def test_the_first_screen_names_grounds_their_weakest_point_and_what_to_get(anna: Visitor) -> None:
    page = anna.get(f"/matters/{assessed(anna)}/verdict").text
    front = part(page, 'id="front"', 'id="raised"')
    assert 'href="#g-toy-1900.mill"' in front
    assert "Would the doll be ground up?" in front
    assert re.search(r"Weakest point: one side(&#39;|')s word", front)
    assert 'id="not-examined"' in front


def test_a_ground_that_nobody_raised_begins_with_its_questions(anna: Visitor) -> None:
    page = anna.get(f"/matters/{assessed(anna)}/verdict").text
    raised = part(page, 'id="raised-raised"', 'id="raised-could"')
    assert "#g-toy-1900.mill" in raised
    link = re.search(
        r'class="button small no-print" href="([^"]*/ask/[^"]*)"', part(page, 'id="raised-could"', 'id="board"')
    )
    assert link
    assert anna.get(link[1].replace("&amp;", "&")).status_code == 200


def test_a_question_has_its_argument_on_a_page_of_its_own(anna: Visitor, dreaming: str) -> None:
    page = words(anna.get(f"/matters/{dreaming}/questions/dream_bad"))
    assert re.search(r"Point .*Dolly v\. Toyland .*The State's best answer .*Bruno v\. Toyland .*Reply", page)
    assert "presumed: yes; it can be rebutted" in page
    assert "Here, and not there: " in page
    assert anna.get(f"/matters/{dreaming}/questions/ground_up").status_code == 404
    assert anna.get(f"/matters/{dreaming}/questions/dream_bad?assessment=asm_none").status_code == 404


def test_a_state_has_a_line_of_findings_and_is_found_by_its_name(anna: Visitor) -> None:
    late = words(anna.get("/law/states/MCO?on=1990-06-01"))
    assert re.search(r"1 February 1950 ended, \d+ years old", late)
    assert "Dolly v. Toyland" in late
    early = words(anna.get("/law/states/MCO?on=1950-01-01"))
    assert "No finding on this State before that day is listed." in early
    assert anna.get("/law/states/FRA").status_code == 404
    assert 'href="/law/states/MCO"' in anna.get("/law?q=Monaco&kind=state").text
    assert 'href="/law/states/MCO"' in anna.get("/law/states").text


def test_the_sentences_of_an_argument_are_said_in_every_language() -> None:
    for language in ("uk", "ru"):
        speech = speech_in(language)
        assert [text for text in WORDS.values() if text and speech.say(text) == text] == []
