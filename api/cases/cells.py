"""What a cell of a table says, as people and spreadsheets write it, in the form of a case file.

Read are the words for yes, no and not known in three languages, days as ``13.01.2020``, numbers with a decimal
comma, the names of States, and values by their label. What could mean two things (``01/02/2020``, ``1,200``) is left
as it is, so that the case reader refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from api.cases.replies import ambiguous
from api.cases.states import code_in, says_none
from engine.facts.values import UNKNOWN
from engine.facts.vocabulary import Fact

_YES = frozenset({"yes", "true", "так", "істина", "да", "истина"})
_NO = frozenset({"no", "false", "ні", "хибність", "хиба", "нет", "ложь"})
_UNKNOWN = frozenset({UNKNOWN, "not known", "невідомо", "не відомо", "неизвестно", "не известно"})
_NONE = frozenset({"none", "[]"})
_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,15})?")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def cell(fact: Fact, raw: Any) -> Any:
    """A cell as the case file would have it; several words stand with ``|`` between, and ``none`` is an empty list."""
    if not isinstance(raw, str):
        return list(raw) if isinstance(raw, tuple) else raw
    text = raw.strip()
    if text.casefold() in _UNKNOWN and text not in fact.values:
        return UNKNOWN
    return _READERS[fact.type](fact, text)


def day_written(text: str) -> str:
    """A day in the form of a case file, if it is written as ``13.01.2020``; any other text as it is."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return text
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text


def _several(fact: Fact, text: str) -> list[str]:
    if text.casefold() in _NONE and "none" not in fact.values:
        return []
    if fact.type == "states" and says_none(text) and not text.isascii():  # "no" may be a code, "немає" is none
        return []
    words = [one.strip() for one in text.split("|")]
    return [code_in(word) if fact.type == "states" else _word(fact, word) for word in words]


def _yes_no(_: Fact, text: str) -> str:
    word = text.casefold()
    return "yes" if word in _YES else "no" if word in _NO else text


def _number(_: Fact, text: str) -> Any:
    if ambiguous(text) or not _NUMBER.fullmatch(text):
        return text
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def _word(fact: Fact, text: str) -> str:
    """The value of a choice by its name or its label, whatever the capitals."""
    if text in fact.values:
        return text
    word = text.casefold()
    found = [name for name, label in fact.values.items() if word in (name.casefold(), label.casefold())]
    return found[0] if len(found) == 1 else text


_READERS: dict[str, Callable[[Fact, str], Any]] = {
    "yes_no": _yes_no,
    "choice": _word,
    "set": _several,
    "number": _number,
    "date": lambda _, text: day_written(text),
    "state": lambda _, text: code_in(text),
    "states": _several,
}
