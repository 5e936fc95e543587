"""States by any name a person types, and never by guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cases.changes import plain_value
from api.cases.flatrows import cell
from api.cases.replies import NotUnderstood, value_typed
from api.cases.states import key_of, name_of, state_codes, state_of, states_of
from engine.errors import InputProblems
from engine.facts.vocabulary import Fact
from scripts.register import names

ROOT = Path(__file__).parents[2]
KNOWN = {
    "MCO": ["Monaco", "monaco", "MCO", "mco", "MC", " Monaco ", "Principality of Monaco"],
    "TUR": ["Turkey", "Türkiye", "Turkiye", "TURKIYE", "Туреччина", "Турция", "TR"],
    "GBR": ["UK", "uk", "U.K.", "Great Britain", "England", "Велика Британія", "Великобритания"],
    "RUS": ["Russia", "Russian Federation", "РФ", "Росія", "Россия"],
    "UKR": ["Ukraine", "Україна", "Украина", "UA"],
    "AZE": ["Азербайджан", "Azərbaycan"],
    "NLD": ["Holland", "The Netherlands", "Nederland", "Голландія"],
    "ARE": ["UAE", "United Arab Emirates", "ОАЕ", "ОАЭ"],
    "COD": ["DRC", "Zaire", "Демократическая Республика Конго"],
    "SWZ": ["Swaziland", "Eswatini"],
    "MKD": ["Macedonia", "FYROM", "North Macedonia"],
    "VAT": ["Vatican", "Holy See", "Ватикан"],
    "CIV": ["Ivory Coast", "Côte d'Ivoire", "Cote d’Ivoire"],
    "XKX": ["Kosovo", "XKX", "Косово"],
    "PSE": ["Palestine", "Палестина"],
    "TWN": ["Taiwan", "Тайвань"],
    "CZE": ["Czech Republic", "Czechia", "Чехія", "Česko"],
    "USA": ["US", "U.S.A.", "America", "США"],
    "GEO": ["Georgia", "Грузія", "საქართველო"],
    "DEU": ["Deutschland", "Німеччина"],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in KNOWN.items() for text in texts])
def test_a_state_is_known_by_any_of_its_names(code: str, text: str) -> None:
    assert state_of(text, "X") == code


@pytest.mark.parametrize("code", state_codes())
def test_every_state_is_known_by_its_name_in_three_languages(code: str) -> None:
    for language in ("en", "uk", "ru"):
        assert state_of(name_of(code, language), "X") == code


@pytest.mark.parametrize("text", ["Monacco", "Monoco", "Monako", "Монак"])
def test_a_slip_gets_the_nearest_name(text: str) -> None:
    with pytest.raises(InputProblems, match=r"Did you mean MCO \(Monaco\)\?"):
        state_of(text, "REQUESTING")


@pytest.mark.parametrize("text", ["", "Atlantis of old", "\x1b[2J", "☂" * 200])
def test_what_is_no_state_is_said(text: str) -> None:
    with pytest.raises(InputProblems, match="is not a State") as caught:
        state_of(text, "REQUESTING")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "text", ["no", "No", "NO", "na", "is", "so", "do", "to", "in", "at", "it", "and", "are", "us", "de"]
)
def test_a_word_is_never_taken_for_a_code(text: str) -> None:
    with pytest.raises(InputProblems, match="is not a State"):
        state_of(text, "X")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Congo", ["COD", "COG"]),
        ("Корея", ["KOR", "PRK"]),
        ("USSR", ["RUS", "UKR", "UZB"]),
        ("СРСР", ["RUS", "UKR", "KAZ"]),
        ("Yugoslavia", ["SRB", "HRV", "XKX"]),
        ("Czechoslovakia", ["CZE", "SVK"]),
        ("GDR", ["DEU"]),
        ("Crimea", ["UKR", "RUS"]),
        ("Крым", ["UKR", "RUS"]),
        ("Transnistria", ["MDA", "RUS"]),
        ("Northern Cyprus", ["CYP", "TUR"]),
        ("Somaliland", ["SOM"]),
    ],
)
def test_where_several_may_be_meant_they_are_offered_and_none_is_taken(text: str, offered: list[str]) -> None:
    with pytest.raises(InputProblems) as caught:
        state_of(text, "X")
    said = caught.value.problems[0].message
    assert said.endswith("?")
    assert all(f"{code} ({name_of(code)})" in said for code in offered)


@pytest.mark.parametrize("text", ["no", "None", "ні", "Нет", "0"])
def test_at_a_list_a_negation_is_no_state_at_all(text: str) -> None:
    assert states_of(text, "X") == []


def test_a_list_takes_names_with_commas_and_each_state_once() -> None:
    assert states_of("Kazakhstan, Україна,KAZ", "X") == ["KAZ", "UKR"]


LANDS = Fact(id="lands", question="Which?", type="states", theme="t", review="known")
LAND = Fact(id="land", question="Which?", type="state", theme="t", review="known")


def test_tables_and_what_if_read_names_too() -> None:
    assert cell(LAND, "Туреччина") == "TUR"
    assert cell(LANDS, "Turkey|UKR") == ["TUR", "UKR"]
    assert cell(LANDS, "none") == []
    assert cell(LAND, "Congo") == "Congo"
    assert plain_value(LAND, "Holland") == "NLD"
    assert plain_value(LANDS, "[Holland, UA]") == ["NLD", "UKR"]


@pytest.mark.parametrize("text", ["na", "N/A"])
def test_at_a_list_what_does_not_apply_is_asked_again(text: str) -> None:
    with pytest.raises(NotUnderstood):
        value_typed(text, LANDS)


def test_the_list_of_names_is_that_of_cldr() -> None:
    written = (ROOT / "instruments" / "state_names.csv").read_text("utf-8").splitlines()[1:]
    assert [tuple(line.split(",", 2)) for line in written] == [
        (code, language, f'"{name}"' if "," in name else name) for code, language, name in names.rows()
    ], "Run: python3 scripts/register/names.py"


def test_ways_to_write_a_name_have_one_key() -> None:
    assert key_of("Côte d’Ivoire") == key_of("COTE D'IVOIRE") == key_of("Cote dIvoire")
    assert key_of("Україна") != key_of("Украина")
