"""``dedere compare``: two cases side by side, to the first firing in which they part.

Both cases are assessed under one engine, with the same date and reading if these are given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.desk import As, On, open_case
from api.documents.text.blocks import line
from api.documents.text.compare import comparison_paper
from api.documents.text.terminal import show
from engine.answer.compare import compare


def command(
    first: Annotated[Path, typer.Argument(metavar="CASE", help="Case file.")],
    second: Annotated[Path, typer.Argument(metavar="CASE", help="The case file to compare it with.")],
    on: On = "",
    reading: As = "neutral",
) -> None:
    """Compare two cases: outcome, grounds that differ, first divergence in the trace."""
    one = open_case(first, on, reading)
    other = open_case(second, on, reading, engine=one.engine)
    names = _names(one.case.reference or first.stem, other.case.reference or second.stem)
    found = compare(one.assess(), other.assess())
    show(comparison_paper(found, one.engine.pack, names, line(f"{names[0]} and {names[1]}"), traces=True))


def _names(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first != second else (f"{first} (first)", f"{second} (second)")
