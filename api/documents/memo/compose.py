"""Composing a memo: its sections in order, as the profile asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from api.documents.language.catalogues import ENGLISH, Speech, speech_in
from api.documents.memo import (
    annex,
    closing,
    issues,
    opening,
)
from api.documents.memo.citations import Style
from api.documents.memo.matter import Matter, build_matter, in_english
from api.documents.memo.profiles import PROFILES, Profile
from api.documents.memo.tree import (
    Memo,
    Section,
    line,
    para,
)
from engine.answer.model import Answer
from engine.assess import Engine
from engine.facts.casefile import Case
from engine.facts.reading import Reading

Maker = Callable[[Matter, str], Section | None]


def memo_of(
    engine: Engine,
    case: Case,
    *,
    on: date | None = None,
    reading: Reading | None = None,
    profile: Profile = PROFILES["neutral"],
    style: Style = "court",
    language: str = ENGLISH,
    answer: Answer | None = None,
) -> Memo:
    """The memo on a case; without a reading, the one that goes with the profile.

    ``answer`` is one that was given on this case, day and reading before; the memo then tells that one.

    What a profile must keep to itself is found by English words, so a memo in another language is held
    against the same memo in English: a block that does not stand there does not stand here.

    Raises:
        InputProblems: the case cannot be assessed as it stands.
        EnginesDisagree: the engines differ; no memo is given.
    """
    speech = speech_in(language)
    matter = build_matter(
        engine, case, on=on, reading=reading, profile=profile, style=style, speech=speech, given=answer
    )
    memo = _written(matter)
    if matter.secrecy is None:
        return memo
    english = memo if speech.language == ENGLISH else _written(in_english(matter))
    return matter.secrecy.sieve(memo, english)


def _written(matter: Matter) -> Memo:
    sections: list[Section] = []
    for make in _makers(matter.profile):
        section = make(matter, str(len(sections) + 1))
        if section is not None:
            sections.append(section)
    return _finished(matter, sections)


def _makers(profile: Profile) -> list[Maker]:
    verdict: list[Maker] = [opening.brief_answer] if profile.verdict else []
    ending: list[Maker] = [closing.conclusion, closing.conflicts] if profile.verdict else []
    strategy: list[Maker] = [closing.open_facts, closing.evidence] if profile.strategy else []
    against: list[Maker] = [issues.not_met] if profile.verdict else []
    traced: list[Maker] = [annex.gaps, annex.trace] if profile.verdict else []
    return [
        opening.question,
        *verdict,
        opening.facts,
        opening.instruments,
        issues.issues,
        issues.beside,
        *against,
        *ending,
        closing.assurances,
        *strategy,
        closing.time_limits,
        closing.unverified,
        annex.decision,
        annex.authorities,
        annex.exhibits,
        *traced,
        annex.receipt,
    ]


def _finished(matter: Matter, sections: list[Section]) -> Memo:
    profile, answer, say = matter.profile, matter.answer, matter.speak.say
    notice = para(line(say(profile.notice), _about_translation(matter.speak.speech)), role="notice")
    footer = say("Dedere sets out the reasoning; a human decides.")
    dated = answer.assessed_on if profile.exact_days else date(answer.assessed_on.year, 1, 1)
    about, language = opening.about(matter), matter.speak.speech.language
    return Memo(say(profile.heading), about, (Section("", "", (notice,)), *sections), dated, footer, language)


def _about_translation(speech: Speech) -> str:
    """How far the law content of this memo can be relied on in its language."""
    if speech.law_reviewed:
        return ""
    said = speech.say(
        "The law content of this memo was translated from English and no lawyer has reviewed the translation. "
        "Summaries of articles, declarations and holdings stay in English."
    )
    return f" {said}"
