"""Values of facts: what a lawyer may write for each type, and what the engine keeps.

yes/no becomes a bool, a choice a word, a set a frozenset of words, a State an ISO 3166-1 alpha-3
code. Anything else is refused with the nearest thing that would have been accepted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, lru_cache
from typing import Any

import pycountry

from engine.facts.vocabulary import Fact

UNKNOWN = "unknown"
#: No number of a case is larger.
LARGEST = 1e9
#: No day of a case is earlier: a year before it is mistyped.
EARLIEST = date(1900, 1, 1)
#: From this likeness on (0 to 1) a name may have been meant.
NEAR = 0.75
Value = bool | str | float | int | date | frozenset[str]


class BadValue(ValueError):
    """The value does not fit the fact; the text says what would, and ``echo`` is what it repeats of the input."""

    def __init__(self, text: str, echo: str = "") -> None:
        super().__init__(text)
        self.echo = echo


def nearest(name: object, known: Iterable[str]) -> str:
    """The known word most like ``name``, or "" when none is near."""
    return _nearest(str(name), tuple(known))


@lru_cache(512)  # a batch repeats the same mistake line after line
def _nearest(name: str, known: tuple[str, ...]) -> str:
    """Long names are most often right at their beginning, short ones as a whole; then words count, in any order."""
    from rapidfuzz import distance, fuzz, process, utils  # noqa: PLC0415 - only a refusal needs it; a cold start counts

    likeness: dict[str, float] = {}
    for scorer in (distance.JaroWinkler.normalized_similarity, distance.Indel.normalized_similarity):
        near = process.extract(name, known, scorer=scorer, processor=utils.default_process, score_cutoff=NEAR, limit=8)
        for one, score, _ in near:
            words = fuzz.token_sort_ratio(name, one, processor=utils.default_process) / 1000
            likeness[one] = max(likeness.get(one, 0), score + words)
    return max(likeness, key=likeness.__getitem__, default="")


def hint(name: object, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word, or all of them when they are few."""
    words = list(known)
    near = nearest(name, words)
    if near:
        return f"Did you mean '{near}'?"
    return f"Use one of: {', '.join(words)}" if 0 < len(words) <= 16 else ""


def parse(fact: Fact, raw: Any) -> Value:
    """The value of ``fact`` that ``raw`` (plain YAML or JSON data) stands for.

    Raises:
        BadValue: with words for the reader; never repeats more than 40 characters of the input.
    """
    return _PARSERS[fact.type](fact, raw)


def plain(value: Value) -> Any:
    """The JSON form of a value: sets sorted, dates as ISO text."""
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def show(value: Value | None, fact: Fact | None = None) -> str:
    """The value in words, with the labels of the vocabulary where there are any."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    labels = fact.values if fact else {}
    if isinstance(value, frozenset):
        return ", ".join(labels.get(item, item) for item in sorted(value)) or "none"
    text = value.isoformat() if isinstance(value, date) else labels.get(str(value), str(value))
    return f"{text} {fact.unit}" if fact and fact.unit else text


def _shown(raw: Any) -> str:
    text = str(raw)
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"


def _refused(raw: Any, text: str) -> BadValue:
    return BadValue(f"{_shown(raw)} {text}", _shown(raw))


def parse_yes_no(raw: Any, instead: str = "yes or no") -> bool:
    """Yes or no, as a truth value of YAML or JSON or as the word; no number stands for either."""
    if isinstance(raw, bool):
        return raw
    if raw in ("yes", "no"):
        return bool(raw == "yes")
    raise _refused(raw, f"is not an answer to a yes/no question. Write {instead}")


def _yes_no(fact: Fact, raw: Any) -> bool:
    return parse_yes_no(raw, "yes, no or unknown")


def _choice(fact: Fact, raw: Any) -> str:
    word = {True: "yes", False: "no"}[raw] if isinstance(raw, bool) else raw
    if isinstance(word, str) and word in fact.values:
        return word
    raise _refused(raw, f"is not a value of this fact. {hint(raw, fact.values)}".strip())


def _set(fact: Fact, raw: Any) -> frozenset[str]:
    if not isinstance(raw, list):
        raise BadValue(f"needs a list, for example [{next(iter(fact.values), '')}], or [] for none")
    if raw == ["none"] and "none" not in fact.values:
        return frozenset()
    for item in raw:
        if not isinstance(item, str) or item not in fact.values:
            raise _refused(item, f"is not a value of this fact. {hint(item, fact.values)}".strip())
    return frozenset(raw)


def _number(fact: Fact, raw: Any) -> float | int:
    if isinstance(raw, bool) or not (isinstance(raw, int) or (isinstance(raw, float) and math.isfinite(raw))):
        raise _refused(raw, "is not a number" + (f" (of {fact.unit})" if fact.unit else ""))
    if fact.minimum is not None and raw < fact.minimum:
        raise _refused(raw, f"is below {fact.minimum:g} {fact.unit}".rstrip())
    if abs(raw) > LARGEST or (fact.maximum is not None and raw > fact.maximum):
        raise _refused(raw, "is above the largest value accepted")
    return int(raw) if float(raw).is_integer() else raw


def parse_date(raw: Any) -> date:
    """A calendar date from YAML's own date or ISO 8601 text ``YYYY-MM-DD``."""
    day = raw if isinstance(raw, date) and type(raw) is date else _written_day(raw)
    if day is None:
        raise _refused(raw, "is not a date. Write it as year-month-day, for example 2020-01-13")
    return day


