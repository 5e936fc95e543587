"""What is said in one language: messages, law content, dates, numbers and names of States.

A ``Speech`` looks messages up by their English text. Law content is looked up by its place as well; a
text that has changed since it was translated is a different text, so it falls back to English and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from gettext import GNUTranslations
from typing import NamedTuple

import pycountry
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from api.cases.states import name_of
from api.documents.language.compiled import catalogue
from api.documents.language.law_texts import context_of
from engine.errors import InputProblems, Problem
from engine.facts.values import hint, state_name

#: English is the language of the source: it needs no catalogue.
LANGUAGES = ("en", "uk", "ru")
ENGLISH = "en"
#: The languages whose law content a lawyer has reviewed.
REVIEWED = frozenset({ENGLISH})


class LawText(NamedTuple):
    """A text of the law content and the language it is in.

    ``foreign``: it stayed English among words of another language. Pages then wrap it, so that a screen
    reader says it right and a reader sees that it is not translated; for an attribute take ``text``.
    """

    text: str
    language: str
    foreign: bool = False

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> Markup:
        if not self.foreign:
            return escape(self.text)
        return Markup('<span lang="{}" class="untranslated">{}</span>').format(self.language, self.text)


def language_of(name: str, source: str) -> str:
    """The language of this code; ``source`` says where it was given.

    Raises:
        InputProblems: Dedere does not speak it.
    """
    if name not in LANGUAGES:
        raise InputProblems([Problem(f"'{name}' is not a language Dedere speaks", source, fix=hint(name, LANGUAGES))])
    return name


class Speech:
    """The words of one language."""

    def __init__(self, language: str, pages: GNUTranslations | None, law: GNUTranslations | None) -> None:
        self.language = language
        self.locale = Locale.parse("en_GB" if language == ENGLISH else language)
        self.law_reviewed = language in REVIEWED
        self._pages, self._law = pages, law

    def say(self, message: str, **values: object) -> str:
        """A message with its ``{placeholders}`` filled in."""
        told = self._pages.gettext(message) if self._pages else message
        return told.format_map(values) if values else told

    def count(self, one: str, many: str, n: int, **values: object) -> str:
        """A message in the form that goes with ``n``, which is the placeholder ``{n}``."""
        told = self._pages.ngettext(one, many, n) if self._pages else (one if n == 1 else many)
        return told.format_map({"n": self.number(n), **values})

    def law(self, kind: str, name: str, part: str, english: str) -> LawText:
        """A text of the law content, in English when it is not translated."""
        if self._law is None or not english:
            return LawText(english, ENGLISH)
        context = context_of(kind, name, part)
        known = self._law._catalog.get(f"{context}\x04{english}")  # type: ignore[attr-defined]
        return LawText(known, self.language) if known else LawText(english, ENGLISH, foreign=True)

    def state(self, code: str) -> str:
        """The name of a State by its code of three letters (ISO 3166), as CLDR has it."""
        found = pycountry.countries.get(alpha_3=code)
        if found is None:
            return name_of(code, self.language)
        named = self.locale.territories.get(found.alpha_2) if self.language != ENGLISH else None
        return named or state_name(code)

    def states(self, codes: Iterable[str]) -> str:
        """The names of several States."""
        return ", ".join(map(self.state, codes))

    def day(self, when: date | None) -> str:
        """A day in words: 13 January 2020."""
        if when is None:
            return self.say("not known")
        pattern = "d MMMM y" if self.language == ENGLISH else "long"
        return format_date(when, pattern, locale=self.locale)

    def number(self, n: float) -> str:
        """A number with the separators of the language."""
        return _decimal(n, self.locale)


@lru_cache(4096)
def _decimal(n: float, locale: Locale) -> str:
    """A number as the locale writes it; a page says hundreds of small ones."""
    return format_decimal(n, locale=locale)


@lru_cache
def speech_in(language: str) -> Speech:
    """The words of a language; of English when there are none in this one."""
    if language == ENGLISH or language not in LANGUAGES:
        return Speech(ENGLISH, None, None)
    return Speech(language, catalogue(language, "pages"), catalogue(language, "law"))
