"""Rows of a CSV file as spreadsheets write them: which characters, which separator, which line each row is on.

What cannot be told for sure is not guessed at: bytes that are not UTF-8 are refused unless the sender
says what they are, because a wrong guess would garble names without anybody noticing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.errors import InputProblems, Problem

#: What a sender may say besides UTF-8, and Python's name for it.
CHARSETS = {"windows-1251": "cp1251", "cp1251": "cp1251", "utf-16": "utf-16", "utf-16le": "utf-16-le"}
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAVE = "Save the file as 'CSV UTF-8', or say 'text/csv; charset=windows-1251' (or utf-16) in Content-Type"
_MOST_FAULTS = 50
#: A case has some hundred facts, and those of each item of a list have columns of their own.
MOST_COLUMNS = 16_384
#: A State code or a day: prose that stands between commas has none.
_OF_A_CASE = re.compile(r"[A-Z]{3}|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}")
_CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n")
#: What ``harmless`` puts an apostrophe before, and only that is taken off again.
_ACTIVE = tuple(f"'{mark}" for mark in _CALCULATED)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: the line on which it begins, and its cells by the name of their column."""

    line: int
    cells: dict[str, str]


def decoded(raw: bytes, charset: str = "") -> str:
    """The text of a file: by its byte order mark, or as the sender says, or UTF-8.

    Raises:
        InputProblems: it is not text in these characters.
    """
    mark = next((name for start, name in _MARKS if raw.startswith(start)), "")
    try:
        text = raw.decode(mark or CHARSETS.get(charset, "utf-8"))
    except UnicodeDecodeError as error:
        raise InputProblems([Problem(f"the text cannot be read at byte {error.start}", fix=_SAVE)]) from None
    if "\0" in text:
        raise InputProblems([Problem("the text has zero bytes in it", fix=_SAVE)])
    return text


def rows(text: str) -> tuple[list[str], list[CsvRow]]:
    """The names of the columns, and every row that is not empty.

    Raises:
        InputProblems: there is no head, a name is there twice, or a row has more cells than the head.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        head = [name.strip() for name in next(reader, [])]
        problems = _head_problems(head)
        found = list(_rows(reader, head, problems))
    except csv.Error:
        raise InputProblems([Problem(f"line {reader.line_num} is not CSV")]) from None
    if problems:
        raise InputProblems(problems)
    return head, found


def _separator(text: str) -> str:
    """What stands between the names in the head: spreadsheets write what their country is used to."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _head_problems(head: list[str]) -> list[Problem]:
    if not any(head):
        return [Problem("the file has no head with the names of its columns")]
    if len(head) > MOST_COLUMNS:
        return [Problem(f"the file has {len(head)} columns; at most {MOST_COLUMNS} are read")]
    nameless = [Problem(f"column {number} has no name") for number, name in enumerate(head, 1) if not name]
    first: dict[str, int] = {}
    twice = [
        Problem(f"column {number} is there twice")
        for number, name in enumerate(head, 1)
        if first.setdefault(name, number) != number
    ]
    return nameless or twice


def _rows(reader: Iterator[list[str]], head: list[str], problems: list[Problem]) -> Iterator[CsvRow]:
    line, separator = 1, reader.dialect.delimiter  # type: ignore[attr-defined]
    for cells in reader:
        first, line = line + 1, reader.line_num  # type: ignore[attr-defined]
        if not any(cells):
            continue
        if len(cells) > len(head):
            if len(problems) == _MOST_FAULTS:
                return
            problems.append(Problem(f"line {first} has more cells than the head has names"))
        if any(swallowed(cell, separator, len(head)) for cell in cells):
            problems.append(Problem(f"a quote is opened on line {first} and closed some rows later"))
        yield CsvRow(first, {name: plain(cell) for name, cell in zip(head, cells, strict=False)})


def swallowed(cell: str, separator: str, columns: int) -> bool:
    """Whether a cell holds what looks like rows of the table: a quote was opened and closed in another row."""
    if "\n" not in cell or columns < 3:
        return False
    lines = (line.split(separator) for line in cell.splitlines()[1:])
    return any(len(line) >= columns and any(_OF_A_CASE.fullmatch(one.strip(' "')) for one in line) for line in lines)


def harmless(value: Any) -> str:
    """A cell that a spreadsheet shows and does not calculate."""
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(_CALCULATED) else text


def plain(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from calculating it."""
    text = cell.strip()
    return text[1:] if text.startswith(_ACTIVE) else text
