"""Papers on a terminal, as trees in colour, and in a pipe, as plain indented text.

The width is never exceeded: words are wrapped, over-long ones folded, wide characters counted as
two cells. ``NO_COLOR`` and ``TERM`` are respected by rich.
"""

from __future__ import annotations

import os
import shutil
import sys
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from api.documents.text.blocks import (
    Entry,
    Line,
    Paper,
    Section,
    Style,
)
from api.documents.text.safe import inert
from engine.errors import expected

_LOOKS: dict[Style, str] = {
    "": "",
    "strong": "bold",
    "good": "green",
    "bad": "bold red",
    "warn": "yellow",
    "faint": "dim",
    "code": "cyan",
}
MIN_WIDTH, PIPE_WIDTH, MAX_WIDTH = 40, 80, 120


def show(paper: Paper) -> None:
    """Print a paper as suits standard output."""
    sys.stdout.write(render(paper, width(), tree=on_terminal()))


def on_terminal() -> bool:
    """Whether standard output is a terminal that a person looks at."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Cells to a line: the terminal's, within what is comfortable to read; 80 in a pipe."""
    cells = (
        shutil.get_terminal_size((PIPE_WIDTH, 24)).columns if on_terminal() or "COLUMNS" in os.environ else PIPE_WIDTH
    )
    return max(MIN_WIDTH, min(cells, MAX_WIDTH))


def render(paper: Paper, cells: int, *, tree: bool) -> str:
    """The paper as text; ``tree`` draws lines and colours for a terminal."""
    console = Console(
        file=StringIO(),
        width=cells,
        force_terminal=tree,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    if paper.title:
        console.print(_text(paper.title), style="bold" if tree else "")
    for said in paper.lead:
        console.print(_text(said))
    for section in paper.sections:
        console.print()
        (_tree if tree else _plain)(console, section)
    out = expected(console.file, StringIO)
    return "".join(row.rstrip() + "\n" for row in out.getvalue().split("\n")[:-1])


def _text(said: Line) -> Text:
    text = Text(overflow="fold")
    for span in said:
        text.append(inert(span.text), style=_LOOKS[span.style])
    return text


def _tree(console: Console, section: Section) -> None:
    root = Tree(Text(inert(section.title), style="bold underline", overflow="fold"), guide_style="dim")
    if section.note:
        console.print(root.label)
        console.print(Text(inert(section.note), style="dim", overflow="fold"))
        root = Tree("", hide_root=True, guide_style="dim")
    for one in section.entries:
        _grow(root, one)
    console.print(root)


def _grow(parent: Tree, one: Entry) -> None:
    branch = parent.add(_text(one.line))
    for below in one.below:
        _grow(branch, below)


def _plain(console: Console, section: Section) -> None:
    title = Text(inert(section.title), overflow="fold")
    console.print(title)
    if section.entries:
        console.print(Text("-" * min(title.cell_len, console.width)))
    if section.note:
        console.print(Text(inert(section.note), overflow="fold"))
    for one in section.entries:
        _indent(console, one, 0)


def _indent(console: Console, one: Entry, depth: int) -> None:
    indent = min(2 * depth, console.width // 2)
    rows = _text(one.line).wrap(console, max(10, console.width - indent - 2), overflow="fold")
    for number, row in enumerate(rows):
        row.rstrip()
        console.print(Padding(Text.assemble("- " if number == 0 else "  ", row), (0, 0, 0, indent), expand=False))
    for below in one.below:
        _indent(console, below, depth + 1)
