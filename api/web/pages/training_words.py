"""The words of a lesson in the visitor's language, as pages, pictures, hand-outs and exports say them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from api.documents.language.catalogues import ENGLISH, LawText, Speech
from api.documents.language.marking import marked
from api.documents.language.retelling import Retelling, retold
from api.documents.language.words import effect_word, outcome_word
from api.training.lesson import FactLine, Lesson, Premise, Step
from api.training.votes import Option, Question
from api.web.pages.fields import value_shown
from engine.content.models import Pack
from engine.reasoning.outcome import Outcome

SOURCES = {
    "burden": marked("by the burden of proof"),
    "gate": marked("follows from another answer"),
    "latest item": marked("from the latest of the list"),
    "presumption": marked("presumed"),
    "unknown": marked("not known"),
}
STANDINGS = {"established": marked("established"), "asserted": marked("asserted"), "disputed": marked("disputed")}


@lru_cache(8)
def _prepared(language: str, digest: str) -> list[Retelling]:
    """Where the retelling of a pack in a language is kept; it takes a while to prepare."""
    return []


def _retelling(speech: Speech, digest: str, pack: Pack) -> Retelling:
    kept = _prepared(speech.language, digest)
    if not kept:
        kept.append(Retelling(speech, pack))
    return kept[0]


@dataclass(frozen=True)
class LessonWords:
    """Says what a lesson says in one language."""

    speech: Speech
    pack: Pack

    def told(self, english: str) -> LawText:
        """What the engine says."""
        return retold(self.speech, self.pack, english)

    def titled(self, criterion: str, english: str) -> LawText:
        """The title of a criterion, with its language."""
        return self.speech.law("criterion", criterion, "title", english)

    def title(self, criterion: str, english: str) -> str:
        """The title of a criterion."""
        return self.titled(criterion, english).text

    def concluded(self, step: Step) -> LawText:
        """The sentence of a step's conclusion."""
        status = step.status
        told = self.speech.law("criterion", step.criterion, status, step.sentence)
        return self.told(step.sentence) if told.foreign else told

    def asked(self, premise: Premise) -> LawText:
        """What a premise asks, with what is tested of it."""
        if premise.kind == "criterion":
            return self.titled(premise.name, premise.text)
        return self.told(premise.text)

    def question(self, premise: Premise) -> str:
        """The same as plain text."""
        return self.asked(premise).text

    def value(self, premise: Premise) -> str:
        """What the case says to a fact."""
        fact = self.pack.vocabulary.facts.get(premise.name)
        if premise.value is None or fact is None:
            return self.told(premise.shown).text
        return value_shown(self.speech, fact, premise.value)

    def standing(self, premise: Premise) -> str:
        """Where the value comes from, when that is not simply entered."""
        if premise.source in SOURCES:
            return self.speech.say(SOURCES[premise.source])
        return self.speech.say(STANDINGS[premise.standing]) if premise.standing in STANDINGS else ""

    def cited(self, citations: Sequence[str]) -> str:
        """Citations in this language's abbreviations."""
        if self.speech.language == ENGLISH:
            return "; ".join(citations)
        names = _retelling(self.speech, self.pack.digest, self.pack).names
        return "; ".join(names(one) for one in citations)

    def fact(self, line: FactLine) -> LawText:
        """The question of a fact that was entered."""
        return self.speech.law("fact", line.name, "question", line.text)

    def entered(self, line: FactLine) -> str:
        """The value of a fact that was entered."""
        return value_shown(self.speech, self.pack.vocabulary.facts[line.name], line.value)

    def effect(self, step: Step) -> str:
        """What a ground does, if it is one."""
        return effect_word(self.speech, step.effect) if step.effect else ""

    def outcome(self, outcome: Outcome | str) -> str:
        """An outcome in a word."""
        return outcome_word(self.speech, Outcome(outcome))

    def option(self, question: Question, option: Option) -> LawText:
        """An option of a question to the class."""
        if question.kind == "outcome":
            return LawText(self.outcome(option.id), self.speech.language)
        return self.titled(option.id, option.text)

    def pair(self, lesson: Lesson) -> tuple[str, str]:
        """The requesting and the requested State."""
        names = [self.speech.state(code) if code else self.speech.say("not known") for code in lesson.states]
        return names[0], names[1]
