"""The order of the alphabet in each language, as dictionaries and lists of States follow it.

A short collation key in place of ICU: word by word, capitals and accents apart, hyphens as blanks, apostrophes
and brackets passed over. Ukrainian has its own 33 letters (ґ after г, є after е, і and ї after и, ь before ю); in
Russian ё stands with е. Latin letters come before Cyrillic ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeVar

_LETTERS = {
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
}
_ALIKE = {"ru": {"ё": "е"}}
#: Letters of the other alphabets stand behind those of the language, in the order of Unicode.
_BEHIND = 0x1000
_BLANKS = " -–—/"
Key = tuple[tuple[tuple[int, ...], ...], str]
Listed = TypeVar("Listed")


def collation(text: str, language: str) -> Key:
    """A key by which texts of a language are sorted; what it holds alike stands by code point."""
    ranks, alike = _ranks(language), _ALIKE.get(language, {})
    words: list[tuple[int, ...]] = []
    word: list[int] = []
    for letter in unicodedata.normalize("NFC", text.casefold()):
        if letter in _BLANKS:
            words.append(tuple(word))
            word = []
        else:
            word += _rank(alike.get(letter, letter), ranks)
    return tuple(one for one in (*words, tuple(word)) if one), text


def in_order(found: Iterable[Listed], language: str, text: Callable[[Listed], str] = str) -> list[Listed]:
    """Things in the order that their texts have in the alphabet of a language."""
    return sorted(found, key=lambda one: collation(text(one), language))


def _rank(letter: str, ranks: dict[str, int]) -> list[int]:
    if letter in ranks:
        return [ranks[letter]]
    plain = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
    return [ranks.get(part, _BEHIND + ord(part) if ord(part) > 0x7F else ord(part)) for part in plain if part.isalnum()]


@cache
def _ranks(language: str) -> dict[str, int]:
    return {letter: 0x80 + place for place, letter in enumerate(_LETTERS.get(language, ""))}
