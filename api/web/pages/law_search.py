"""Full-text search over the law content: by words, by their beginnings, by article.

Every word of a query is looked for as it is, as a beginning, and without its ending; a rare word counts
for more, a word of the title for more than one of the text. The index of a language is made once.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log

from api.documents.language.catalogues import Speech
from api.law.decided import NoDecidedCases
from api.service.service import Service
from api.web.pages.law_texts import Entry, entries

MOST_LETTERS, MOST_WORDS, SHOWN = 200, 12, 60
#: Words that say nothing here, among them those for article: the number after them is what counts.
_IDLE_WORDS = (
    "the of and a an to in for or is on at by art article articles arts "
    "ст стаття статті статтею статья статьи статьей і й та у в з на за до від при про или и с к от по о об"
)
_IDLE = frozenset(_IDLE_WORDS.split())
_TITLE, _WHERE, _TEXT = 4.0, 3.0, 1.0
_EXACT, _BEGINNING, _ROOT = 1.0, 0.6, 0.35
#: A word this long is also looked for without its ending: a plural, or in Slavic languages the letters of a case.
_LONG, _LATIN_ENDING, _SLAVIC_ENDING = 6, 1, 2
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Results:
    """What was found, best first; ``partly`` when no entry has every word."""

    found: list[Entry]
    total: int
    partly: bool


class Index:
    """The words of all entries, and where each stands."""

    def __init__(self, found: Iterable[Entry]) -> None:
        self.entries = list(found)
        self.places: dict[str, dict[int, float]] = {}
        for number, entry in enumerate(self.entries):
            for text, weight in _weighed(entry):
                for word in words_of(text):
                    # A number in a title is seldom that of the article.
                    weighs = _TEXT if word.isdigit() and weight == _TITLE else weight
                    here = self.places.setdefault(word, {})
                    here[number] = max(weighs, here.get(number, 0.0))
        self.lengths = [len(entry.where) for entry in self.entries]
        self.words = sorted(self.places)

    def search(self, query: str, kind: str = "") -> Results:
        """The entries with the words of a query, of one kind if it is named."""
        found: dict[int, tuple[int, float]] = {}
        asked = _asked(query)
        for word in asked:
            for number, score in self._scores(word).items():
                many, sum_ = found.get(number, (0, 0.0))
                found[number] = many + 1, sum_ + score
        kept = {number: one for number, one in found.items() if kind in ("", self.entries[number].kind)}
        most = max((many for many, _ in kept.values()), default=0)
        best = [number for number, (many, _) in kept.items() if many == most]
        best.sort(key=lambda number: (-kept[number][1], self.lengths[number], number))
        return Results([self.entries[number] for number in best[:SHOWN]], len(best), most < len(asked))

    def _scores(self, word: str) -> dict[int, float]:
        """How well each entry fits one word of the query."""
        scores: dict[int, float] = {}
        for term, factor in self._terms(word):
            places = self.places[term]
            rarity = log(1 + len(self.entries) / len(places))
            for number, weight in places.items():
                scores[number] = max(scores.get(number, 0.0), weight * factor * rarity)
        return scores

    def _terms(self, word: str) -> Iterator[tuple[str, float]]:
        if word in self.places:
            yield word, _EXACT
        if word.isdigit():
            return
        if len(word) >= _LONG:
            ending = _LATIN_ENDING if word.isascii() else _SLAVIC_ENDING
            yield from ((term, _ROOT) for term in self._beginning(word[:-ending]))
        yield from ((term, _BEGINNING) for term in self._beginning(word))

    def _beginning(self, start: str) -> Iterator[str]:
        for place in range(bisect_left(self.words, start), len(self.words)):
            if not self.words[place].startswith(start):
                return
            yield self.words[place]


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def _asked(query: str) -> list[str]:
    """The words of a query once each, without idle ones unless there are no others."""
    words = list(dict.fromkeys(words_of(query[:MOST_LETTERS])))[:MOST_WORDS]
    return [word for word in words if word not in _IDLE] or words


def _weighed(entry: Entry) -> Iterator[tuple[str, float]]:
    yield entry.title.text, _TITLE
    yield entry.where, _WHERE
    yield entry.says.text, _TEXT
    yield from ((text, _TEXT) for text in entry.words)


_made: dict[tuple[str, str], Index] = {}
_making = threading.Lock()


def index_of(service: Service, speech: Speech) -> Index:
    """The index of the law content in use, in one language."""
    key = service.engine.pack.digest, speech.language
    with _making:
        if key not in _made:
            try:
                cases = service.decided.cases()
            except NoDecidedCases:
                cases = {}
            _made[key] = Index(entries(speech, service.engine.pack, cases))
        return _made[key]
