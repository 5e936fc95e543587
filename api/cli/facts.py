"""``dedere facts``: the questions that may be asked of a case, searched by word.

A few hits are shown in full, many as a list by theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from api.documents.text.blocks import (
    Entry,
    Paper,
    Section,
    Span,
    code,
    entry,
    faint,
    line,
    strong,
    warn,
)
from api.documents.text.terminal import show
from api.documents.text.words import plural
from api.law.catalogue import Catalogue, FactShown
from api.law.content import load_engine
from engine.errors import InputProblems, Problem

_TYPES = {"yes_no": "yes or no", "choice": "one of", "set": "any of", "states": "States", "state": "State"}
#: Up to so many hits are shown in full.
FULL = 3


def command(
    word: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]...", help="Words to look for; none lists all.")
    ] = None,
) -> None:
    """Search the fact vocabulary: question, answers, burden, what unknown counts as, who uses it."""
    query = " ".join(word or [])
    catalogue = Catalogue(load_engine())
    found = catalogue.facts(query)
    if not found:
        near = catalogue.near(query)
        raise InputProblems(
            [
                Problem(
                    f"no fact speaks of '{query}'",
                    "WORD",
                    fix=f"Did you mean '{near}'?" if near else "dedere facts lists all",
                )
            ]
        )
    exact = [fact for fact in found if fact.id == query]
    show(paper(exact or found, query))


def paper(facts: Sequence[FactShown], query: str) -> Paper:
    """The facts found, by theme; in full when they are few."""
    whole = len(facts) <= FULL
    themes: dict[str, list[Entry]] = {}
    for fact in facts:
        themes.setdefault(fact.theme, []).append(_entry(fact, whole=whole))
    title = f"{plural(len(facts), 'fact')} on '{query}'" if query else plural(len(facts), "fact")
    return Paper(line(title), (), tuple(Section(name, tuple(rows)) for name, rows in themes.items()))


def _entry(fact: FactShown, *, whole: bool) -> Entry:
    scope = f" of each of the {fact.scope}" if fact.scope != "case" else ""
    mark = warn(" [unverified]") if fact.review == "unverified" else ""
    below = _details(fact) if whole else []
    return entry(strong(fact.id), faint(scope), f": {fact.question}", mark, below=below)


def _details(fact: FactShown) -> list[Entry]:
    values = [entry(code(name), f" {label}") for name, label in fact.values.items()]
    answer = _TYPES.get(fact.type, fact.type) + (f" ({fact.unit})" if fact.unit else "")
    rows = [entry("answer: ", answer, below=values)]
    rows += [entry(fact.help)] if fact.help else []
    rows += [entry("a human finding: the facts alone do not decide it")] if fact.evaluative else []
    rows.append(entry(f"burden: {_BEARERS[fact.burden]}; unknown counts on the record as: {fact.unknown_counts_as}"))
    rows += [entry("settled unasked by: ", code(one)) for one in fact.settled_by]
    rows += [entry(f"usually proved by: {'; '.join(fact.proof)}")] if fact.proof else []
    rows += [entry("a wider question, which can settle unasked: ", *_names(fact.settles))] if fact.settles else []
    return [*rows, entry("used by: ", *_names(fact.used_by))] if fact.used_by else rows


def _names(names: Sequence[str]) -> list[str | Span]:
    return [part for name in names for part in (code(name), ", ")][:-1]


_BEARERS = {"person": "the person", "state": "the State", "shared": "shared", "nobody": "nobody in particular"}
