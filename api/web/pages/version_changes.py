"""What differs between two versions of a matter's facts: findings, lists, exhibits, the head of the case.

A finding under a former name of a fact is read as the fact it is now; one under a name that the law content no longer
has is shown by that name, as it was written.
"""

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
from api.documents.language.catalogues import ENGLISH, LawText, Speech
from api.web.pages.answers import Shown, shown
from api.web.pages.fields import value_shown
from engine.content.documents import Document
from engine.content.models import Pack
from engine.facts.formernames import FormerNames
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
    names = FormerNames(pack.vocabulary)
    before, after = (with_ids(names.present(Document(one, "case"))[0].data, kinds(pack)) for one in (before, after))
    heard, now = before.get("exhibits") or {}, after.get("exhibits") or {}
    titles = [(now.get(name) or heard[name])["title"] for name in {**heard, **now} if heard.get(name) != now.get(name)]
    return Changes(
        (*_facts(pack, speech, before, after), *_gone(pack, speech, before, after)),
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


def _gone(pack: Pack, speech: Speech, before: Case_, after: Case_) -> Iterator[FactChange]:
    """Findings on what the law content no longer asks."""
    for part in (CASE, *pack.vocabulary.parts):
        known = {fact.id for fact in pack.vocabulary.of_scope(part)} | ({"id", "title"} if part != CASE else set())
        for item in [""] if part == CASE else dict.fromkeys([*_names(before, part), *_names(after, part)]):
            found = [_finding_names(one, part, item) for one in (before, after)]
            for name in dict.fromkeys([*found[0], *found[1]]):
                ours, theirs = (finding_at(one, (part, item, name)) for one in (before, after))
                if name not in known and ours != theirs:
                    about = _title(after, (part, item, name)) or _title(before, (part, item, name))
                    yield FactChange(
                        LawText(name, ENGLISH), about, _as_written(speech, ours), _as_written(speech, theirs)
                    )


def _finding_names(document: Case_, part: str, item: str) -> list[str]:
    """The names under which findings stand in the case, or in an item of a list."""
    if part == CASE:
        return list(document.get("facts") or ())
    return [name for one in document.get(part) or () if one.get("id") == item for name in one]


def _as_written(speech: Speech, finding: Any) -> Told | None:
    if finding is None:
        return None
    fields = shown(finding)
    said = [one for one in (fields.value, fields.person, fields.state) if one is not None]
    told = [", ".join(map(str, one)) if isinstance(one, list) else str(one) for one in said]
    return Told("; ".join(told) or speech.say("not known"), fields)


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
