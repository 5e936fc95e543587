"""``dedere impact``: what another version of the law content changes in the answers on some cases."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.cli.desk import as_day
from api.documents.text.blocks import (
    Entry,
    Paper,
    Section,
    Span,
    bad,
    code,
    entry,
    faint,
    good,
    line,
    strong,
    warn,
)
from api.documents.text.terminal import show
from api.law.casebook import booked_cases
from api.law.packs import open_pack
from api.settings import Settings
from engine.assess import Engine
from engine.errors import InputProblems, Problem
from engine.facts.values import hint
from engine.impact import Difference, Impact, NamedCase, Standing, impact

FORMATS = ("text", "json")
_PACK = "A folder with rules/ and instruments/, a pack file, VERSION+DIGEST, or a git revision."
Cases = Annotated[list[Path], typer.Argument(metavar="CASES…", help="Case files, files that list cases, or folders.")]
Before = Annotated[str, typer.Option("--before", metavar="PACK", help=_PACK)]
After = Annotated[str, typer.Option("--after", metavar="PACK", help=_PACK)]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="Assess as of this date where a case gives none.")]
Format = Annotated[str, typer.Option("--format", metavar="text|json", help="How the comparison is written.")]
Fail = Annotated[
    bool, typer.Option("--fail-on-change", help="Exit with status 1 when an outcome or first ground differs.")
]


def command(
    cases: Cases, *, before: Before, after: After, on: On = "", form: Format = "text", fail: Fail = False
) -> None:
    """Assess cases under two versions of the rules and print which outcomes and first grounds differ."""
    if form not in FORMATS:
        raise InputProblems([Problem(f"'{form}' is not a format", "--format", fix=hint(form, FORMATS))])
    found = compare(cases, before, after, on)
    if form == "json":
        sys.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        show(paper(found))
    if fail and found.changes:
        raise typer.Exit(1)


def compare(cases: list[Path], before: str, after: str, on: str) -> Impact:
    """The comparison of two packs, by their names, over the cases of some files.

    Raises:
        InputProblems: a pack or case cannot be accepted.
        ContentProblems: the content of a pack has faults.
    """
    settings, day = Settings(), as_day(on) if on else None
    listed = [NamedCase(case.name, case.document, case.on, case.reading) for case in booked_cases(cases)]
    dated = [case if case.on or "assessed_on" in case.document.data else replace(case, on=day) for case in listed]
    old, new = (Engine(open_pack(name, settings)) for name in (before, after))
    return impact(old, new, dated)


def paper(found: Impact) -> Paper:
    """The comparison: what changes first, then what changes only further down."""
    further = [one for one in found.differences if not one.decisive]
    sections = [
        Section("Outcome or first ground differs", tuple(_change(one) for one in found.changes)),
        Section("Other grounds differ", tuple(entry(_name(one), below=_moved(one)) for one in further)),
    ]
    packs = line("before ", code(found.before), "  after ", code(found.after))
    summary = (warn if found.changes else good)(found.summary())
    return Paper(
        line("Impact of a change of law content"), (packs, line(summary)), tuple(s for s in sections if s.entries)
    )


def _change(one: Difference) -> Entry:
    head = [
        strong(one.before.outcome),
        faint(" → "),
        (bad if one.before.outcome != one.after.outcome else strong)(one.after.outcome),
    ]
    sides = [entry(faint(f"{word} "), *_first(side)) for word, side in (("before", one.before), ("after", one.after))]
    return entry(_name(one), ": ", *head, below=[*sides, *_moved(one)])


def _name(one: Difference) -> list[Span]:
    reading = [] if one.reading == "neutral" else [faint(f" (as the {one.reading} says)")]
    return [Span(one.case), *reading]


def _first(side: Standing) -> list[Span]:
    if side.problem:
        return [bad(f"cannot be assessed: {side.problem}")]
    return [code(side.first), Span(f" {side.status}")] if side.first else [Span("no ground is met or open")]


def _moved(one: Difference) -> list[Entry]:
    return [
        entry(code(name), faint(f" {old.replace('_', ' ')} → "), new.replace("_", " "))
        for name, (old, new) in one.grounds.items()
    ]
