"""What a paper is written with: the case as its reader may see it, the plan, the wording, the numbers of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from math import ceil

from api.documents.filings.plan import Plan
from api.documents.filings.wording import When, Wording
from api.documents.memo.matter import Matter
from api.documents.memo.tree import Line, Memo, Para, Run, Says, line, mark, runs_of, words_of
from engine.facts.casefile import Finding
from engine.facts.values import parse, plain
from engine.facts.vocabulary import REQUESTED, REQUESTING

_ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_GAP = re.compile(r"\{(\w+)\}")
_CYRILLIC, _LATIN = re.compile(r"[\u0400-\u04ff]"), re.compile(r"[A-Za-z]{2}")
#: Words on a page of a paper as it is set; a little less than a full page of prose.
WORDS_ON_A_PAGE = 410


@dataclass
class Draft:
    """One paper in the making. ``paragraph`` counts its numbered paragraphs, ``facts`` where each fact is told."""

    matter: Matter
    wording: Wording
    plan: Plan
    paragraph: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    #: The paragraph in which each move of an argument was made
    moves: dict[str, int] = field(default_factory=dict)
    #: The authorities that were cited in full
    cited: set[str] = field(default_factory=set)

    @property
    def language(self) -> str:
        """The language of the paper."""
        return self.matter.speak.speech.language

    def text(self, name: str) -> str:
        """A phrase as it is written."""
        return self.wording.phrases.phrases[name].within(self.language)

    def fill(self, name: str, **parts: Says) -> Line:
        """A phrase whose placeholders are filled, from the case and the plan where no part is given."""
        return self.filled(self.text(name), **parts)

    def filled(self, text: str, **parts: Says) -> Line:
        """A text whose placeholders are filled; what is not known is a gap that is marked."""
        words = _GAP.split(text)
        return line(*(parts.get(word) or self.value(word) if at % 2 else word for at, word in enumerate(words)))

    def value(self, name: str) -> Says:
        """What stands for a placeholder."""
        plan, speak = self.plan, self.matter.speak
        own = {
            "court": plan.court,
            "case_number": plan.case_number,
            "place": plan.place,
            "date": plan.date,
            "person": plan.person.name,
            "own_script": plan.person.own_script,
            "born": plan.person.born,
            "held_at": plan.person.held_at,
            "languages": plan.person.languages,
            "counsel": plan.counsel.name,
            "bar_number": plan.counsel.bar_number,
            "address": plan.counsel.address,
            "phone": plan.counsel.phone,
            "email": plan.counsel.email,
            "fax": plan.counsel.fax,
            "authority": plan.authority,
            "authority_case_number": plan.authority_case_number,
            "removal_day": plan.removal.day,
            "removal_hour": plan.removal.hour,
            "removal_place": plan.removal.place,
            "final_decision_on": plan.final_decision_on,
            "other_procedures": plan.other_procedures,
        }
        if name in own:
            return own[name] or self.gap(name)
        if name in ("requesting_state", "requested_state", "origin_state"):
            return speak.state({"requesting_state": REQUESTING, "requested_state": REQUESTED}.get(name, name))
        if name == "destination":
            return plan.removal.destination or speak.state(REQUESTING)
        if name == "assessed_on":
            return speak.day(self.matter.answer.assessed_on)
        if name == "offences":
            counts = speak.listed("counts")
            return line(*_joined([self.own(speak.item("counts", at)) for at, _ in enumerate(counts)])) or self.gap(name)
        return self._entered(name)

    def _entered(self, name: str) -> Says:
        fact, finding = self.matter.engine.pack.vocabulary.facts.get(name), self.finding(name)
        if fact is None or finding is None or finding.value is None:
            return self.gap(name)
        return self.matter.speak.said(fact, finding.value)

    def gap(self, name: str) -> Run:
        """What must be completed before the paper is sent."""
        named = self.wording.phrases.gaps.get(name)
        return mark(f"[{self.text('to_complete')}: {named.within(self.language) if named else name}]")

    def own(self, text: str) -> Line:
        """Words that somebody entered; where they are evidently in another language they ask to be translated."""
        foreign = self.language != "en" and _LATIN.search(text) and not _CYRILLIC.search(text)
        return line(text, mark(f" [{self.text('translate')}]") if foreign else "")

    def dated(self, run: Run) -> Run:
        """A sentence of the engine with its days in words."""
        return replace(run, text=_ISO.sub(lambda found: self.matter.speak.day(date.fromisoformat(found[0])), run.text))

    def numbered(self, *parts: Says) -> Para:
        """The next numbered paragraph."""
        self.paragraph += 1
        return Para(line(f"{self.paragraph}.\u2002", *parts))

    def finding(self, name: str) -> Finding | None:
        """What was entered on a fact of the case."""
        return self.matter.speak.read.case.findings.get(name)

    def holds(self, when: When | None) -> bool:
        """Whether a condition of the wording holds in the case."""
        return when is None or self._all(when) != when.otherwise

    def _all(self, when: When) -> bool:
        grounds = {one.id: one.status for one in self.matter.grounds}
        tests = [
            not when.bound or self.binds(when.bound),
            all(self._is(name, raw) for name, raw in when.fact.items()),
            not when.met or any(grounds.get(name) == "met" for name in when.met),
            not when.live or any(grounds.get(name) in ("met", "open") for name in when.live),
            not when.part or bool(self.matter.speak.listed(when.part)),
            not when.on_record or not isinstance(self.value(when.on_record), Run),
        ]
        return all(tests)

    def binds(self, instrument: str) -> bool:
        """Whether an instrument binds on the day of the paper."""
        relations = self.matter.answer.treaty_relations
        return any(one.instrument == instrument and one.binding for one in relations)

    def _is(self, name: str, raw: object) -> bool:
        finding, fact = self.finding(name), self.matter.engine.pack.vocabulary.facts.get(name)
        if finding is None or fact is None:
            return False
        said = finding.person if finding.disputed else finding.value
        accepted = raw if isinstance(raw, list) else [raw]
        return said is not None and any(
            _same(plain(said), parse(fact, [one] if fact.type == "set" else one)) for one in accepted
        )


def _same(said: object, wanted: object) -> bool:
    if isinstance(said, list) and isinstance(wanted, frozenset):
        return wanted <= set(said)
    return said == wanted


def _joined(lines: Iterable[Line]) -> list[Says]:
    found: list[Says] = []
    for place, one in enumerate(lines):
        found += [one] if place == 0 else ["; ", one]
    return found


def gaps_in(memo: Memo) -> int:
    """How many gaps a paper has: every mark is one."""
    return sum(run.style == "mark" for run in runs_of(memo))


def pages_of(memo: Memo) -> int:
    """How many pages it fills, about."""
    return max(1, ceil(len(words_of(memo).split()) / WORDS_ON_A_PAGE))
