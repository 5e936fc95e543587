"""Checking the wording of papers against the law content: every fault, with the file.

Names of facts, grounds, instruments and placeholders must exist; every text must stand in the languages of its paper;
a paper that the requesting State may read must hold no word of a claim to protection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from api.documents.filings.plan import Counsel, Person, Plan, Removal
from api.documents.filings.wording import PHRASES, STATEMENTS, Filing, Text, When, Wording, texts_of
from api.documents.language.catalogues import LANGUAGES
from api.documents.memo.secrecy import tells
from engine.content.models import Pack
from engine.errors import Problem
from engine.facts.values import BadValue, hint, parse

_GAP = re.compile(r"\{(\w+)\}")
#: What a filing can fill beside the names of facts: the States, the plan, and what is made of both.
_OF_PLAN = {*Plan.model_fields, *Counsel.model_fields, *Person.model_fields, "counsel", "removal_day", "removal_hour"}
PLACEHOLDERS = frozenset(
    {*_OF_PLAN, *Removal.model_fields, "removal_place", "destination", "assessed_on", "offences", "requesting_state"}
    | {"requested_state", "origin_state", "person"}
)


def wording_faults(pack: Pack, wording: Wording, folder: Path) -> list[Problem]:
    """Every fault of the wording."""
    found = [*_phrases(wording, folder / PHRASES), *_statements(pack, wording, folder / STATEMENTS)]
    for name, filing in wording.filings.items():
        found += _filing(pack, wording, filing, folder / f"{name}.yaml")
    return found


def _phrases(wording: Wording, path: Path) -> Iterator[Problem]:
    words = wording.phrases
    for kind in ("phrases", "gaps", "reliefs", "alternatives"):
        for name, text in getattr(words, kind).items():
            yield from _untranslated([text], LANGUAGES, f"{kind}.{name}", path)


def _statements(pack: Pack, wording: Wording, path: Path) -> Iterator[Problem]:
    facts, words = pack.vocabulary.facts, wording.statements
    for name, text in words.groups.items():
        yield from _untranslated([text], LANGUAGES, f"groups.{name}", path)
    for name, statement in words.statements.items():
        fact = facts.get(name)
        if fact is None:
            yield Problem(f"'{name}' is not a fact of the vocabulary", str(path), fix=hint(name, facts))
            continue
        if statement.group not in words.groups:
            yield Problem(
                f"{name}: '{statement.group}' is not a group", str(path), fix=hint(statement.group, words.groups)
            )
        known = {"yes", "no"} if fact.type == "yes_no" else set(fact.values) if fact.type == "choice" else {"any"}
        for value, text in statement.values.items():
            if value not in known:
                yield Problem(f"{name}: '{value}' is no value it can be told with", str(path), fix=hint(value, known))
            yield from _untranslated([text], LANGUAGES, f"{name}.{value}", path)


def _filing(pack: Pack, wording: Wording, filing: Filing, path: Path) -> Iterator[Problem]:
    texts = list(texts_of(filing))
    yield from _untranslated(texts, filing.languages, "a text", path)
    known = PLACEHOLDERS | set(pack.vocabulary.facts) | set(wording.phrases.gaps)
    for text in texts:
        for language in filing.languages:
            said = text.within(language)
            for name in _GAP.findall(said):
                if name not in known:
                    yield Problem(f"'{{{name}}}' stands for nothing", str(path), fix=hint(name, known))
            if not filing.protection and tells(said):
                fix = "The requesting State may read it: say it without the claim"
                yield Problem(f"a text tells of a claim to protection: {said[:60]}", str(path), fix=fix)
    rules = [one.when for one in (*filing.rules, *filing.stops)]
    parts = [part.when for part in filing.sections] + [one.when for part in filing.sections for one in part.text]
    for when in [filing.offered, *rules, *parts]:
        yield from _condition(pack, when, path) if when else ()
    for part in filing.sections:
        for name in part.of if part.insert == "grounds" else ():
            if name not in pack.criteria:
                yield Problem(f"'{name}' is not a ground", str(path), fix=hint(name, pack.criteria))
        for name in part.of if part.insert == "facts" else ():
            if name not in wording.statements.groups:
                yield Problem(f"'{name}' is not a group of facts", str(path), fix=hint(name, wording.statements.groups))


def _condition(pack: Pack, when: When, path: Path) -> Iterator[Problem]:
    for name, raw in when.fact.items():
        fact = pack.vocabulary.facts.get(name)
        if fact is None:
            yield Problem(f"'{name}' is not a fact of the vocabulary", str(path), fix=hint(name, pack.vocabulary.facts))
            continue
        for one in raw if isinstance(raw, list) else [raw]:
            try:
                parse(fact, [one] if fact.type == "set" else one)
            except BadValue as error:
                yield Problem(f"{name}: {error}", str(path))
    for name in (*when.met, *when.live):
        if name not in pack.criteria:
            yield Problem(f"'{name}' is not a criterion", str(path), fix=hint(name, pack.criteria))
    if when.bound and when.bound not in pack.instruments:
        yield Problem(f"'{when.bound}' is not an instrument", str(path), fix=hint(when.bound, pack.instruments))
    if when.part and when.part not in pack.vocabulary.parts:
        yield Problem(f"'{when.part}' is not a list", str(path), fix=hint(when.part, pack.vocabulary.parts))


def _untranslated(texts: Iterable[Text], languages: Iterable[str], name: str, path: Path) -> Iterator[Problem]:
    for text in texts:
        for language in languages:
            if not text.within(language).strip():
                yield Problem(f"{name} is not written in '{language}': {text.en[:50]}", str(path))
