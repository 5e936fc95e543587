"""States as people write them: any usual name in several languages, former names, or a code.

Case files hold codes only; names are a convenience for those who type. Nothing is guessed: a name
that several States bear, a State that is no more and a place that is no State offer the States that
may be meant, and a code that is a word too is never taken for one.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import pycountry

from engine.content.documents import read_path
from engine.content.states import StateRegister
from engine.errors import InputProblems, Problem
from engine.facts.values import nearest, state_name

_API = Path(__file__).resolve().parents[1]
_PACKED = _API / "_content"
#: Where the register of the installation is; names are no law, so another content folder changes none.
_REGISTER = (_PACKED if _PACKED.is_dir() else _API.parent) / "instruments"
_MOST = 60
_SHORT = 3


@dataclass
class _Names:
    """What stands for which State, by the key of the text."""

    register: StateRegister
    codes: dict[str, str] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    offers: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def name(self, text: str, code: str) -> None:
        """Let a name stand for a State."""
        self.names.setdefault(key_of(text), set()).add(code)


def state_of(text: str, source: str) -> str:
    """The three-letter code of the State that ``text`` names; ``source`` says where it was given.

    Raises:
        InputProblems: no State is called so, or more than one may be meant; with those that may.
    """
    names, typed = _names(), key_of(text)
    offer = names.offers.get(typed)
    if offer is not None:
        raise InputProblems([_offered(text, source, *offer)])
    found, code, capitals = names.names.get(typed, set()), names.codes.get(typed), text.strip().isupper()
    if typed in names.register.words and not (capitals and (found or len(typed) == _SHORT)):
        raise InputProblems([_unknown(text, source, [code] if code else [])])
    if len(typed) < _SHORT and not capitals:  # two small letters are rather a word than a code
        code = None
    if code or len(found) == 1:
        return code or next(iter(found))
    if found:
        raise InputProblems([_offered(text, source, "more than one State is called so", sorted(found))])
    raise InputProblems([_unknown(text, source, _meant(names, typed))])


@lru_cache(4_096)
def code_in(text: str) -> str:
    """The code of the State that a cell of a table names, or the text as it is where none can be taken."""
    if len(text) == _SHORT and text.isascii() and text.isupper():
        return text
    try:
        return state_of(text, "")
    except InputProblems:
        return text


def says_none(text: str) -> bool:
    """Whether what was typed at a list says that it has no entry."""
    return key_of(text) in {key_of(word) for word in _names().register.none}


def states_of(text: str, source: str) -> list[str]:
    """The codes of the States that a list with commas names, each once; none where it says that there are none.

    Raises:
        InputProblems: no State is called so, or more than one may be meant.
    """
    if says_none(text):
        return []
    return list(dict.fromkeys(state_of(one, source) for one in text.split(",") if one.strip()))


def name_of(code: str, language: str = "en") -> str:
    """The name of a State or territory in a language, in English where it has none there, or the code."""
    told = _by_code().get(code, {})
    return told.get(language) or told.get("en") or state_name(code)


def state_codes() -> tuple[str, ...]:
    """Every code that can stand for a State or territory in a case."""
    return tuple(sorted({country.alpha_3 for country in pycountry.countries} | _names().register.codes))


def key_of(text: str) -> str:
    """The same for all ways to write a name: capitals, accents of Latin letters, hyphens and full stops apart."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept, before = [], ""
    for letter in plain:
        if unicodedata.combining(letter):
            if not ("a" <= before <= "z"):
                kept.append(letter)
            continue
        before = letter
        if letter.isalnum():
            kept.append(letter)
        elif letter in " -–—/_":
            kept.append(" ")
    return unicodedata.normalize("NFKC", " ".join("".join(kept).split()))


def _offered(text: str, source: str, why: str, codes: Iterable[str]) -> Problem:
    said = f"'{_short(text)}': {why}. Did you mean {_choice(codes)}?"
    return Problem(said, source, echoes=(f"'{_short(text)}'",))


def _unknown(text: str, source: str, codes: Iterable[str]) -> Problem:
    meant = _choice(codes)
    said = f"'{_short(text)}' is not a State" + (f". Did you mean {meant}?" if meant else "")
    return Problem(said, source, echoes=(f"'{_short(text)}'",))


def _choice(codes: Iterable[str]) -> str:
    return " or ".join(f"{code} ({name_of(code)})" for code in codes)


def _short(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def _meant(names: _Names, typed: str) -> list[str]:
    """The State whose name, or whose code, is nearest, if one is near."""
    if len(typed) < _SHORT:
        code = names.codes.get(typed)
        return [code] if code else []
    known = [name for name in (names.codes if len(typed) == _SHORT else names.names) if len(name) >= _SHORT]
    near = nearest(typed, known)
    if not near or not _alike(typed, near):
        return []
    return sorted({names.codes[near]} if len(typed) == _SHORT else names.names[near])


def _alike(typed: str, name: str) -> bool:
    """Whether one could have meant the other: most names share letters with some State's."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - only a refusal needs it; a cold start counts

    return name.startswith(typed) or fuzz.ratio(typed, name) >= 65


@cache
def _names() -> _Names:
    found = _Names(StateRegister.model_validate(read_path(_REGISTER / "states.yaml").data["states"]))
    for country in pycountry.countries:
        found.codes |= {country.alpha_2.lower(): country.alpha_3, country.alpha_3.lower(): country.alpha_3}
        for kind in ("name", "official_name", "common_name"):
            if name := getattr(country, kind, ""):
                found.name(name, country.alpha_3)
    found.codes |= {code.lower(): code for code in found.register.codes}
    for code, told in _by_code().items():
        for name in told.values():
            found.name(name, code)
    for code, more in found.register.names.items():
        for name in more:
            found.name(name, code)
    _offer(found)
    return found


def _offer(found: _Names) -> None:
    """Names under which no State is taken unasked, with the States that are offered."""
    register = found.register
    for name, codes in register.ambiguous.items():
        found.offers[key_of(name)] = ("more than one State is called so", codes)
    for name, former in register.former.items():
        why = " ".join(filter(None, (f"this State ended on {former.until}.", former.note)))
        for known in (name, *former.names, *former.codes):
            found.offers[key_of(known)] = (why.rstrip("."), former.successors)
    for name, area in register.areas.items():
        for known in (name, *area.names):
            found.offers[key_of(known)] = (f"it is no State in this register. {area.note}".rstrip("."), area.states)


@cache
def _by_code() -> dict[str, dict[str, str]]:
    """Names by code and language."""
    told: dict[str, dict[str, str]] = {}
    with (_REGISTER / "state_names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            told.setdefault(row["code"], {}).setdefault(row["language"], row["name"])
    return told