def parse_day(raw: Any) -> date:
    """A calendar date on which something of a case can have happened."""
    day = parse_date(raw)
    if day < EARLIEST:
        raise _refused(raw, f"is before {EARLIEST.year}. Correct the year")
    return day


def _written_day(raw: Any) -> date | None:
    if isinstance(raw, str) and len(raw) == 10 and raw[4] == raw[7] == "-":
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    return None


def _date(fact: Fact, raw: Any) -> date:
    return parse_day(raw)


@cache
def _codes() -> frozenset[str]:
    return frozenset(country.alpha_3 for country in pycountry.countries)


@cache
def _countries() -> dict[str, str]:
    names: dict[str, str] = {}
    for country in pycountry.countries:
        for name in (country.name, getattr(country, "common_name", country.name), country.alpha_2):
            names[name] = country.alpha_3
    return names


def state_code(raw: Any, more: frozenset[str] = frozenset()) -> str:
    """An ISO 3166-1 alpha-3 code, or one of those that the register has beside them.

    Raises:
        BadValue: with the code of the State whose name or code is nearest.
    """
    if isinstance(raw, str) and (raw in _codes() or raw in more):
        return raw
    names = _countries()
    if len(str(raw)) <= 2:  # two letters are another code, or could be anything
        code = names.get(str(raw).upper(), "")
    else:
        short = len(str(raw)) == 3  # a code looks like part of many names, and a name like many codes
        near = nearest(raw, [name for name in (*names, *names.values()) if (len(name) <= 3) is short])
        code = names.get(near, near) if _alike(str(raw), near) else ""
    raise _refused(raw, "is not a State code of three letters (ISO 3166)" + (f". Did you mean {code}?" if code else ""))


def _alike(raw: str, name: str) -> bool:
    """Whether one could have meant the other: most names share letters with some State's."""
    from rapidfuzz import fuzz  # noqa: PLC0415

    return bool(name) and (name.lower().startswith(raw.lower()) or fuzz.ratio(raw.lower(), name.lower()) >= 65)


def state_name(code: str) -> str:
    """The common English name of a State, or the code itself."""
    country = pycountry.countries.get(alpha_3=code)
    return str(getattr(country, "common_name", country.name)) if country else code


def _state(fact: Fact, raw: Any) -> str:
    return state_code(raw, fact.codes)


def _states(fact: Fact, raw: Any) -> frozenset[str]:
    if not isinstance(raw, list):
        raise BadValue("needs a list of State codes, for example [KAZ], or [] for none")
    return frozenset(state_code(item, fact.codes) for item in raw)


_PARSERS: dict[str, Callable[[Fact, Any], Value]] = {
    "yes_no": _yes_no,
    "choice": _choice,
    "set": _set,
    "number": _number,
    "date": _date,
    "state": _state,
    "states": _states,
}
