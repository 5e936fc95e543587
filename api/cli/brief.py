"""``dedere brief``: the brief against extradition, as DOCX, PDF or Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.desk import CaseFile, On, open_case, placed
from api.cli.memo import format_of, refuse_terminal, write_paper
from api.documents.filings.brief import brief_of, draft_of
from api.documents.filings.draft import gaps_in, pages_of
from api.documents.filings.plan import Plan, plan_in
from api.documents.filings.selection import choosable
from api.documents.filings.wording import wording_in
from api.documents.language.catalogues import language_of
from api.documents.memo.citations import style_of
from api.law.content import wording_folder
from engine.content.documents import read_path

PlanFile = Annotated[
    Path | None,
    typer.Option(
        "--plan", metavar="FILE", help="What counsel chooses and adds: grounds, own text, court, counsel, relief."
    ),
]
Language = Annotated[str, typer.Option("--language", metavar="en|uk|ru", help="English, Ukrainian or Russian.")]
Form = Annotated[
    str, typer.Option("--format", metavar="docx|pdf|markdown", help="Otherwise by the name of the output file.")
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write it; standard output otherwise.")
]


def command(
    case: CaseFile,
    *,
    plan: PlanFile = None,
    grounds: Annotated[bool, typer.Option("--grounds", help="Only list the grounds that can be chosen.")] = False,
    on: On = "",
    citations: Annotated[
        str, typer.Option("--citations", metavar="court|oscola", help="How authorities are cited.")
    ] = "court",
    language: Language = "en",
    form: Form = "",
    output: Output = None,
) -> None:
    """Write the brief on a case, argued for the person.

    Without a plan the weightiest grounds that are met are argued. What is missing is marked in brackets and counted.
    """
    style, spoken, wanted = style_of(citations), language_of(language, "--language"), format_of(form, output)
    refuse_terminal(wanted, output)
    written, wording = read_path(plan) if plan else None, wording_in(wording_folder())
    chosen = plan_in(written) if written else Plan()
    desk = open_case(case, on, "person")
    if grounds:
        with placed(desk.document):
            draft = draft_of(desk.engine, desk.case, Plan(), wording, on=desk.on)
        for one in choosable(draft):
            typer.echo(f"{one.status:5} {one.id}: {one.title}")
        return
    desk.weighed  # noqa: B018 - what is wrong with the case is said with its lines, before what is wrong with the plan
    with placed(written or desk.document):
        memo = brief_of(desk.engine, desk.case, chosen, wording, on=desk.on, style=style, language=spoken)
    write_paper(memo, wanted, output)
    typer.echo(f"About {pages_of(memo)} pages; {gaps_in(memo)} places in brackets to complete or check.", err=True)
