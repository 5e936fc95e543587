"""Saying facts, findings, people, days and exhibits as the profile of a memo allows, in the memo's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from api.documents.language.catalogues import LawText, Speech
from api.documents.language.marking import marked
from api.documents.language.retelling import Retelling
from api.documents.memo.profiles import Profile
from api.documents.memo.tree import (
    Line,
    Run,
    Says,
    Style,
    faint,
    line,
    mark,
    strong,
)
from engine.answer.model import FindingSaid
from engine.content.models import Pack
from engine.errors import present
from engine.facts.casefile import ExhibitRef, Finding, Item
from engine.facts.casemodel import BOTH
from engine.facts.columns import HERE, Place
from engine.facts.reading import Read
from engine.facts.values import plain
from engine.facts.vocabulary import CASE, Fact
from engine.reasoning.build import fact_label
from engine.reasoning.wording import place_label

_SIDES = {"person": marked("the person"), "state": marked("the State")}
_STANDINGS = {
    ("established", ""): marked("established"),
    ("asserted", ""): marked("asserted"),
    ("established", "person"): marked("established by the person"),
    ("established", "state"): marked("established by the State"),
    ("asserted", "person"): marked("asserted by the person"),
    ("asserted", "state"): marked("asserted by the State"),
    ("asserted", BOTH): marked("agreed by both sides"),
}
_BY_OTHERS = {"established": marked("established by {who}"), "asserted": marked("asserted by {who}")}
_SOURCES = {
    "gate": marked("follows from a wider question"),
    "latest item": marked("from the latest step"),
    "presumption": marked("presumed"),
    "burden": marked("not known; counts so by the burden of proof"),
}
_ISO = re.compile(r"\b(\d{4})-\d{2}-\d{2}\b")
_GAP = re.compile(r"\{(\w+)\}")


class Speaker:
    """Words about one case under one profile."""

    def __init__(self, pack: Pack, read: Read, profile: Profile, speech: Speech) -> None:
        self.pack, self.read, self.profile = pack, read, profile
        self.speech, self.say, self.count = speech, speech.say, speech.count
        self.retelling = Retelling(speech, pack)
        self._dating = self.retelling if profile.exact_days else Retelling(speech, pack, self.day)
        self._order = {name: number for number, name in enumerate(pack.vocabulary.facts)}
        self.exhibits: dict[str, int] = {}
        self.places: dict[str, tuple[Place, str]] = {}
        self._ids: dict[str, str] = {}
        self._items: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        for part, listed in read.items.items():
            for index, one in enumerate(listed):
                place = (part, index)
                self._items[place_label(pack, read, place)] = self.item(part, index)
                self._ids.setdefault(one.id, self.item(part, index))
                for fact in pack.vocabulary.of_scope(part):
                    self.places[fact_label(read, place, fact.id)] = (place, fact.id)
                self._labels[f"{part}[{one.id}]"] = self.item(part, index)

    def phrase(self, message: str, **parts: Says) -> Line:
        """A message whose placeholders are filled with runs."""
        words = _GAP.split(self.say(message))
        return line(*(parts[word] if place % 2 else word for place, word in enumerate(words)))

    def law(self, kind: str, name: str, part: str, english: str, style: Style = "") -> Run:
        """A text of the law content."""
        return _run(self.speech.law(kind, name, part, english), style)

    def told(self, english: str, style: Style = "") -> Run:
        """A sentence of the engine."""
        return _run(self.retelling(english), style)

    def english(self, text: str) -> Line:
        """A text that is never translated, such as a holding: in a memo of another language it says so."""
        if self.speech.language == "en":
            return (Run(text),)
        return Run(text, lang="en"), faint(f" [{self.say('in English')}]")

    def checked(self, review: str) -> Line:
        """The warning that goes with a review mark, if any."""
        return (Run(" "), mark(f"[{self.say('unverified')}]")) if review == "unverified" else ()

    def day(self, when: date | None) -> str:
        """A day of the case, or its year."""
        return self.speech.day(when) if when is None or self.profile.exact_days else str(when.year)

    def short(self, instrument: str) -> str:
        """What an instrument is called for short."""
        return self.speech.law("instrument", instrument, "short", self.pack.instruments[instrument].short).text

    def item(self, part: str, index: int) -> str:
        """An item by its title, or by its number where titles are hidden."""
        spec = self.pack.vocabulary.parts[part]
        listed = self.read.items.get(part, ())
        title = listed[index].title if self.profile.free_text and index < len(listed) else ""
        return title or f"{self.speech.law('part', part, 'item', spec.item)} {index + 1}"

    def titled(self, label: str) -> str:
        """The item behind a title or name that the engine writes."""
        return self._items.get(label, label if self.profile.free_text else self.say("an item"))

    def item_of(self, name: str) -> str:
        """The item with an id."""
        return self._ids.get(name) or self.say("an item")

    def where(self, label: str) -> tuple[Place, Fact | None]:
        """Place and fact behind the name of a fact as answers write it."""
        place, name = self.places.get(label, (HERE, label))
        return place, self.pack.vocabulary.facts.get(name)

    def asks(self, fact: Fact) -> Run:
        """The question of a fact."""
        return self.law("fact", fact.id, "question", fact.question)

    def event(self, fact: Fact) -> Run:
        """What happens on the day that a fact says."""
        return self.law("fact", fact.id, "event", fact.event) if fact.event else self.asks(fact)

    def question(self, *labels: str) -> Line:
        """What a fact asks, and of which items."""
        places, fact = [self.where(label)[0] for label in labels], self.where(labels[0])[1]
        if fact is None:
            part = self.pack.vocabulary.parts.get(labels[0])
            return (self.law("part", part.id, "question", part.question) if part else Run(labels[0]),)
        of = "; ".join(self.item(*place) for place in places if place != HERE)
        return line(self.asks(fact), f" ({of})" if of else "")

    def value(self, fact: Fact | None, value: Any, shown: str) -> str:
        """A value in words: States by name, days as the profile allows."""
        if fact is None or value is None:
            return self.retelling(shown).text
        if fact.type == "date":
            return self.day(date.fromisoformat(value))
        if fact.type == "state":
            return self.speech.state(value)
        if fact.type == "states":
            return ", ".join(self.speech.state(one) for one in value) or self.say("none")
        if fact.type == "yes_no":
            return self.say("yes") if value else self.say("no")
        return self._labelled(fact, value)

    def _labelled(self, fact: Fact, value: Any) -> str:
        if fact.type == "number":
            unit = self.speech.law("fact", fact.id, "unit", fact.unit).text
            return f"{self.speech.number(value)} {unit}".rstrip()
        chosen = value if fact.type == "set" else [value]
        labels = [self.speech.law("fact", fact.id, f"value.{one}", fact.values.get(one, one)).text for one in chosen]
        return ", ".join(labels) or self.say("none")

    def said(self, fact: Fact, value: Any) -> str:
        """A value as a case holds it, in words."""
        return self.value(fact, plain(value), "") if value is not None else self.say("not known")

    def assigned(self, label: str, value: Any, shown: str) -> str:
        """The value that a change would give a fact."""
        return self.value(self.where(label)[1], value, shown)

    def state(self, fact: str) -> str:
        """The State that a fact of the case names."""
        entries = self.read.columns.values[HERE].get(fact)
        return self.speech.state(str(entries[0][0])) if entries else self.say("a State not named")

    def exhibit(self, ref: ExhibitRef) -> str:
        """An exhibit by its number in this memo, with the page."""
        number = self.exhibits.setdefault(ref.id, len(self.exhibits) + 1)
        page = ref.page if self.profile.free_text or isinstance(ref.page, int) else None
        if page in (None, ""):
            return self.say("Exhibit {number}", number=number)
        return self.say("Exhibit {number}, p. {page}", number=number, page=page)

    def behind(self, label: str) -> Finding | None:
        """The finding entered for a fact."""
        place, fact = self.where(label)
        return self.read.finding(place, fact.id) if fact else None

    def standing(self, finding: Finding) -> str:
        """Established, asserted by whom, or disputed; names are hidden with other free text."""
        if finding.disputed:
            return self.say("disputed")
        if (finding.standing, finding.by) in _STANDINGS:
            return self.say(_STANDINGS[finding.standing, finding.by])
        who = finding.by if self.profile.free_text else self.say("another source")
        return self.say(_BY_OTHERS[finding.standing], who=who)

    def support(self, finding: Finding, *, note: bool = True) -> str:
        """Standing, exhibits and, where free text is allowed, the note."""
        notes = [finding.note] if note and finding.note and self.profile.free_text else []
        return "; ".join([self.standing(finding), *(self.exhibit(ref) for ref in finding.exhibits), *notes])

    def found(self, finding: FindingSaid) -> Line:
        """The answer behind a leaf of a proof, with what it rests on."""
        entered = self.behind(finding.fact)
        shown = strong(self.value(self.where(finding.fact)[1], finding.value, finding.shown))
        if finding.source == "finding" and entered:
            return line(shown, faint(f" ({self.support(entered)})"))
        if entered and entered.disputed:
            fact = self.where(finding.fact)[1]
            known = present(fact, "the fact that two sides speak of")
            return line(strong(self.say("disputed")), faint(f" ({self.sides(known, entered)})"))
        source = _SOURCES.get(finding.source, "")
        return line(shown, faint(f" ({self.say(source)})") if source else "")

    def sides(self, fact: Fact, finding: Finding) -> str:
        """What each side says of a disputed fact."""
        exhibits = [self.exhibit(ref) for ref in finding.exhibits]
        person, state = self.said(fact, finding.person), self.said(fact, finding.state)
        said = self.say("the person says {person}, the State says {state}", person=person, state=state)
        return "; ".join([said, *exhibits])

    def reason(self, text: str) -> Run:
        """A reason of the trace, with items named and days shown as the profile allows."""
        told = self._dating(text)
        said = told.text
        for label, named in self._labels.items():
            said = said.replace(f"{label}.", f"{named}: ")
        return Run(
            said if self.profile.exact_days else _ISO.sub(r"\1", said), lang=told.language if told.foreign else ""
        )

    def findings(self) -> Iterable[tuple[Place, Fact, Finding]]:
        """Every finding that counts on this date, in asking order."""
        facts = self.pack.vocabulary.facts
        for name, finding in self._ordered(self.read.case.findings):
            yield HERE, facts[name], finding
        for part, listed in self.read.items.items():
            for index, one in enumerate(listed):
                for name, finding in self._ordered(one.findings):
                    yield (part, index), facts[name], finding

    def _ordered(self, findings: dict[str, Finding]) -> list[tuple[str, Finding]]:
        return sorted(findings.items(), key=lambda found: self._order[found[0]])

    def listed(self, part: str) -> tuple[Item, ...]:
        """The items of a part that count on this date."""
        return self.read.items.get(part, ()) if part != CASE else ()

    def run(self, text: str) -> Run:
        """Free text, or nothing where the profile drops it."""
        return Run(text if self.profile.free_text else "")


def _run(told: LawText, style: Style) -> Run:
    return Run(told.text, style, told.language if told.foreign else "")
