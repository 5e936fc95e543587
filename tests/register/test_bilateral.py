"""Bilateral treaties that are known and not encoded: "no treaty" is never said where one is known."""

from __future__ import annotations

from datetime import date

import pytest

from api.documents.language.catalogues import speech_in
from api.documents.language.retelling import retold
from api.law.catalogue import Catalogue
from engine.answer.bilateral import bilateral_told
from engine.assess import Engine
from engine.content.documents import Document

DAY = date(2024, 6, 1)


def told(engine: Engine, asks: str, asked: str, on: date = DAY) -> list[str]:
    known = engine.relations.bilaterals.between(asks, asked, on)
    return [bilateral_told(one, engine.pack.states, on) for one in known]


@pytest.mark.parametrize(
    ("asks", "asked", "said"),
    [
        ("KAZ", "ITA", "An extradition treaty between Kazakhstan and Italy is known"),
        ("KAZ", "ESP", "An extradition treaty between Kazakhstan and Spain is known"),
        ("CHN", "KAZ", "in force since 1998-02-10"),
        ("CHN", "UKR", "in force since 2000-07-13"),
        ("BLR", "POL", "A treaty on legal assistance with a part on extradition"),
        ("BLR", "LTU", "in force since 1993-07-11"),
        ("IND", "GBR", "signed on 1992-09-22, in force since a day that is not known"),
        ("IRN", "TUR", "A treaty on legal assistance with a part on extradition"),
        ("UZB", "TUR", "A treaty on legal assistance with a part on extradition"),
        ("BLR", "SRB", "is believed to exist and not encoded: its days are not known"),
        ("CHN", "TUR", "was signed on 2017-05-13 and is not in force"),
        ("KAZ", "USA", "it does not cover extradition"),
    ],
)
def test_a_known_treaty_is_told_whichever_state_asks(engine: Engine, asks: str, asked: str, said: str) -> None:
    assert any(said in one for one in told(engine, asks, asked))
    assert told(engine, asks, asked) == told(engine, asked, asks)


def test_a_treaty_is_not_known_before_it_was_made_nor_after_it_ended(engine: Engine) -> None:
    assert not told(engine, "KAZ", "ITA", date(2013, 5, 31))
    made = [one for one in engine.pack.bilateral if set(one.states) == {"RUS", "VNM"} and one.in_force_until]
    assert [one.in_force_until for one in made] == [date(2012, 8, 27)]
    before, after = (engine.relations.bilaterals.between("RUS", "VNM", date(2012, 8, day)) for day in (26, 27))
    assert set(before) - set(after) == set(made)


def test_what_a_general_treaty_replaced_is_not_told(engine: Engine) -> None:
    assert any("Russian Federation and Estonia" in one for one in told(engine, "RUS", "EST", date(1999, 1, 1)))
    assert not told(engine, "RUS", "EST", date(2010, 1, 1))


def test_before_it_is_in_force_that_is_said(engine: Engine) -> None:
    said = "An extradition treaty between China and Ukraine was signed on 1998-12-10 and is not in force."
    assert said in told(engine, "CHN", "UKR", date(1999, 1, 1))


def test_the_catalogue_tells_of_them_and_of_places_that_are_no_member_state(engine: Engine) -> None:
    catalogue = Catalogue(engine)
    assert any("Read it before you rely on this answer." in one for one in catalogue.bilateral("KAZ", "ITA", DAY))
    assert catalogue.bilateral("UKR", "POL", DAY) == []
    (kosovo,) = catalogue.notes("XKX", "ALB")
    assert "no Member of the United Nations" in kosovo
    assert len(catalogue.notes("TWN", "PSE")) == 2
    assert catalogue.notes("KAZ", "UKR") == []


def unexamined(engine: Engine, asks: str, asked: str) -> tuple[str, ...]:
    facts = {"requesting_state": asks, "requested_state": asked}
    return engine.assess(engine.read(Document({"case": "x", "facts": facts}, "x")), DAY).not_examined


def test_an_answer_says_that_a_treaty_must_be_read(engine: Engine) -> None:
    said = unexamined(engine, "KAZ", "ITA")
    assert any("Read it before you rely on this answer." in one for one in said)
    assert not any(one.startswith("No instrument of surrender") for one in said)


def test_assistance_alone_is_no_instrument_of_surrender(engine: Engine) -> None:
    said = unexamined(engine, "KAZ", "FRA")
    assert any(one.startswith("No instrument of surrender") for one in said)
    assert any("does not cover extradition" in one for one in said)


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_every_known_treaty_is_told_in_each_language(engine: Engine, language: str) -> None:
    speech = speech_in(language)
    for one in engine.pack.bilateral:
        english = bilateral_told(one, engine.pack.states, DAY)
        assert retold(speech, engine.pack, english).language == language, english
