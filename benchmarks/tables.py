"""Tables in Markdown, and the place in a paper where they are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


@dataclass
class Table:
    """A heading, a sentence on what is measured, columns and rows; notes stand below."""

    heading: str
    about: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The table as Markdown, its columns aligned."""
        lines = [list(self.columns), *map(list, self.rows)]
        wide = [max(len(line[at]) for line in lines) for at in range(len(self.columns))]
        said = [_line(line, wide) for line in lines]
        rule = "|" + "|".join("-" * (width + 1) + (":" if at else "-") for at, width in enumerate(wide)) + "|"
        notes = [f"- {note}" for note in self.notes]
        return "\n".join(
            [f"### {self.heading}", "", self.about, "", said[0], rule, *said[1:], *[""] * bool(notes), *notes]
        )


def _line(cells: Sequence[str], wide: Sequence[int]) -> str:
    padded = [
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, wide, strict=True))
    ]
    return f"| {' | '.join(padded)} |"


def micro(seconds: float) -> str:
    """Seconds as microseconds, with three figures that count."""
    value = seconds * 1e6
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def many(number: float) -> str:
    """A number without its fraction."""
    return f"{number:,.0f}"


def ratio(of: float, to: float) -> str:
    """How many times one is the other."""
    value = of / to
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def around(path: Path) -> tuple[str, str]:
    """What stands before and after the marked place of a paper.

    Raises:
        ValueError: the paper is not there, or has no such place.
    """
    if not path.is_file():
        raise ValueError(f"{path} is not a file")
    before, found, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"{path} has no place between '{BEGIN}' and '{END}'")
    return before, after


def write(path: Path, texts: Iterable[str]) -> None:
    """Put the texts into the marked place of a paper.

    Raises:
        ValueError: the paper is not there, or has no such place.
    """
    before, after = around(path)
    path.write_text(before + BEGIN + "\n\n" + "\n\n".join(texts) + "\n\n" + END + after, encoding="utf-8")
