"""The memo as a tree: what every renderer is given, with no wording left to decide.

Runs make lines, lines make blocks, blocks stand in numbered sections. Text is made inert here, so
that no renderer sees a control character or a hidden direction of writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from api.documents.text.safe import inert

Style = Literal["", "strong", "emph", "mark", "faint"]
Role = Literal["", "lead", "note", "notice"]


@dataclass(frozen=True)
class Run:
    """Words in one style; ``mark`` is a warning. ``lang`` is their language where it is not the memo's."""

    text: str
    style: Style = ""
    lang: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", inert(self.text))


Line = tuple[Run, ...]
Says = str | Run | Iterable["str | Run"]


@dataclass(frozen=True)
class Para:
    """A paragraph; ``notice`` is set apart, ``lead`` says the most important."""

    line: Line
    role: Role = ""


@dataclass(frozen=True)
class Item:
    """An entry of a list with what stands below it."""

    line: Line
    below: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table and its share of the width."""

    title: str
    share: int = 1


@dataclass(frozen=True)
class Table:
    """A table with a header row; ``about`` says in a sentence what it holds, for readers who cannot see it."""

    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True)
class Signature:
    """Lines to be filled in by hand."""

    labels: tuple[str, ...]


Block = Para | Bullets | Table | Signature


@dataclass(frozen=True)
class Section:
    """A titled part; ``number`` is what the text refers to."""

    title: str
    number: str = ""
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Memo:
    """The whole document. ``dated`` is the day of assessment, or None when the profile hides it; ``large`` type is
    what courts ask for.
    """

    title: str
    about: tuple[tuple[str, Line], ...]
    sections: tuple[Section, ...]
    dated: date | None
    footer: str = ""
    lang: str = field(default="en")
    large: bool = False


def line(*parts: Says) -> Line:
    """A line from words and runs; empty ones are left out."""
    runs: list[Run] = []
    for part in parts:
        for one in (part,) if isinstance(part, str | Run) else part:
            run = one if isinstance(one, Run) else Run(one)
            if run.text:
                runs.append(run)
    return tuple(runs)


def para(*parts: Says, role: Role = "") -> Para:
    """A paragraph from words and runs."""
    return Para(line(*parts), role)


def item(*parts: Says, below: Iterable[Item] = ()) -> Item:
    """A list entry from words and runs."""
    return Item(line(*parts), tuple(below))


def bullets(items: Iterable[Item]) -> tuple[Bullets, ...]:
    """A list, or nothing when it would be empty."""
    found = tuple(items)
    return (Bullets(found),) if found else ()


def table(about: str, columns: Iterable[Column], rows: Iterable[Iterable[Says]]) -> tuple[Table, ...]:
    """A table, or nothing when it would have no row."""
    found = tuple(tuple(line(cell) for cell in row) for row in rows)
    return (Table(about, tuple(columns), found),) if found else ()


def strong(text: str) -> Run:
    """Emphasis."""
    return Run(text, "strong")


def emph(text: str) -> Run:
    """The name of a decision."""
    return Run(text, "emph")


def mark(text: str) -> Run:
    """A warning."""
    return Run(text, "mark")


def faint(text: str) -> Run:
    """Something of less weight."""
    return Run(text, "faint")


def runs_of(memo: Memo) -> Iterator[Run]:
    """Every run of the memo, in the order of reading."""
    for _, said in memo.about:
        yield from said
    for section in memo.sections:
        yield from _section_runs(section)


def _section_runs(section: Section) -> Iterator[Run]:
    for block in section.blocks:
        if isinstance(block, Para):
            yield from block.line
        elif isinstance(block, Bullets):
            for one in block.items:
                yield from _item_runs(one)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield from cell
    for below in section.sections:
        yield from _section_runs(below)


def _item_runs(one: Item) -> Iterator[Run]:
    yield from one.line
    for below in one.below:
        yield from _item_runs(below)


def words_of(memo: Memo) -> str:
    """All words of the memo, one block a line: what a reader can see, whatever the format."""
    rows = [memo.title, *(f"{label}: {_text(said)}" for label, said in memo.about), memo.footer]
    for section in memo.sections:
        rows += _section_words(section)
    return "\n".join(rows)


def _text(said: Line) -> str:
    return "".join(run.text for run in said)


def _section_words(section: Section) -> list[str]:
    rows = [f"{section.number} {section.title}".strip()]
    for block in section.blocks:
        rows += _block_words(block)
    for below in section.sections:
        rows += _section_words(below)
    return rows


def _block_words(block: Block) -> list[str]:
    if isinstance(block, Para):
        return [_text(block.line)]
    if isinstance(block, Bullets):
        return [row for one in block.items for row in _item_words(one)]
    if isinstance(block, Table):
        rows = [" | ".join(_text(cell) for cell in row) for row in block.rows]
        return [block.about, " | ".join(column.title for column in block.columns), *rows]
    return list(block.labels)


def _item_words(one: Item) -> list[str]:
    return [_text(one.line), *(row for below in one.below for row in _item_words(below))]
