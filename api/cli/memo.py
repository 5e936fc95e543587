"""``dedere memo``: the memo a lawyer takes away, as DOCX, PDF or Markdown."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from api.cli.desk import CaseFile, On, as_reading, open_case, placed
from api.documents.language.catalogues import language_of
from api.documents.memo.citations import style_of
from api.documents.memo.compose import memo_of
from api.documents.memo.profiles import profile_of
from api.documents.memo.tree import Memo
from engine.errors import InputProblems, Problem
from engine.facts.values import hint

FORMATS = ("docx", "pdf", "markdown")
#: Formats that would garble a terminal.
_BINARY = ("docx", "pdf")


def command(
    case: CaseFile,
    *,
    on: On = "",
    reading: Annotated[
        str,
        typer.Option(
            "--reading", metavar="neutral|person|state", help="Whose word counts; otherwise the profile's own reading."
        ),
    ] = "",
    format_: Annotated[
        str, typer.Option("--format", metavar="docx|pdf|markdown", help="Otherwise by the name of the output file.")
    ] = "",
    profile: Annotated[
        str,
        typer.Option(
            "--profile", metavar="neutral|person|training|requesting_state", help="For whom the memo is written."
        ),
    ] = "neutral",
    citations: Annotated[
        str, typer.Option("--citations", metavar="court|oscola", help="How authorities are cited.")
    ] = "court",
    language: Annotated[
        str, typer.Option("--language", metavar="en|uk|ru", help="English, Ukrainian or Russian.")
    ] = "en",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where to write it; standard output otherwise."),
    ] = None,
) -> None:
    """Write the memo on a case.

    DOCX and PDF need -o, or a pipe. The same case and law always give the same bytes.
    """
    wanted = format_of(format_, output)
    chosen, style, spoken = profile_of(profile), style_of(citations), language_of(language, "--language")
    refuse_terminal(wanted, output)
    desk = open_case(case, on, reading or chosen.reading)
    with placed(desk.document):
        memo = memo_of(
            desk.engine,
            desk.case,
            on=desk.on,
            reading=as_reading(reading) if reading else None,
            profile=chosen,
            style=style,
            language=spoken,
        )
    write_paper(memo, wanted, output)


def refuse_terminal(wanted: str, output: Path | None) -> None:
    """Keep a binary file off a terminal.

    Raises:
        InputProblems: there is no output file and standard output is a terminal.
    """
    if wanted in _BINARY and output is None and sys.stdout.isatty():
        raise InputProblems([Problem(f"a {wanted} file is not for a terminal", "--output", fix="Add -o FILE")])


def write_paper(memo: Memo, wanted: str, output: Path | None) -> None:
    """Write a paper in a format to its file, or to standard output."""
    content = renderer(wanted)(memo)
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        output.write_bytes(content)


def renderer(wanted: str) -> Callable[[Memo], bytes]:
    """The renderer of a format, imported when it is used."""
    render: Callable[[Memo], bytes] = import_module(f"api.documents.memo.{wanted}").render
    return render


def format_of(named: str, output: Path | None) -> str:
    """The format asked for, or the one that goes with the file name; Markdown otherwise."""
    suffix = output.suffix.lower().lstrip(".") if output else ""
    wanted = named or {"md": "markdown"}.get(suffix, suffix) or "markdown"
    if wanted not in FORMATS:
        where = "--format" if named else "--output"
        raise InputProblems([Problem(f"'{wanted}' is not a format of memos", where, fix=hint(wanted, FORMATS))])
    return wanted
