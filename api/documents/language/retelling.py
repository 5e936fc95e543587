"""What the engine says in English, said in another language.

A text is a text of the law content, or fits a pattern (``engine_sentences``), or is an answer after its
question. What fits nothing stays English and says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache

from api.cases.states import name_of, state_codes
from api.documents.language.catalogues import ENGLISH, LawText, Speech
from api.documents.language.engine_sentences import FIXED, PATTERNS
from api.documents.language.law_texts import LawEntry, law_texts
from api.documents.language.pinpoints import pinpoint_in
from engine.content.models import Pack
from engine.facts.values import state_name

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_PART = re.compile(r"\\\{(\w+)\\\}")
_OFFER = re.compile(r"([A-Z]{3}) \(.+\)", re.DOTALL)
#: Names as the trace writes them: torture_risk, counts[c1].offence_on [fraud], cat.art03_core.
_LABEL = re.compile(r"[\w.-]+(\[[^\]]*\])?(\.\w+)?( \[.*\])?|.* \((declared|variant|within)\)", re.DOTALL)
#: Nothing that the engine says is longer; whatever is, nobody need look for patterns in.
LONGEST = 4_000
_FIXED = frozenset(FIXED)
_COMPILED = tuple(
    (pattern, re.compile(_PART.sub(r"(?P<\1>.+?)", re.escape(pattern)), re.DOTALL)) for pattern in PATTERNS
)


_known: dict[tuple[str, str], Retelling] = {}


def retold(speech: Speech, pack: Pack, english: str) -> LawText:
    """What the engine says about a pack, in another language."""
    return _retelling(speech, pack)(english)


def cited(speech: Speech, pack: Pack, citation: str) -> str:
    """A citation that the engine composed, in this language's abbreviations."""
    return _retelling(speech, pack).names(citation)


def _retelling(speech: Speech, pack: Pack) -> Retelling:
    """Each pack is prepared once for each language."""
    key = (speech.language, pack.digest)
    if key not in _known:
        _known[key] = Retelling(speech, pack)
    return _known[key]


