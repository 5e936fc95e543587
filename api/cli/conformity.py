"""``dedere conformity``: every decided case against the engine, on which grounds, and whether it conforms."""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

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
    strong,
    warn,
)
from api.documents.text.conformity import as_markdown, pairs, verdict_said
from api.documents.text.facts_only import facts_only_paper
from api.documents.text.terminal import show
from api.law.conformity import (
    Line,
    Table,
    conformity,
    decided_folder,
    load_decided,
)
from api.law.content import content_folder, load_engine
from api.law.facts_only import facts_only, load_casebook
from api.settings import Settings
from engine.errors import InputProblems, Problem
from engine.facts.values import hint

FORMATS = ("text", "json", "markdown")
Format = Annotated[str, typer.Option("--format", metavar="text|json|markdown", help="How the table is written.")]


FactsOnlyFlag = Annotated[
    bool, typer.Option("--facts-only", help="Try each decided case by its observable facts alone, itself left out.")
]
EarlierOnly = Annotated[bool, typer.Option("--earlier-only", help="Consult only decisions before each case.")]
Casebook = Annotated[
    Path | None, typer.Option("--casebook", metavar="FOLDER", help="Decided cases from outside, in the same form.")
]


def command(
    form: Format = "text",
    by_facts: FactsOnlyFlag = False,
    earlier_only: EarlierOnly = False,
    casebook: Casebook = None,
) -> None:
    """Assess all decided cases and compare them with what the courts and committees held.

    The exit status is 0 when every case is reproduced or explained, and 1 when one differs. With --facts-only
    it is 1 when a case comes out as allowed that a tribunal barred.
    """
    if form not in FORMATS:
        raise InputProblems([Problem(f"'{form}' is not a format", "--format", fix=hint(form, FORMATS))])
    if by_facts:
        _by_facts(form, casebook, earlier_only)
        return
    if casebook or earlier_only:
        option = "--casebook" if casebook else "--earlier-only"
        raise InputProblems([Problem("belongs to --facts-only", option, fix=f"Write: --facts-only {option}")])
    settings = Settings()
    table = conformity(load_engine(settings), load_decided(decided_folder(content_folder(settings))))
    if form == "text":
        show(paper(table))
    else:
        written = (
            as_markdown(table)
            if form == "markdown"
            else json.dumps(table.as_json(), ensure_ascii=False, indent=2) + "\n"
        )
        sys.stdout.write(written)
    if not table.conforms:
        raise typer.Exit(1)


def _by_facts(form: str, folder: Path | None, earlier_only: bool) -> None:
    """The table of decided cases by their observable facts alone.

    Raises:
        InputProblems: the casebook cannot be read, or the table has no such form.
    """
    if form == "markdown":
        raise InputProblems([Problem("this table is written as text or json", "--format", fix="Use json")])
    engine = load_engine(Settings())
    entries = load_casebook(folder, engine.pack) if folder else list(engine.pack.precedents.values())
    table = facts_only(engine, entries, earlier_only=earlier_only)
    if form == "json":
        sys.stdout.write(json.dumps(table.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        show(facts_only_paper(table))
    if table.barred_but_allowed("coded") or table.barred_but_allowed("register"):
        raise typer.Exit(1)


def paper(table: Table) -> Paper:
    """The table as a paper: what came of it first, then each decision."""
    groups = [
        Section(title, tuple(_decision(one) for one in lines))
        for title, lines in groupby(table.lines, key=lambda one: one.group)
    ]
    summary = (good if table.conforms else bad)(table.summary())
    return Paper(line("Decided cases"), (line(summary), line(table.reach())), tuple(groups))


def _decision(one: Line) -> Entry:
    verdict = {"reproduced": good, "explained": warn, "differs": bad}[one.verdict](verdict_said(one))
    below = [
        entry(one.case),
        entry(faint("held "), f"{one.label}: {one.coded}"),
        entry(faint("expected "), pairs(one.expected)),
        entry(faint("obtained "), f"{one.obtained}; {pairs(one.statuses)}"),
        entry(faint("driven by "), code(", ".join(one.driven_by)) if one.driven_by else "nothing that is met"),
        entry(faint("review "), one.review),
    ]
    if one.needs_findings:
        below += [entry(faint("only with the tribunal's own finding "), code(", ".join(one.needs_findings)))]
    below += [entry(faint("note "), one.note)] if one.note else []
    return entry(
        strong(one.row), f"  {one.authority}  ", faint(one.route), below=[*below, entry(faint("verdict "), verdict)]
    )
