"""``dedere whatif``: what the answer would be with other facts; the case file is not touched.

Both answers are full assessments, so that what differs is what would differ on record.
"""

from __future__ import annotations

from typing import Annotated

import typer

from api.cases.changes import changed
from api.cli.desk import As, CaseFile, On, open_case
from api.documents.text.blocks import line
from api.documents.text.compare import comparison_paper
from api.documents.text.terminal import show
from engine.answer.compare import compare
from engine.errors import InputProblems, Problem


def command(
    case: CaseFile,
    facts: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FACT=VALUE", help="A fact to change; counts[id].fact=value for an offence."),
    ] = None,
    on: On = "",
    reading: As = "neutral",
) -> None:
    """Show what other facts would change: outcome, grounds, what is missing.

    Values are written as in a case file; unknown takes a fact out. Repeat --set for several facts.
    """
    if not facts:
        raise InputProblems([Problem("no fact to change is given", "--set", fix="For example: --set fact=yes")])
    desk = open_case(case, on, reading)
    other = changed(desk.case, desk.engine.pack, facts, "--set")
    found = compare(desk.assess(), desk.assess(other))
    title = line(f"What if {', '.join(facts)}?")
    show(comparison_paper(found, desk.engine.pack, ("as entered", "what if"), title, traces=False))
