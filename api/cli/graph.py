"""``dedere graph``: the reasoning as a picture, whole or for one criterion."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from api.cli.desk import As, CaseFile, Desk, On, open_case
from api.documents.graph import svg, text
from api.documents.graph.drawn import drawn
from api.documents.graph.model import Graph
from engine.errors import InputProblems, Problem
from engine.facts.values import hint

FORMATS = ("svg", "png", "text", "dot")
_SUFFIXES = {"txt": "text", "gv": "dot"}


def command(
    case: CaseFile,
    *,
    on: On = "",
    reading: As = "neutral",
    focus: Annotated[str, typer.Option("--focus", metavar="ID", help="Draw the whole proof of this criterion.")] = "",
    format_: Annotated[
        str, typer.Option("--format", metavar="svg|png|text|dot", help="Otherwise by the name of the output file.")
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where to write it; standard output otherwise."),
    ] = None,
) -> None:
    """Draw the reasoning: facts, criteria, grounds and outcome in columns.

    Status shows by shape and word as well as by colour; --format text says the same in words.
    """
    wanted = _format(format_, output)
    desk = open_case(case, on, reading)
    made = rendered(graph_of(desk, focus), wanted)
    if output is None:
        sys.stdout.buffer.write(made)
    else:
        output.write_bytes(made)


def graph_of(desk: Desk, focus: str) -> Graph:
    """The graph of the case on the desk, or of one criterion in it.

    Raises:
        InputProblems: the focus is not a criterion, or the case cannot be assessed.
    """
    known = desk.engine.pack.criteria
    if focus and focus not in known:
        raise InputProblems([Problem(f"'{focus}' is not a criterion", "--focus", fix=hint(focus, known))])
    return drawn(desk.engine, desk.assess(), desk.weighed, focus)


def rendered(graph: Graph, wanted: str) -> bytes:
    """The graph in one format.

    Raises:
        InputProblems: PNG is asked for and the library that draws it is not installed.
    """
    if wanted == "text":
        return text.render(graph).encode()
    if wanted == "dot":
        return text.dot(graph).encode()
    drawn = svg.render(graph).encode()
    return _png(drawn) if wanted == "png" else drawn


def _png(drawn: bytes) -> bytes:
    try:
        cairosvg = import_module("cairosvg")
    except (ImportError, OSError):
        fix = "Install dedere[png] and the cairo library, or ask for svg"
        # An extra: it needs the cairo library of the system
        raise InputProblems([Problem("PNG needs cairosvg, which is not installed", "--format", fix=fix)]) from None
    made: bytes = cairosvg.svg2png(drawn, scale=2)
    return made


def _format(named: str, output: Path | None) -> str:
    suffix = output.suffix.lower().lstrip(".") if output else ""
    wanted = named or _SUFFIXES.get(suffix, suffix) or "svg"
    if wanted not in FORMATS:
        where = "--format" if named else "--output"
        raise InputProblems([Problem(f"'{wanted}' is not a format of graphs", where, fix=hint(wanted, FORMATS))])
    return wanted