class Retelling:
    """Says in one language what the engine says about one pack; ``day`` writes the days in its sentences."""

    def __init__(self, speech: Speech, pack: Pack, day: Callable[[date], str] | None = None) -> None:
        self.speech, self.pack, self.day = speech, pack, day or speech.day
        self.states = _states()
        shorts = sorted((one.short for one in pack.instruments.values()), key=len, reverse=True)
        self.shorts = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, shorts))})(?!\w)")
        self.texts = _by_english(pack)
        self.told = lru_cache(4096)(self._told)

    def __call__(self, english: str) -> LawText:
        """The text in this language, or in English when it is not known here."""
        if self.speech.language == ENGLISH or not english:
            return LawText(english, ENGLISH)
        told = self.told(english)
        return LawText(english, ENGLISH, foreign=True) if told is None else LawText(told, self.speech.language)

    def _told(self, english: str) -> str | None:
        if len(english) > LONGEST:
            return None
        if english in _FIXED:
            return self.speech.say(english)
        if english in self.texts:
            return self._law(self.texts[english])
        for pattern, compiled in _COMPILED:
            found = compiled.fullmatch(english)
            parts = self._parts(found.groupdict()) if found else None
            if parts is not None:
                return self.speech.say(pattern, **parts)
        return self._answered(english)

    def _law(self, entry: LawEntry) -> str | None:
        told = self.speech.law(*entry)
        return None if told.foreign else told.text

    def _parts(self, found: dict[str, str]) -> dict[str, str] | None:
        """Every part in this language, or None when one of them is not known."""
        said = {name: self._part(name.partition("_")[0], text) for name, text in found.items()}
        return {name: text for name, text in said.items() if text is not None} if None not in said.values() else None

    def _part(self, kind: str, text: str) -> str | None:
        """One part by what its name says it is; what is not listed is again something the engine says."""
        say: dict[str, Callable[[str], str | None]] = {
            "raw": str,
            "amount": self._amount,
            "answer": self._answer,
            "label": lambda label: label if _LABEL.fullmatch(label) else None,
            "day": self._moment,
            "moment": self._moment,
            "state": self._state,
            "list": self._list,
            "names": self.names,
            "offers": self._offers,
            "who": lambda who: self.told(who) or who,  # whoever it is may be named in free words
            "speakers": lambda speakers: ", ".join(self.told(who) or who for who in speakers.split(", ")),
            "values": lambda values: self._several(values, " or ", self.speech.say(" or ")),
        }
        return say.get(kind, self.told)(text)

    def _moment(self, text: str) -> str | None:
        """A day, or the question for one, which the engine then writes without its mark."""
        if _ISO.fullmatch(text):
            return self.day(date.fromisoformat(text))
        return self.told(text) or (self.told(f"{text}?") or "").rstrip("?") or None

    def _offers(self, text: str) -> str | None:
        """States that may be meant, each as code and name."""
        codes = [_OFFER.fullmatch(one) for one in text.split(" or ")]
        if None in codes:
            return None
        told = [f"{one[1]} ({self.speech.state(one[1])})" for one in codes if one]
        return self.speech.say(" or ").join(told)

    def _amount(self, text: str) -> str:
        number, _, unit = text.strip().partition(" ")
        return f"{number} {self.told(unit) or unit}".strip()

    def _list(self, name: str) -> str | None:
        part = self.pack.vocabulary.parts.get(name)
        return self.speech.law("part", name, "title", part.title).text if part else None

    def names(self, text: str) -> str:
        """Instruments and pinpoints: their abbreviations in this language."""
        if self.speech.language == ENGLISH:
            return text
        return pinpoint_in(self.speech, self.shorts.sub(lambda found: self.told(found[0]) or found[0], text))

    def _answered(self, english: str) -> str | None:
        """``question: answer`` or ``question? answer``, wherever the question ends."""
        for colon in re.finditer(": ", english):
            asked = self.told(english[: colon.start()])
            if asked is not None:
                return f"{asked}: {self._answer(english[colon.end() :])}"
        for mark in re.finditer(r"(?<=\?) ", english):
            asked = self.told(english[: mark.start()])
            if asked is not None:
                return f"{asked} {self._answer(english[mark.end() :])}"
        return None

    def _answer(self, text: str) -> str:
        """A value as the engine shows it: a word, a list, a State, a day, a number."""
        if _ISO.fullmatch(text):
            with suppress(ValueError):
                return self.day(date.fromisoformat(text))
        if text in _codes():
            return self.speech.state(text)
        return self.told(text) or self._several(text, ", ", ", ") or text

    def _state(self, name: str) -> str | None:
        return self.speech.state(self.states[name]) if name in self.states else None

    def _several(self, text: str, joint: str, said: str) -> str | None:
        """A list of values; one of them may hold the joint itself."""
        words = text.split(joint)
        for end in range(len(words), 0, -1):
            first = joint.join(words[:end])
            whole = end == len(words) and joint in text
            head = self._whole(text) if whole else self.told(first) or self._state(first)
            if head is None:
                continue
            rest = words[end:]
            tail = self._several(joint.join(rest), joint, said) if rest else ""
            if tail is not None:
                return f"{head}{said}{tail}" if rest else head
        return None

    def _whole(self, text: str) -> str | None:
        return self._law(self.texts[text]) if text in self.texts else None


def _by_english(pack: Pack) -> dict[str, LawEntry]:
    """The texts of the law content by what they say; lists name their items in lower case."""
    entries = list(law_texts(pack))
    lists = {entry.english.lower(): entry for entry in entries if entry.kind == "part"}
    return {entry.english: entry for entry in entries} | lists


@cache
def _codes() -> frozenset[str]:
    return frozenset(state_codes())


@cache
def _states() -> dict[str, str]:
    """The codes of all States by their English names."""
    return {name: code for code in state_codes() for name in (name_of(code), state_name(code))}
