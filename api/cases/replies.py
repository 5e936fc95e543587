"""What is typed at a question: a value of the fact, or a word that steers the interview.

Values are read generously and handed on as a case file writes them; the engine has the last word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from api.cases.states import says_none, state_of, states_of
from engine.errors import InputProblems
from engine.facts.values import BadValue, hint, parse
from engine.facts.vocabulary import Fact

Steering = Literal["unknown", "disputed", "skip", "back", "quit", "why", "help"]
_STEERING: dict[str, Steering] = {
    "?": "unknown",
    "u": "unknown",
    "unknown": "unknown",
    "not known": "unknown",
    "notknown": "unknown",
    "d": "disputed",
    "disputed": "disputed",
    "s": "skip",
    "skip": "skip",
    "b": "back",
    "back": "back",
    "q": "quit",
    "quit": "quit",
    "w": "why",
    "why": "why",
    "h": "help",
    "help": "help",
}
_SHORTEST = 2


class NotUnderstood(ValueError):
    """What was typed is no answer; the text says what would be."""


@dataclass(frozen=True)
class Value:
    """A value as a case file writes it."""

    written: Any


Reply = Value | Steering


def steering(text: str) -> Steering | None:
    """The steering word that was typed, if it was one."""
    return _STEERING.get(text.strip().casefold())


def reply(text: str, fact: Fact) -> Reply:
    """What a text typed at a question about ``fact`` means.

    Raises:
        NotUnderstood: it is neither an answer nor a steering word.
    """
    typed = text.strip()
    if not typed:
        raise NotUnderstood("Type an answer; help lists what can be typed.")
    steers = None if typed in fact.values else steering(typed)
    return steers or Value(value_typed(typed, fact))


def value_typed(typed: str, fact: Fact) -> Any:
    """The value that was typed, as a case file writes it.

    Raises:
        NotUnderstood: it is not a value of the fact.
    """
    try:
        value = _TYPED[fact.type](typed, fact)
        parse(fact, value)
    except BadValue as error:
        raise NotUnderstood(f"{error}.") from None
    except InputProblems as error:
        raise NotUnderstood(f"{error.problems[0].message}.") from None
    return value


def _yes_no(typed: str, fact: Fact) -> Any:
    return {"y": "yes", "yes": "yes", "n": "no", "no": "no"}.get(typed.casefold(), typed)


def _choice(typed: str, fact: Fact) -> Any:
    names = list(fact.values)
    if typed in names:
        return typed
    if typed.isdecimal() and 1 <= int(typed[:6]) <= len(names):
        return names[int(typed[:6]) - 1]
    words = typed.casefold()
    near = [name for name in names if name.startswith(words) or fact.values[name].casefold().startswith(words)]
    if len(near) == 1 and len(words) >= _SHORTEST:
        return near[0]
    raise NotUnderstood(f"Type a number from 1 to {len(names)}, or a word of the list. {hint(typed, names)}".strip())


def _set(typed: str, fact: Fact) -> Any:
    if says_none(typed) and not {typed, "none"} & set(fact.values):
        return []
    return list(dict.fromkeys(_choice(one.strip(), fact) for one in typed.split(",") if one.strip()))


def number_typed(typed: str) -> float | int | None:
    """The number that was typed, with a decimal point or comma; None if it is none.

    Raises:
        NotUnderstood: it reads as thousands and as a decimal fraction.
    """
    if ambiguous(typed):
        whole, fraction = re.sub("[.,]", "", typed), typed.replace(",", ".")
        raise NotUnderstood(f"This may be {whole} or {fraction}. Type {whole}, or the fraction without its last zeros.")
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        return None
    return int(value) if value.is_integer() else value


def ambiguous(typed: str) -> bool:
    """Whether a number may be meant with a separator of thousands or with a decimal sign."""
    return bool(re.fullmatch(r"[-+]?[1-9]\d{0,2}([.,]\d{3})+", typed.strip()))


def _number(typed: str, fact: Fact) -> Any:
    value = number_typed(typed)
    return typed if value is None else value


def _date(typed: str, fact: Fact) -> Any:
    try:
        return date.fromisoformat(typed) if len(typed) == 10 else typed
    except ValueError:
        return typed


def _state(typed: str, fact: Fact) -> Any:
    return state_of(typed, "")


def _states(typed: str, fact: Fact) -> Any:
    return states_of(typed, "")


_TYPED = {
    "yes_no": _yes_no,
    "choice": _choice,
    "set": _set,
    "number": _number,
    "date": _date,
    "state": _state,
    "states": _states,
}


def how_to_answer(fact: Fact) -> str:
    """What can be typed at a question of this type."""
    unit = f" of {fact.unit}" if fact.unit else ""
    return {
        "yes_no": "yes or no",
        "choice": "a number or a word of the list",
        "set": "numbers or words of the list, with commas between; none",
        "number": f"a number{unit}",
        "date": "a day, as 2020-01-13",
        "state": "a State, by name or code",
        "states": "States, with commas between; none",
    }[fact.type]


def side(typed: str, fact: Fact) -> Any:
    """What one side says, or that nothing is known of it."""
    return "unknown" if steering(typed) == "unknown" else value_typed(typed.strip(), fact)


def standing(typed: str) -> dict[str, str]:
    """The standing that was typed: ``e`` with, perhaps, by whom; ``p``; ``s``; or a name."""
    word, _, rest = typed.partition(" ")
    if word.casefold() in ("e", "established"):
        return {"standing": "established", **({"by": rest.strip()} if rest.strip() else {})}
    return {
        "standing": "asserted",
        "by": {"p": "person", "person": "person", "s": "state", "state": "state"}.get(typed.casefold(), typed),
    }


def by_words(name: str) -> str:
    """Who says so, in words."""
    return {"person": "the person", "state": "the State"}.get(name, name)


def slug(title: str, kind: str, taken: Iterable[str]) -> str:
    """A short name for a new item that no other has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = "-".join(re.findall(r"[a-z0-9]+", plain))[:30].strip("-")
    base = base if re.match(r"[a-z]", base) else f"{kind}-{base}".strip("-")
    known = set(taken)
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(known) + 2))
    return next(name for name in names if name not in known)
