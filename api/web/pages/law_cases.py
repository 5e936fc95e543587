"""A decided case as a page shows it: the facts that were entered, and each coded result beside what came out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.documents.language.catalogues import ENGLISH, LawText, Speech
from api.law.conformity import DecidedCase, Line
from api.web.pages.fields import value_shown
from api.web.pages.law_tree import Link, Trees
from engine.assess import Engine
from engine.facts.casefile import Finding
from engine.facts.vocabulary import Fact


@dataclass(frozen=True)
class Entered:
    """A fact that was entered."""

    fact: Link
    value: str
    standing: str
    note: str


@dataclass(frozen=True)
class Group:
    """The facts of the case (without a title) or of one listed item."""

    title: str
    item: LawText | None
    facts: list[Entered]


@dataclass(frozen=True)
class Result:
    """A coded result; ``criterion`` is None for the outcome. ``expected`` may be a status or 'anything but'."""

    criterion: Link | None
    strict: bool
    unwanted: bool
    expected: str
    obtained: str
    with_findings: bool


def facts_of(engine: Engine, case: DecidedCase, speech: Speech) -> list[Group]:
    """What was entered, the case first and then every listed item."""
    read, trees = engine.read(case.document), Trees(speech, engine.pack)
    groups = [Group("", None, list(_entered(speech, trees, read.findings)))]
    for name, items in read.items.items():
        part = engine.pack.vocabulary.parts[name]
        kind = speech.law("part", name, "item", part.item)
        groups += [Group(one.title or one.id, kind, list(_entered(speech, trees, one.findings))) for one in items]
    return groups


def _entered(speech: Speech, trees: Trees, findings: dict[str, Finding]) -> Iterator[Entered]:
    for name, finding in findings.items():
        fact = trees.pack.vocabulary.facts[name]
        if finding.disputed:
            sides = {side: _said(speech, fact, getattr(finding, side)) for side in ("person", "state")}
            value = speech.say("the person says {person}, the State says {state}", **sides)
        else:
            value = _said(speech, fact, finding.value)
        yield Entered(trees.fact(name), value, finding.standing, finding.note)


def _said(speech: Speech, fact: Fact, value: Any) -> str:
    if value is None:
        return speech.say("not known")
    if isinstance(value, date):
        return speech.day(value)
    if isinstance(value, frozenset | set):
        value = sorted(value)
    unit = f" {speech.law('fact', fact.id, 'unit', fact.unit)}" if fact.unit else ""
    return f"{value_shown(speech, fact, value)}{unit}"


def results_of(line: Line, trees: Trees) -> Iterator[Result]:
    """The coded results beside what came out."""
    for key, wanted in line.expected.items():
        name, _, strict = key.partition(" ")
        found = key in line.needs_findings
        if key == "outcome":
            yield Result(None, False, False, wanted, line.obtained, found)
            continue
        unwanted = wanted.startswith("anything but ")
        status = wanted.removeprefix("anything but ")
        yield Result(trees.criterion(name), bool(strict), unwanted, status, line.statuses.get(name, ""), found)


def english(speech: Speech, text: str) -> LawText:
    """A text that is kept in English only."""
    return LawText(text, ENGLISH, foreign=bool(text) and speech.language != ENGLISH)
