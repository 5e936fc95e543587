"""``dedere template``: an empty workbook for cases, with drop-downs, for ``dedere batch``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.documents.language.catalogues import language_of, speech_in
from api.documents.workbook import write
from api.law.content import load_engine
from engine.errors import InputProblems, Problem


def command(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The workbook to write: a name that ends in .xlsx.")],
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help="Of questions and States: en, uk, ru.")
    ] = "en",
    theme: Annotated[
        list[str] | None,
        typer.Option("--theme", metavar="THEME", help="Only the facts of this theme; may be repeated."),
    ] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over OUT if it exists.")] = False,
) -> None:
    """Write an empty workbook with a column for each fact and drop-downs for what may be written."""
    if out.suffix.lower() != ".xlsx":
        raise InputProblems([Problem("a workbook's name ends in .xlsx", str(out))])
    if out.exists() and not force:
        raise InputProblems([Problem("the file exists", str(out), fix="Use --force to write over it")])
    speech, engine = speech_in(language_of(language, "--language")), load_engine()
    unfinished = out.with_name(f"{out.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            columns = write(file, engine.pack, speech, theme or ())
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    sys.stderr.write(f"{columns} columns; fill in the sheet 'Cases', then: dedere batch {out.name} results.xlsx\n")
