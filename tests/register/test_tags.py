"""Every tag of a declaration has plain words, and a rule that asks for it or the reason why none does."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from api.documents.language.catalogues import speech_in
from api.documents.language.retelling import retold
from engine.assess import Engine
from engine.content.declarations import Tag, tagged
from engine.content.sweep import sweep_tags

ROOT = Path(__file__).parents[2]
UNSEEN = "content_unseen"


def test_every_tag_of_the_list_is_asked_for_or_says_why_not(engine: Engine) -> None:
    with (ROOT / "instruments/sources/declarations.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["tag"] for row in csv.DictReader(file)} - {UNSEEN}
    entered = {tag for one in engine.pack.instruments.values() for tag, _ in tagged(one.declarations)}
    assert listed | entered <= engine.pack.tags.keys()
    unexplained = {tag for tag in listed - entered if not engine.pack.tags[tag].not_encoded}
    assert not unexplained
    assert not list(sweep_tags(engine.pack))


def test_a_tag_without_label_or_rule_is_told_and_so_is_a_reason_that_is_out_of_date(engine: Engine) -> None:
    tags = dict(engine.pack.tags)
    del tags["health_refusal"]
    tags["translation_required"] = Tag(label="translation required")
    tags["residents_as_nationals"] = Tag(label="residents count as nationals", not_encoded="Nobody asks.")
    told = " ".join(message for _, _, message, *_ in sweep_tags(engine.pack.model_copy(update={"tags": tags})))
    assert "has the tag 'health_refusal', which has no label" in told
    assert "has the tag 'translation_required', for which no rule of ets24 asks" in told
    assert "tag 'residents_as_nationals' says that it is not encoded" in told


@pytest.mark.parametrize(
    ("language", "words"),
    [("uk", "застережено смертну кару під час війни"), ("ru", "оговорена смертная казнь во время войны")],
)
def test_a_declaration_is_told_in_plain_words_of_each_language(engine: Engine, language: str, words: str) -> None:
    short = engine.pack.instruments["iccpr-op2"].short
    english = f"Azerbaijan has made the declaration 'death penalty in time of war reserved' to the {short}: yes"
    told = retold(speech_in(language), engine.pack, english)
    assert words in told.text
    assert not told.foreign


@pytest.mark.parametrize(
    ("instrument", "tag", "state", "declared"),
    [
        ("iccpr-op1", "examined_elsewhere_declined", "ESP", True),
        ("iccpr-op1", "examined_elsewhere_declined", "UKR", False),
        ("refugee-1951", "expulsion_safeguards_reserved", "UGA", True),
        ("refugee-1951", "expulsion_safeguards_reserved", "KEN", False),
        ("cat", "convention_no_extradition_basis", "VNM", True),
        ("cat", "individual_complaints_accepted", "KEN", None),
    ],
)
def test_what_the_list_does_not_cover_is_unknown(
    engine: Engine, instrument: str, tag: str, state: str, *, declared: bool | None
) -> None:
    assert engine.relations.declared(instrument, tag, state, date(2020, 6, 1)) is declared
