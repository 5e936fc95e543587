"""T25: what is said in a language: messages, plural forms, days, numbers, States, and law content that falls back."""

from __future__ import annotations

from datetime import date

import pytest
from markupsafe import Markup

from api.documents.language.catalogues import (
    LANGUAGES,
    Speech,
    language_of,
    speech_in,
)
from engine.content.models import Pack
from engine.errors import InputProblems

DAY = date(2020, 1, 13)


def test_a_message_is_said_in_the_language_with_its_values_filled_in(ukrainian: Speech) -> None:
    assert ukrainian.say("from {day}", day="13 січня") == "з 13 січня"
    assert speech_in("en").say("from {day}", day="13 January") == "from 13 January"


def test_a_message_without_a_translation_stays_english(ukrainian: Speech) -> None:
    assert ukrainian.say("Nobody ever translated {this}", this="one") == "Nobody ever translated one"


def test_braces_in_a_value_are_left_alone(ukrainian: Speech) -> None:
    assert ukrainian.say("from {day}", day="{day.__class__}") == "з {day.__class__}"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", {1: "is", 2: "are", 5: "are", 21: "are"}),
        ("uk", {1: "факт,", 2: "факти,", 5: "фактів,", 11: "фактів,", 21: "факт,", 22: "факти,"}),
        ("ru", {1: "факт,", 2: "факта,", 5: "фактов,", 11: "фактов,", 21: "факт,", 22: "факта,"}),
    ],
)
def test_the_plural_form_goes_with_the_number(language: str, said: dict[int, str]) -> None:
    one = "{n} fact on which the ground hangs is not known, so it is not made out."
    many = "{n} facts on which the ground hangs are not known, so it is not made out."
    told = {number: speech_in(language).count(one, many, number).split() for number in said}
    assert all(words[0] == str(number) and said[number] in words for number, words in told.items()), told


def test_days_and_numbers_are_written_as_in_the_language() -> None:
    days = {name: speech_in(name).day(DAY) for name in LANGUAGES}
    assert days["en"] == "13 January 2020"
    assert days["uk"].startswith("13 січня 2020")
    assert days["ru"].startswith("13 января 2020")
    assert speech_in("en").number(1234.5) == "1,234.5"
    assert speech_in("uk").number(1234.5) == "1\u00a0234,5"
    assert speech_in("uk").day(None) == "не відомо"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Kazakhstan", "Ukraine", "Kyrgyzstan"]),
        ("uk", ["Казахстан", "Україна", "Киргизстан"]),
        ("ru", ["Казахстан", "Украина", "Киргизия"]),
    ],
)
def test_states_have_their_names(language: str, names: list[str]) -> None:
    assert [speech_in(language).state(code) for code in ("KAZ", "UKR", "KGZ")] == names


def test_a_code_that_no_state_has_is_said_as_it_is(ukrainian: Speech) -> None:
    assert ukrainian.state("XYZ") == "XYZ"


def test_law_content_is_looked_up_by_its_place_and_its_english(ukrainian: Speech, pack: Pack) -> None:
    fact = pack.vocabulary.facts["requesting_state"]
    told = ukrainian.law("fact", fact.id, "question", fact.question)
    assert (told.text, told.language, told.foreign) == ("Яка держава запитує особу?", "uk", False)


def test_law_content_that_has_changed_falls_back_to_english_and_says_so(ukrainian: Speech) -> None:
    told = ukrainian.law("fact", "requesting_state", "question", "Which State asks for the person now?")
    assert (told.text, told.language, told.foreign) == ("Which State asks for the person now?", "en", True)


def test_a_page_marks_law_content_that_stayed_english_and_escapes_it(ukrainian: Speech) -> None:
    told = ukrainian.law("fact", "nothing", "question", "A <b> question")
    assert Markup("{}").format(told) == '<span lang="en" class="untranslated">A &lt;b&gt; question</span>'
    assert Markup("{}").format(speech_in("en").law("fact", "nothing", "question", "<b>")) == "&lt;b&gt;"


def test_only_english_law_content_is_reviewed_by_a_lawyer() -> None:
    assert {name: speech_in(name).law_reviewed for name in LANGUAGES} == {"en": True, "uk": False, "ru": False}


def test_an_unknown_language_is_english_or_refused_by_name() -> None:
    assert speech_in("de").language == "en"
    with pytest.raises(InputProblems, match="not a language"):
        language_of("ua", "--language")
