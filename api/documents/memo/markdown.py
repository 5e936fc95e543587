"""A memo as Markdown (CommonMark with tables), everything a user wrote escaped."""

from __future__ import annotations

from collections.abc import Iterable

from api.documents.memo.tree import (
    Block,
    Bullets,
    Item,
    Line,
    Memo,
    Para,
    Run,
    Section,
    Table,
)
from api.documents.text.markdown import escaped

_WRAPS = {"strong": "**", "emph": "*", "mark": "**"}
#: Deepest heading that Markdown knows.
DEEPEST = 6


def render(memo: Memo) -> bytes:
    """The memo as UTF-8 text."""
    rows = [f"# {escaped(memo.title)}", ""]
    rows += [f"- **{escaped(label)}:** {said(words) or '. . . . .'}" for label, words in memo.about]
    for section in memo.sections:
        rows += _section(section, 2)
    rows += ["", "---", "", escaped(memo.footer)]
    return ("\n".join(rows) + "\n").encode()


def _section(section: Section, depth: int) -> list[str]:
    head = f"{section.number} {section.title}".strip()
    rows = ["", f"{'#' * min(depth, DEEPEST)} {escaped(head)}"] if head else []
    for block in section.blocks:
        rows += ["", *_block(block)]
    for below in section.sections:
        rows += _section(below, depth + 1)
    return rows


def _block(block: Block) -> list[str]:
    if isinstance(block, Para):
        text = said(block.line)
        return [f"> {text}" if block.role in ("notice", "lead") else text]
    if isinstance(block, Bullets):
        return [row for one in block.items for row in _item(one, 0)]
    if isinstance(block, Table):
        head = _row(escaped(column.title) for column in block.columns)
        return [head, _row("---" for _ in block.columns), *(_row(said(cell) for cell in row) for row in block.rows)]
    return [f"- {escaped(label)}: . . . . . . . . . . . . . . ." for label in block.labels]


def _item(one: Item, depth: int) -> list[str]:
    return [f"{'  ' * depth}- {said(one.line)}", *(row for below in one.below for row in _item(below, depth + 1))]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def said(words: Line) -> str:
    """A line with its styles as emphasis; what could start a list or a heading is escaped."""
    text = "".join(_run(run) for run in words)
    return f"\\{text}" if text[:1] in ("-", "+", "=") else text


def _run(run: Run) -> str:
    text, wrap = escaped(run.text), _WRAPS.get(run.style, "")
    core = text.strip(" ")
    if not wrap or not core:
        return text
    before, after = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return f"{before}{wrap}{core}{wrap}{after}"
