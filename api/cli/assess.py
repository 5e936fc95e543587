"""``dedere assess``: the reasoned verdict on one case.

As text for a reader, as JSON for another program, or as Markdown for a document.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from api.cli.desk import All, As, CaseFile, On, open_case
from engine.errors import InputProblems, Problem
from engine.facts.values import hint

FORMATS = ("text", "json", "markdown")


def command(
    case: CaseFile,
    on: On = "",
    reading: As = "neutral",
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json|markdown", help="How to print the answer.")
    ] = "text",
    everything: All = False,
) -> None:
    """Assess a case: may the person be surrendered, under which instrument not, and why.

    The exit status is 0 whatever the verdict.
    """
    if format_ not in FORMATS:
        raise InputProblems([Problem(f"'{format_}' is not a format", "--format", fix=hint(format_, FORMATS))])
    desk = open_case(case, on, reading)
    answer = desk.assess()
    if format_ == "json":
        sys.stdout.write(answer.model_dump_json(indent=2) + "\n")
        return
    from api.documents.text import markdown, terminal  # noqa: PLC0415 - JSON needs neither, and a cold start counts
    from api.documents.text.verdict import verdict_paper  # noqa: PLC0415

    paper = verdict_paper(answer, desk.engine.pack, everything=everything)
    if format_ == "markdown":
        sys.stdout.write(markdown.render(paper))
    else:
        terminal.show(paper)
