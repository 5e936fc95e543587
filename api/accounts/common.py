"""Whether a password is made of what is guessed first: one or two common words, whatever is hung on or repeated."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import pycountry

_FILE = Path(__file__).with_name("common_words.txt")
_SHORTEST = 4
_FEW = 2
#: Signs that stand for letters.
_SIGNS = str.maketrans("013457@$!", "oieastasi")


def made_of_common_words(plain: str) -> bool:
    """Whether the letters of a password are at most two different common words, or names of countries."""
    folded = plain.casefold()
    spellings = {_letters(folded), _letters(folded.translate(_SIGNS))}
    return any(_covered(one, 0, frozenset(), set()) for one in spellings if one)


def _covered(letters: str, start: int, used: frozenset[str], seen: set[tuple[int, frozenset[str]]]) -> bool:
    if start == len(letters):
        return True
    if (start, used) in seen:
        return False
    seen.add((start, used))
    words, longest = _words()
    for end in range(start + _SHORTEST, min(len(letters), start + longest) + 1):
        word = letters[start:end]
        if word in words and len(used | {word}) <= _FEW and _covered(letters, end, used | {word}, seen):
            return True
    return False


@cache
def _words() -> tuple[frozenset[str], int]:
    lines = _FILE.read_text("utf-8").splitlines()
    countries = {_letters(_bare(country.name)) for country in pycountry.countries}
    found = frozenset({line for line in lines if line and not line.startswith("#")} | countries)
    return found, max(map(len, found))


def _bare(name: str) -> str:
    """A name as it is typed: without what follows a comma, and without accents."""
    plain = unicodedata.normalize("NFKD", name.partition(",")[0].casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())
