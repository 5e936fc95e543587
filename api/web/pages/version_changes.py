"""What differs between two versions of a matter's facts: findings, lists, exhibits, the head of the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.cases.document import (
    Case_,
    Where,
    finding_at,
    kinds,
    with_ids,
)
from api.documents.language.catalogues import LawText, Speech
from api.web.pages.answers import Shown, shown
from api.web.pages.fields import value_shown
from engine.content.models import Pack
from engine.facts.vocabulary import CASE, Fact

_HEAD = ("assessed_on", "title", "notes", "case")


@dataclass(frozen=True)
class Told:
    """A finding in words; ``fields`` has its standing, exhibits and note."""

    words: str
    fields: Shown


@dataclass(frozen=True)
class FactChange:
    """A fact that is not recorded alike: None where it is not recorded."""

    question: LawText
    about: str
    before: Told | None
    after: Told | None


@dataclass(frozen=True)
class Changes:
    """All differences. ``items``: (list, item, came); ``exhibits``: names that came, went or differ; ``head``: keys."""

    facts: tuple[FactChange, ...]
    items: tuple[tuple[LawText, str, bool], ...]
    exhibits: tuple[str, ...]
    head: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.facts or self.items or self.exhibits or self.head)


def changes(pack: Pack, speech: Speech, before: Case_, after: Case_) -> Changes:
    """What differs between two versions."""
    before, after = (with_ids(one, kinds(pack)) for one in (before, after))
    heard, now = before.get("exhibits") or {}, after.get("exhibits") or {}
    titles = [(now.get(name) or heard[name])["title"] for name in {**heard, **now} if heard.get(name) != now.get(name)]
    return Changes(
        tuple(_facts(pack, speech, before, after)),
        tuple(_items(pack, speech, before, after)),
        tuple(titles),
        tuple(key for key in _HEAD if before.get(key) != after.get(key)),
    )


def _facts(pack: Pack, speech: Speech, before: Case_, after: Case_) -> Iterator[FactChange]:
    for fact in pack.vocabulary.facts.values():
        for where in _places(pack, fact, before, after):
            ours, theirs = finding_at(before, where), finding_at(after, where)
            if ours != theirs:
                question = speech.law("fact", fact.id, "question", fact.question)
                about = _title(after, where) or _title(before, where)
                yield FactChange(question, about, _told(speech, fact, ours), _told(speech, fact, theirs))


def _places(pack: Pack, fact: Fact, before: Case_, after: Case_) -> list[Where]:
    if fact.scope == CASE:
        return [(CASE, "", fact.id)]
    names = dict.fromkeys([*_names(before, fact.scope), *_names(after, fact.scope)])
    return [(fact.scope, name, fact.id) for name in names]


def _names(document: Case_, part: str) -> list[str]:
    return [item["id"] for item in document.get(part) or ()]


def _items(pack: Pack, speech: Speech, before: Case_, after: Case_) -> Iterator[tuple[LawText, str, bool]]:
    for part in pack.vocabulary.parts.values():
        ours, theirs = (_names(one, part.id) for one in (before, after))
        title = speech.law("part", part.id, "title", part.title)
        for name in [*(one for one in ours if one not in theirs), *(one for one in theirs if one not in ours)]:
            home = after if name in theirs else before
            yield title, _title(home, (part.id, name, "")) or name, name in theirs


def _title(document: Case_, where: Where) -> str:
    listed = [] if where[0] == CASE else document.get(where[0]) or []
    return next((str(one.get("title") or where[1]) for one in listed if one.get("id") == where[1]), "")


def _told(speech: Speech, fact: Fact, finding: Any) -> Told | None:
    if finding is None:
        return None
    fields = shown(finding)
    if fields.answer == "unknown":
        return Told(speech.say("not known"), fields)
    if fields.answer == "disputed":
        sides = [
            speech.say("not known") if value is None else value_shown(speech, fact, value)
            for value in (fields.person, fields.state)
        ]
        said = speech.say("disputed: the person says {person}, the State says {state}", person=sides[0], state=sides[1])
        return Told(said, fields)
    return Told(value_shown(speech, fact, fields.value), fields)
