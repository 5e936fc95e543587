"""Lists stand in the order of the alphabet of their language, not of code points."""

from __future__ import annotations

import random

import pytest

from api.documents.language.alphabet import in_order
from api.web.pages.fields import state_names

UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"


def shuffled(words: list[str]) -> list[str]:
    mixed = words.copy()
    random.Random(5).shuffle(mixed)
    return mixed


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", list(UKRAINIAN)),
        ("uk", ["Австралія", "Єгипет", "Ємен", "Заїр", "Ізраїль", "Їздець", "Йорданія"]),
        ("uk", ["Галичина", "гора", "Ґанок", "дім"]),
        ("ru", ["ёж", "Ежевика", "Ёлка", "ель", "Жук"]),
        ("ru", ["Испания", "Йемен"]),
        ("uk", ["Кот-д'Івуар", "Котляр"]),
        ("uk", ["Нова Зеландія", "Новакія"]),
        ("en", ["Åland Islands", "Albania"]),
        ("en", ["Côte d'Ivoire", "Croatia", "Türkiye", "Tuvalu"]),
        ("uk", ["INTERPOL", "ZZZ", "Азія"]),
    ],
)
def test_words_stand_in_the_order_of_a_dictionary(language: str, words: list[str]) -> None:
    assert in_order(shuffled(words), language) == words


def test_letters_composed_and_decomposed_are_one_place() -> None:
    assert in_order(["Йорданія", "Йорданія", "Канада"], "uk")[2] == "Канада"


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_the_list_of_states_begins_with_the_first_letter_and_ends_with_the_last(language: str) -> None:
    names = [name for _, name in state_names(language)]
    assert names[0].startswith("А")
    assert names[-1].startswith("Я")
