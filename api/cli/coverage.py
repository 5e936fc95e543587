"""``dedere coverage``: which statuses of each criterion the cases show, and which operands never mattered."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from api.cli.desk import placed
from api.documents.text.blocks import (
    Entry,
    Paper,
    Section,
    bad,
    code,
    entry,
    faint,
    good,
    line,
)
from api.documents.text.terminal import show
from api.law.casebook import booked_cases, law_cases_folder
from api.law.content import content_folder, load_engine
from api.settings import Settings
from engine.assess import Engine, Weighed
from engine.coverage import Coverage, CriterionCoverage, measure
from engine.errors import InputProblems, Problem
from engine.facts.values import hint

FORMATS = ("text", "json")
Cases = Annotated[
    list[Path] | None,
    typer.Argument(metavar="CASES…", help="Case files or folders; without any, the project's own cases."),
]
Format = Annotated[str, typer.Option("--format", metavar="text|json", help="How the report is written.")]


def command(cases: Cases = None, form: Format = "text") -> None:
    """Measure how far cases exercise the rules: met, not met and open, and every operand decisive once.

    The exit status is 0 when every criterion has been seen in all its statuses, and 1 otherwise.
    Operands that were decisive nowhere are listed and do not change the status.
    """
    if form not in FORMATS:
        raise InputProblems([Problem(f"'{form}' is not a format", "--format", fix=hint(form, FORMATS))])
    settings = Settings()
    engine = load_engine(settings)
    found = measure(engine, weighed_cases(engine, cases or [law_cases_folder(content_folder(settings))]))
    if form == "json":
        sys.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        show(paper(found))
    if not found.complete:
        raise typer.Exit(1)


def weighed_cases(engine: Engine, places: list[Path]) -> Iterator[tuple[str, Weighed]]:
    """Every case of these files and folders with its name, evaluated under its own reading.

    Raises:
        InputProblems: a case cannot be read against the engine's pack.
    """
    for case in booked_cases(places):
        with placed(case.document):
            yield case.name, case.weigh(engine)


def paper(found: Coverage) -> Paper:
    """The report: criteria that lack a status first, then operands that never mattered."""
    wanting = [one for one in found.criteria if one.lacking or one.contradicted]
    declared = [one for one in found.criteria if one.never]
    sections = [
        Section("Criteria not shown in every status", tuple(_criterion(one) for one in wanting)),
        Section("Statuses that cannot come about", tuple(_declared(one) for one in declared)),
        Section("Operands decisive nowhere", tuple(entry(code(name)) for name in found.idle)),
    ]
    summary = (good if found.complete else bad)(found.summary())
    return Paper(line("Rule coverage"), (line(summary),), tuple(one for one in sections if one.entries))


def _criterion(one: CriterionCoverage) -> Entry:
    lacking = [f"never seen {' or '.join(one.lacking).replace('_', ' ')}"] if one.lacking else []
    against = [
        f"declared never {status.replace('_', ' ')}, but is so in: {one.shown[status]}" for status in one.contradicted
    ]
    return entry(code(one.criterion), " ", bad("; ".join([*lacking, *against])))


def _declared(one: CriterionCoverage) -> Entry:
    return entry(code(one.criterion), faint(f" never {' or '.join(one.never).replace('_', ' ')}"))
