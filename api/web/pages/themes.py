"""The interview's themes: what is answered in each and what is left; why a question is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.cases.document import Where, finding_at
from api.documents.language.catalogues import LawText, Speech
from api.documents.language.pinpoints import pinpoint_in
from api.web.pages.answers import Shown, shown
from api.web.pages.fields import Field, field_of, value_shown
from api.web.pages.open_matter import OpenMatter
from engine.content.clocks import Citation
from engine.facts.vocabulary import CASE, Fact


@dataclass(frozen=True)
class ThemeState:
    """A theme of the task list."""

    id: str
    title: LawText
    answered: int
    left: int


@dataclass(frozen=True)
class Line:
    """One line of the answers: a question, what is held on it, and in words."""

    field: Field
    item: str
    key: str
    held: Shown
    words: dict[str, str]
    asked: bool


@dataclass(frozen=True)
class Section:
    """The answers of one theme; those about an item of a list carry its title."""

    id: str
    title: LawText
    about: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Why:
    """A ground that hangs on a question."""

    id: str
    title: LawText
    citation: str


def theme_states(held: OpenMatter, speech: Speech) -> list[ThemeState]:
    """The themes in their order, leaving out those with nothing answered and nothing to ask."""
    vocabulary = held.engine.pack.vocabulary
    left = [one.fact.theme for one in held.asked if one.fact is not None]
    answered = [vocabulary.facts[name].theme for name in _answered(held)]
    found = [
        ThemeState(
            theme.id,
            speech.law("theme", theme.id, "title", theme.title),
            answered.count(theme.id),
            left.count(theme.id),
        )
        for theme in sorted(vocabulary.themes.values(), key=lambda theme: theme.order)
    ]
    return [one for one in found if one.answered or one.left]


def sections(held: OpenMatter, speech: Speech) -> list[Section]:
    """All answers, and the questions that are still open, by theme and item."""
    vocabulary = held.engine.pack.vocabulary
    asked = {one.name for one in held.asked}
    found = []
    for theme in sorted(vocabulary.themes.values(), key=lambda theme: theme.order):
        facts = [fact for fact in vocabulary.facts.values() if fact.theme == theme.id]
        for scope, item, about in _places(held, facts):
            here = [fact for fact in facts if fact.scope == scope]
            lines = tuple(_lines(held, here, item, asked, speech))
            if lines:
                title = speech.law("theme", theme.id, "title", theme.title)
                found.append(Section(theme.id, title, about, lines))
    return found


def why_asked(held: OpenMatter, where: Where, speech: Speech) -> list[Why]:
    """The grounds that hang on a question while it is open, or else that use its answer."""
    asked = next((one for one in held.hanging if one.name == where), None)
    criteria = held.engine.pack.criteria
    names = [name for name in (asked.hangs if asked else ()) if name in criteria and criteria[name].effect]
    return [
        Why(
            name,
            speech.law("criterion", name, "title", criteria[name].title),
            _cited(held, criteria[name].cites[0], speech),
        )
        for name in names or _users(held, where[2])
    ]


def _cited(held: OpenMatter, cite: Citation, speech: Speech) -> str:
    short = speech.law("instrument", cite.instrument, "short", held.engine.pack.instruments[cite.instrument].short)
    return f"{short.text} {pinpoint_in(speech, cite.pinpoint or f'art {cite.article}')}"


def _users(held: OpenMatter, fact: str) -> list[str]:
    """The grounds in whose conditions a fact stands."""
    entries = held.engine.program.entries
    grounds = [one.id for one in held.engine.pack.criteria.values() if one.effect]
    return [name for name in grounds if fact in held.engine.facts_below(entries[name].node)]


def _lines(held: OpenMatter, facts: list[Fact], item: str, asked: set[Where], speech: Speech) -> Iterator[Line]:
    for fact in facts:
        where = (fact.scope, item, fact.id)
        found = finding_at(held.document, where)
        if found is None and where not in asked:
            continue
        fields = shown(found)
        words = {
            side: value_shown(speech, fact, getattr(fields, side))
            for side in ("value", "person", "state")
            if getattr(fields, side) is not None
        }
        yield Line(field_of(speech, fact), item, ":".join(where), fields, words, where in asked)


def _places(held: OpenMatter, facts: list[Fact]) -> list[tuple[str, str, str]]:
    scopes = dict.fromkeys(fact.scope for fact in facts)
    items = [(scope, one.id, one.title or one.id) for scope in scopes for one in held.case.items.get(scope, ())]
    return ([(CASE, "", "")] if CASE in scopes else []) + items


def _answered(held: OpenMatter) -> list[str]:
    listed = [name for items in held.case.items.values() for one in items for name in one.findings]
    return [*held.case.findings, *listed]
