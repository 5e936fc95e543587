"""T25: sentences that the engine composes in English are recognised and said in the language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from api.documents.language.catalogues import Speech
from api.documents.language.pinpoints import pinpoint_in
from api.documents.language.retelling import Retelling, retold
from api.law.casebook import booked_cases
from engine.answer.model import Answer, ProofNode
from engine.assess import Engine
from engine.content.models import Pack
from engine.reasoning.wording import situation_line
from tests.languages.conftest import ROOT


@pytest.mark.parametrize(
    ("english", "said"),
    [
        (
            "Surrender is not permitted. This is settled: no fact still unknown can change it.",
            "Видача не допускається. Це остаточно: жоден ще не відомий факт не може цього змінити.",
        ),
        ("Kazakhstan is not a party", "Казахстан: не є учасницею"),
        ("not yet in force for Ukraine (from 2023-02-04)", "Україна: документ ще не чинний (з 4 лютого 2023\u202fр.)"),
        ("Which State asks for the person?: KAZ", "Яка держава запитує особу?: Казахстан"),
        (
            "Which State holds the person and decides on surrender? [the same as: Which nationalities does the person hold?]: UKR",
            "Яка держава утримує особу і вирішує питання про видачу? "
            "[те саме, що: Яке громадянство (громадянства) має особа?]: Україна",
        ),
        ("The answer must be no:", "Відповідь має бути «ні»:"),
        ("counts[c1].offence_on [>=]: yes", "counts[c1].offence_on [>=]: так"),
        ("cat.art03_core is not met", "cat.art03_core: не встановлено"),
        ("some of the counts: no", "хоча б один пункт переліку «Злочини в запиті»: ні"),
    ],
)
def test_a_sentence_of_the_engine_is_said_in_ukrainian(ukrainian: Speech, pack: Pack, english: str, said: str) -> None:
    told = retold(ukrainian, pack, english)
    assert (told.text, told.foreign) == (said, False)


def test_the_bindingness_of_an_instrument_is_said_with_its_reason(ukrainian: Speech, pack: Pack) -> None:
    told = retold(
        ukrainian,
        pack,
        "The ETS 24 binds here on this date: in force for Ukraine since 1998-06-09; in force for Poland since 1993-09-13",
    )
    assert told.text.startswith("ETS 24: зв’язує тут на цю дату: Україна: чинний документ з 9 червня 1998")
    assert "Польща: чинний документ з 13 вересня 1993" in told.text


def test_what_fits_nothing_stays_english_and_says_so(ukrainian: Speech, pack: Pack) -> None:
    told = retold(ukrainian, pack, "Something the engine never says")
    assert (told.text, told.language, told.foreign) == ("Something the engine never says", "en", True)


def test_a_sentence_whose_part_is_unknown_stays_english_as_a_whole(ukrainian: Speech, pack: Pack) -> None:
    assert retold(ukrainian, pack, "Atlantis is not a party").foreign


def test_days_can_be_hidden_as_a_profile_asks(ukrainian: Speech, pack: Pack) -> None:
    only_year = Retelling(ukrainian, pack, lambda when: str(when.year))
    assert only_year("in force for Ukraine since 1998-06-09").text == "Україна: чинний документ з 1998"


def test_a_text_of_hostile_length_is_not_searched(ukrainian: Speech, pack: Pack) -> None:
    assert retold(ukrainian, pack, "Each of the " + "[; (:" * 200_000).foreign


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("art 3(1)", "ст. 3(1)"),
        ("art 16A(1) to (3)", "ст. 16A(1) – (3)"),
        (
            "art 1(1) as read by General Comment 4 para 30",
            "ст. 1(1) у тлумаченні: Зауваження загального порядку № 4 п. 30",
        ),
    ],
)
def test_a_pinpoint_is_said_with_the_words_of_the_language(ukrainian: Speech, english: str, said: str) -> None:
    assert pinpoint_in(ukrainian, english) == said


def _said(answer: Answer) -> Iterator[str]:
    """Everything that the engine composes for an answer, but for the titles of items, which a user wrote."""
    yield from (answer.sentence, answer.duty.sentence)
    yield from (relation.reason for relation in answer.treaty_relations)
    for ground in answer.grounds:
        yield from (ground.title, ground.sentence, *ground.why_not, *ground.unverified)
    for proof in answer.proof.values():
        yield from _told(proof)
    yield from (reason for step in answer.trace for reason in step.because)


def _told(node: ProofNode) -> Iterator[str]:
    if node.kind != "item":
        yield node.text
    for child in node.children:
        yield from _told(child)


def test_nothing_that_the_engine_says_of_the_lawyers_cases_is_unknown(engine: Engine, ukrainian: Speech) -> None:
    tell = Retelling(ukrainian, engine.pack)
    cases = booked_cases([ROOT / "tests" / "cases"])[::40]
    assert len(cases) > 20
    unknown = set()
    for case in cases:
        answer = engine.assess(engine.read(case.document), case.on or date(2020, 1, 1), case.reading)
        unknown |= {text for text in _said(answer) if text and tell(text).foreign}
    # what a tribunal found of a State is quoted in English, and marked as English on the page
    assert unknown - {situation_line(one) for one in engine.pack.situations.values()} == set()
