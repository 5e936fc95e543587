"""``dedere filing``: a paper for a court, a treaty body or an authority, as DOCX, PDF or Markdown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.cli.brief import Form, Language, Output, PlanFile
from api.cli.desk import On, open_case, placed
from api.cli.memo import format_of, refuse_terminal, write_paper
from api.documents.filings.filing import filing_named, filing_of
from api.documents.filings.plan import Plan, plan_in
from api.documents.filings.wording import wording_in
from api.documents.language.catalogues import language_of
from api.law.content import wording_folder
from engine.content.documents import read_path
from engine.errors import InputProblems, Problem

Name = Annotated[str, typer.Argument(metavar="[NAME]", help="Which filing; without it, those there are.")]
Of = Annotated[Path | None, typer.Argument(metavar="[CASE]", help="Case file, YAML or JSON; - reads standard input.")]


def command(
    name: Name = "",
    case: Of = None,
    *,
    plan: PlanFile = None,
    on: On = "",
    language: Language = "en",
    form: Form = "",
    output: Output = None,
) -> None:
    """Write a filing on a case, or list the filings.

    What the body asks, what stops the paper and how long it is are said on standard error; they are not in the paper.
    """
    wording = wording_in(wording_folder())
    if not name:
        for one in wording.filings.values():
            typer.echo(f"{one.filing}: {one.title.en} ({', '.join(one.languages)})")
        return
    filing, spoken = filing_named(wording, name, "NAME"), language_of(language, "--language")
    if case is None:
        raise InputProblems([Problem("no case is named", "CASE", fix=f"dedere filing {name} CASE")])
    wanted = format_of(form, output)
    refuse_terminal(wanted, output)
    desk, chosen = open_case(case, on, "person"), plan_in(read_path(plan)) if plan else Plan()
    today = date.today()  # noqa: DTZ011 - the user's own calendar day
    with placed(desk.document):
        made = filing_of(desk.engine, desk.case, chosen, wording, filing, on=desk.on, language=spoken, today=today)
    write_paper(made.memo, wanted, output)
    if not made.offered:
        typer.echo("NOT OPEN in this case, as far as it is entered: this body may not be able to take it.", err=True)
    for stop in made.stops:
        typer.echo(f"DO NOT SEND: {stop}", err=True)
    for rule in made.rules:
        typer.echo(rule, err=True)
