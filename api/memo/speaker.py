"""Saying facts, findings, people, days and exhibits as the profile of a memo allows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from api.memo.profiles import Profile
from api.memo.tree import Line, Run, faint, line, strong
from api.text.words import day
from engine.answer import FindingSaid
from engine.content.models import Pack
from engine.facts.casefile import ExhibitRef, Finding, Item
from engine.facts.columns import HERE, Place
from engine.facts.reading import Read
from engine.facts.values import plain, show, state_name
from engine.facts.vocabulary import CASE, Fact
from engine.proofs.build import fact_label
from engine.proofs.wording import place_label

_SIDES = {"person": "the person", "state": "the State"}
_SOURCES = {
    "gate": "follows from a wider question",
    "latest item": "from the latest step",
    "burden": "not known; counts so by the burden of proof",
}
_ISO = re.compile(r"\b(\d{4})-\d{2}-\d{2}\b")


class Speaker:
    """Words about one case under one profile."""

    def __init__(self, pack: Pack, read: Read, profile: Profile) -> None:
        self.pack, self.read, self.profile = pack, read, profile
        self.exhibits: dict[str, int] = {}
        self.places: dict[str, tuple[Place, str]] = {}
        self._items: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        for part, listed in read.items.items():
            for index, one in enumerate(listed):
                place = (part, index)
                self._items[place_label(pack, read, place)] = self.item(part, index)
                for fact in pack.vocabulary.of_scope(part):
                    self.places[fact_label(read, place, fact.id)] = (place, fact.id)
                self._labels[f"{part}[{one.id}]"] = self.item(part, index)

    def day(self, when: date | None) -> str:
        """A day of the case, or its year."""
        return day(when) if when is None or self.profile.exact_days else str(when.year)

    def item(self, part: str, index: int) -> str:
        """An item by its title, or by its number where titles are hidden."""
        spec = self.pack.vocabulary.parts[part]
        listed = self.read.items.get(part, ())
        title = listed[index].title if self.profile.free_text and index < len(listed) else ""
        return title or f"{spec.item} {index + 1}"

    def titled(self, label: str) -> str:
        """The item behind a title or name that the engine writes."""
        return self._items.get(label, label if self.profile.free_text else "an item")

    def where(self, label: str) -> tuple[Place, Fact | None]:
        """Place and fact behind the name of a fact as answers write it."""
        place, name = self.places.get(label, (HERE, label))
        return place, self.pack.vocabulary.facts.get(name)

    def question(self, label: str) -> str:
        """What a fact asks, and of which item."""
        place, fact = self.where(label)
        if fact is None:
            part = self.pack.vocabulary.parts.get(label)
            return part.question if part else label
        return fact.question if place == HERE else f"{fact.question} ({self.item(*place)})"

    def value(self, fact: Fact | None, value: Any, shown: str) -> str:
        """A value in words: States by name, days as the profile allows."""
        if fact is None or value is None:
            return shown
        if fact.type == "date":
            return self.day(date.fromisoformat(value))
        if fact.type == "state":
            return state_name(value)
        return ", ".join(state_name(one) for one in value) or "none" if fact.type == "states" else shown

    def said(self, fact: Fact, value: Any) -> str:
        """A value as a case holds it, in words."""
        return self.value(fact, plain(value) if value is not None else None, show(value, fact))

    def assigned(self, label: str, value: Any, shown: str) -> str:
        """The value that a change would give a fact."""
        return self.value(self.where(label)[1], value, shown)

    def state(self, fact: str) -> str:
        """The State that a fact of the case names."""
        entries = self.read.columns.values[HERE].get(fact)
        return state_name(str(entries[0][0])) if entries else "a State not named"

    def who(self, by: str) -> str:
        """Who asserts something; names are hidden with other free text."""
        return _SIDES.get(by, by if self.profile.free_text else "another source") if by else ""

    def exhibit(self, ref: ExhibitRef) -> str:
        """An exhibit by its number in this memo, with the page."""
        number = self.exhibits.setdefault(ref.id, len(self.exhibits) + 1)
        page = ref.page if self.profile.free_text or isinstance(ref.page, int) else None
        return f"Exhibit {number}, p. {page}" if page not in (None, "") else f"Exhibit {number}"

    def behind(self, label: str) -> Finding | None:
        """The finding entered for a fact."""
        place, fact = self.where(label)
        return self.read.finding(place, fact.id) if fact else None

    def standing(self, finding: Finding) -> str:
        """Established, asserted by whom, or disputed."""
        if finding.disputed:
            return "disputed"
        by = self.who(finding.by)
        return f"{finding.standing} by {by}" if by else finding.standing

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
            assert fact is not None
            return line(strong("disputed"), faint(f" ({self.sides(fact, entered)})"))
        source = _SOURCES.get(finding.source, "")
        return line(shown, faint(f" ({source})") if source else "")

    def sides(self, fact: Fact, finding: Finding) -> str:
        """What each side says of a disputed fact."""
        exhibits = [self.exhibit(ref) for ref in finding.exhibits]
        said = f"the person says {self.said(fact, finding.person)}, the State says {self.said(fact, finding.state)}"
        return "; ".join([said, *exhibits])

    def reason(self, text: str) -> str:
        """A reason of the trace, with items named and days shown as the profile allows."""
        for label, named in self._labels.items():
            text = text.replace(f"{label}.", f"{named}: ")
        return text if self.profile.exact_days else _ISO.sub(r"\1", text)

    def findings(self) -> Iterable[tuple[Place, Fact, Finding]]:
        """Every finding that counts on this date, in asking order."""
        facts = self.pack.vocabulary.facts
        for name, finding in _ordered(self.read.case.findings, facts):
            yield HERE, facts[name], finding
        for part, listed in self.read.items.items():
            for index, one in enumerate(listed):
                for name, finding in _ordered(one.findings, facts):
                    yield (part, index), facts[name], finding

    def listed(self, part: str) -> tuple[Item, ...]:
        """The items of a part that count on this date."""
        return self.read.items.get(part, ()) if part != CASE else ()

    def run(self, text: str) -> Run:
        """Free text, or nothing where the profile drops it."""
        return Run(text if self.profile.free_text else "")


def _ordered(findings: dict[str, Finding], facts: dict[str, Fact]) -> list[tuple[str, Finding]]:
    return [(name, findings[name]) for name in facts if name in findings]
