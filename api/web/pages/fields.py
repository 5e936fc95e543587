"""A fact as a question in the visitor's language: its words, its possible answers, why it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from api.cases.states import state_codes
from api.documents.language.alphabet import in_order
from api.documents.language.catalogues import LawText, Speech, speech_in
from engine.facts.vocabulary import Fact


@dataclass(frozen=True)
class Field:
    """What a page shows of a fact."""

    fact: Fact
    question: LawText
    help: LawText
    options: tuple[tuple[str, LawText | str], ...]
    proof: tuple[LawText, ...]
    unit: LawText

    @property
    def is_choice(self) -> bool:
        """Whether one of a few words answers it."""
        return self.fact.type in ("yes_no", "choice")


def field_of(speech: Speech, fact: Fact) -> Field:
    """A fact in the visitor's language."""
    return Field(
        fact,
        speech.law("fact", fact.id, "question", fact.question),
        speech.law("fact", fact.id, "help", fact.help),
        tuple(_options(speech, fact)),
        tuple(speech.law("fact", fact.id, f"proof.{number}", text) for number, text in enumerate(fact.proof)),
        speech.law("fact", fact.id, "unit", fact.unit),
    )


def _options(speech: Speech, fact: Fact) -> list[tuple[str, LawText | str]]:
    if fact.type == "yes_no":
        return [("yes", speech.say("yes")), ("no", speech.say("no"))]
    return [(value, speech.law("fact", fact.id, f"value.{value}", label)) for value, label in fact.values.items()]


@lru_cache
def state_names(language: str) -> tuple[tuple[str, str], ...]:
    """Code and name of every State, in the order that their names have in the alphabet of the language."""
    speech = speech_in(language)
    named = [(code, speech.state(code)) for code in state_codes()]
    return tuple(in_order(named, language, lambda pair: pair[1]))


def value_shown(speech: Speech, fact: Fact, value: object) -> str:
    """A value of a fact in words."""
    if isinstance(value, list | tuple):
        return ", ".join(value_shown(speech, fact, one) for one in value) or speech.say("none of these")
    text = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    if fact.type in ("state", "states"):
        return speech.state(text)
    labels = dict(_options(speech, fact))
    return str(labels.get(text, text))
