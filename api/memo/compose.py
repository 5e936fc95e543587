"""Composing a memo: its sections in order, as the profile asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from api.memo import annex, closing, issues, opening
from api.memo.citations import Style
from api.memo.matter import Matter, build_matter
from api.memo.profiles import PROFILES, Profile
from api.memo.tree import Memo, Section, line, para
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
) -> Memo:
    """The memo on a case; without a reading, the one that goes with the profile.

    Raises:
        InputProblems: the case cannot be assessed as it stands.
        EnginesDisagree: the engines differ; no memo is given.
    """
    matter = build_matter(engine, case, on=on, reading=reading, profile=profile, style=style)
    sections: list[Section] = []
    for make in _makers(profile):
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
    profile, answer = matter.profile, matter.answer
    notice = Section("", "", (para(line(profile.notice), role="notice"),))
    footer = "Dedere sets out the reasoning; a human decides."
    dated = answer.assessed_on if profile.exact_days else date(answer.assessed_on.year, 1, 1)
    memo = Memo(profile.heading, opening.about(matter), (notice, *sections), dated, footer)
    return matter.secrecy.sieve(memo) if matter.secrecy else memo
